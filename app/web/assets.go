package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// codings are those in which the build leaves files besides as they are, the best
// first, with what their names end with.
var codings = []struct{ coding, ending string }{{"br", ".br"}, {"gzip", ".gz"}, {identity, ""}}

// asset is one file of the front end, in all of its forms, the best first.
type asset struct {
	kind  string // Content-Type
	forms []form
}

// form is a file as it travels.
type form struct {
	coding, name, etag string
	size               int64
}

// assets lists the files of dist by name. What the build notes for itself begins
// with a dot and is left out.
func assets(dist fs.FS) (map[string]asset, error) {
	found := map[string]asset{}
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case strings.HasPrefix(entry.Name(), ".") && entry.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(entry.Name(), ".") || entry.IsDir() || encoded(dist, name):
			return nil
		}
		found[name], err = readAsset(dist, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the front end: %w", err)
	}
	return found, nil
}

// encoded reports whether a file is another one in a coding.
func encoded(dist fs.FS, name string) bool {
	for _, c := range codings {
		if plain, cut := strings.CutSuffix(name, c.ending); cut && c.ending != "" {
			_, err := fs.Stat(dist, plain)
			return err == nil
		}
	}
	return false
}

func readAsset(dist fs.FS, name string) (asset, error) {
	a := asset{kind: mime.TypeByExtension(path.Ext(name))}
	if a.kind == "" {
		a.kind = "application/octet-stream"
	}
	for _, c := range codings {
		if _, err := fs.Stat(dist, name+c.ending); err != nil && c.coding != identity {
			continue // not worth it, the build found
		}
		f, err := readForm(dist, name+c.ending, c.coding)
		if err != nil {
			return asset{}, err
		}
		a.forms = append(a.forms, f)
	}
	return a, nil
}

// readForm names a form by its bytes, so that no two share an ETag.
func readForm(dist fs.FS, name, coding string) (form, error) {
	file, err := dist.Open(name)
	if err != nil {
		return form{}, err
	}
	defer file.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, file)
	return form{coding, name, `"` + hex.EncodeToString(sum.Sum(nil)[:16]) + `"`, size}, err
}

// choose is the form that a request likes best, nil where it takes none.
func (a asset) choose(r *http.Request) (best *form) {
	accepted, most := acceptedCodings(r.Header.Values(echo.HeaderAcceptEncoding)), 0.0
	for i, f := range a.forms {
		if weight := accepted.of(f.coding); weight > most {
			best, most = &a.forms[i], weight
		}
	}
	return best
}

// serve answers with the form that the request likes best.
func (a asset) serve(dist fs.FS, c echo.Context) error {
	header := c.Response().Header()
	header.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	f := a.choose(c.Request())
	if f == nil {
		return NewError(http.StatusNotAcceptable, "not_acceptable", "This comes as br, gzip or identity; accept one of them.")
	}
	file, err := dist.Open(f.name)
	if err != nil {
		return err
	}
	defer file.Close()
	content, ok := file.(io.ReadSeeker)
	if !ok {
		return fmt.Errorf("%s can't be read from its middle", f.name)
	}
	header.Set(echo.HeaderContentType, a.kind)
	header.Set("ETag", f.etag)
	if f.coding != identity {
		header.Set(echo.HeaderContentEncoding, f.coding)
		header.Set(echo.HeaderContentLength, strconv.FormatInt(f.size, 10)) // net/http leaves it out beside a coding
	}
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, content)
	return nil
}
