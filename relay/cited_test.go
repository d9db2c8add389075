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
