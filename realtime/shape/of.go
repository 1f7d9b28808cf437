package shape

import (
	"encoding"
	"encoding/json"
	"reflect"
	"time"
)

// enumerated is a string type that knows its values.
type enumerated interface{ EnumValues() []string }

var (
	timeType          = reflect.TypeFor[time.Time]()
	numberType        = reflect.TypeFor[json.Number]()
	rawType           = reflect.TypeFor[json.RawMessage]()
	marshalerType     = reflect.TypeFor[json.Marshaler]()
	unmarshalerType   = reflect.TypeFor[json.Unmarshaler]()
	textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()
)

// Of returns the shape of a type. A type that encoding/json cannot write, or
// that contains one, is [Invalid] there; [Value.Problem] names it.
func Of(t reflect.Type) Value { return builder{}.of(t) }

// builder remembers the types that it has seen, for those that contain
// themselves.
type builder map[reflect.Type]*Shape

func (b builder) of(t reflect.Type) Value {
	value := Value{}
	for depth := 0; t.Kind() == reflect.Pointer; depth++ {
		if value.Nullable = true; depth == 8 { // type P *P
			return Value{Shape: &Shape{Kind: Invalid, Type: t}}
		}
		t = t.Elem()
	}
	t, full := plainSlice(t)
	kind, own := ownWriting(t)
	value.Nullable = value.Nullable || kind == Any || !own && !full && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map)
	value.Shape = b[t]
	if value.Shape == nil {
		value.Shape = &Shape{Type: t, Length: -1}
		b[t] = value.Shape
		b.fill(value.Shape)
	}
	return value
}

func (b builder) fill(s *Shape) {
	if kind, known := ownWriting(s.Type); known {
		s.Kind = kind
		return
	}
	switch t := s.Type; t.Kind() {
	case reflect.Bool:
		s.Kind = Bool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		s.Kind = Integer
	case reflect.Float32, reflect.Float64:
		s.Kind = Number
	case reflect.String:
		s.Kind = String
		if known, ok := reflect.New(t).Interface().(enumerated); ok {
			s.Enum = known.EnumValues()
		}
	case reflect.Interface:
		s.Kind = Any
	case reflect.Slice:
		s.Kind = Array // before its elements, which may be of this type
		if s.Elem = b.of(t.Elem()); s.Elem.Type == t.Elem() && t.Elem().Kind() == reflect.Uint8 && s.Elem.Kind == Integer {
			s.Kind = Bytes
		}
	case reflect.Array:
		s.Kind, s.Length, s.Elem = Array, t.Len(), b.of(t.Elem())
	case reflect.Map:
		if mapKey(t.Key()) {
			s.Kind = Map
			s.Elem = b.of(t.Elem())
		}
	case reflect.Struct:
		s.Kind = Object
		s.named(b.fields(t))
	}
}

// ownWriting tells the kind of types that encoding/json does not look into.
func ownWriting(t reflect.Type) (kind Kind, known bool) {
	does := func(what reflect.Type) bool { return t.Implements(what) || reflect.PointerTo(t).Implements(what) }
	switch {
	case t.Kind() == reflect.Interface:
		return Any, true
	case t == timeType:
		return Text, true
	case t == numberType:
		return Number, true
	case t == rawType, does(marshalerType), does(unmarshalerType):
		return Any, true
	case does(textMarshalerType):
		return Text, true
	}
	return Invalid, false
}

// mapKey reports whether a map with such keys is an object in JSON.
func mapKey(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return true
	}
	return t.Implements(textMarshalerType)
}
