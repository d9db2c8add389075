package relay_test

import (
	"testing"

	"github.com/sanad-project/sanad"
	"github.com/sanad-project/sanad/fa/spell"
	"github.com/sanad-project/sanad/relay"
)

func docOf(t *testing.T, id, outlet, published, title, text string) relay.Doc {
	t.Helper()
	rec, err := sanad.Read(sanad.Article{ID: id, Outlet: outlet, Published: published, Title: title, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	m, err := relay.ParseMoment(published)
	if err != nil {
		t.Fatal(err)
	}
	d := relay.Doc{ID: id, Outlet: spell.Key(outlet), Name: outlet, Published: m, Title: title, Text: text, Record: rec}
	if rec.Document.Outlet != nil {
		d.Outlet = *rec.Document.Outlet
	}
	return d
}

// An outlet that no lexicon knows is found where another report names it, in words of its own.
func TestUnknownOutletCited(t *testing.T) {
	links := reader().Links([]relay.Doc{
		docOf(t, "a", "راسان‌نیوز", "2019-03-02T09:00:00+03:30", "بازداشت شش کولبر در ارتفاعات سردشت", "راسان‌نیوز: شامگاه جمعه مرزبانان در ارتفاعات سردشت شش کولبر اهل روستای بیوران را گرفتند و با خود بردند. یکی از بستگان آنان گفت بارشان چای و پارچه بود و کسی سلاح نداشت."),
		docOf(t, "b", "رادیو فردا", "2019-03-02T20:00:00+01:00", "خانواده‌های کولبران سردشت در بی‌خبری", "شش کولبر که در ارتفاعات سردشت بازداشت شده‌اند هنوز با خانواده خود تماس نگرفته‌اند. به نوشته راسان‌نیوز، بستگان این کولبران اهل بیوران می‌گویند بار آنها تنها چای و پارچه بوده است."),
	})
	if len(links) != 1 || links[0].From != "a" || links[0].To != "b" || links[0].How != relay.Cites {
		t.Errorf("%v, want b to cite a", text(links))
	}
}

// Two that put one foreign report into Persian do not choose fifteen words in a row alike.
func TestOneTranslation(t *testing.T) {
	const first = "خبرگزاری فرانسه به نقل از یک سرهنگ پلیس گزارش داد که این بمب عصر چهارشنبه در ورودی شمالی شهر مندلی در مسیر دو خودروی گشت منفجر شد. خودروی نخست در دم سوخت و سرنشینان آن جان باختند. ساکنان می‌گویند صدای انفجار تا چند کیلومتر شنیده شد. فرماندار شهر از مردم خواست در خانه بمانند."
	a := docOf(t, "a", "ایسنا", "2009-05-20T18:00:00+04:30", "انفجار بمب در مندلی چهار کشته داد", first)
	for _, c := range []struct{ text, want string }{
		{"سرویس خارجی: شهر مندلی بار دیگر ناآرام بود. به گزارش خبرگزاری فرانسه این بمب عصر چهارشنبه در ورودی شمالی شهر مندلی در مسیر دو خودروی گشت منفجر شد. ناظران حضور بیگانگان را ریشه این ناامنی می‌دانند و می‌گویند تا زمانی که آنان در عراق باشند آرامش به استان دیالی باز نخواهد گشت.", "a b"},
		{"سرویس خارجی: شهر مندلی بار دیگر ناآرام بود. به گزارش خبرگزاری فرانسه یک افسر پلیس گفت بمبی روز چهارشنبه در شمال این شهر هنگام عبور خودروهای گشت ترکید. ناظران حضور بیگانگان را ریشه این ناامنی می‌دانند و می‌گویند تا زمانی که آنان در عراق باشند آرامش به استان دیالی باز نخواهد گشت.", ""},
	} {
		got := ""
		for _, l := range reader().Links([]relay.Doc{a, docOf(t, "b", "روزنامه جمهوری اسلامی", "2009-05-21T08:00:00+04:30", "دیالی بار دیگر ناآرام شد", c.text)}) {
			if !l.Common {
				got += l.From + " " + l.To
			}
		}
		if got != c.want {
			t.Errorf("%q: links %q, want %q", c.text, got, c.want)
		}
	}
}

// Who names another outlet early on and tells the same takes it from there: by what
// somebody said to that outlet, by its name without its last word, in other words. A
// report of that outlet on something else is no source.
func TestCitedEarly(t *testing.T) {
	told := docOf(t, "a", "خبرگزاری ایلنا", "2019-03-02T09:00:00+03:30", "ریزش معدن در راور سه کارگر را گرفتار کرد", "بخشدار کوهساران گفت بامداد شنبه سقف تونل شماره دو معدن زغال‌سنگ هشونی در شهرستان راور فرو ریخت و سه کارگر زیر آوار ماندند. به گفته او چراغ‌ها ساعتی پیش از آن خاموش شده بود و کسی به هشدار سرکارگر گوش نداد. امدادگران از کرمان در راه‌اند.")
	edition := docOf(t, "a", "نووستی ایران", "2019-03-02T09:00:00+03:30", told.Title, told.Text)
	other := docOf(t, "a", "خبرگزاری ایلنا", "2019-03-02T09:00:00+03:30", "اعتراض بازنشستگان فولاد در اصفهان", "شماری از بازنشستگان صنعت فولاد صبح شنبه در برابر استانداری اصفهان گرد آمدند و از دیر رسیدن مستمری خود گفتند. نماینده آنان گفت وعده‌های مدیر صندوق عملی نشده است.")
	for _, c := range []struct {
		name string
		a    relay.Doc
		text string
		want string
	}{
		{"told", told, "سه کارگر معدن هشونی راور زیر آوار گرفتارند. بخشدار کوهساران به ایلنا گفته است چراغ‌ها ساعتی پیش از آن خاموش شده بود و کسی به هشدار سرکارگر گوش نداد. نمایندگان مجلس بارها از ناایمنی معدن‌های کرمان گفته بودند و وزارت کار هنوز گزارشی نداده است.", "a b"},
		{"edition", edition, "به گزارش نووستی، سقف یک تونل معدن زغال‌سنگ هشونی در راور بامداد شنبه پایین آمد و سه کارگر گرفتار شدند. بخشدار گفته است که به هشدار سرکارگر توجهی نشده بود.", "a b"},
		{"another story", other, "بخشدار کوهساران به ایلنا گفته است سه کارگر معدن هشونی راور زیر آوار گرفتارند و امدادگران از کرمان در راه‌اند.", ""},
		{"nobody named", told, "سه کارگر در معدن زغال‌سنگ راور گرفتار شده‌اند. مسئولان استان می‌گویند کار امدادرسانی تا شب ادامه دارد و بالگردی آماده انتقال آنان است.", ""},
	} {
		got := ""
		for _, l := range reader().Links([]relay.Doc{c.a, docOf(t, "b", "رادیو فردا", "2019-03-02T20:00:00+01:00", "کارگران معدن راور زیر آوار", c.text)}) {
			if !l.Common {
				got += l.From + " " + l.To
			}
		}
		if got != c.want {
			t.Errorf("%s: links %q, want %q", c.name, got, c.want)
		}
	}
}

// Two that print one newsletter, each with a lead of its own, have it from whoever sent it.
func TestNewsletter(t *testing.T) {
	const words = "«نیروهای سرحدی شب گذشته یک کاروان بزرگ قاچاق سلاح را در دشت بکوا متوقف کردند و هشت تن از قاچاقبران را با چهار موتر و مقدار زیادی مهمات گرفتند»"
	links := reader().Links([]relay.Doc{
		docOf(t, "a", "باختر", "2019-03-02T09:00:00+04:30", "کاروان سلاح در فراه متوقف شد", "هشت قاچاقبر در ولایت فراه گرفتار شدند. در خبرنامه وزارت داخله آمده است: "+words+". سال گذشته نیز چند کاروان در همین مسیر گرفته شده بود."),
		docOf(t, "b", "طلوع‌نیوز", "2019-03-02T15:00:00+04:30", "وزارت داخله از بازداشت قاچاقبران خبر داد", "باشندگان غرب کشور از ناامنی راه‌ها شکایت دارند. در خبرنامه وزارت داخله گفته شده است "+words+". کارشناسان می‌گویند مرز ایران و افغانستان دراز است و نگهبانی از آن دشوار."),
	})
	for _, l := range links {
		if !l.Common {
			t.Errorf("%v, want a common source", text(links))
		}
	}
	if len(links) == 0 {
		t.Error("no link of two that print one newsletter")
	}
}
