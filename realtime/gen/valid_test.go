package gen_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// decoded is a YAML document as JSON's decoder would have it.
func decoded(t *testing.T, document []byte) any {
	t.Helper()
	var tree any
	if err := yaml.Unmarshal(document, &tree); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	again, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// installed is a file below node_modules at the top of the repository.
func installed(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../node_modules", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not there: npm ci", name)
		}
		t.Skipf("%s is not there: npm ci", name)
	}
	return path
}

// published is the JSON Schema that the makers of AsyncAPI publish.
func published(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(installed(t, "@asyncapi/specs/schemas/3.0.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	schema, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft7)
	if err := compiler.AddResource("asyncapi.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("asyncapi.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func TestAsyncAPI_Valid(t *testing.T) {
	schema := published(t)
	for name, document := range map[string][]byte{
		"every kind of type": written(t)["asyncapi.yaml"], "the application's": read(t, "../../docs/reference/asyncapi.yaml"),
	} {
		t.Run(name, func(t *testing.T) {
			tree := decoded(t, document)
			if err := schema.Validate(tree); err != nil {
				t.Error(err)
			}
			if n := resolve(t, tree, tree); n == 0 {
				t.Error("the document has no reference")
			}
		})
	}
	broken := strings.Replace(string(written(t)["asyncapi.yaml"]), "action: send", "action: sned", 1)
	if schema.Validate(decoded(t, []byte(broken))) == nil {
		t.Error("a broken document is valid too; the check proves nothing")
	}
}

// resolve follows every reference of a document and counts them.
func resolve(t *testing.T, root, tree any) (count int) {
	t.Helper()
	switch tree := tree.(type) {
	case []any:
		for _, item := range tree {
			count += resolve(t, root, item)
		}
	case map[string]any:
		for name, value := range tree {
			if to, ok := value.(string); ok && name == "$ref" {
				count++
				follow(t, root, to)
				continue
			}
			count += resolve(t, root, value)
		}
	}
	return count
}

func follow(t *testing.T, root any, to string) {
	t.Helper()
	at := root
	for step := range strings.SplitSeq(strings.TrimPrefix(to, "#/"), "/") {
		members, _ := at.(map[string]any)
		if at = members[step]; at == nil {
			t.Errorf("%s leads nowhere, at %s", to, step)
			return
		}
	}
}

func TestOpenAPI_Valid(t *testing.T) {
	for name, document := range map[string][]byte{
		"every kind of type": written(t)["openapi.yaml"], "the application's": read(t, "../../docs/reference/openapi.yaml"),
	} {
		t.Run(name, func(t *testing.T) {
			loaded, err := openapi3.NewLoader().LoadFromData(document)
			if err != nil {
				t.Fatal(err)
			}
			if err := loaded.Validate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
