// Package strictjson reads JSON that every reader understands alike. What two
// readers may understand in two ways is refused: two members of one name, text
// that is not Unicode, more than one value. It is for places where one reader
// decides and another acts, such as a check in front of encoding/json, or a server
// in front of a browser.
//
// It needs nothing but the standard library. The time that it takes is linear in
// the size of the data.
package strictjson

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth bounds how deep arrays and objects may be nested.
const MaxDepth = 512

// What is refused. The texts show nothing of the data.
var (
	// ErrSyntax: not one JSON value (RFC 8259).
	ErrSyntax = errors.New("not JSON")
	// ErrMore: something follows the value.
	ErrMore = errors.New("more than one JSON value")
	// ErrDepth: nested deeper than MaxDepth.
	ErrDepth = errors.New("nested too deeply")
	// ErrText: a string that is not Unicode: bytes that are not UTF-8, or one half
	// of a surrogate pair. Some readers replace it, others keep it.
	ErrText = errors.New("a string that is not Unicode")
	// ErrTwice: an object with two members of one name. Some readers take the
	// first, others the last, others merge them.
	ErrTwice = errors.New("two members of one name")
	// ErrCase: an object with two members whose names differ in case alone.
	// encoding/json takes both for one field, other readers do not.
	ErrCase = errors.New("two members whose names differ in case alone")
	// ErrObject: a value that is no object.
	ErrObject = errors.New("want an object")
)

// Parse reads one JSON value as encoding/json does with UseNumber: nil, bool,
// [json.Number], string, []any or map[string]any.
func Parse(data []byte) (any, error) {
	if err := valid(data); err != nil {
		return nil, err
	}
	r := reader{data: data}
	return r.value()
}

// valid holds for what one JSON value in UTF-8 is.
func valid(data []byte) error {
	switch {
	case !json.Valid(data):
		decoder := json.NewDecoder(strings.NewReader(string(data)))
		var first json.RawMessage
		if decoder.Decode(&first) == nil {
			return ErrMore
		}
		return ErrSyntax
	case !utf8.Valid(data):
		return ErrText
	}
	return nil
}

// reader reads data that is known to be valid JSON.
type reader struct {
	data  []byte
	at    int
	depth int
}

// next skips white space and returns the byte behind it.
func (r *reader) next() byte {
	for r.data[r.at] == ' ' || r.data[r.at] == '\n' || r.data[r.at] == '\t' || r.data[r.at] == '\r' {
		r.at++
	}
	return r.data[r.at]
}

func (r *reader) value() (any, error) {
	switch r.next() {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		return r.text()
	case 't':
		r.at += len("true")
		return true, nil
	case 'f':
		r.at += len("false")
		return false, nil
	case 'n':
		r.at += len("null")
		return nil, nil
	}
	from := r.at
	for r.at < len(r.data) && strings.IndexByte("+-.eE0123456789", r.data[r.at]) >= 0 {
		r.at++
	}
	return json.Number(r.data[from:r.at]), nil
}

// enter begins an array or object and reports whether it is empty, which ends it.
func (r *reader) enter(end byte) (empty bool, err error) {
	if r.depth++; r.depth > MaxDepth {
		return false, ErrDepth
	}
	r.at++
	if r.next() == end {
		r.leave()
		return true, nil
	}
	return false, nil
}

func (r *reader) leave() {
	r.at++
	r.depth--
}

func (r *reader) array() (any, error) {
	elements := []any{}
	empty, err := r.enter(']')
	for !empty && err == nil {
		var element any
		if element, err = r.value(); err != nil {
			return nil, err
		}
		elements = append(elements, element)
		if r.next() == ']' {
			r.leave()
			return elements, nil
		}
		r.at++
	}
	return elements, err
}

func (r *reader) object() (any, error) {
	members := map[string]any{}
	err := r.each(func(name string) (err error) {
		if _, twice := members[name]; twice {
			return ErrTwice
		}
		members[name], err = r.value()
		return err
	})
	return members, err
}

// each calls member for every name of an object, to read what follows.
func (r *reader) each(member func(name string) error) error {
	empty, err := r.enter('}')
	for !empty && err == nil {
		r.next()
		var name string
		if name, err = r.text(); err != nil {
			return err
		}
		r.next()
		r.at++ // the colon
		if err = member(name); err != nil {
			return err
		}
		if r.next() == '}' {
			r.leave()
			return nil
		}
		r.at++
	}
	return err
}

// text reads a string.
func (r *reader) text() (string, error) {
	from, escaped := r.at, false
	for r.at++; r.data[r.at] != '"'; r.at++ {
		if r.data[r.at] == '\\' {
			escaped = true
			r.at++
		}
	}
	r.at++
	if !escaped {
		return string(r.data[from+1 : r.at-1]), nil
	}
	if halfPair(r.data[from:r.at]) {
		return "", ErrText
	}
	var text string
	err := json.Unmarshal(r.data[from:r.at], &text)
	return text, err
}

// halfPair reports whether a string has an escaped half of a surrogate pair.
func halfPair(quoted []byte) bool {
	for i := 0; i < len(quoted); i++ {
		if quoted[i] != '\\' {
			continue
		}
		i++
		if quoted[i] != 'u' {
			continue
		}
		first := unit(quoted[i+1:])
		i += 4
		if !utf16.IsSurrogate(first) {
			continue
		}
		if quoted[i+1] != '\\' || quoted[i+2] != 'u' || utf16.DecodeRune(first, unit(quoted[i+3:])) == utf8.RuneError {
			return true
		}
		i += 6
	}
	return false
}

// unit is the UTF-16 code unit of an escape's four digits.
func unit(digits []byte) rune {
	value, _ := strconv.ParseUint(string(digits[:4]), 16, 16) // they are valid
	return rune(value)
}
