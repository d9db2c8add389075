package export

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// book writes a workbook of Office Open XML (ECMA-376): sheets right to left,
// with the first row frozen and a filter on it. Each sheet is compressed into
// a temporary file as its rows come, and all go into the zip at the end, in
// order: memory does not grow with the rows, and the same rows give the same
// bytes. (Excelize's stream writer, v2.10, holds the finished zip and up to
// 16 MB of each sheet in memory, and orders the sheets of the zip by a map.)
type book struct {
	pages             []*page
	maxRows, maxUnits int
}

// page is a sheet that is being written.
type page struct {
	name  string
	width int // columns
	rows  int // written, the header included
	n     int // sheets of this kind before it

	file *os.File
	deep *flate.Writer
	out  *bufio.Writer
	crc  hash.Hash32
	size int64 // before compression
	buf  []byte
}

// Write compresses and counts; bufio calls it.
func (p *page) Write(b []byte) (int, error) {
	p.crc.Write(b)
	p.size += int64(len(b))
	return p.deep.Write(b)
}

// add begins a sheet.
func (b *book) add(name string, columns []string) (*page, error) {
	f, err := os.CreateTemp("", "sanad-xlsx-*")
	if err != nil {
		return nil, fmt.Errorf("a temporary file for sheet %s: %w; set TMPDIR to a folder with room", name, err)
	}
	p := &page{name: name, width: len(columns), file: f, crc: crc32.NewIEEE()}
	b.pages = append(b.pages, p)
	if p.deep, err = flate.NewWriter(f, flate.BestSpeed); err != nil {
		return nil, err
	}
	p.out = bufio.NewWriterSize(p, 32<<10)
	selected := ""
	if len(b.pages) == 1 {
		selected = ` tabSelected="1"`
	}
	p.out.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>` +
		`<sheetView rightToLeft="1"` + selected + ` workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>` +
		`<selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>`)
	for i, c := range columns {
		fmt.Fprintf(p.out, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, columnWidth(c))
	}
	p.out.WriteString(`</cols><sheetData>`)
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = c
	}
	return p, p.row(cells, ` s="1"`)
}

// columnWidth is how wide a column is shown, in digits.
func columnWidth(name string) int {
	switch name {
	case "text", "content", "sentence", "title":
		return 60
	case "report", "url", "name", "speaker_name", "actor_name", "recipient_name", "outlet_name":
		return 24
	}
	return 14
}

// put writes a row.
func (p *page) put(cells []any) error { return p.row(cells, "") }

func (p *page) row(cells []any, style string) error {
	p.rows++
	b := append(p.buf[:0], `<row r="`...)
	b = strconv.AppendInt(b, int64(p.rows), 10)
	b = append(b, `">`...)
	for i, v := range cells {
		kind, value := "", ""
		switch v := v.(type) {
		case nil:
			continue
		case string:
			if v == "" {
				continue
			}
			kind, value = "inlineStr", v
		case ident:
			kind, value = "inlineStr", string(v)
		case bool:
			kind, value = "b", "0"
			if v {
				value = "1"
			}
		default:
			if value = cell(v); value == "" {
				continue
			}
		}
		b = append(b, `<c r="`...)
		b = append(b, columnName(i)...)
		b = strconv.AppendInt(b, int64(p.rows), 10)
		b = append(b, '"')
		b = append(b, style...)
		if kind != "" {
			b = append(b, ` t="`+kind+`"`...)
		}
		if kind == "inlineStr" {
			b = append(b, `><is><t xml:space="preserve">`...)
			b = appendText(b, value)
			b = append(b, `</t></is></c>`...)
		} else {
			b = append(b, `><v>`...)
			b = append(b, value...)
			b = append(b, `</v></c>`...)
		}
	}
	b = append(b, `</row>`...)
	p.buf = b
	_, err := p.out.Write(b)
	return err
}

// columnName returns the letters of column i, from 0: A, …, Z, AA, …
func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnName(i/26-1) + columnName(i%26)
}

// appendText writes a cell's text as XML. Characters that XML cannot hold are
// written as _xHHHH_, as the format provides, and so is the first letter of
// what only looks like that.
func appendText(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == utf8.RuneError && n == 1:
			b = append(b, "\uFFFD"...)
		case r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF:
			b = fmt.Appendf(b, "_x%04X_", r)
		case r == '_' && escaped(s[i:]):
			b = append(b, "_x005F_"...)
		default:
			b = append(b, s[i:i+n]...)
		}
		i += n
	}
	return b
}

// escaped reports whether s begins as an escape does: _xHHHH. What follows does
// not matter, since a character that is escaped itself begins with the closing _.
func escaped(s string) bool {
	if len(s) < 6 || s[1] != 'x' {
		return false
	}
	for _, c := range []byte(s[2:6]) {
		if !strings.ContainsRune("0123456789abcdefABCDEF", rune(c)) {
			return false
		}
	}
	return true
}

// end closes the sheet's file for writing.
func (p *page) end() error {
	fmt.Fprintf(p.out, `</sheetData><autoFilter ref="%s"/></worksheet>`, p.filter())
	if err := p.out.Flush(); err != nil {
		return err
	}
	if err := p.deep.Close(); err != nil {
		return err
	}
	_, err := p.file.Seek(0, io.SeekStart)
	return err
}

// filter is the range of the sheet that its filter covers.
func (p *page) filter() string { return fmt.Sprintf("A1:%s%d", columnName(p.width-1), p.rows) }

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const styles = xmlHead + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

// writeTo writes the workbook.
func (b *book) writeTo(w io.Writer) error {
	var types, sheets, names, rels strings.Builder
	for i, p := range b.pages {
		if err := p.end(); err != nil {
			return err
		}
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, i+1)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, p.name, i+1, i+1)
		fmt.Fprintf(&names, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">'%s'!$A$1:$%s$%d</definedName>`, i, p.name, columnName(p.width-1), p.rows)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
	}
	z := zip.NewWriter(w)
	for _, part := range [...]struct{ name, text string }{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
			`<bookViews><workbookView/></bookViews><sheets>` + sheets.String() + `</sheets><definedNames>` + names.String() + `</definedNames></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels.String() +
			fmt.Sprintf(`<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`, len(b.pages)+1)},
		{"xl/styles.xml", styles},
	} {
		f, err := z.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, part.text); err != nil {
			return err
		}
	}
	for i, p := range b.pages {
		st, err := p.file.Stat()
		if err != nil {
			return err
		}
		f, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), Method: zip.Deflate, CRC32: p.crc.Sum32(),
			CompressedSize64: uint64(st.Size()), UncompressedSize64: uint64(p.size)})
		if err != nil {
			return err
		}
		if _, err := io.Copy(f, p.file); err != nil {
			return err
		}
	}
	return z.Close()
}

// drop removes the temporary files.
func (b *book) drop() {
	for _, p := range b.pages {
		p.file.Close()
		os.Remove(p.file.Name())
	}
}
