package main

import (
	"github.com/spf13/cobra"

	"github.com/sanad-project/sanad/record"
)

func (p *program) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a record",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := p.out.Write(record.JSONSchema)
			return err
		},
	}
}
