package said

import (
	"strings"

	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/report"
	"github.com/sanad-project/sanad/span"
)

// publisherKey returns the key by which the outlet is known in running text:
// its name without the word for its kind («خبرگزاری فارس»: «فارس»).
func publisherKey(name string) string {
	f := strings.Fields(name)
	for len(f) > 1 {
		switch spell.Key(f[0]) {
		case "خبرگزاری", "روزنامه", "سایت", "شبکه", "پایگاه", "خبری", "اطلاعرسانی", "وبگاه":
			f = f[1:]
			continue
		}
		break
	}
	if len(f) > 1 && spell.Key(f[len(f)-1]) == "انلاین" {
		f = f[:len(f)-1]
	}
	return spell.Key(strings.Join(f, ""))
}

// published reports whether Words[i:j] name the publisher.
func (d *doc) published(i, j int) bool {
	var key strings.Builder
	for ; i < j; i++ {
		if m := d.mention[i]; m.last > 0 && m.entity == d.r.OutletID && m.entity != "" {
			return true
		}
		if d.w[i].Tag != word.PUNCT {
			key.WriteString(d.w[i].Key)
		}
	}
	k := key.String()
	return d.pub != "" && strings.Contains(k, d.pub) && !strings.Contains(k, "خلیج"+d.pub)
}

// dateline skips what stands before the first sentence: «خبرگزاری فارس:»,
// «بغداد - ایرنا -».
func (d *doc) dateline(lo, hi int) int {
	if lo > 0 && d.w[lo-1].Line == d.w[lo].Line {
		return lo
	}
	for i := lo; i < hi && i < lo+8; i++ {
		if d.finite(i) {
			return lo
		}
		switch k := d.w[i].Key; {
		case (k == ":" || k == "،" && i <= lo+3) && i > lo && d.is(lo, outlet) && d.published(lo, i):
			return i + 1
		case (k == "-" || k == "–" || k == "ـ" || k == "_") && i > lo && d.is(lo, outlet) && d.published(lo, i):
			return i + 1
		case (k == "-" || k == "–" || k == "ـ" || k == "_") && i > lo:
			if m := d.mention[i-1]; m.typ == report.MEDIA {
				if ref, ok := d.link(d.start(lo, i-1), i); ok && !d.published(lo, i) {
					d.chain = []report.Ref{ref}
					d.last = ref
				}
				return i + 1
			}
		}
	}
	return lo
}

// start returns where the name that ends before word i begins.
func (d *doc) start(lo, i int) int {
	e := d.mention[i].last
	for i > lo && d.mention[i-1].last == e {
		i--
	}
	return i
}

// title reads «X: …» in the title; it reports whether it was one.
func (d *doc) title(lo, hi int) bool {
	end := hi
	for end < len(d.w) && d.w[end].Line == 0 {
		end++
	}
	start := lo
	for i := lo; i < hi && i < lo+16; i++ {
		switch d.w[i].Key {
		case "|", "/":
			start = i + 1
		case ":":
			if i == start || i+2 >= end || i-start > 9 {
				return false
			}
			sp := np{start, i, true}
			for x := start; x < i; x++ {
				if d.finite(x) {
					return false
				}
			}
			first, last := i+1, end
			h := hit{first: i, last: i + 1, verb: -1, end: i + 1}
			c := cue{id: "title colon", frame: clause, act: report.Say}
			d.add(d.w[lo].Sentence, &h, &c, sp, first, last, false, start)
			return true
		}
	}
	return false
}

// opening reads «به گزارش X به نقل از Y، …» at the start of a sentence. It
// returns where the rest begins and the sources named, the publisher left in.
func (d *doc) opening(lo, hi int) (ok bool, body int, src []report.Ref) {
	i := lo
	if y := d.long(i, hi, reportAgain); y > i && y < hi && y < i+4 && (d.last.Entity != "" || d.r.OutletID != "") {
		return true, y, d.sameSource(i, y)
	}
	for i < hi && (d.w[i].Tag == word.PUNCT && d.quote(i) == 0 || d.w[i].Key == "و" || d.is(i, adverb)) {
		i++
	}
	e := i
	if e < hi {
		e = d.long(i, hi, opening)
	}
	if e == i && i < hi { // «به نوشته روزنامه …»
		d.buf = d.a.words.At(d.buf[:0], d.w[:hi], i, nil)
		for _, m := range d.buf {
			if m.Value < len(d.a.cues) && d.a.cues[m.Value].frame == according && m.Last < hi && (d.is(m.Last, outlet) || d.mention[m.Last].typ == report.MEDIA || d.w[m.Last].Key == "این" && m.Last+1 < hi && d.is(m.Last+1, outlet)) {
				e = m.Last
			}
		}
	}
	if e == i && i < hi { // «بر اساس این گزارش، …»
		for x := i; x < hi && x < i+3; x++ {
			if y := d.long(x, hi, sameReport); y > x && x > i && d.is(i, preposition) && d.w[i].Key != "در" && d.w[i].Key != "از" {
				if y < hi && d.w[y].Key != "،" && d.is(y, preposition) {
					return false, lo, nil
				}
				if d.last.Entity == "" && d.r.OutletID == "" {
					return false, lo, nil
				}
				return true, y, d.sameSource(x, y)
			}
		}
	}
	if e == i || e >= hi {
		return false, lo, nil
	}
	if d.w[e].Key == "،" && d.is(e-1, press) { // «براساس گزارش‌ها، …»
		return true, e, []report.Ref{{Entity: d.describe(e-1, e), Span: d.span(e-1, e)}}
	}
	var chain []report.Ref
	named := false
	body = e
	for first := true; ; first = false {
		f := body
		n := d.linkEnd(f, hi)
		if n <= f {
			break
		}
		if d.published(f, n) && first {
			ref, ok := d.link(f, n)
			if !ok {
				ref = report.Ref{Span: d.span(f, n)}
			}
			if d.r.OutletID != "" {
				ref.Entity = d.r.OutletID
			}
			d.house[ref.Entity] = true
			src = append(src, ref)
			named = true
		} else if ref, ok := d.link(f, n); ok {
			src = append(src, ref)
			if d.passes(f, n, first) {
				chain = append(chain, ref)
				named = true
			}
		}
		body = n
		// «از بغداد»، «در قاهره»، «چاپ …»
		q := body
		for q < hi && q < body+9 && d.w[q].Key != "،" && d.w[q].Key != ":" && d.long(q, hi, quoting) == q && !d.finite(q) {
			q++
		}
		if q < hi && (d.w[q].Key == "،" || d.w[q].Key == ":") {
			if q == body || d.is(body, preposition) && (q <= body+5 || d.w[body].Key == "از" && d.is(body+1, speaker|role) || body+1 < hi && d.mention[body+1].last == q) {
				body = q
			} else if body+1 < hi && (d.mention[body+1].typ == report.PLACE || d.mention[body+1].typ == report.STATE) {
				body = d.mention[body+1].last
			}
		} else if q < hi && q < body+9 && d.long(q, hi, quoting) > q {
			body = q
		} else if body < hi && (d.w[body].Key == "از" || d.w[body].Key == "در") && body+1 < hi && (d.mention[body+1].typ == report.PLACE || d.mention[body+1].typ == report.STATE) {
			body = d.mention[body+1].last
		}
		if body >= hi {
			break
		}
		if e := d.long(body, hi, quoting); e > body {
			body = e
			continue
		}
		if d.w[body].Key == "،" && body+1 < hi {
			if e := d.long(body+1, hi, quoting); e > body+1 {
				body = e
				continue
			}
		}
		break
	}
	if len(src) == 0 {
		return false, lo, nil
	}
	if named {
		if n := len(chain); n > 1 {
			d.through[chain[n-1].Entity] = chain[: n-1 : n-1]
		}
		d.chain = chain
		d.local, d.lone, d.heard = nil, false, nil
		d.last = src[0]
		if len(chain) > 0 {
			d.last = chain[len(chain)-1]
		}
	}
	return true, body, src
}

// sameSource returns the source that Words[x:y], «این گزارش», means: the outlet
// named last. What follows comes through it.
func (d *doc) sameSource(x, y int) []report.Ref {
	if d.last.Entity == "" {
		d.last = report.Ref{Entity: d.r.OutletID}
	}
	ref := report.Ref{Entity: d.last.Entity, Span: d.span(x, y)}
	if d.media(ref.Entity) && !d.house[ref.Entity] && !holds(d.chain, ref.Entity) {
		d.chain = append(append([]report.Ref(nil), d.through[ref.Entity]...), ref)
		d.local, d.lone, d.heard = nil, false, nil
	}
	return []report.Ref{ref}
}

// media reports whether the entity is an outlet.
func (d *doc) media(id string) bool {
	e := d.r.Entity(id)
	return e != nil && e.Type == report.MEDIA || d.outlet[id]
}

// background reports whether the sentence tells what lies behind the report
// rather than what its source says: «این در حالی است که …», «این اظهارات در
// حالی مطرح می‌شود که …». What an opening covers does not reach it.
func (d *doc) background(lo, hi int) bool {
	for i := lo; i < hi && i < lo+16; i++ {
		k := d.w[i].Key
		if k != "درحالی" && k != "درحالیست" && (k != "حالی" && k != "حالیست" || i == lo || d.w[i-1].Key != "در") {
			if d.finite(i) || k == "که" || k == ":" {
				return false
			}
			continue
		}
		for j := i + 1; j < hi && j < i+8; j++ {
			if d.w[j].Key == "که" {
				return j > i+1 || strings.HasSuffix(k, "ست")
			}
			if !d.finite(j) {
				continue
			}
			if _, ok := d.verbCue(lo, hi, j); ok && !(d.w[j-1].Key == "اعلام" || d.w[j-1].Key == "مطرح" || d.w[j-1].Key == "بیان" || d.w[j-1].Key == "ابراز") {
				return false
			}
		}
		return false
	}
	return false
}

// linkEnd returns the end of the source named from word i on.
func (d *doc) linkEnd(i, hi int) int {
	e := min(d.npEnd(i, hi, false), hi)
	if d.is(i, desk) { // «خبرنگار کتاب و ادبیات خبرگزاری فارس»
		for x := i; x < hi && x < i+10 && !d.finite(x); x++ {
			if d.w[x].Key == "،" || d.w[x].Key == "," || d.long(x, hi, quoting) > x {
				break
			}
			if d.published(i, x+1) {
				if m := d.mention[x]; m.last > 0 {
					return m.last
				}
				return x + 1
			}
		}
	}
	// a name ends the source where no comma does
	for x := i; x < e; x++ {
		if d.w[x].Key == "،" {
			return x
		}
		if d.mention[x].last == 0 && d.tagged && x+1 < e && !d.tied(x+1) && d.published(i, x+1) {
			return x + 1
		}
		if m := d.mention[x]; m.typ == report.MEDIA && m.last < e {
			n := m.last
			for n < e && (d.quote(n) == 2 || d.w[n-1].Ezafe && d.mention[n].typ != report.PER) {
				n++
			}
			return n
		}
	}
	return e
}

// passes reports whether Words[i:j], a source, is an outlet or office through
// which the rest of the report comes, rather than somebody who speaks.
func (d *doc) passes(i, j int, first bool) bool {
	m := d.mentionOf(i, j)
	switch {
	case d.is(i, press):
		return false
	case m.typ == report.MEDIA || d.is(i, outlet):
		return true
	case d.is(i, source|role) || m.typ == report.PER || d.w[i].Key == "یک":
		return false
	case first:
		return m.last == 0 && !d.is(i, speaker) && j-i <= 3 // a name that nobody knows
	}
	return m.last > 0 || d.is(i, speaker) || j-i <= 3
}

func (d *doc) mentionOf(i, j int) (m ment) {
	for ; i < j; i++ {
		if d.mention[i].typ == report.MEDIA {
			return d.mention[i]
		}
		if m.last == 0 {
			m = d.mention[i]
		}
	}
	return m
}

// link resolves Words[i:j], a source.
func (d *doc) link(i, j int) (report.Ref, bool) {
	for x := i; x < j; x++ {
		if m := d.mention[x]; m.typ == report.MEDIA {
			return report.Ref{Entity: m.entity, Span: d.span(i, j)}, true
		}
	}
	ref := d.resolve(i, j)
	return ref, ref.Span.End > 0
}

// opened adds the statement of an opening whose sentence has no other cue:
// the source named last says it.
func (d *doc) opened(lo, body, hi int, src []report.Ref, at int) {
	i := body
	for i < hi && d.w[i].Tag == word.PUNCT && d.quote(i) != 1 {
		i++
	}
	j := hi
	for j > i && d.w[j-1].Tag == word.PUNCT && d.quote(j-1) != 2 && d.w[j-1].Key != ")" {
		j--
	}
	if i >= j || !d.closed(i, j) {
		return
	}
	last := src[len(src)-1]
	var m made
	m.first, m.last = i, j
	m.Act, m.Rule = report.Say, "source"
	m.Content = []span.Span{d.span(i, j)}
	m.Speaker = last
	m.Cue = d.span(lo, min(lo+2, body))
	for _, x := range src[:len(src)-1] {
		if !d.house[x.Entity] && x.Entity != last.Entity && x.Entity != "" {
			m.Via = append(m.Via, x)
		}
	}
	if len(src) == 1 {
		m.Via = append(m.Via, d.through[last.Entity]...)
	}
	// what was said inside it came through it
	var prefix []report.Ref
	if !d.house[last.Entity] && last.Entity != "" {
		prefix = []report.Ref{last}
	}
	for k := at; k < len(d.out); k++ {
		if o := &d.out[k]; o.first >= i && o.last <= j && len(prefix) > 0 && o.Speaker.Entity != last.Entity && !holds(o.Via, last.Entity) {
			o.Via = append(append([]report.Ref(nil), prefix...), o.Via...)
		}
	}
	d.push(m, lo)
}

// relays notes that an outlet quotes another where no verb says so: «روزنامه
// X در شماره امروز خود به نقل از هفته‌نامه Y …».
func (d *doc) relays(lo, hi int) {
	for x := lo + 1; x < hi && x < lo+16; x++ {
		e := d.long(x, hi, quoting)
		if e == x || e >= hi {
			continue
		}
		a, b := d.mentionOf(lo, x), d.mentionOf(e, min(e+3, hi))
		if a.typ == report.MEDIA && b.typ == report.MEDIA && a.entity != b.entity && !d.house[a.entity] {
			d.through[b.entity] = []report.Ref{{Entity: a.entity, Span: d.span(d.start(lo, a.last-1), a.last)}}
		}
		return
	}
}

// talked notes to which outlet somebody spoke whose words follow in sentences
// of their own: «به گزارش رویترز، وزیر در مصاحبه با شبکه X از … سخن گفت.»
func (d *doc) talked(lo, hi int) {
	for i := lo + 1; i < hi; i++ {
		if d.w[i-1].Key != "در" || !d.is(i, talk) {
			continue
		}
		f, e := d.talkTo(i, hi)
		if e == 0 || d.published(f, e) {
			continue
		}
		sp, ok := d.subject(lo, i-1, d.tagged)
		if !ok {
			return
		}
		who := d.resolve(sp.first, sp.last)
		ref, _ := d.link(f, e)
		if who.Entity == "" || ref.Entity == "" {
			return
		}
		clear(d.voice)
		d.voice[who.Entity] = true
		d.local, d.lone = []report.Ref{ref}, false
		d.heard = append(d.heard, heard{who.Entity, spell.Key(who.Span.Of(d.r.Text)), d.local, false})
		return
	}
}

func holds(list []report.Ref, entity string) bool {
	for _, x := range list {
		if x.Entity == entity {
			return true
		}
	}
	return false
}

func (d *doc) span(i, j int) span.Span { return d.r.Words.Span(i, j) }

// attribute writes speaker, chain and addressee of a statement whose cue
// clause is Words[lo:hi].
func (d *doc) attribute(m *made, h *hit, sp np, lo, hi int) {
	var local, here []report.Ref
	relayed := false
	// «X به نقل از Y گفت»: Y speaks, X passes on
	for x := lo; x < hi; x++ {
		e := d.long(x, hi, quoting)
		if e == x {
			continue
		}
		if n := min(d.npEnd(e, hi, false), hi); n > e && sp.last > 0 && sp.last <= x+1 {
			if ref, ok := d.link(sp.first, sp.last); ok && !d.published(sp.first, sp.last) {
				if !d.media(ref.Entity) && d.media(d.last.Entity) { // «در این گزارش … به نقل از Y نوشت»
					for z := lo; z < x; z++ {
						if y := d.long(z, x, sameReport); y > z {
							ref = report.Ref{Entity: d.last.Entity, Span: d.span(z, y)}
							break
						}
					}
				}
				local = append(local, ref)
				relayed = true
				if d.media(ref.Entity) {
					d.last = ref
				}
			}
			sp = np{e, n, true}
			m.speaker = sp
		}
		break
	}
	if sp.last > 0 {
		m.Speaker = d.resolve(sp.first, sp.last)
	}
	// where the speaker published it
	for x := lo; x < hi; x++ {
		st, ok := d.a.sites[d.w[x].Key]
		if !ok && x+1 < hi { // «فیس بوک»
			st, ok = d.a.sites[d.w[x].Key+d.w[x+1].Key]
		}
		if ok && (x < sp.first || x >= sp.last) {
			if d.r.Entity(st.id) == nil {
				d.r.Entities = append(d.r.Entities, report.Entity{ID: st.id, Type: report.MEDIA, Name: st.name, Known: true})
			}
			here = append(here, report.Ref{Entity: st.id, Span: d.span(x, x+1)})
			break
		}
	}
	// the outlet it was said to
	for x := lo; x < hi; x++ {
		if x >= sp.first && x < sp.last || m.first <= x && x < m.last {
			continue
		}
		k := d.w[x].Key
		if (k != "به" && k != "با" && k != "در") || x+1 >= hi {
			continue
		}
		y := x + 1
		for y < hi && y < x+5 && d.mention[y].typ != report.MEDIA && (d.is(y, outlet|talk|desk) || d.w[y].Tag == word.ADJ || d.w[y].Key == "یک" || d.w[y].Key == "با" && d.is(y-1, talk)) {
			y++
		}
		if d.is(x+1, desk) { // «با خبرنگار ورزشی خبرگزاری فارس»
			for y < hi && y < x+8 && d.mention[y].typ != report.MEDIA && !d.finite(y) && d.w[y].Tag != word.PUNCT {
				y++
			}
			if d.published(x+1, min(y+2, hi)) {
				continue
			}
		}
		var ref report.Ref
		if d.is(x+1, talk) && (y >= hi || d.mention[y].typ != report.MEDIA) {
			if f, e := d.talkTo(x+1, hi); e > 0 {
				y = e
				if d.mention[f].typ != report.MEDIA {
					if ref, _ = d.link(f, e); d.published(f, e) || ref.Entity == "" {
						continue
					}
					d.outlets[d.w[e-1].Key] = ref.Entity
				} else {
					y = f
				}
			}
		}
		switch {
		case ref.Entity != "":
		case y < hi && d.mention[y].typ == report.MEDIA && d.mention[y].last <= hi:
			ref = report.Ref{Entity: d.mention[y].entity, Span: d.span(y, d.mention[y].last)}
			y = d.mention[y].last
		case d.is(x+1, outlet):
			y = min(d.npEnd(x+1, hi, true), hi)
			if y <= x+2 {
				continue
			}
			if d.published(x+1, y) {
				continue
			}
			ref = d.resolve(x+1, y)
			d.outlets[d.w[y-1].Key] = ref.Entity
		case d.outlets[d.w[x+1].Key] != "": // an outlet met before: «به الاخبار گفت»
			y = x + 2
			ref = report.Ref{Entity: d.outlets[d.w[x+1].Key], Span: d.span(x+1, y)}
		default:
			continue
		}
		if k == "در" && (!d.is(x+1, outlet|talk) || len(here) > 0) {
			continue
		}
		if m.Addressee == nil && k != "در" {
			m.Addressee = &ref
		}
		if d.published(x+1, y) || ref.Entity == m.Speaker.Entity {
			continue
		}
		local = append(local, ref)
		break
	}
	if m.Addressee == nil && h.verb >= 0 {
		m.Addressee = d.addressee(m, sp, lo, hi)
	}
	cited := len(local) > 0 // an outlet of its own ends what an opening covers
	media := false
	if e := d.r.Entity(m.Speaker.Entity); e != nil && e.Type == report.MEDIA {
		media = true
	}
	for x := sp.first; x < sp.last && x < sp.first+4; x++ {
		if d.is(x, outlet) || d.is(x, press) && !d.is(x, source) {
			media = true
		}
	}
	if media && m.Speaker.Entity != "" && !(relayed && d.media(d.last.Entity)) {
		d.last = m.Speaker
		if d.opens && len(d.chain) == 0 && len(d.stack) == 0 && !d.house[m.Speaker.Entity] && h.verb >= 0 {
			d.chain = []report.Ref{m.Speaker}
		}
		d.outlet[m.Speaker.Entity] = true
	}
	if len(d.stack) > 0 { // inside another statement
		o := &d.out[d.stack[len(d.stack)-1]]
		m.Via = append([]report.Ref(nil), o.Via...)
		if o.Speaker.Span.End > 0 && !d.house[o.Speaker.Entity] {
			m.Via = append(m.Via, o.Speaker)
		}
	} else {
		lone := cited && !d.opens
		if h.verb >= 0 && !h.sub && !d.opens && d.verb(h.verb).Tense == word.Pluperfect {
			d.aside = true // «… اعلام کرده بود»: told before the report
		}
		once := d.aside && cited
		if d.aside && !cited {
			// it leaves the voices as they are
		} else if !cited && d.sameVoice(m) {
			local, lone = d.local, d.lone
		} else {
			if !cited {
				local, lone = d.again(m)
			}
			clear(d.voice)
		}
		if m.Speaker.Entity != "" && !(d.aside && !cited) {
			d.voice[m.Speaker.Entity] = true
		}
		if !media && !relayed && !d.aside && !lone {
			m.Via = append(m.Via, d.chain...)
		}
		if media && !d.opens {
			m.Via = append(m.Via, d.through[m.Speaker.Entity]...)
		}
		if !d.aside || cited {
			d.local, d.lone = local, lone
		}
		d.aside = d.aside && !cited
		if cited && !once && m.Speaker.Entity != "" {
			d.heard = append(d.heard, heard{m.Speaker.Entity, spell.Key(m.Speaker.Span.Of(d.r.Text)), local, lone})
		}
	}
	for _, x := range append(local, here...) {
		if !holds(m.Via, x.Entity) {
			m.Via = append(m.Via, x)
		}
	}
	for i, x := range m.Via {
		if x.Entity == m.Speaker.Entity && x.Entity != "" {
			m.Via = m.Via[:i]
			break
		}
	}
}

// headlines reads the list of headlines that begins with sentence s, in a
// report on what the papers write: «روزنامه نیوز عناوین مهم خود را به این شرح
// انتخاب کرد.» or «واشنگتن‌پست:», and a line with a dash for each.
func (d *doc) headlines(s int) {
	ss := d.r.Words.Sentences
	st := ss[s]
	for i := st.First; i < st.Last && !d.listing; i++ {
		d.listing = d.w[i].Key == "عناوین"
	}
	if !d.listing || s == 0 || !d.item(s) || d.item(s-1) || len(d.stack) > 0 {
		return
	}
	end, items := s, 0
	for end < len(ss) && d.item(end) {
		end = d.line[end]
		items++
	}
	lead := ss[s-1]
	for lead.First > 0 && d.w[lead.First-1].Line == d.w[lead.First].Line {
		lead.First--
	}
	if items < 3 || lead.Last-lead.First > 40 {
		return
	}
	var sp np
	if last := lead.Last - 1; d.w[last].Key == ":" && last > lead.First && last-lead.First <= 6 {
		sp = np{lead.First, last, true}
	}
	for i := d.dateline(lead.First, lead.Last); i < lead.Last && sp.last == 0; i++ {
		if d.mention[i].typ == report.MEDIA || d.is(i, outlet) && !d.is(i, press) {
			sp = np{i, min(d.npEnd(i, lead.Last, true), lead.Last), true}
			for x := i + 1; x < sp.last; x++ {
				if d.w[x].Key == "عناوین" {
					sp.last = x
				}
			}
		}
	}
	if sp.last <= sp.first {
		return
	}
	m := made{first: st.First + 1, last: ss[end-1].Last, speaker: sp}
	m.Speaker = d.resolve(sp.first, sp.last)
	m.Act, m.Rule, m.Cue = report.Write, "headlines", d.span(sp.first, sp.last)
	m.Content = []span.Span{d.span(m.first, m.last)}
	if d.w[m.last-1].Key == "." {
		m.Content = []span.Span{d.span(m.first, m.last-1)}
	}
	d.push(m, sp.first)
}

// item reports whether sentence s begins a line with a dash.
func (d *doc) item(s int) bool {
	i := d.r.Words.Sentences[s].First
	if i > 0 && d.w[i-1].Line == d.w[i].Line {
		return false
	}
	switch d.w[i].Form {
	case "-", "–", "ـ", "—":
		return true
	}
	return false
}

// sameVoice reports whether the statement goes on with the speaker of the last
// one: the same entity, his surname, or a description that goes on with «افزود».
func (d *doc) sameVoice(m *made) bool {
	e := d.r.Entity(m.Speaker.Entity)
	if e == nil || len(d.local) == 0 {
		return e != nil && d.voice[e.ID]
	}
	if d.voice[e.ID] {
		return true
	}
	if strings.HasPrefix(e.ID, "~") && e.Type == report.PER && (d.goesOn(m) || strings.HasPrefix(spell.Key(m.Speaker.Span.Of(d.r.Text)), "این")) {
		return true
	}
	k := spell.Key(e.Name)
	for id := range d.voice {
		if x := d.r.Entity(id); x != nil && x.Type == report.PER && len(k) > 4 && strings.HasSuffix(spell.Key(x.Name), k) {
			return true
		}
	}
	return false
}

// again returns the outlets through which the speaker of m, who spoke to one
// earlier, was heard: «کاتزمن» of «کنیث کاتزمن در گفت‌وگو با العالم».
func (d *doc) again(m *made) (local []report.Ref, lone bool) {
	k := spell.Key(m.Speaker.Span.Of(d.r.Text))
	for i := len(d.heard) - 1; i >= 0 && i > len(d.heard)-20; i-- {
		if h := &d.heard[i]; h.entity == m.Speaker.Entity || len(k) > 6 && strings.HasSuffix(h.name, k) {
			return h.local, h.lone
		}
	}
	return nil, false
}

// goesOn reports whether the cue is one that goes on: «افزود», «ادامه داد».
func (d *doc) goesOn(m *made) bool {
	switch spell.Key(m.Cue.Of(d.r.Text)) {
	case "افزود", "ادامهداد", "اضافهکرد", "میافزاید", "افزودند", "یاداورشد":
		return true
	}
	return false
}

// addressee finds to whom it was said: «از دولت خواست», «به خبرنگاران گفت».
func (d *doc) addressee(m *made, sp np, lo, hi int) *report.Ref {
	prep := "به"
	if m.Act == report.Demand || m.Act == report.Ask {
		prep = "از"
	}
	for i := hi - 2; i >= lo && i > hi-14; i-- {
		if i > 0 && d.w[i-1].Tag == word.ADJ { // «وابسته به …»
			continue
		}
		if d.w[i].Key != prep || i >= sp.first && i < sp.last || i+1 >= m.first && i < m.last {
			continue
		}
		if prep == "به" && i+1 < hi && d.npEnd(i+1, hi, true) < hi {
			return nil // «به …» of something else than the verb
		}
		e := min(d.npEnd(i+1, hi, true), hi)
		if e <= i+1 || !d.able(i+1, e) {
			continue
		}
		if ref, ok := d.ref.Phrase(i+1, e); ok && ref.Entity != m.Speaker.Entity && ref.Entity != "" {
			return &report.Ref{Entity: ref.Entity, Span: d.span(i+1, e)}
		}
	}
	return nil
}
