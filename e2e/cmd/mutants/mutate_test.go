package main

import (
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// wantToy are the changes of the toy, and no others: locks are left alone.
var wantToy = []string{
	"negate a condition\n-if !s.kept[key] {\n+if !(!s.kept[key]) {",
	"drop an early end\n-return false",
	"swap true and false\n-return false\n+return true",
	"swap true and false\n-return true\n+return false",
	"drop a call\n-delete(s.kept, key)",
	"change an operator\n-func Full(n int) bool { return n > 3 }\n+func Full(n int) bool { return n >= 3 }",
	"change a number\n-func Full(n int) bool { return n > 3 }\n+func Full(n int) bool { return n > 4 }",
	"drop a defer\n-defer func() { n *= 2 }()",
	"drop an assignment\n-defer func() { n *= 2 }()\n+defer func() {  }()",
	"change a number\n-defer func() { n *= 2 }()\n+defer func() { n *= 3 }()",
	"change an operator\n-for n != until {\n+for n == until {",
	"drop an assignment\n-n++",
	"empty a case\n-name = \"one\"",
	"change a number\n-case 1:\n+case 2:",
	"drop an assignment\n-name = \"one\"",
}

func TestMutantsOf_Toy(t *testing.T) {
	got := toyMutants(t, toy(t))
	for _, want := range wantToy {
		m, found := got[want]
		if !found {
			t.Errorf("missing: %s", want)
			continue
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "", m.mutated(), 0); err != nil {
			t.Errorf("%s: %v", want, err)
		}
	}
	for one := range got {
		if !slices.Contains(wantToy, one) {
			t.Errorf("not wanted: %s", one)
		}
	}
}

func TestMutant_LineAndPackage(t *testing.T) {
	m := toyMutants(t, toy(t))["drop a call\n-delete(s.kept, key)"]
	if got, want := m.String(), "lib/toy.go:16: drop a call"; got != want {
		t.Errorf("name: got %s, want %s", got, want)
	}
	if got, want := m.pkg(), "./lib"; got != want {
		t.Errorf("package: got %s, want %s", got, want)
	}
}
