package web

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"
)

func dist() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte("<title>plain</title>")},
		"index.html.gz":       {Data: []byte("index by gzip")},
		"placeholder.html":    {Data: []byte("not built")},
		"assets/app-1.js":     {Data: []byte("the script as it is")},
		"assets/app-1.js.br":  {Data: []byte("by brotli")},
		"assets/app-1.js.gz":  {Data: []byte("in the gzip form")},
		"assets/small.css":    {Data: []byte("a{}")},
		"download.gz":         {Data: []byte("gzip of its own")},
		".vite/manifest.json": {Data: []byte("{}")},
		".keep":               {Data: []byte("")},
	}
}

// asked serves dist as the application does, over a real connection's rules.
func asked(t *testing.T, files fstest.MapFS, method, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	pages, err := Pages(files)
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	e.Match([]string{http.MethodGet, http.MethodHead}, "/*", pages)
	server := httptest.NewServer(e)
	defer server.Close()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body strings.Builder
	if err := response.Write(&body); err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(body.String(), "\r\n\r\n")
	return response, text
}

func TestPages_TravelInTheCodingThatIsLikedBest(t *testing.T) {
	for accept, want := range map[string]string{
		"":                                "the script as it is",
		"gzip":                            "in the gzip form",
		"x-gzip":                          "in the gzip form",
		"br":                              "by brotli",
		"gzip, deflate, br, zstd":         "by brotli",
		"GZIP":                            "in the gzip form",
		"br;q=0.5, gzip":                  "in the gzip form",
		"br;q=0, gzip;q=0.1":              "in the gzip form",
		"gzip; q=0":                       "the script as it is",
		"zstd":                            "the script as it is",
		"identity":                        "the script as it is",
		"gzip;q=0.5, identity;q=0.7":      "the script as it is",
		"*":                               "by brotli",
		"br;q=0, *":                       "in the gzip form",
		"*;q=0, gzip":                     "in the gzip form",
		"gzip;q=nonsense":                 "the script as it is",
		"gzip;q=2":                        "the script as it is",
		"gzip;q=NaN":                      "the script as it is",
		"gzip;level=9":                    "the script as it is",
		"gzip;q=1;q=0":                    "the script as it is",
		"identity;q=0, br":                "by brotli",
		"identity;q=0, zstd":              "406",
		"*;q=0":                           "406",
		"identity;q=0":                    "406",
		strings.Repeat("gzip;q=0,", 1000): "the script as it is",
	} {
		header := http.Header{}
		if accept != "" {
			header.Set("Accept-Encoding", accept)
		}
		response, got := asked(t, dist(), http.MethodGet, "/assets/app-1.js", header)
		coding := map[string]string{"by brotli": "br", "in the gzip form": "gzip"}[want]
		if want == "406" {
			if response.StatusCode != http.StatusNotAcceptable {
				t.Errorf("%q: got %d, want 406", accept, response.StatusCode)
			}
			continue
		}
		if got != want || response.Header.Get("Content-Encoding") != coding {
			t.Errorf("%q: got %q in the coding %q, want %q in %q", accept, got, response.Header.Get("Content-Encoding"), want, coding)
		}
		if length := response.Header.Get("Content-Length"); length != strconv.Itoa(len(want)) {
			t.Errorf("%q: Content-Length %q, want %d", accept, length, len(want))
		}
		if vary := response.Header.Get("Vary"); vary != "Accept-Encoding" {
			t.Errorf("%q: Vary %q", accept, vary)
		}
		if kind := response.Header.Get("Content-Type"); kind != "text/javascript; charset=utf-8" {
			t.Errorf("%q: Content-Type %q", accept, kind)
		}
	}
}

func TestPages_EachFormHasItsOwnETag(t *testing.T) {
	seen := map[string]string{}
	for _, coding := range []string{"identity", "gzip", "br"} {
		header := http.Header{"Accept-Encoding": {coding}}
		response, _ := asked(t, dist(), http.MethodGet, "/assets/app-1.js", header)
		tag := response.Header.Get("ETag")
		if other, twice := seen[tag]; twice || tag == "" {
			t.Errorf("%s has the ETag %s, as %s", coding, tag, other)
		}
		seen[tag] = coding
		header.Set("If-None-Match", tag)
		again, body := asked(t, dist(), http.MethodGet, "/assets/app-1.js", header)
		if again.StatusCode != http.StatusNotModified || body != "" || again.Header.Get("Vary") == "" {
			t.Errorf("%s again: got %d %q, Vary %q; want 304", coding, again.StatusCode, body, again.Header.Get("Vary"))
		}
	}
	for tag, coding := range seen {
		other := map[string]string{"identity": "br", "br": "gzip", "gzip": "identity"}[coding]
		response, _ := asked(t, dist(), http.MethodGet, "/assets/app-1.js", http.Header{"Accept-Encoding": {other}, "If-None-Match": {tag}})
		if response.StatusCode != http.StatusOK {
			t.Errorf("the ETag of %s for %s: got %d, want 200", coding, other, response.StatusCode)
		}
	}
}

func TestPages_Paths(t *testing.T) {
	for path, want := range map[string]string{
		"/":                    "index by gzip",
		"/rooms/1":             "index by gzip",
		"/assets":              "index by gzip",
		"/index.html":          "404",
		"/index.html.gz":       "404",
		"/placeholder.html":    "404",
		"/assets/small.css":    "a{}",
		"/assets/app-1.js.br":  "404",
		"/assets/app-1.js.gz":  "404",
		"/download.gz":         "gzip of its own",
		"/.vite/manifest.json": "404",
		"/.keep":               "404",
		"/assets/gone.js":      "404",
		"/api/nothing":         "404",
		"/assets/%2e%2e/.keep": "404",
	} {
		response, got := asked(t, dist(), http.MethodGet, path, http.Header{"Accept-Encoding": {"gzip"}})
		if response.StatusCode == http.StatusNotFound {
			got = "404"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
		if cached := response.Header.Get("Cache-Control") != ""; cached != (strings.HasPrefix(path, "/assets/") && response.StatusCode == http.StatusOK) {
			t.Errorf("%s: Cache-Control %q", path, response.Header.Get("Cache-Control"))
		}
	}
	unbuilt := fstest.MapFS{"placeholder.html": {Data: []byte("not built")}}
	if _, got := asked(t, unbuilt, http.MethodGet, "/", http.Header{}); got != "not built" {
		t.Errorf("without a build: got %q", got)
	}
}

func TestH337_head_of_pages(t *testing.T) {
	for _, path := range []string{"/", "/rooms/1", "/assets/app-1.js", "/assets/small.css"} {
		for _, coding := range []string{"identity", "gzip", "br"} {
			header := http.Header{"Accept-Encoding": {coding}}
			get, body := asked(t, dist(), http.MethodGet, path, header)
			head, none := asked(t, dist(), http.MethodHead, path, header)
			if head.StatusCode != http.StatusOK || none != "" || head.ContentLength != int64(len(body)) {
				t.Errorf("%s in %s: got %d with %q and Content-Length %d, want 200 without a body and %d", path, coding, head.StatusCode, none, head.ContentLength, len(body))
			}
			for _, name := range []string{"Content-Type", "Content-Encoding", "ETag", "Vary", "Cache-Control"} {
				if got, want := head.Header.Get(name), get.Header.Get(name); got != want {
					t.Errorf("%s in %s: HEAD says %s %q, GET %q", path, coding, name, got, want)
				}
			}
		}
	}
}
