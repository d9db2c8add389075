package incident

import (
	"slices"
	"testing"
	"time"
)

func init() { pairs = append(pairs, fieldPairs...) }

// fieldPairs are pairs for the fields of the table, each way of differing with one that is none.
var fieldPairs = []told{
	{"two-sides", "killed killed", [][4]string{
		{"ایرنا", "2016-05-10T14:00:00+04:30", "حمله طالبان به پاسگاه پلیس در زرنج", "در حمله ظهر سه‌شنبه طالبان به یک پاسگاه در شهر زرنج هشت پلیس کشته شدند. هفت طالب نیز در این درگیری کشته شدند."},
		{"آریانا", "2016-05-10T18:30:00+04:30", "حمله به پاسگاه پلیس در شهر زرنج", "سخنگوی طالبان گفت در حمله ظهر سه‌شنبه به پاسگاه شهر زرنج ۲۱ پلیس کشته شدند. به گفته او به مجاهدین هیچ تلفاتی نرسیده است."}}},
	{"one-side", "", [][4]string{
		{"ایرنا", "2016-05-10T14:00:00+04:30", "حمله طالبان به پاسگاه پلیس در زرنج", "در حمله ظهر سه‌شنبه طالبان به یک پاسگاه در شهر زرنج هشت پلیس کشته شدند. هفت طالب نیز در این درگیری کشته شدند."},
		{"آریانا", "2016-05-10T18:30:00+04:30", "هشت پلیس در حمله به پاسگاه زرنج کشته شدند", "در حمله ظهر سه‌شنبه طالبان به پاسگاه شهر زرنج هشت پلیس کشته شدند."}}},
	{"clocks", "date", [][4]string{
		{"ایرنا", "2016-05-12T14:00:00+04:30", "سه مرزبان در حمله به پاسگاه زرنج کشته شدند", "افراد مسلح ساعت ۲۲ چهارشنبه به پاسگاه مرزی در شهر زرنج حمله کردند و سه مرزبان کشته شدند."},
		{"آریانا", "2016-05-12T18:30:00+04:30", "حمله به پاسگاه مرزی زرنج", "افراد مسلح ساعت ۴ بامداد پنجشنبه به پاسگاه مرزی در شهر زرنج حمله کردند و سه مرزبان کشته شدند."}}},
	{"one-night", "", [][4]string{
		{"ایرنا", "2016-05-12T14:00:00+04:30", "سه مرزبان در حمله به پاسگاه زرنج کشته شدند", "افراد مسلح شب گذشته به پاسگاه مرزی در شهر زرنج حمله کردند و سه مرزبان کشته شدند."},
		{"آریانا", "2016-05-12T18:30:00+04:30", "حمله به پاسگاه مرزی زرنج", "افراد مسلح بامداد پنجشنبه به پاسگاه مرزی در شهر زرنج حمله کردند و سه مرزبان کشته شدند."}}},
	{"two-states", "actor", [][4]string{
		{"المنار", "2018-03-02T14:00:00+02:00", "حمله هوایی اسرائیل به تدمر", "جنگنده‌های اسرائیل ظهر جمعه یک ساختمان در شهر تدمر را بمباران کردند و پنج نفر کشته شدند. ارتش اسرائیل پیش از ظهر نیز بر فراز شهر پرواز کرده بود."},
		{"العربیه فارسی", "2018-03-02T19:00:00+03:00", "جنگنده‌های روسیه ساختمانی در تدمر را بمباران کردند", "جنگنده‌های روسیه ظهر جمعه یک ساختمان در شهر تدمر را بمباران کردند و پنج نفر کشته شدند."}}},
	{"one-state", "", [][4]string{
		{"المنار", "2018-03-02T14:00:00+02:00", "حمله هوایی اسرائیل به تدمر", "جنگنده‌های اسرائیل ظهر جمعه یک ساختمان در شهر تدمر را بمباران کردند و پنج نفر کشته شدند."},
		{"العربیه فارسی", "2018-03-02T19:00:00+03:00", "ارتش اسرائیل ساختمانی در تدمر را بمباران کرد", "ارتش اسرائیل ظهر جمعه یک ساختمان در شهر تدمر را بمباران کرد و پنج نفر کشته شدند."}}},
	{"ransom", "status", [][4]string{
		{"ایرنا", "2016-05-12T14:00:00+04:30", "بازرگان ربوده‌شده در زرنج آزاد شد", "بازرگانی که هفته پیش در شهر زرنج ربوده شده بود روز پنجشنبه آزاد شد. پلیس گفت هیچ پولی پرداخت نشد."},
		{"آریانا", "2016-05-12T18:30:00+04:30", "آزادی بازرگان ربوده‌شده زرنج", "بازرگانی که هفته پیش در شهر زرنج ربوده شده بود روز پنجشنبه با پرداخت پول آزاد شد."}}},
	{"dead-and-alive", "status", [][4]string{
		{"ایرنا", "2016-05-12T14:00:00+04:30", "فرمانده پلیس زرنج در انفجار کشته شد", "فرمانده پلیس زرنج ظهر پنجشنبه در انفجار بمب در شهر زرنج کشته شد و چهار محافظ او زخمی شدند."},
		{"آریانا", "2016-05-12T18:30:00+04:30", "فرمانده پلیس زرنج زنده است", "فرمانده پلیس زرنج که ظهر پنجشنبه در انفجار بمب در شهر زرنج زخمی شد زنده است. چهار محافظ او زخمی شدند."}}},
	{"expelled", "status", [][4]string{
		{"ایرنا", "2016-05-12T14:00:00+04:30", "کنیا سه دیپلمات سودانی را اخراج کرد", "کنیا روز پنجشنبه سه دیپلمات سودانی را به اتهام جاسوسی از نایروبی اخراج کرد."},
		{"العربیه فارسی", "2016-05-12T18:30:00+04:30", "سودان: دیپلمات‌ها از نایروبی اخراج نشدند", "وزارت خارجه سودان خبر اخراج سه دیپلمات سودانی از نایروبی را تکذیب کرد و گفت آنان به خارطوم فراخوانده شدند."}}},
	{"own-number", "killed", [][4]string{
		{"ایرنا", "2016-05-12T14:00:00+04:30", "دو کشته در تیراندازی زرنج", "افراد مسلح ظهر پنجشنبه در بازار شهر زرنج تیراندازی کردند و دو نفر کشته شدند."},
		{"آریانا", "2016-05-12T18:30:00+04:30", "سه کشته در تیراندازی زرنج", "افراد مسلح ظهر پنجشنبه در بازار شهر زرنج تیراندازی کردند و سه نفر کشته شدند. پلیس شمار کشته‌ها را دو نفر اعلام کرده است."}}},
}

// Tolls of none in words that no list has whole, and words that only look like it.
func TestNone(t *testing.T) {
	for _, c := range []struct {
		text  string
		field string
		want  bool
	}{
		{"فرماندار گفت در حمله روز دوشنبه حتی یک نفر هم کشته نشده است.", Killed, true},
		{"در حمله روز دوشنبه به نیروهای ما هیچ نوع تلفات نرسیده است.", Killed, true},
		{"در حمله روز دوشنبه احدی زخمی نشد.", Wounded, true},
		{"در تجمع روز دوشنبه هیچ یک از کارگران بازداشت نشدند.", Detained, true},
		{"همه سرنشینان پس از حمله روز دوشنبه سالم هستند.", Wounded, true},
		{"در حمله روز دوشنبه هیچ گروهی مسئولیت کشته شدن دو نفر را نپذیرفت.", Killed, false},
		{"کسی که در حمله روز دوشنبه کشته شد سرباز بود.", Killed, false},
	} {
		x := newDoc(docOf(t, "a", "ایرنا", "2020-01-07", "خبر روز", c.text), loaded)
		got := false
		for _, s := range x.sentences {
			for _, n := range x.none(loaded, x.scene(loaded, s)) {
				got = got || n.field == c.field
			}
		}
		if got != c.want {
			t.Errorf("%q: none %s %v, want %v", c.text, c.field, got, c.want)
		}
	}
}

// Hours of which some are one time, and some not.
func TestHours(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2020, 1, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		v, w hours
		dw   int // days from v to w
		want bool
	}{
		{hours{18, 30}, hours{0, 6}, 1, false},   // the night between
		{hours{22, 25}, hours{2, 5}, 1, true},    // 23:00 and 3:00
		{hours{18, 30}, hours{6, 12}, 1, true},   // night and morning
		{hours{18, 30}, hours{-6, 30}, 1, false}, // «شب شنبه» is either
		{hours{0, 24}, hours{0, 24}, 0, false},
		{hours{0, 24}, hours{0, 24}, 2, true},
	} {
		v := Value{first: day(1), last: day(1), Reports: []string{"a"}, hours: map[string]hours{"a": c.v}}
		w := Value{first: day(1 + c.dw), last: day(1 + c.dw), Reports: []string{"b"}, hours: map[string]hours{"b": c.w}}
		if got := otherDays(v, w); got != c.want || otherDays(w, v) != c.want {
			t.Errorf("%v, %v %d days on: %v, want %v", c.v, c.w, c.dw, got, c.want)
		}
	}
}

func TestRespelt(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"پاولوگراد", "پاولوهراد", true},
		{"سپینکلا", "سپینکلای", true},
		{"تهران", "تهرون", false},     // too short to be sure
		{"خرمشهر", "قرمشهر", false},   // another first letter
		{"کرمانشاه", "خراسان", false}, //
	} {
		if respelt(c.a, c.b) != c.want || respelt(c.b, c.a) != c.want {
			t.Errorf("%s, %s: want %v", c.a, c.b, c.want)
		}
	}
}

// The line of place and agency is no place of the act; a name in quotation marks is a name.
func TestPlaced(t *testing.T) {
	for _, c := range []struct {
		text  string
		main  string // the first town of the act, "" for none
		named string // a name that stands where one does, "" for none
	}{
		{"استانبول - ایرنا - در انفجار روز دوشنبه در شهر حلب دو نفر کشته شدند.", "حلب", ""},
		{"در استانبول - شهر بزرگ ترکیه - روز دوشنبه در انفجاری دو نفر کشته شدند.", "استانبول", ""},
		{"دزدان دریایی کشتی «ستاره سحر» را روز دوشنبه ربودند.", "", "«ستارهسحر"},
		{"او درباره حمله روز دوشنبه گفت: «ستاره سحر بود.»", "", ""},
	} {
		x := newDoc(docOf(t, "a", "ایرنا", "2020-01-07", "خبر روز", c.text), loaded)
		main, named := "", ""
		for _, a := range x.accounts {
			if len(a.main) > 0 {
				main = a.main[0].name
			}
			for _, n := range a.placed {
				if n[0] == "«"[0] && n[1] == "«"[1] {
					named = n
				}
			}
		}
		if main != c.main || named != c.named {
			t.Errorf("%q: %q %q, want %q %q", c.text, main, named, c.main, c.named)
		}
	}
}

// What happened, and what is denied, planned, cited or taken for granted.
func TestHappened(t *testing.T) {
	for _, c := range []struct {
		title, text string
		want        bool
	}{
		{"خبر آزادی کارگران زرنج نادرست بود", "استاندار گفت خبر آزادی کارگران ربوده‌شده در زرنج درست نیست.", true},
		{"ربوده شدن کارگران زرنج تکذیب شد", "استاندار گفت خبر ربوده شدن کارگران در زرنج درست نیست.", false},
		{"کارگران زرنج جمعه تجمع می‌کنند", "کارگران گفتند روز جمعه در زرنج تجمع خواهند کرد. شهرداری برای این تجمع درخواستی دریافت نکرده است.", false},
		{"کارگران زرنج تجمع کردند", "کارگران روز دوشنبه در زرنج تجمع کردند. شهرداری برای این تجمع درخواستی دریافت نکرده بود.", true},
		{"تصحیح", "در شماره شنبه این روزنامه گزارشی با عنوان «فرستادگان کنیا و سودان در زرنج دیدار کردند» چاپ شد.", false},
		{"ماموران چهار نفر را گرفتند", "ماموران موفق شدند روز دوشنبه در زرنج چهار نفر را دستگیر کنند.", true},
	} {
		x := newDoc(docOf(t, "a", "ایرنا", "2020-01-07", c.title, c.text), loaded)
		got := slices.ContainsFunc(x.accounts, func(a *account) bool { return a.happened })
		if got != c.want {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
	}
}

// A claim without a day goes to the attack that has one; one of another town does not.
func TestAdrift(t *testing.T) {
	docs := append(many(t),
		docOf(t, "x1", "ایرنا", "2013-03-02", "انفجار در بازار سبزی‌فروشان زرنج", "در انفجار بمب ظهر شنبه در بازار سبزی‌فروشان هلمند‌آباد شهر زرنج چهارده نفر کشته شدند."),
		docOf(t, "x2", "صدای شرق", "", "گروه شفق: انفجار بازار سبزی‌فروشان زرنج کار ما بود", "سخنگوی گروه «شفق سرخ» گفت بمب بازار سبزی‌فروشان هلمند‌آباد شهر زرنج را رزمندگان این گروه کار گذاشته بودند و انفجار کار ما بود."),
		docOf(t, "x3", "صدای شرق", "", "لشکر جنوب: حمله به پل فراه کار ما بود", "فرمانده «لشکر جنوب» در نامه‌ای نوشت که تیراندازی به کاروان سوخت در کنار پل کهنه شهر فراه کار ما بود."))
	for _, in := range All(lex(t), docs, nil) {
		got := in.reports()
		if slices.Contains(got, "x1") != slices.Contains(got, "x2") || slices.Contains(got, "x1") && slices.Contains(got, "x3") {
			t.Errorf("together: %v", got)
		}
	}
}

// A weekday that was read as another day is that weekday.
func TestWeekday(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Weekday
		ok   bool
	}{
		{"سه شنبه شب", time.Tuesday, true},
		{"شنبه", time.Saturday, true},
		{"روز پنج‌شنبه", time.Thursday, true},
		{"شب گذشته", 0, false},
	} {
		if got, ok := loaded.weekday(tokensOf(c.text)); ok != c.ok || ok && got != c.want {
			t.Errorf("%q: %v %v, want %v %v", c.text, got, ok, c.want, c.ok)
		}
	}
}

// Who takes responsibility may be named a sentence later.
func TestClaimant(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"یک گروه ناشناخته مسئولیت حمله روز دوشنبه به زرنج را پذیرفت. این گروه که خود را «شفق سرخ» می‌نامد بیانیه داد.", "شفق سرخ"},
		{"یک گروه ناشناخته مسئولیت حمله روز دوشنبه به زرنج را پذیرفت. پلیس از «شفق سرخ» نام نبرد.", ""},
		{"گروه «شفق سرخ» مسئولیت حمله روز دوشنبه به زرنج را پذیرفت.", "شفق سرخ"},
	} {
		x := newDoc(docOf(t, "a", "ایرنا", "2020-01-07", "خبر روز", c.text), loaded)
		got := ""
		for _, a := range x.accounts {
			for _, s := range a.scenes {
				if s.claims {
					got = x.claimant(s)
				}
			}
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}
