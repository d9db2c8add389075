package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/sanad-project/sanad/fa/halfspace"
	"github.com/sanad-project/sanad/fa/lex"
	"github.com/sanad-project/sanad/fa/morph"
	"github.com/sanad-project/sanad/fa/segment"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/fa/tag"
	"github.com/sanad-project/sanad/fa/word"
	"github.com/sanad-project/sanad/span"
)

const zwnj = string(spell.ZWNJ)

// affixes are the keys of endings that a half-space may part from their word.
var affixes = set("ها های هایی هایم هایت هایش هایمان هایتان هایشان تر ترین تری ترینی اش ام ات ای اند ایم اید اشان امان اتان شان مان تان ی م ت ش یی")

// spaced are those of them that a space may part; package segment decides.
var spaced = set("ها های هایی هایم هایت هایش هایمان هایتان هایشان تر ترین تری اند ایم اید ام ای اش اشان شان ی")

// plurals are those that are no words of their own.
var plurals = set("ها های هایی هایم هایت هایش هایمان هایتان هایشان ترین")

// preverbs stand before «می» with or without a space: «باز می‌گردد».
var preverbs = set("فراز باز فرا فرو بر در وا ور")

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// entry returns what is known of a token without spaces.
func (t *Terms) entry(raw string) *entry {
	return t.cache.get(raw, func(raw string) *entry {
		e := &entry{}
		key := spell.Key(raw)
		switch {
		case key == "می" || key == "نمی", strings.HasSuffix(key, "می") && preverbs[strings.TrimSuffix(strings.TrimSuffix(key, "می"), "ن")]:
			e.lead |= verbal
		case preverbs[key]:
			e.lead |= preverb
		case spaced[key]:
			e.lead |= affix
		}
		if strings.HasPrefix(key, "می") || strings.HasPrefix(key, "نمی") {
			e.lead |= mi
		}
		if fixed().first[key] {
			e.lead |= spelt
		}
		raw, key = clean(raw, key)
		e.parts = t.token(raw, key)
		return e
	})
}

// foreign reports whether r is a mark that keys keep and terms do not: a sign of
// the Quran's text, an accent.
func foreign(r rune) bool { return classOf(r) == inside && spell.Key(string(r)) != "" }

// clean drops foreign marks from a token.
func clean(raw, key string) (string, string) {
	if strings.IndexFunc(key, foreign) < 0 {
		return raw, key
	}
	raw = strings.Map(func(r rune) rune {
		if foreign(r) {
			return -1
		}
		return r
	}, raw)
	return raw, spell.Key(raw)
}

// joined returns the one word that tokens with spaces between them are; ok is
// false where they are several.
func (t *Terms) joined(raw string) *entry {
	return t.cache.get(raw, func(raw string) *entry {
		raw, key := clean(raw, spell.Key(raw))
		if !persian(key) {
			return &entry{}
		}
		if list, ok := t.spelling(key); ok {
			return &entry{parts: list, ok: true}
		}
		form := spell.Standard(raw)
		if last := form[strings.LastIndex(form, zwnj)+len(zwnj):]; plurals[spell.Key(last)] { // «میلیون ها»
			return &entry{parts: whole(t.letters(form)), ok: true}
		}
		if before, ok := strings.CutSuffix(form, zwnj+"ی"); ok { // «حمله ی هوایی»
			if r, _ := utf8.DecodeLastRuneInString(before); strings.ContainsRune("هاو", r) {
				return &entry{parts: whole(t.letters(form)), ok: true}
			}
		}
		words := segment.Text(raw, nil).Words
		if len(words) == 1 {
			return &entry{parts: whole(t.letters(words[0].Form)), ok: true}
		}
		var buf [8]morph.Form
		for _, f := range morph.Forms(buf[:0], key) {
			if f.Mi && f.Verb.Past != "" && (f.Verb.Preverb != "" || f.Verb.Past == "بایست") {
				return &entry{parts: []part{{term: spell.Key(f.Verb.Preverb + f.Verb.Past)}}, ok: true}
			}
		}
		if key == "میبایست" || key == "میباید" || key == "میبایستی" {
			return &entry{parts: []part{{term: "بایست"}}, ok: true}
		}
		return &entry{}
	})
}

// spelling returns the terms of a word that stands in data/fixed.txt, with or
// without an ending.
func (t *Terms) spelling(key string) ([]part, bool) {
	f := fixed()
	if list, ok := f.terms[key]; ok {
		return list, true
	}
	for _, e := range [...]string{"هایی", "های", "ها", "ی", "ای"} {
		if s, ok := strings.CutSuffix(key, e); ok && f.several[s] && (len(f.terms[s]) == 1 || e != "ی" && e != "ای") {
			return f.terms[s], true
		}
	}
	for _, e := range [...]string{"ی", "ش", "شان", "مان"} { // «حملاتی», «حملاتش»
		if s, ok := strings.CutSuffix(key, e); ok && strings.HasSuffix(s, "ات") && f.terms[s] != nil {
			return f.terms[s], true
		}
	}
	return nil, false
}

// whole drops the places of parts where there is but one.
func whole(parts []part) []part {
	if len(parts) == 1 {
		parts[0].from, parts[0].to = 0, 0
	}
	return parts
}

// token brings a token to its terms.
func (t *Terms) token(raw, key string) []part {
	if len(raw) > longest || !utf8.ValidString(raw) {
		return plain(raw)
	}
	if list, ok := t.spelling(key); ok {
		return list
	}
	if strings.IndexFunc(raw, func(r rune) bool {
		return r < 0x600 && r != '\u00ad' || unicode.IsNumber(r) || r > 0x6ff && unicode.IsLetter(r) && (r < 0xfb50 || r > 0xfefc) // those between are Arabic letters in their shapes
	}) >= 0 {
		return t.mixed(raw)
	}
	if k, ok := strings.CutSuffix(key, "هاست"); ok && len(k) >= 4 && strings.HasSuffix(raw, "هاست") && !morph.IsParticiple(k+"ه") { // «سال‌هاست»
		raw = strings.TrimSuffix(raw, "ست")
	}
	var parts []part
	n := 0
	for _, w := range segment.Text(raw, nil).Words { // «لازماست» is two
		size := utf8.RuneCountInString(w.Key)
		for _, p := range t.letters(w.Form) {
			parts = append(parts, p.behind(n, size))
		}
		n += size
	}
	return whole(parts)
}

// behind is the part of a word that stands n letters behind a token's begin.
func (p part) behind(n, size int) part {
	if p.to == 0 {
		p.to = uint16(size)
	}
	return part{p.term, p.from + uint16(n), p.to + uint16(n)}
}

// plain brings what is no Persian word to terms: small letters without accents.
func plain(raw string) []part {
	var parts []part
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			parts = append(parts, part{term: b.String()})
			b.Reset()
		}
	}
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(raw, " ")) {
		switch c := classOf(r); {
		case c == inside:
		case c == letter || c == digit:
			for _, k := range spell.Key(string(unicode.ToLower(r))) {
				if b.Len()+4 > longest { // the rest of a word without end is left out
					break
				}
				b.WriteRune(k)
			}
		case r == ',' || r == '٬': // 1,200
		default:
			flush()
		}
	}
	flush()
	return parts
}

// mixed brings a token with digits or letters of other scripts to terms:
// «۱٬۲۰۰» is 1200, «۳۰نفر» two terms, «3.5» too.
func (t *Terms) mixed(raw string) []part {
	var parts []part
	kind := func(r rune) class {
		switch {
		case r >= 0x600 && r <= 0x6ff && arabic[r-0x600] == letter, r >= 0xfb50 && r <= 0xfefc:
			return letter
		case classOf(r) == inside:
			return inside
		}
		return digit
	}
	n := 0 // letters of the key before i
	for i := 0; i < len(raw); {
		r, _ := utf8.DecodeRuneInString(raw[i:])
		k, j := kind(r), i
		for j < len(raw) {
			r, size := utf8.DecodeRuneInString(raw[j:])
			if x := kind(r); x != k && x != inside {
				break
			}
			j += size
		}
		run := strings.Trim(raw[i:j], zwnj)
		key := utf8.RuneCountInString(spell.Key(run))
		var list []part
		switch {
		case k == letter && (i > 0 || j < len(raw)):
			list = t.letters(spell.Standard(run))
		case grouped(run):
			list = plain(strings.NewReplacer(".", "", ",", "", "٬", "").Replace(run))
		default:
			list = plain(strings.NewReplacer(",", " ", "٬", " ").Replace(run))
		}
		for _, p := range list {
			parts = append(parts, p.behind(n, key))
		}
		n += key
		i = j
	}
	return whole(parts)
}

// grouped reports whether a number's separators part thousands: «1,200», not «3,5».
func grouped(s string) bool {
	first, rest, ok := strings.Cut(strings.ReplaceAll(s, "٬", ","), ",")
	if !ok || utf8.RuneCountInString(first) > 3 {
		return false
	}
	for p := range strings.SplitSeq(rest, ",") {
		if utf8.RuneCountInString(p) != 3 || strings.ContainsAny(p, ".٫") {
			return false
		}
	}
	return true
}

// letters brings a word of Persian letters, in standard spelling, to its terms.
func (t *Terms) letters(form string) []part {
	if list, ok := t.spelling(spell.Key(form)); ok {
		return list
	}
	if v, ok := verb(form); ok {
		return []part{{term: v}}
	}
	var parts []part
	n := 0
	for _, c := range chunks(form) {
		from := n
		n += utf8.RuneCountInString(spell.Key(c))
		for _, s := range t.stem(c, 0) {
			parts = append(parts, part{s, uint16(from), uint16(n)})
		}
	}
	return parts
}

// chunks cuts a form at the half-spaces that part words: not those before an
// ending, and not those after a letter that does not join to the next, where
// they change nothing.
func chunks(form string) []string {
	if !strings.Contains(form, zwnj) {
		return []string{form}
	}
	var list []string
	for p := range strings.SplitSeq(form, zwnj) {
		if p == "" {
			continue
		}
		if n := len(list); n > 0 {
			last, _ := utf8.DecodeLastRuneInString(list[n-1])
			switch {
			case affixes[spell.Key(p)] && !strings.HasPrefix(p, "آ"):
				list[n-1] += zwnj + p
				continue
			case strings.ContainsRune("اآأإدذرزژوؤء", last):
				list[n-1] += p
				continue
			}
		}
		list = append(list, p)
	}
	return list
}

// light are verbs so common that a form of theirs is never taken for a noun.
var light = set("کرد شد بود داد داشت گرفت توانست خواست بایست")

// verb returns the past stem of a verb form, in which nouns made of verbs are
// found too: «بازداشت», «بازداشت‌ها», «بازمی‌دارند».
func verb(form string) (string, bool) {
	w := read(form)
	v := w.Verb
	if v == nil || v.Person == 2 && !v.Plural { // «نشستی» is a meeting, «گذاری» half a compound
		return "", false
	}
	past := spell.Key(v.Past)
	switch {
	case v.Past == "":
		return spell.Key(v.Present), true
	case lex.Of(w.Key)&(lex.Noun|lex.Adjective) == 0, light[v.Past], past == w.Key, v.Tense == word.Participle, v.Tense == word.Infinitive:
		return past, true
	}
	return "", false // «نبرد», «روند», «رسم»
}

// read analyses one word that stands alone.
func read(form string) *word.Word {
	t := word.Text{Source: form, Words: []word.Word{{
		Span: span.Span{Start: 0, End: len(form)}, Form: form, Key: spell.Key(form), Lemma: form, Tag: word.NOUN,
	}}}
	morph.Words(&t)
	return &t.Words[0]
}

// stem returns the terms of a word without half-spaces but those before its
// endings: its lemma, cut where it is glued of several words. Whatever is left
// of a word is read as if it stood alone, so that «سرمایه‌گذاری‌ها» and «سرمایه
// گذاری» agree.
func (t *Terms) stem(form string, depth int) []string {
	key := spell.Key(form)
	if list, ok := fixed().terms[key]; ok {
		return texts(list)
	}
	switch {
	case key == "": // «ء»
		return nil
	case depth > 6:
		return []string{key}
	}
	if n, ok := t.names[key]; ok {
		return t.stems(strings.Fields(n), depth)
	}
	if t.single[key] {
		if i := article(key); i > 0 {
			return t.stems([]string{key[:i], key[i:]}, depth)
		}
		return []string{key}
	}
	if v, ok := verb(form); ok {
		return []string{v}
	}
	if i := strings.LastIndex(form, zwnj); i > 0 && plurals[spell.Key(form[i:])] && lex.Of(spell.Key(form)) == 0 { // «ده‌ها», not «آن‌ها»
		return t.stem(form[:i], depth+1)
	}
	if l := lemma(form); l != form && len(spell.Key(l)) >= 4 && spell.Key(l) != key {
		return t.stem(l, depth+1)
	}
	if parts := cut(key); len(parts) > 1 {
		return t.stems(parts, depth)
	}
	return []string{key}
}

// article returns where the second word of an Arabic name begins that is
// written in one: «انصارالله», «عبدالملک», «حشدالشعبی»; 0 where there is none.
func article(key string) int {
	if left, ok := strings.CutSuffix(key, "الله"); ok && utf8.RuneCountInString(left) >= 3 {
		return len(left)
	}
	i := strings.Index(key, "ال")
	if i < 4 || utf8.RuneCountInString(key[i:]) < 5 {
		return 0
	}
	sure := strings.HasPrefix(key, "عبدال") || strings.HasPrefix(key, "ابوال") || key[i:] == "الدین"
	if !sure && lex.Of(key)&(lex.Noun|lex.Adjective|lex.Verb) != 0 {
		return 0
	}
	if r, _ := utf8.DecodeLastRuneInString(key[:i]); !strings.ContainsRune("دذرزژو", r) || !persian(key) {
		return 0
	}
	return i
}

func (t *Terms) stems(parts []string, depth int) []string {
	var list []string
	for _, p := range parts {
		list = append(list, t.stem(p, depth+1)...)
	}
	return list
}

func texts(parts []part) []string {
	list := make([]string, len(parts))
	for i := range parts {
		list[i] = parts[i].term
	}
	return list
}

// lemma is the dictionary form of a word that stands alone and is no verb.
func lemma(form string) string {
	w := read(form)
	c := lex.Of(w.Key)
	if x, ok := strings.CutSuffix(w.Form, w.Clitic.Form); ok && w.Clitic.Form != "" {
		c = lex.Of(spell.Key(x))
	}
	switch {
	case c&(lex.Noun|lex.Plural) != 0:
	case c&lex.Adjective != 0, w.Degree > 0:
		w.Tag = word.ADJ
	case c&lex.Closed != 0:
		w.Tag = word.PRON
	case c&lex.Adverb != 0:
		w.Tag = word.ADV
	case c&lex.Name != 0:
		return w.Form
	}
	return tag.Lemma(w)
}

// cut cuts a key that is glued of several words: a compound that lost its
// half-space («بینالمللی»), or two words stuck together after a letter that
// does not join («وزیرخارجه»).
func cut(key string) []string {
	if len(key) < 10 {
		return nil
	}
	if rest, ok := strings.CutPrefix(key, "غیر"); ok && known(rest) {
		return []string{"غیر", rest}
	}
	if parts := chunks(halfspace.Default().Repair(key)); len(parts) > 1 {
		return parts
	}
	if i := article(key); i > 0 {
		return []string{key[:i], key[i:]}
	}
	if len(key) < 12 || lex.Of(key) != 0 {
		return nil
	}
	for i := len(key) - 6; i >= 6; i-- {
		if !utf8.RuneStart(key[i]) {
			continue
		}
		if r, _ := utf8.DecodeLastRuneInString(key[:i]); !strings.ContainsRune("دذرزژو", r) {
			continue
		}
		if known(key[:i]) && known(key[i:]) {
			return []string{key[:i], key[i:]}
		}
	}
	return nil
}

func known(key string) bool {
	return lex.Of(key)&(lex.Noun|lex.Adjective) != 0 && utf8.RuneCountInString(key) >= 3
}
