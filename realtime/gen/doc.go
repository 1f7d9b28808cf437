// Package gen writes a contract down that is declared in Go: TypeScript and
// AsyncAPI 3 for what flows over a hub's sockets, TypeScript and OpenAPI 3.1 for
// the HTTP routes beside it.
//
//	contract := gen.Contract{Title: "Chat", Version: "1", Realtime: hub.Describe(), Dir: "."}
//	types, err := gen.TypeScript(contract)
//	document, err := gen.AsyncAPI(contract)
//	err = gen.Write("web/src/contract", map[string][]byte{"realtime.gen.ts": types, "asyncapi.yaml": document})
//
// Run it from go generate, and [Check] instead of Write in the tests, so that a
// change of a Go type that was not written down fails them. Everything comes out
// the same for the same types.
//
// # What becomes of Go types
//
// Package shape has the rules, those of encoding/json. A struct with a name
// becomes an interface of that name, its comments come along where the sources
// can be read. Two types of one name from two packages get the package's name in
// front. time.Time and types that write text are strings, []byte is base64,
// json.RawMessage and interfaces are unknown.
//
// A slice or map without omitempty may be null, for that is what encoding/json
// writes of a nil one. A shape.List never is; omitzero, or omitempty, makes a
// field optional instead.
//
// A JavaScript number keeps integers exactly up to 2^53-1; give larger ones the
// option string: `json:"id,string"`.
package gen
