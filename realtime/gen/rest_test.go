package gen_test

import (
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime/contract"
	"github.com/yodelrt/yodel/realtime/gen"
)

// TestAsyncAPI_rest_of_a_name: a parameter's name has no dots (AsyncAPI 3,
// "Parameters Object").
func TestAsyncAPI_rest_of_a_name(t *testing.T) {
	contract := gen.Contract{Title: "T", Version: "1", Dir: ".", Realtime: contract.Description{Channels: []contract.Channel{{Pattern: "doc:{path...}"}}}}
	document, err := gen.AsyncAPI(contract)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"doc:{path}", "path:", "The rest of the channel's name"} {
		if !strings.Contains(string(document), want) {
			t.Errorf("no %q in %s", want, document)
		}
	}
	if strings.Contains(string(document), "...") {
		t.Errorf("dots in %s", document)
	}
}
