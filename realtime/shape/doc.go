// Package shape tells how encoding/json writes a Go type: which fields, under
// which names, which of them may be absent or null. The hub checks what clients
// send against it and the generator of package gen writes it down, so that the
// two cannot disagree. It needs no module but the standard library.
//
//	value := shape.Of(reflect.TypeFor[Say]())
//	err := value.Check([]byte(`{"text":7}`)) // text: want a string
//
// # Rules
//
//   - A field is required, unless it has omitempty or omitzero and the option has
//     an effect on its type, or is a pointer, or is promoted from an embedded
//     pointer. omitempty has no effect on structs, so a time.Time stays required.
//   - A field is nullable when it is a pointer, slice, map or interface, unless
//     omitempty or omitzero keeps null from being written. A []byte is one too.
//     A [List] is never null.
//   - Fields that a type does not have are ignored, so that an older server
//     understands a newer client. One whose name differs from a field's in case
//     alone is refused: encoding/json would read it.
//   - A type with a method of its own for writing JSON may be anything. time.Time
//     and types that write text are strings.
//   - A string type with a method EnumValues() []string has those values alone.
package shape
