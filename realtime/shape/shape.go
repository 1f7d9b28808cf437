package shape

import (
	"reflect"

	"github.com/yodelrt/yodel/realtime/internal/strictjson"
)

// Kind is what a value is in JSON.
type Kind uint8

// The kinds. Invalid is a Go type that encoding/json cannot write, such as a
// channel; Any may be every JSON value.
const (
	Invalid Kind = iota
	Any
	Bool
	Integer
	Number
	String
	Text  // a string that a type of its own reads and writes
	Bytes // a string of base64 (RFC 4648, section 4)
	Array
	Map
	Object
)

// Shape is how one Go type looks in JSON. Two values of a type share it, so a
// type that contains itself is a cycle. Do not change it.
type Shape struct {
	// Kind says which of the other fields count.
	Kind Kind
	// Type is the Go type, never a pointer.
	Type reflect.Type
	// Elem is what an Array or a Map holds.
	Elem Value
	// Length is the fixed length of a Go array, -1 for a slice.
	Length int
	// Fields are those of an Object, in the order in which they are written.
	Fields []Field
	// Enum are the only values of a String; empty allows all.
	Enum []string

	names  map[string]bool   // of the fields
	folded map[string]string // the name of a field by its name without case
}

// named sets the fields of an Object.
func (s *Shape) named(fields []Field) {
	s.Fields, s.names, s.folded = fields, make(map[string]bool, len(fields)), make(map[string]string, len(fields))
	for _, field := range fields {
		s.names[field.Name] = true
		s.folded[strictjson.Fold(field.Name)] = field.Name
	}
}

// Tagged is the shape of an Object with one member more in front of its own: a
// string that is always value.
func (v Value) Tagged(name, value string) Value {
	text := reflect.TypeFor[string]()
	tag := Field{Value: Value{Shape: &Shape{Kind: String, Type: text, Length: -1, Enum: []string{value}}}, Name: name}
	tagged := *v.Shape
	tagged.named(append([]Field{tag}, v.Fields...))
	v.Shape = &tagged
	return v
}

// Value is a shape in one place.
type Value struct {
	*Shape
	// Nullable allows null.
	Nullable bool
	// Quoted is a Bool, Integer, Number or String inside a JSON string: the
	// option `string` of a field's tag.
	Quoted bool
}

// Field is one member of an object.
type Field struct {
	Value
	// Name is the member's name.
	Name string
	// Optional fields may be absent.
	Optional bool
	// Owner is the struct that declares the field, and GoName its name there.
	Owner  reflect.Type
	GoName string
}

// Problem says why a type has no shape, with the path to the part that is at
// fault; empty for a type that has one.
func (v Value) Problem() string { return v.problem(map[*Shape]bool{}) }

func (v Value) problem(seen map[*Shape]bool) string {
	if seen[v.Shape] {
		return ""
	}
	seen[v.Shape] = true
	switch v.Kind {
	case Invalid:
		return v.Type.String() + " can't be written as JSON"
	case Array, Map:
		return v.Elem.problem(seen)
	}
	for _, field := range v.Fields {
		if problem := field.problem(seen); problem != "" {
			return field.Name + ": " + problem
		}
	}
	return ""
}
