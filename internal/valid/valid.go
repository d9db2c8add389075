// Package valid checks records that come from elsewhere: against the JSON Schema and
// against the laws that a schema cannot state.
package valid

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sanad-project/sanad/record"
)

var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(record.JSONSchema))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("record.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("record.json")
})

// JSON says what is wrong with one record as it is published, nil when it is
// as it should be.
func JSON(raw []byte) error {
	s, err := schema()
	if err != nil {
		return fmt.Errorf("the schema: %w", err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	if err := s.Validate(v); err != nil {
		return err
	}
	var d record.Record
	if err := json.Unmarshal(raw, &d); err != nil {
		return err
	}
	return errors.Join(d.Check()...)
}

// Record says what is wrong with a record, nil when it is as it should be.
func Record(d *record.Record) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return JSON(raw)
}
