package gen_test

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime/contract"
	"github.com/yodelrt/yodel/realtime/gen"
)

// in is a contract with one method that takes such a type.
func in[T any]() gen.Contract {
	return gen.Contract{Realtime: contract.Description{Methods: []contract.Method{{Name: "m", In: reflect.TypeFor[T](), Out: reflect.TypeFor[int]()}}}}
}

func TestContractsThatCannotBeWritten(t *testing.T) {
	route := gen.Route{Method: http.MethodGet, Path: "/a", Name: "a", Answers: []gen.Answer{gen.Empty(http.StatusNoContent, "")}}
	changed := func(change func(*gen.Route)) gen.Contract {
		other := route
		other.Name, other.Path = "b", "/b"
		change(&other)
		return gen.Contract{HTTP: []gen.Route{route, other}}
	}
	for want, contract := range map[string]gen.Contract{
		"func() can't be written": in[struct{ F func() }](),
		"would both be called": {Realtime: contract.Description{Methods: []contract.Method{
			{Name: "m", In: reflect.TypeFor[own](), Out: own{}.other()}, // one of a package, one of a function
		}}},
		"begins with /":    changed(func(r *gen.Route) { r.Path = "b" }),
		"is there twice":   changed(func(r *gen.Route) { r.Name = "a" }),
		"GET /a":           changed(func(r *gen.Route) { r.Path = "/a" }),
		"has no answer":    changed(func(r *gen.Route) { r.Answers = nil }),
		"is no struct":     changed(func(r *gen.Route) { r.Query = reflect.TypeFor[int]() }),
		"more than one":    changed(func(r *gen.Route) { r.Query = reflect.TypeFor[struct{ Of []string }]() }),
		`the scheme "key"`: changed(func(r *gen.Route) { r.By = []string{"key"} }),
	} {
		_, types := gen.TypeScript(contract)
		_, document := gen.OpenAPI(contract)
		err := errors.Join(types, document)
		if !errors.Is(err, gen.ErrContract) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

type own struct{ A int }

func (own) other() reflect.Type {
	type own struct{ B int }
	return reflect.TypeFor[own]()
}

func TestCommentsNeedTheSources(t *testing.T) {
	contract := gen.Contract{Dir: t.TempDir(), Failure: reflect.TypeFor[gen.Scheme]()}
	if _, err := gen.OpenAPI(contract); err == nil || !strings.Contains(err.Error(), "go list") {
		t.Errorf("outside of the module: got %v", err)
	}
	contract.Dir = ""
	if document, err := gen.OpenAPI(contract); err != nil || strings.Contains(string(document), "a way to say") {
		t.Errorf("without: got %v", err)
	}
	contract.Dir = "."
	if document, err := gen.OpenAPI(contract); err != nil || !strings.Contains(string(document), "a way to say") {
		t.Errorf("with: got %v", err)
	}
}
