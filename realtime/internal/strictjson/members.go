package strictjson

import (
	"encoding/json"
	"strings"
	"unicode"
)

// Members reads one object and returns its members, by their exact names, as they
// were written. Objects in it are held to the same rules as by [Parse], and names
// of the outer one may not differ in case alone either: whoever reads it into a Go
// struct gets what is returned here. The values are parts of data.
func Members(data []byte) (map[string]json.RawMessage, error) {
	if err := valid(data); err != nil {
		return nil, err
	}
	r := reader{data: data}
	if r.next() != '{' {
		return nil, ErrObject
	}
	members := map[string]json.RawMessage{}
	folded := map[string]bool{}
	err := r.each(func(name string) error {
		if _, twice := members[name]; twice {
			return ErrTwice
		}
		if folded[Fold(name)] {
			return ErrCase
		}
		folded[Fold(name)] = true
		r.next()
		from := r.at
		_, err := r.value()
		members[name] = data[from:r.at:r.at]
		return err
	})
	if err != nil {
		return nil, err
	}
	return members, nil
}

// String reads one member that must be a string: false where it is missing or
// something else.
func String(members map[string]json.RawMessage, name string) (string, bool) {
	raw, present := members[name]
	if !present || raw[0] != '"' {
		return "", false
	}
	r := reader{data: raw}
	text, err := r.text()
	return text, err == nil
}

// Fold makes names alike that encoding/json takes for one field: those that
// [strings.EqualFold] finds equal.
func Fold(name string) string { return strings.Map(smallest, name) }

// smallest is the first of the runes that differ from r in case alone.
func smallest(r rune) rune {
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			return next
		}
		r = next
	}
}
