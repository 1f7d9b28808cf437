package web

import (
	"io/fs"
	"strings"

	"github.com/labstack/echo/v4"
)

// Pages serves the built front end: files by name, hashed ones for ever, and
// index.html for every address that the browser application has of its own. Files
// travel in the coding that the build has prepared and the request likes best.
func Pages(dist fs.FS) (echo.HandlerFunc, error) {
	files, err := assets(dist)
	if err != nil {
		return nil, err
	}
	index, built := files["index.html"]
	if !built {
		index = files["placeholder.html"]
	}
	delete(files, "index.html")
	delete(files, "placeholder.html")
	return func(c echo.Context) error {
		path := c.Request().URL.Path
		for _, prefix := range []string{"/api/", "/ws/", "/debug/"} {
			if strings.HasPrefix(path+"/", prefix) {
				return echo.ErrNotFound
			}
		}
		name := strings.TrimPrefix(path, "/")
		if file, ok := files[name]; ok {
			if strings.HasPrefix(name, "assets/") { // named by their content
				c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			return file.serve(dist, c)
		}
		if strings.ContainsAny(name, `.\`) || name == "metrics" { // a file that is not there; the application's own addresses have no dot
			return echo.ErrNotFound
		}
		return index.serve(dist, c)
	}, nil
}
