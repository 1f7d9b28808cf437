package gen_test

import (
	"flag"
	"os"
	"testing"

	"github.com/yodelrt/yodel/realtime/gen"
	"github.com/yodelrt/yodel/realtime/gen/internal/chat"
)

var update = flag.Bool("update", false, "write testdata anew")

// written is everything that the contract of package chat becomes.
func written(t *testing.T) map[string][]byte {
	t.Helper()
	contract, err := chat.Contract(".")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for name, make := range map[string]func(gen.Contract) ([]byte, error){
		"realtime.gen.ts": gen.TypeScript, "http.gen.ts": gen.TypeScriptHTTP, "asyncapi.yaml": gen.AsyncAPI, "openapi.yaml": gen.OpenAPI,
	} {
		if files[name], err = make(contract); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return files
}

// TestGolden compares with what a person has read and found good.
func TestGolden(t *testing.T) {
	files := written(t)
	if *update {
		if err := gen.Write("testdata", files); err != nil {
			t.Fatal(err)
		}
	}
	if err := gen.Check("testdata", files); err != nil {
		t.Errorf("%v\nread the difference, then: go test ./realtime/gen -update", err)
	}
	if err := gen.Check("testdata", written(t)); err != nil {
		t.Errorf("a second time it comes out otherwise: %v", err)
	}
}

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(m.Run())
}
