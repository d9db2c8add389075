package alike

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sanad-project/sanad/lexicon"
)

var load = sync.OnceValues(func() (*lexicon.Lexicon, error) { return lexicon.Load("") })

func reader(t testing.TB) *Reader {
	lex, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return New(lex)
}

func person(text string) Name {
	return Name{ID: lexicon.Slug(text), Type: "PER", Text: text, Reports: 1}
}

// kinds returns what pairs there are of names, as "kind: into / other".
func kinds(r *Reader, names ...Name) []string {
	var out []string
	for _, p := range r.Pairs(names) {
		out = append(out, p.Kind+": "+p.Into.Text+" / "+p.Other.Text)
	}
	slices.Sort(out)
	return out
}

func TestPairs(t *testing.T) {
	r := reader(t)
	org := func(text string) Name { return Name{ID: lexicon.Slug(text), Type: "ORG", Text: text} }
	for _, c := range []struct {
		names []Name
		want  string
	}{
		{[]Name{person("محمدنبی حبیب‌پور"), person("محمد نبی حبیب پور")}, "letters: "},
		{[]Name{person("مرتضی گرایلی"), person("گرایلی")}, "surname: مرتضی گرایلی / گرایلی"},
		{[]Name{person("یحیی آل‌ازرق"), person("آل ازرق")}, "surname: یحیی آل‌ازرق / آل ازرق"},
		{[]Name{person("عادل نوروزی پور"), person("نوروزی‌پور")}, "surname: "},
		{[]Name{person("سید صولت دامغانی"), person("صولت دامغانی")}, "title: "},
		{[]Name{person("آیت‌الله جعفر سبحانیان"), person("جعفر سبحانیان")}, "title: "},
		{[]Name{person("اورلاندو آلوارز"), person("ارلاندو آلوارز")}, "variant: "},
		{[]Name{person("سمیر سامی قنطاری"), person("سمیر قنطاری")}, "given: "},
		{[]Name{person("ژان برتراند آرستید")}, "variant: ژان برتران آریستید"}, // one of the lexicon
		{[]Name{org("کمیسیون برنامه‌وبودجه"), org("کمیسیون برنامه و بودجه")}, "body: "},
		{[]Name{org("کمیسیون تلفیق مجلس"), org("کمیسیون تلفیق")}, "part: کمیسیون تلفیق مجلس / کمیسیون تلفیق"},

		{[]Name{person("حسن گرایلی"), person("علی گرایلی")}, ""},                           // two given names
		{[]Name{person("حسن گرایلی"), person("حسین گرایلی")}, ""},                          // that sound alike
		{[]Name{person("نادر کریم"), person("نادر کریمی")}, ""},                            // two surnames
		{[]Name{person("علی"), person("حسن علی")}, ""},                                     // a given name is no surname
		{[]Name{person("گرایلی"), {ID: "graili-town", Type: "PLACE", Text: "گرایلی"}}, ""}, // a family and a town
		{[]Name{org("شهرداری همدان"), org("سازمان ترافیک شهرداری همدان")}, ""},             // a part of the other
		{[]Name{{ID: "x", Type: "PER", Text: "مرتضی گرایلی"}, {ID: "x", Type: "PER", Text: "گرایلی"}}, ""},
		{nil, ""}, {[]Name{{}, {ID: "a", Type: "PER", Text: "\u200c\xff"}, {ID: "b", Text: strings.Repeat("ا ", 5000)}}, ""},
	} {
		got := strings.Join(kinds(r, c.names...), "\n")
		if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%v: %q, want %q", c.names[:min(2, len(c.names))], got, c.want)
		}
	}
	common := kinds(r, person("حسن گرایلی"), person("علی گرایلی"), person("گرایلی"))
	if len(common) != 2 || !strings.HasPrefix(common[0], "common: ") {
		t.Errorf("a surname of two men: %v", common)
	}
}

// TestOrder: the order of names plays no part.
func TestOrder(t *testing.T) {
	r := reader(t)
	var names []Name
	for _, g := range []string{"علی", "حسن", "محمد", "محمدرضا", "محمد رضا", "مرتضی"} {
		for _, s := range []string{"گرایلی", "نوروزی پور", "نوروزی‌پور", "سمنگانی"} {
			names = append(names, person(g+" "+s), person(s))
		}
	}
	want := fmt.Sprint(r.Pairs(names))
	for seed := range uint64(5) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		rnd.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		if got := fmt.Sprint(r.Pairs(names)); got != want {
			t.Fatalf("another order, other pairs:\n%s\n%s", got, want)
		}
	}
}

func seen(report string, with string, offices ...Office) *Seen {
	s := &Seen{Offices: offices, With: map[string]bool{}, Reports: map[string]bool{report: true}}
	for _, id := range strings.Fields(with) {
		s.With[id] = true
	}
	return s
}

func TestJudge(t *testing.T) {
	r := reader(t)
	surname := Pair{Into: person("مرتضی گرایلی"), Other: person("گرایلی"), Kind: "surname", Of: 1}
	common := surname
	common.Kind, common.Of = "common", 2
	variant := Pair{Into: person("اورلاندو آلوارز"), Other: person("ارلاندو آلوارز"), Kind: "variant"}
	rare := func(string) float64 { return 0.6 }
	minister := func(of string) Office { return Office{"وزیر خارجه", of} }
	for _, c := range []struct {
		name        string
		p           Pair
		into, other *Seen
		yes         bool // 0.6 at least
		why         string
	}{
		{"a surname alone", surname, seen("1", ""), seen("2", ""), false, "only full name"},
		{"a surname and its office", surname, seen("1", "", minister("iraq")), seen("2", "", Office{"وزیر امور خارجه", "iraq"}), true, "both are called Foreign Minister of iraq"},
		{"the office in another country", surname, seen("1", "a b", minister("iraq")), seen("2", "a b", minister("syria")), false, "of iraq and of syria"},
		{"another office of the kind", surname, seen("1", "", Office{"وزیر نیرو", "iraq"}), seen("2", "", Office{"وزیر بازرگانی", "iraq"}), false, "an office of iraq"},
		{"a surname of two men, with its office", common, seen("1", "a", minister("iraq")), seen("2", "a", minister("iraq")), true, "one of 2"},
		{"a surname of two men, in the same company", common, seen("1", "a b c"), seen("2", "a b c"), false, "named beside both: a, b, c"},
		{"one report has both", surname, seen("1", "a"), seen("1", "a"), true, "report 1 has both"},
		{"two spellings", variant, seen("1", "a"), seen("2", "b"), false, "nobody"},
		{"two spellings, same company", variant, seen("1", "a b"), seen("2", "a b"), true, "named beside both"},
		{"two spellings in one report", variant, seen("1", "a b"), seen("1", "a b"), false, "report 1"},
	} {
		x := r.Judge(c.p, c.into, c.other, rare)
		if (x.Confidence >= 0.6) != c.yes || !strings.Contains(strings.Join(x.Why, "; "), c.why) || x.Confidence < 0 || x.Confidence > 1 {
			t.Errorf("%s: %.2f %v", c.name, x.Confidence, x.Why)
		}
	}
	r.Judge(surname, &Seen{}, &Seen{}, rare) // nothing is known of them
}

// TestBlocks: what is compared grows with the names, whatever they are.
func TestBlocks(t *testing.T) {
	r := reader(t)
	var names []Name
	for i := range 40_000 {
		n := person(fmt.Sprintf("محمد ن%dگ", i))
		if i%2 == 0 {
			n = person(fmt.Sprintf("ن%dگ حسینی", i)) // one surname for all
		}
		n.ID = fmt.Sprint(i)
		names = append(names, n)
	}
	if n := len(r.Pairs(names)); n > len(names) {
		t.Errorf("%d pairs of 40,000 names: more than one each", n)
	}
}

func TestData(t *testing.T) {
	for k, w := range weights {
		if w < -1 || w > 1 || w == 0 {
			t.Errorf("%s: %v", k, w)
		}
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{{"کروکر", "کروکر", true}, {"براون", "بروان", true}, {"سلمان", "سلیمان", true}, {"سلمان", "سلیمانی", false}, {"", "ا", true}, {"اب", "سپ", false}} {
		if near(c.a, c.b) != c.want || near(c.b, c.a) != c.want {
			t.Errorf("near %s %s", c.a, c.b)
		}
	}
}

func FuzzPairs(f *testing.F) {
	r := reader(f)
	f.Add("مرتضی گرایلی", "گرایلی")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, p := range r.Pairs([]Name{{ID: "a", Type: "PER", Text: a}, {ID: "b", Type: "PER", Text: b}, {ID: "c", Type: "ORG", Text: a}, {ID: "d", Type: "GRP", Text: b}}) {
			if p.Into.ID == p.Other.ID || weights[p.Kind] == 0 {
				t.Errorf("%+v", p)
			}
		}
	})
}

func BenchmarkPairs(b *testing.B) {
	r := reader(b)
	var names []Name
	for i := range 100_000 {
		n := person(fmt.Sprintf("%s ن%dگ", []string{"علی", "حسن", "رضا", "محمد"}[i%4], i/2))
		n.ID = fmt.Sprint(i)
		names = append(names, n)
	}
	for b.Loop() {
		r.Pairs(names)
	}
}
