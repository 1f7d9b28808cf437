package shape

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/yodelrt/yodel/realtime/internal/strictjson"
)

// ErrOff says that a payload does not have the shape it must have.
var ErrOff = errors.New("off the contract")

// Check reports whether data is one JSON value of this shape. Errors wrap
// [ErrOff] and name the field, and never show anything that the payload holds:
// "text: want a string: off the contract". Names are compared exactly, as the
// documents have them. The time it takes is linear in the size of data. Safe for
// concurrent use.
//
// What passes is what encoding/json reads into the type, and what a browser reads.
// So what they could read differently is refused as well: two members of one name,
// a member whose name differs from a field's in case alone, two keys of a map that
// are the same key in Go, text that is not Unicode, more than 512 levels.
//
// No data at all is a null, or an object without members, where one of them has
// the shape. Where anything goes, data is not looked at, and need not be JSON.
func (v Value) Check(data []byte) error {
	if v.Kind == Any {
		return nil
	}
	if len(data) == 0 {
		if v.is(nil) == "" || v.is(map[string]any{}) == "" {
			return nil
		}
		return fmt.Errorf("%w: there is no payload", ErrOff)
	}
	payload, err := strictjson.Parse(data)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOff, err)
	}
	if problem := v.is(payload); problem != "" {
		return fmt.Errorf("%w: %s", ErrOff, problem)
	}
	return nil
}

// is returns what is wrong with a decoded value.
func (v Value) is(payload any) string {
	if v.Kind == Any {
		return v.free(payload)
	}
	if payload == nil {
		if v.Nullable {
			return ""
		}
		return "null, want " + v.wants()
	}
	if v.Quoted {
		return v.quoted(payload)
	}
	fits := true
	switch v.Kind {
	case Bool:
		_, fits = payload.(bool)
	case Integer, Number:
		number, ok := payload.(json.Number)
		fits = ok && v.holds(string(number))
	case String, Text, Bytes:
		text, ok := payload.(string)
		fits = ok && v.reads(text)
	case Array:
		return v.array(payload)
	case Map:
		return v.mapping(payload)
	case Object:
		return v.object(payload)
	default:
		fits = false
	}
	if !fits {
		return "want " + v.wants()
	}
	return ""
}

// free refuses a number that an interface can't hold; encoding/json would refuse
// the whole payload for it. Types with a method of their own read what they like.
func (v Value) free(payload any) string {
	if v.Type.Kind() != reflect.Interface {
		return ""
	}
	switch payload := payload.(type) {
	case json.Number:
		if _, err := payload.Float64(); err != nil {
			return "a number that is too large"
		}
	case []any:
		for _, element := range payload {
			if problem := v.free(element); problem != "" {
				return problem
			}
		}
	case map[string]any:
		for _, member := range payload {
			if problem := v.free(member); problem != "" {
				return problem
			}
		}
	}
	return ""
}

// quoted checks the option `string`: a scalar in its JSON form, inside a string.
func (v Value) quoted(payload any) string {
	text, ok := payload.(string)
	v.Quoted, v.Nullable = false, false
	inner, err := strictjson.Parse([]byte(text))
	if !ok || err != nil || strings.TrimSpace(text) != text || v.is(inner) != "" {
		return "want " + v.wants() + " inside a string"
	}
	return ""
}

// holds reports whether a number fits into the Go type.
func (v Value) holds(number string) bool {
	var err error
	switch t := v.Type; t.Kind() {
	case reflect.Float32, reflect.Float64:
		_, err = strconv.ParseFloat(number, t.Bits())
	case reflect.String: // json.Number
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		_, err = strconv.ParseUint(number, 10, t.Bits())
	default:
		_, err = strconv.ParseInt(number, 10, t.Bits())
	}
	return err == nil
}

// reads reports whether a string is one that the Go type can be.
func (v Value) reads(text string) bool {
	switch v.Kind {
	case Bytes:
		_, err := base64.StdEncoding.DecodeString(text)
		return err == nil
	case Text:
		reader, ok := reflect.New(v.Type).Interface().(encoding.TextUnmarshaler)
		return !ok || reader.UnmarshalText([]byte(text)) == nil
	}
	return len(v.Enum) == 0 || slices.Contains(v.Enum, text)
}

func (v Value) array(payload any) string {
	elements, ok := payload.([]any)
	if !ok || v.Length >= 0 && len(elements) != v.Length {
		return "want " + v.wants()
	}
	for i, element := range elements {
		if problem := v.Elem.is(element); problem != "" {
			return at(strconv.Itoa(i), problem)
		}
	}
	return ""
}

func (v Value) mapping(payload any) string {
	members, ok := payload.(map[string]any)
	if !ok {
		return "want an object"
	}
	keys := make(map[any]bool, len(members))
	for name, member := range members {
		key, ok := v.key(name)
		switch {
		case !ok:
			return "*: not a key of this map"
		case keys[key]:
			return "*: twice, written in two ways"
		}
		keys[key] = true
		if problem := v.Elem.is(member); problem != "" {
			return at("*", problem) // the name is the client's
		}
	}
	return ""
}

// key is the key of the Go map that a member's name stands for.
func (v Value) key(name string) (key any, ok bool) {
	of := v.Type.Key()
	into := reflect.New(of)
	if reader, ok := into.Interface().(encoding.TextUnmarshaler); ok {
		ok = reader.UnmarshalText([]byte(name)) == nil
		return into.Elem().Interface(), ok
	}
	switch of.Kind() {
	case reflect.String:
		return name, true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		number, err := strconv.ParseUint(name, 10, of.Bits())
		return number, err == nil
	}
	number, err := strconv.ParseInt(name, 10, of.Bits())
	return number, err == nil
}

func (v Value) object(payload any) string {
	members, ok := payload.(map[string]any)
	if !ok {
		return "want an object"
	}
	for _, field := range v.Fields {
		member, present := members[field.Name]
		if !present {
			if !field.Optional {
				return field.Name + ": missing"
			}
			continue
		}
		if problem := field.is(member); problem != "" {
			return at(field.Name, problem)
		}
	}
	for name := range members {
		if twin := v.twin(name); twin != "" {
			return twin + ": a name that differs from it in case alone"
		}
	}
	return ""
}

// twin is the field for which encoding/json would take a member that has another
// name.
func (v Value) twin(name string) string {
	if v.names[name] {
		return ""
	}
	return v.folded[strictjson.Fold(name)]
}

// at puts a step of the path in front of what is wrong there. A path that a deep
// payload makes long is cut.
func at(step, problem string) string {
	if len(problem) > maxProblem {
		return problem
	}
	return step + ": " + problem
}

const maxProblem = 200 // bytes

func (v Value) wants() string {
	switch v.Kind {
	case Bool:
		return "true or false"
	case Integer:
		return "an integer of type " + v.Type.Kind().String()
	case Number:
		return "a number"
	case Bytes:
		return "a string of base64"
	case Text:
		if v.Type == timeType {
			return "a time such as 2006-01-02T15:04:05Z"
		}
		return "a string that is a " + v.Type.Name()
	case String:
		if len(v.Enum) > 0 {
			return "one of " + strings.Join(v.Enum, ", ")
		}
		return "a string"
	case Array:
		if v.Length >= 0 {
			return fmt.Sprintf("an array of %d", v.Length)
		}
		return "an array"
	}
	return "an object"
}
