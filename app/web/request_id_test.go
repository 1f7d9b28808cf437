package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestRequestID_TakesPlainAndShortOnes(t *testing.T) {
	e := echo.New()
	e.Use(RequestID())
	e.GET("/", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	for sent, kept := range map[string]bool{
		"0af7651916cd43dd8448eb211c80319c": true, "a.proxy_says-1": true, strings.Repeat("a", 64): true,
		"": false, strings.Repeat("a", 65): false, strings.Repeat("a", 30_000): false, "with space": false,
		"a level=ERROR msg=forged": false, "<script>": false, "a\tb": false, "a\nb": false, "ä": false, `a"b`: false,
	} {
		request, answer := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
		request.Header["X-Request-Id"] = []string{sent}
		e.ServeHTTP(answer, request)
		got := answer.Header().Get("X-Request-Id")
		if (got == sent) != kept || !requestID.MatchString(got) {
			t.Errorf("%.70q: the request has the id %.70q, kept should be %v", sent, got, kept)
		}
	}
}
