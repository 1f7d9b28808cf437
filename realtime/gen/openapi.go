package gen

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/yodelrt/yodel/realtime/shape"
)

// OpenAPI writes the OpenAPI 3.1 document of the HTTP routes, in YAML. Errors
// wrap [ErrContract], or come from reading the sources.
func OpenAPI(c Contract) ([]byte, error) {
	b, err := c.openHTTP()
	if err != nil {
		return nil, err
	}
	var order []string
	paths := map[string][]member{}
	for _, route := range c.HTTP {
		if paths[route.Path] == nil {
			order = append(order, route.Path)
		}
		paths[route.Path] = append(paths[route.Path], member{strings.ToLower(route.Method), b.operation(route, c.Failure)})
	}
	all := make([]member, len(order))
	for i, path := range order {
		all[i] = member{path, mapping(paths[path]...)}
	}
	components := []member{{"schemas", b.schemas()}}
	if len(c.Schemes) > 0 {
		components = append(components, member{"securitySchemes", schemes(c.Schemes)})
	}
	return write(mapping(
		member{"openapi", "3.1.0"},
		member{"info", mapping(member{"title", c.Title}, member{"version", c.Version}, member{"description", c.Description})},
		member{"paths", mapping(all...)},
		member{"components", mapping(components...)},
	))
}

// openHTTP checks the routes and collects their types.
func (c Contract) openHTTP() (*book, error) {
	roots := []reflect.Type{c.Failure}
	known, routes, names := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, scheme := range c.Schemes {
		known[scheme.Name] = true
	}
	for _, route := range c.HTTP {
		text := route.Method + " " + route.Path
		switch {
		case !strings.HasPrefix(route.Path, "/") || route.Method == "" || route.Name == "":
			return nil, fmt.Errorf("%w: the route %q needs a method, a path that begins with / and a name", ErrContract, text)
		case routes[text] || names[route.Name]:
			return nil, fmt.Errorf("%w: the route %q or its name %q is there twice", ErrContract, text, route.Name)
		case len(route.Answers) == 0:
			return nil, fmt.Errorf("%w: the route %q has no answer", ErrContract, text)
		case route.queryProblem() != "":
			return nil, fmt.Errorf("%w: the route %q: %s", ErrContract, text, route.queryProblem())
		}
		for _, scheme := range route.By {
			if !known[scheme] {
				return nil, fmt.Errorf("%w: the route %q names the scheme %q, which is not among Schemes", ErrContract, text, scheme)
			}
		}
		routes[text], names[route.Name] = true, true
		roots = append(roots, route.Takes, route.Query)
		for _, answer := range route.Answers {
			roots = append(roots, answer.Body)
		}
	}
	return c.open(roots)
}

func (b *book) operation(route Route, failure reflect.Type) *yaml.Node {
	members := []member{{"operationId", route.Name}, {"summary", route.Summary}}
	members = append(members, member{"parameters", sequence(b.parameters(route)...)})
	if len(route.By) > 0 {
		var either []*yaml.Node
		for _, scheme := range route.By {
			either = append(either, mapping(member{scheme, emptySequence()}))
		}
		members = append(members, member{"security", sequence(either...)})
	}
	if route.Takes != nil {
		members = append(members, member{"requestBody", mapping(member{"required", !route.Optional}, member{"content", b.content(route.Takes)})})
	}
	var answers []member
	for _, answer := range route.Answers {
		answers = append(answers, member{strconv.Itoa(answer.Status), b.answer(answer.Summary, answer.Body)})
	}
	if failure != nil {
		answers = append(answers, member{"4XX", b.answer("Refused.", failure)}, member{"5XX", b.answer("Something is wrong on the server's side.", failure)})
	}
	return mapping(append(members, member{"responses", mapping(answers...)})...)
}

// parameters are those of the path, and then those of the query.
func (b *book) parameters(route Route) []*yaml.Node {
	var all []*yaml.Node
	for _, name := range route.parameters() {
		all = append(all, mapping(
			member{"name", name}, member{"in", "path"}, member{"required", true}, member{"schema", mapping(member{"type", "string"})},
		))
	}
	if route.Query == nil {
		return all
	}
	for _, field := range shape.Of(route.Query).Fields {
		all = append(all, mapping(
			member{"name", field.Name}, member{"in", "query"}, member{"required", !field.Optional},
			member{"schema", b.schema(field.Value, b.ofField(field))},
		))
	}
	return all
}

func (b *book) answer(summary string, body reflect.Type) *yaml.Node {
	if summary == "" {
		summary = "Done."
	}
	members := []member{{"description", summary}}
	if body != nil {
		members = append(members, member{"content", b.content(body)})
	}
	return mapping(members...)
}

func (b *book) content(of reflect.Type) *yaml.Node {
	return mapping(member{"application/json", mapping(member{"schema", b.schema(shape.Of(of), "")})})
}

func schemes(all []Scheme) *yaml.Node {
	var members []member
	for _, scheme := range all {
		how := mapping(member{"type", "http"}, member{"scheme", "bearer"}, member{"description", scheme.Description})
		if scheme.Cookie != "" {
			how = mapping(member{"type", "apiKey"}, member{"in", "cookie"}, member{"name", scheme.Cookie}, member{"description", scheme.Description})
		}
		members = append(members, member{scheme.Name, how})
	}
	return mapping(members...)
}
