package gen

import (
	"slices"
	"strings"

	"github.com/yodelrt/yodel/realtime/shape"
)

// TypeScriptHTTP writes the types of the HTTP routes: an interface for every
// named struct, and `interface YodelHttp` whose members are routes such as
// "POST /api/login", each with `in`, the body, and `out`, the answer of success;
// undefined for none. Routes with parameters have `path`, and
// those with a query `query`, besides. Errors wrap
// [ErrContract], or come from reading the sources.
func TypeScriptHTTP(c Contract) ([]byte, error) {
	b, err := c.openHTTP()
	if err != nil {
		return nil, err
	}
	t := &typescript{book: b}
	t.line(header)
	t.declarations()
	t.line("\n/** The HTTP routes: the body that each takes, and what it answers. */")
	t.line("export interface YodelHttp {")
	for _, route := range c.HTTP {
		t.doc("\t", route.Summary)
		members := []string{"in: " + t.takes(route), "out: " + t.answers(route)}
		if names := route.parameters(); len(names) > 0 {
			members = append(members, "path: { "+strings.Join(each(names, func(name string) string { return key(name) + ": string" }), "; ")+" }")
		}
		if route.Query != nil {
			members = append(members, "query: "+t.ref(shape.Of(route.Query)))
		}
		t.line("\t%s: { %s };", quote(route.Method+" "+route.Path), strings.Join(members, "; "))
	}
	t.line("}")
	return []byte(t.String()), nil
}

func (t *typescript) takes(route Route) string {
	if route.Takes == nil {
		return "undefined"
	}
	text := t.ref(shape.Of(route.Takes))
	if route.Optional {
		text += " | undefined"
	}
	return text
}

func (t *typescript) answers(route Route) string {
	var bodies []string
	for _, answer := range route.Answers {
		body := "undefined"
		if answer.Body != nil {
			body = t.ref(shape.Of(answer.Body))
		}
		if !slices.Contains(bodies, body) {
			bodies = append(bodies, body)
		}
	}
	return strings.Join(bodies, " | ")
}
