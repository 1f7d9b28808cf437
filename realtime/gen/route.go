package gen

import (
	"reflect"
	"regexp"

	"github.com/yodelrt/yodel/realtime/shape"
)

// Route is one HTTP route.
type Route struct {
	// Method and Path name it; a path has its parameters in braces, such as
	// /api/rooms/{id}.
	Method, Path string
	// Name is unique among the routes, such as listRooms.
	Name string
	// Summary is one line.
	Summary string
	// Query is a struct whose fields are the parameters behind the question mark,
	// strings, numbers and booleans, under their JSON names; nil for none.
	Query reflect.Type
	// Takes is the type of the JSON body, nil for none; Optional says that it
	// may be left out.
	Takes    reflect.Type
	Optional bool
	// Answers are those of success, at least one. All others are the contract's
	// Failure.
	Answers []Answer
	// By are the names of the schemes, any one of which says who asks; empty
	// lets anybody.
	By []string
}

// Answer is how a route answers when all went well.
type Answer struct {
	Status  int
	Summary string
	// Body is the type of the JSON body, nil for none.
	Body reflect.Type
}

// JSON is an answer with a body of type T.
func JSON[T any](status int, summary string) Answer {
	return Answer{status, summary, reflect.TypeFor[T]()}
}

// Empty is an answer without a body.
func Empty(status int, summary string) Answer { return Answer{Status: status, Summary: summary} }

// Scheme is a way to say who asks.
type Scheme struct {
	// Name is what [Route].By calls it.
	Name string
	// Cookie is the name of the cookie that carries the credential; empty means
	// an Authorization header with a Bearer token (RFC 6750).
	Cookie      string
	Description string
}

// parameters are the names in a path's braces.
func (r Route) parameters() []string {
	var names []string
	for _, found := range pathParameter.FindAllStringSubmatch(r.Path, -1) {
		names = append(names, found[1])
	}
	return names
}

var pathParameter = regexp.MustCompile(`\{([^{}/]+)\}`)

// queryProblem says why Query can't stand behind a question mark, empty when it
// can.
func (r Route) queryProblem() string {
	if r.Query == nil {
		return ""
	}
	query := shape.Of(r.Query)
	if query.Kind != shape.Object {
		return "Query is no struct"
	}
	for _, field := range query.Fields {
		switch field.Kind {
		case shape.Bool, shape.Integer, shape.Number, shape.String, shape.Text:
		default:
			return "the field " + field.Name + " of Query is more than one value"
		}
	}
	return ""
}
