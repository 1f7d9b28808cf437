package app_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// openAPI is the written contract of the HTTP routes.
var openAPI = sync.OnceValues(func() (routers.Router, error) {
	document, err := openapi3.NewLoader().LoadFromFile("../docs/reference/openapi.yaml")
	if err != nil {
		return nil, err
	}
	return legacy.NewRouter(document)
})

// documented fails the test when an answer of the API, to whatever the test has
// sent, is not as the written contract says, or when something was accepted that
// it forbids.
func documented(t *testing.T, next http.Handler) http.Handler {
	t.Helper()
	router, err := openAPI()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api/") || r.Method == http.MethodOptions { // what browsers ask before they ask
			next.ServeHTTP(w, r)
			return
		}
		asked := r.Clone(r.Context())
		if asked.Method == http.MethodHead { // as GET, without the body
			asked.Method = http.MethodGet
		}
		var body bytes.Buffer
		r.Body = io.NopCloser(io.TeeReader(r.Body, &body))
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		asked.Body = io.NopCloser(&body)
		if problem := offDocument(router, asked, answer); problem != "" {
			t.Errorf("%s %s answers %d: %s", asked.Method, asked.URL.Path, answer.Code, problem)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // a client that has left
	})
}

// offDocument says what the written contract has against an exchange.
func offDocument(router routers.Router, r *http.Request, answer *httptest.ResponseRecorder) string {
	route, params, err := router.FindRoute(r)
	if err != nil {
		if answer.Code < 400 {
			return "the document has no such route"
		}
		return "" // refused, as the document would
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	request := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options}
	if answer.Code < 300 {
		if err := openapi3filter.ValidateRequest(r.Context(), request); err != nil {
			return "accepted what the document forbids: " + err.Error()
		}
	}
	response := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: answer.Code, Header: answer.Header(), Options: options,
	}
	if answer.Body.Len() > 0 {
		response.SetBodyBytes(answer.Body.Bytes())
	}
	if err := openapi3filter.ValidateResponse(r.Context(), response); err != nil {
		return err.Error()
	}
	return ""
}

// TestEveryDocumentedRouteIsServed, and its path takes no other method.
func TestEveryDocumentedRouteIsServed(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromFile("../docs/reference/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	alice := newHouse(t).signedIn("alice")
	for path, item := range document.Paths.Map() {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			status, _ := alice.do(method, strings.ReplaceAll(path, "{id}", "nothing"), "", http.Header{"Origin": {alice.server.URL}})
			served := status != http.StatusMethodNotAllowed
			if written := item.GetOperation(method) != nil; written != served {
				t.Errorf("%s %s: written %v, served %v (%d)", method, path, written, served, status)
			}
			if status == http.StatusNoContent && path == "/api/logout" {
				alice = alice.house.signedIn("alice")
			}
		}
	}
}

func TestAnAnswerOffTheDocumentIsSeen(t *testing.T) {
	router, err := openAPI()
	if err != nil {
		t.Fatal(err)
	}
	for body, good := range map[string]bool{
		`{"id":"1","username":"alice","name":"Alice","role":"member"}`: true,
		`{"id":"1","username":"alice","name":"Alice","role":"king"}`:   false,
		`{"id":"1","username":"alice","role":"member"}`:                false,
		`{"id":1,"username":"alice","name":"Alice","role":"member"}`:   false,
	} {
		answer := httptest.NewRecorder()
		answer.Header().Set("Content-Type", "application/json")
		_, _ = answer.WriteString(body)
		if problem := offDocument(router, httptest.NewRequest(http.MethodGet, "/api/me", nil), answer); (problem == "") != good {
			t.Errorf("%s: got %q", body, problem)
		}
	}
}
