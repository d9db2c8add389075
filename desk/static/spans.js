// Places in a report's text. The server counts code points of the whole text,
// a browser's ranges count UTF-16 units of one text node. Each paragraph is
// one text node; its data-at is the code point it begins with.

// units is the number of UTF-16 units of the first n code points of s.
export function units(s, n) {
  let i = 0;
  for (; n > 0 && i < s.length; n--) i += s.codePointAt(i) > 0xffff ? 2 : 1;
  return i;
}

// points is the number of code points in the first n UTF-16 units of s; a unit
// in the middle of a pair counts its code point.
export function points(s, n) {
  let count = 0;
  for (let i = 0; i < n && i < s.length; count++) i += s.codePointAt(i) > 0xffff ? 2 : 1;
  return count;
}

// Text is the text of the page, paragraph by paragraph.
export class Text {
  constructor(root) {
    this.list = [...root.querySelectorAll("[data-at]")].filter((e) => e.firstChild).map((element) => {
      const node = element.firstChild;
      const start = Number(element.dataset.at);
      // Where there are no pairs of units, as nearly always, both count alike.
      const plain = !/[\ud800-\udfff]/.test(node.data);
      return { element, node, start, plain, end: start + (plain ? node.data.length : points(node.data, node.data.length)) };
    });
  }

  // ranges are the stretches of paragraphs between two code points.
  ranges(start, end) {
    const out = [];
    for (const b of this.list) {
      const from = Math.max(start, b.start), to = Math.min(end, b.end);
      if (from >= to) continue;
      const r = new StaticRange({
        startContainer: b.node, startOffset: b.plain ? from - b.start : units(b.node.data, from - b.start),
        endContainer: b.node, endOffset: b.plain ? to - b.start : units(b.node.data, to - b.start),
      });
      out.push(r);
    }
    return out;
  }

  // place is the code point of a position in the page; null outside the text.
  place(node, offset) {
    for (const b of this.list) {
      if (node === b.node) return b.start + (b.plain ? offset : points(b.node.data, offset));
      if (node === b.element) return offset > 0 ? b.end : b.start;
    }
    return null;
  }

  // selected is the stretch that the reader selected, without white space at
  // its ends; null where nothing of the text is selected.
  selected() {
    const sel = document.getSelection();
    if (!sel || sel.rangeCount === 0 || sel.isCollapsed) return null;
    const r = sel.getRangeAt(0);
    let start = null, end = null, words = "";
    for (const b of this.list) {
      if (!r.intersectsNode(b.node)) continue;
      const n = b.node.data.length;
      const from = r.startContainer === b.node ? r.startOffset : r.comparePoint(b.node, 0) < 0 ? n : 0;
      const to = r.endContainer === b.node ? r.endOffset : r.comparePoint(b.node, n) > 0 ? 0 : n;
      let a = from, z = to;
      while (a < z && /\s/.test(b.node.data[a])) a++;
      while (z > a && /\s/.test(b.node.data[z - 1])) z--;
      if (a >= z) continue;
      if (start === null) start = this.place(b.node, a);
      else words += "\n";
      end = this.place(b.node, z);
      words += b.node.data.slice(a, z);
    }
    return start === null ? null : { start, end, words };
  }

  // under is the code point under a point of the window; null outside the text.
  under(x, y) {
    let node, offset;
    if (document.caretPositionFromPoint) {
      const p = document.caretPositionFromPoint(x, y);
      if (!p) return null;
      node = p.offsetNode; offset = p.offset;
    } else if (document.caretRangeFromPoint) {
      const r = document.caretRangeFromPoint(x, y);
      if (!r) return null;
      node = r.startContainer; offset = r.startOffset;
    } else return null;
    const b = this.list.find((b) => b.node === node);
    if (!b) return null;
    // The caret stands between two letters; which of them is meant, their boxes tell.
    for (const at of [offset - 1, offset]) {
      if (at < 0 || at >= node.data.length) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      for (const box of range.getClientRects()) {
        if (x >= box.left && x <= box.right && y >= box.top - 8 && y <= box.bottom + 8) return this.place(node, at);
      }
    }
    return null;
  }
}
