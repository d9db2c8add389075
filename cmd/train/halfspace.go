package main

import (
	"log"
	"strings"

	"github.com/sanad-project/sanad/fa/crf"
	"github.com/sanad-project/sanad/fa/halfspace"
	"github.com/sanad-project/sanad/internal/conllu"
	"github.com/sanad-project/sanad/models"
)

// halfspaces makes halfspace.bin from PerDT's training and development sentences, whose
// spelling is careful: each is damaged in every way, and the places of its
// half-spaces are what is to be found.
func halfspaces() error {
	r, err := halfspace.Load(models.Words, "")
	if err != nil {
		return err
	}
	var list []crf.Example
	n := 0
	add := func(l string) {
		l = strings.ReplaceAll(l, "\u200c ", " ")
		if !strings.Contains(l, "\u200c") {
			list = append(list, gaps(r, l, l))
			return
		}
		n++
		list = append(list, gaps(r, l, halfspace.Spoil(l, halfspace.Stripped)))
		list = append(list, gaps(r, l, halfspace.Spoil(l, halfspace.Broken)))
		if n%2 == 0 {
			list = append(list, gaps(r, l, halfspace.Spoil(l, halfspace.Mixed)))
		}
	}
	if err := lines("ud/fa_perdt-ud-train.raw.txt", add); err != nil {
		return err
	}
	dev, err := conllu.Read(data("ud/fa_perdt-ud-dev.conllu"))
	if err != nil {
		return err
	}
	for _, s := range dev {
		add(s.Text)
	}
	log.Printf("%d sentences", len(list))
	return write("halfspace.bin", crf.Train(crf.Options{Labels: halfspace.Labels, Domains: 1, Epochs: 6, Rate: .03, MinSeen: 3, L2: .02, Dropout: .2, Prune: .11, Log: log.Printf}, list))
}

// gaps makes an example of a damaged line and the line it was made of.
func gaps(r *halfspace.Repairer, whole, damaged string) crf.Example {
	there := halfspace.Places(whole)
	var e crf.Example
	at := halfspace.Letters(damaged)
	for _, g := range r.Gaps(damaged) {
		e.Features = append(e.Features, g.Features)
		label := uint32(1)
		if there[at[g.Start]] {
			label = 2
		}
		e.Labels = append(e.Labels, label)
	}
	return e
}
