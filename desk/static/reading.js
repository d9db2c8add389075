// The reading page: paints findings over the text, ties words and sentences to
// each other, fills in selected spans, takes keys. What is shown beside the
// text is rendered by the server; this swaps it in without losing the place.
import { Text } from "./spans.js";
import { typing } from "./desk.js";

const side = document.getElementById("side");
const article = document.getElementById("main");
const help = document.getElementById("help");
const text = new Text(article);
const painted = typeof Highlight === "function" && CSS.highlights !== undefined;
const narrow = matchMedia("(max-width: 60rem)"); // as in desk.css
const layers = ["speech", "events", "people", "times", "numbers", "loaded"];
let marks = []; // { key, layer, spans: [[role, start, end]] }
let armed = null; // the span that a selection fills
let busy = false; // the side is on its way: what is shown is not what a key or click would mean

// ---- painting

function read() {
  const data = document.getElementById("marks");
  const entities = new Map();
  marks = JSON.parse(data ? data.textContent : "[]").map(([key, layer, spans, of]) => {
    if (of) {
      if (!entities.has(of)) entities.set(of, { key: of, layer, spans: [] });
      entities.get(of).spans.push(...spans);
    }
    return { key, layer, spans, of };
  });
  marks.push(...entities.values());
}

const shown = (layer) => { const box = side.querySelector(`#layers input[value="${layer}"]`); return !box || box.checked; };
const off = new Set(); // layers that are hidden, kept over swaps

function layer(name, ranges, priority) {
  if (!painted) return;
  const h = new Highlight(...ranges);
  h.priority = priority;
  CSS.highlights.set(name, h);
}

function paint() {
  if (!painted) return;
  document.documentElement.classList.add("lit-text");
  const by = { content: [] };
  for (const l of layers) by[l] = [];
  for (const m of marks) {
    if (!shown(m.layer) || m.key.startsWith("entity:")) continue;
    for (const [role, start, end] of m.spans) {
      if (role === "m") by[m.layer].push(...text.ranges(start, end));
      if (role === "c") by.content.push(...text.ranges(start, end));
    }
  }
  layer("content", by.content, 0);
  layers.forEach((l, i) => layer(l, by[l], 1 + i));
  point("picked", current());
}

// point paints one finding: its own words and what belongs to them.
function point(name, key) {
  const m = marks.find((m) => m.key === key);
  const main = [], rest = [];
  if (m) for (const [role, start, end] of m.spans) (role === "m" ? main : rest).push(...text.ranges(start, end));
  if (name === "picked") {
    layer("picked-part", rest, 20);
    layer("picked", main, 21);
  } else layer("hover", [...main, ...rest], 19);
}

// ---- findings

// keyAt is the key of the finding that an element of the side belongs to.
const keyAt = (e) => e.closest("[data-pick]")?.dataset.pick ?? e.closest(".finding")?.id ?? null;

const current = () => side.querySelector(".finding.open")?.id ?? null;
const visible = () => [...side.querySelectorAll(".finding")].filter((e) => e.querySelector(":scope > .row")?.offsetParent);

// at are the findings whose words stand at a code point, the closest first.
function at(place) {
  const hits = [];
  for (const m of marks) {
    if (!shown(m.layer) || m.key.startsWith("entity:")) continue;
    for (const [role, start, end] of m.spans) {
      if (place >= start && place < end && role !== "p") hits.push([end - start + (role === "c" ? 10000 : 0), m.key]);
    }
  }
  hits.sort((a, b) => a[0] - b[0]);
  return [...new Set(hits.map((h) => h[1]))];
}

// line is the element of a finding; of a mention that is not listed now, that
// of its entity.
function line(key) {
  const e = document.getElementById(key);
  if (e || !key.startsWith("mention:")) return e;
  const m = marks.find((m) => m.key === key);
  return m ? document.getElementById(m.of) : null;
}

function lit(keys) {
  for (const e of side.querySelectorAll(".lit")) e.classList.remove("lit");
  for (const k of keys) {
    line(k)?.classList.add("lit");
    side.querySelector(`.tree [data-pick="${CSS.escape(k)}"]`)?.classList.add("lit");
  }
}

function show(key) {
  const m = marks.find((m) => m.key === key);
  const e = line(key);
  e?.scrollIntoView({ block: "nearest" });
  e?.querySelector(":scope > .row > .pick")?.focus({ preventScroll: true });
  if (narrow.matches) return; // the text is far above
  const first = m && (m.spans.find((s) => s[0] === "m") ?? m.spans[0]);
  if (first) reveal(first[1], first[2]);
}

// reveal scrolls the text to words.
function reveal(start, end) {
  const r = text.ranges(start, end)[0];
  if (!r) return;
  const range = document.createRange();
  range.setStart(r.startContainer, r.startOffset);
  range.setEnd(r.endContainer, r.endOffset);
  const box = range.getBoundingClientRect();
  if (box.top < 60 || box.bottom > innerHeight - 40) scrollTo({ top: scrollY + box.top - innerHeight / 3 });
}

// ---- swapping the side

async function swap(url, init, then) {
  if (busy) return;
  busy = true;
  document.body.setAttribute("aria-busy", "true");
  let response, html;
  try {
    response = await fetch(url, init);
    html = await response.text();
  } catch {
    location.assign(init ? location.href : url);
    return;
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  const next = page.getElementById("side");
  const first = page.querySelector("[data-at]")?.dataset.at;
  if (!next || first !== article.querySelector("[data-at]")?.dataset.at) {
    if (init) document.documentElement.replaceWith(document.adoptNode(page.documentElement));
    else location.assign(response.url);
    return;
  }
  side.replaceChildren(...document.adoptNode(next).childNodes);
  for (const l of off) { const box = side.querySelector(`#layers input[value="${l}"]`); if (box) box.checked = false; }
  if (response.ok) history.replaceState(null, "", response.url);
  armed = null;
  read();
  paint();
  const key = current();
  const notice = document.getElementById("notice");
  if (notice && !response.ok) notice.scrollIntoView({ block: "nearest" });
  else if (key) show(key);
  then?.();
  document.body.removeAttribute("aria-busy");
  busy = false;
}

const address = (key) => {
  const u = new URL(location.href);
  u.searchParams.delete("made");
  if (key) u.searchParams.set("f", key); else u.searchParams.delete("f");
  return u.href;
};
const pick = (key) => swap(address(key));

side.addEventListener("click", (e) => {
  const link = e.target.closest("a[data-pick], a.pick, a[data-why], a.words[data-at]");
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  if (link.matches("[data-why]")) {
    // The address as it is, but for the one thing that is asked or no longer asked.
    const u = new URL(address(current()));
    if (new URL(link.href).searchParams.has("why")) u.searchParams.set("why", "1"); else u.searchParams.delete("why");
    swap(u.href, null, () => side.querySelector("[data-why]")?.focus({ preventScroll: true }));
    return;
  }
  if (link.matches(".words")) {
    const [start, end] = link.dataset.at.split("-").map(Number);
    reveal(start, end);
    layer("told", text.ranges(start, end), 22);
    return;
  }
  const key = keyAt(link);
  pick(key === current() ? null : key);
});

side.addEventListener("submit", (e) => {
  if (e.target.method !== "post") return;
  e.preventDefault();
  // Not e.target.action: a button of that name stands in its place.
  swap(e.target.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(e.target, e.submitter)) });
});

side.addEventListener("change", (e) => {
  if (e.target.name !== "layer") return;
  if (e.target.checked) off.delete(e.target.value); else off.add(e.target.value);
  paint();
});

// ---- words to sentences and back

side.addEventListener("pointerover", (e) => {
  point("hover", keyAt(e.target));
});
side.addEventListener("pointerleave", () => point("hover", null));
side.addEventListener("focusin", (e) => {
  if (e.target.matches("[data-pick], .pick")) point("hover", keyAt(e.target));
});

let frame = 0;
article.addEventListener("pointermove", (e) => {
  if (frame || e.buttons) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    const place = text.under(e.clientX, e.clientY);
    const keys = place === null ? [] : at(place);
    lit(keys.slice(0, 1));
    point("hover", keys[0] ?? null);
    article.classList.toggle("on", keys.length > 0);
  });
});
article.addEventListener("pointerleave", () => { lit([]); point("hover", null); });

article.addEventListener("click", (e) => {
  const sel = document.getSelection();
  if (sel && !sel.isCollapsed) return;
  const place = text.under(e.clientX, e.clientY);
  const keys = place === null ? [] : at(place);
  if (!keys.length) return;
  // Clicking on goes through the findings that share these words.
  pick(keys[(keys.indexOf(current()) + 1) % keys.length]);
});

// ---- spans

function arm(span) {
  for (const e of side.querySelectorAll(".armed")) e.classList.remove("armed");
  armed = span;
  span?.classList.add("armed");
}

side.addEventListener("focusin", (e) => { const s = e.target.closest("[data-span]"); if (s) arm(s); });
side.addEventListener("input", (e) => {
  const s = e.target.closest("[data-span]");
  if (s) place(s, "", "");
});
side.addEventListener("toggle", (e) => {
  if (e.target.open) {
    const s = e.target.querySelector("[data-span]");
    if (s && s.closest("details") === e.target) arm(s);
  }
}, true);

function place(span, start, end) {
  span.querySelector('[name^="start"]').value = start;
  span.querySelector('[name^="end"]').value = end;
}

let filled = ""; // the selection that was used up

function fill() {
  const s = text.selected();
  const now = s ? `${s.start}-${s.end}` : "";
  if (now === filled) return;
  filled = now;
  layer("span", s ? text.ranges(s.start, s.end) : [], 30);
  if (!s) return;
  if (!armed || !armed.isConnected || !armed.offsetParent) armed = [...side.querySelectorAll("[data-span]")].find((e) => e.offsetParent) ?? null;
  if (!armed) return;
  armed.querySelector('[name^="words"]').value = s.words;
  place(armed, s.start, s.end);
  arm(armed);
}
document.addEventListener("pointerup", () => setTimeout(fill));
document.addEventListener("keyup", (e) => { if (e.shiftKey || e.key === "Shift") fill(); });

// ---- keys

const press = (key) => { const b = side.querySelector(`#panel [data-key="${key}"]`); b?.click(); return Boolean(b); };

function step(by) {
  const list = visible();
  if (!list.length) return;
  const i = list.findIndex((e) => e.id === current());
  const next = i < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(i + by, 0), list.length - 1);
  if (next !== i) pick(list[next].id);
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  a: () => press("a"),
  r: () => press("r"),
  u: () => press("u"),
  w: () => press("w"),
  e: () => {
    const first = side.querySelector("#panel details.edit");
    if (!first) return;
    first.open = true;
    first.querySelector("summary").focus();
  },
  n: () => {
    const note = side.querySelector("#panel .noting");
    if (!note) return;
    note.open = true;
    note.querySelector("textarea").focus();
  },
  "+": () => {
    const adds = document.getElementById("adds");
    adds.open = true;
    adds.scrollIntoView({ block: "nearest" });
    adds.querySelector("details > summary").focus();
  },
  d: () => side.querySelector('.states [value="done"]')?.click(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || help.open) return;
  if (e.key === "Escape") {
    if (typing(e)) {
      const box = e.target.closest("details");
      e.target.blur();
      if (box) { box.open = false; box.querySelector("summary").focus(); }
    } else if (current()) pick(null);
    return;
  }
  if (typing(e)) return;
  if (busy) { // pressed for what is not there yet, or no longer
    e.preventDefault();
    return;
  }
  // Keys of a Persian keyboard: those where the Latin letters stand.
  const name = /^Key[A-Z]$/.test(e.code) ? e.code[3].toLowerCase() : e.key;
  const n = Number(e.key);
  if (n >= 1 && n <= layers.length) {
    const box = side.querySelector(`#layers input[value="${layers[n - 1]}"]`);
    box.click();
    e.preventDefault();
  } else if (Object.hasOwn(keys, name) && !(e.shiftKey && name.length === 1 && /[a-z]/.test(name))) {
    e.preventDefault();
    keys[name]();
  } else if (e.key === "؟") keys["?"]();
});

read();
paint();
if (current()) show(current());
const told = /[?&]at=(\d+)-(\d+)/.exec(location.search); // words that another page points to
if (told) layer("told", text.ranges(Number(told[1]), Number(told[2])), 22);
document.documentElement.dataset.ready = "true";

// A page that the browser kept is older than the ledger.
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
