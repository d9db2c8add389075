package incident

import "testing"

// What a sentence says in other words than the next report: tolls of none, what
// all of the dead were, arms that struck nobody, those who died of wounds. Each both ways.
func TestWording(t *testing.T) {
	for _, c := range []struct {
		title, text string
		field       string
		value       string // of somebody of the field; "" for a field without a value
		want        bool
	}{
		{"حمله پهپادی به بندر", "در حمله پهپادی روز دوشنبه به بندر، این حادثه کشته‌ای نداشت.", Killed, "0", true},
		{"حمله پهپادی به بندر", "در حمله پهپادی روز دوشنبه به بندر هیچ فردی کشته نشد.", Killed, "0", true},
		{"حمله پهپادی به بندر", "در حمله پهپادی روز دوشنبه به بندر کسی در انبار جان نباخته است.", Killed, "0", true},
		{"حمله پهپادی به بندر", "در حمله پهپادی روز دوشنبه به بندر دو نفر کشته شدند.", Killed, "0", false},
		{"حمله به روستا", "در حمله روز دوشنبه به روستا شش نفر کشته شدند. همه قربانیان غیرنظامی هستند.", Recipient, "civilians", true},
		{"حمله به روستا", "در حمله روز دوشنبه به روستا شش نفر کشته شدند. کشته‌شدگان کارگر ساختمانی بودند.", Recipient, "civilians", true},
		{"حمله به روستا", "در حمله روز دوشنبه به روستا شش نفر کشته شدند. شماری از قربانیان غیرنظامی هستند.", Recipient, "civilians", false},
		{"حمله به روستا", "در حمله روز دوشنبه به روستا شش نفر کشته شدند. قربانیان در بیمارستان هستند.", Recipient, "civilians", false},
		{"حمله به خودرو", "افراد مسلح روز دوشنبه در حمله به یک خودرو آن را به رگبار بستند.", Weapon, "raked", true},
		{"حمله به خودرو", "در حمله روز دوشنبه به یک خودرو دو نفر کشته شدند و سه قبضه کلاشینکف به دست آمد.", Weapon, "raked", false},
		{"حمله موشکی به شهر", "در حمله موشکی روز دوشنبه به شهر دو نفر کشته شدند. ارتش گفت در پی حمله چهار پهپاد دشمن سرنگون شد.", Weapon, "drone", false},
		{"حمله به شهر", "در حمله پهپادی روز دوشنبه به شهر دو نفر کشته شدند.", Weapon, "drone", true},
		{"حمله به پادگان", "در حمله روز دوشنبه به پادگان ۲۰ سرباز کشته شدند و هفت نفر زخمی شدند.", Wounded, "7", true},
		{"حمله به پادگان", "با درگذشت هفت تن از زخمی‌های حمله روز دوشنبه به پادگان شمار کشته‌شدگان به ۲۰ سرباز رسید.", Wounded, "7", false},
	} {
		list := All(lex(t), []Doc{docOf(t, "a", "ایرنا", "2020-01-07", c.title, c.text)}, nil)
		got := false
		for i := range list {
			for _, v := range list[i].Table.Values[c.field] {
				got = got || v.Value == c.value
			}
		}
		if got != c.want {
			t.Errorf("%q: %s %s: %v, want %v", c.text, c.field, c.value, got, c.want)
		}
	}
}

// A report that tells of its own act and recalls another one of days before has two accounts.
func TestDaysBefore(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"در انفجار بمب در بازار شهر هرات پنج نفر کشته شدند. سه روز پیش نیز در انفجاری در شهر قندوز دو سرباز جان باختند.", 2},
		{"در انفجار بمب در بازار شهر هرات پنج نفر کشته شدند. حال سه زخمی این انفجار نیز وخیم است.", 1},
	} {
		x := newDoc(docOf(t, "a", "ایرنا", "2020-01-07", "انفجار بمب در هرات", c.text), loaded)
		if n := len(x.accounts); n != c.want {
			t.Errorf("%q: %d accounts, want %d", c.text, n, c.want)
		}
	}
}

// A number of police is no rival of one that does not say of whom, where police met a crowd.
func TestForces(t *testing.T) {
	five, nine := int64(5), int64(9)
	police, soldiers, nobody := whose{people: []string{"police"}}, whose{people: []string{"soldiers"}}, whose{}
	for _, c := range []struct {
		v, w  whose
		sided bool
		want  bool
	}{
		{police, nobody, true, false},
		{police, nobody, false, true},
		{nobody, nobody, true, true},
		{police, police, true, true},
		{soldiers, soldiers, true, true},
	} {
		v := Value{Low: &five, High: &five, Reports: []string{"a"}, whose: map[string]whose{"a": c.v}}
		w := Value{Low: &nine, High: &nine, Reports: []string{"b"}, whose: map[string]whose{"b": c.w}}
		if got := disjoint(v, w, c.sided); got != c.want {
			t.Errorf("%v, %v, two sides %v: %v, want %v", c.v, c.w, c.sided, got, c.want)
		}
	}
}

// Who says that it was the work of his own men takes responsibility; that it was the
// work of others, or that there was no bomb, is something else.
func TestClaimWords(t *testing.T) {
	for _, c := range []struct {
		class, text string
		want        bool
	}{
		{"claim", "گروه سپیده مدعی شد سوء قصد دیروز کار افراد این گروه بوده است.", true},
		{"claim", "سخنگوی گروه سپیده گفت انفجار کار این گروه بود.", true},
		{"claim", "مردم نمی‌دانند حمله کار نیروهای خارجی است یا ارتش.", false},
		{"no-such", "فرماندار گفت حمله‌ای در کار نبوده است.", true},
		{"no-such", "فرماندار گفت حمله صبح امروز بود.", false},
	} {
		if got := loaded.has(c.class, tokensOf(c.text)); got != c.want {
			t.Errorf("%q: %s %v, want %v", c.text, c.class, got, c.want)
		}
	}
	x := newDoc(docOf(t, "a", "ایرنا", "2020-01-07", "فرماندار: در انفجار کافه بمبی در کار نبود", "فرماندار گفت انفجار روز دوشنبه در کافه بر اثر نشت گاز بود."), loaded)
	for _, a := range x.accounts {
		if a.flatly(loaded) != nil {
			t.Error("no bomb is not no blast")
		}
	}
}
