package gen_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/yodelrt/yodel/realtime/gen/internal/chat"
	"github.com/yodelrt/yodel/realtime/shape"
)

// TestAsyncAPI_AgreesWithServer: what the written schema allows, the server takes,
// and what it forbids, the server refuses, for good payloads and all that differ
// from them in one place.
func TestAsyncAPI_AgreesWithServer(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft7)
	compiler.AssertFormat()
	compiler.AssertContent()
	if err := compiler.AddResource("asyncapi.json", decoded(t, written(t)["asyncapi.yaml"])); err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string]reflect.Type{
		"ChatMessage": reflect.TypeFor[chat.Message](), "Person": reflect.TypeFor[chat.Person](), "PageMessage": reflect.TypeFor[chat.Page[chat.Message]](),
	} {
		schema, err := compiler.Compile("asyncapi.json#/components/schemas/" + name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			good, bad := 0, 0
			for _, payload := range append(variants(sample(name)), sample(name)) {
				data, err := json.Marshal(payload)
				if err != nil {
					t.Fatal(err)
				}
				tree, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
				if err != nil {
					t.Fatal(err)
				}
				written, taken := schema.Validate(tree), shape.Of(of).Check(data)
				if (written == nil) != (taken == nil) {
					t.Errorf("%s\nthe document says: %v\nthe server says: %v", data, written, taken)
				}
				if taken == nil {
					good++
				} else {
					bad++
				}
			}
			if good < 10 || bad < 10 {
				t.Errorf("%d good and %d bad payloads prove nothing", good, bad)
			}
		})
	}
}

// sample is a good payload of a type, every field filled.
func sample(name string) any {
	person := map[string]any{"name": "a", "role": "admin", "boss": map[string]any{"name": "b", "role": "member", "boss": nil}}
	message := map[string]any{
		"at": "2026-01-02T03:04:05Z", "id": 7, "serial": "18", "from": person, "also": "member", "text": "x", "tags": []any{"a"},
		"likes": map[string]any{"a": 1}, "rows": map[string]any{"1": []any{1.5}}, "thumb": "AAE=", "extra": map[string]any{"a": nil},
		"place": []any{1, 2.5}, "reply": []any{[]any{}, nil}, "in line": map[string]any{"X": 3}, "edited": nil,
	}
	switch name {
	case "Person":
		return person
	case "PageMessage":
		return map[string]any{"items": []any{message}, "More": true}
	}
	return message
}

// instead is what variants put in the place of values.
var instead = []any{
	nil, true, 0, -1, -129, 255, 256, 32767, 32768, 1.5, "", "x", "admin", "12", "AAE=", "AAE", "2026-01-02T03:04:05+01:00", "2026-01-02",
	[]any{}, []any{1, 2}, []any{nil}, map[string]any{}, map[string]any{"a": 300}, map[string]any{"x": "y"},
}

// variants are all payloads that differ in one place: a member is missing, one is
// there too many, or something else is in the place of a value.
func variants(payload any) []any {
	all := slices.Clone(instead)
	switch payload := payload.(type) {
	case map[string]any:
		with := func(change func(map[string]any)) {
			other := maps.Clone(payload)
			change(other)
			all = append(all, other)
		}
		with(func(other map[string]any) { other["further"] = 1 })
		for name, value := range payload {
			with(func(other map[string]any) { delete(other, name) })
			for _, variant := range variants(value) {
				with(func(other map[string]any) { other[name] = variant })
			}
		}
	case []any:
		for i, value := range payload {
			all = append(all, slices.Delete(slices.Clone(payload), i, i+1))
			for _, variant := range variants(value) {
				other := slices.Clone(payload)
				other[i] = variant
				all = append(all, other)
			}
		}
	}
	return all
}
