package web

import (
	"io/fs"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// Pages serves the built front end: files by name, hashed ones for ever, and
// index.html for every address that the browser application has of its own.
func Pages(dist fs.FS) echo.HandlerFunc {
	index := "index.html"
	if _, err := fs.Stat(dist, index); err != nil {
		index = "placeholder.html"
	}
	return func(c echo.Context) error {
		path := c.Request().URL.Path
		if strings.Contains(path, "..") || strings.Contains(path, "\\") {
			return echo.ErrNotFound
		}
		for _, prefix := range []string{"/api/", "/ws/", "/debug/"} {
			if strings.HasPrefix(path+"/", prefix) {
				return echo.ErrNotFound
			}
		}
		name := strings.TrimPrefix(path, "/")
		hidden := strings.HasPrefix(name, ".") // what the build notes for itself
		if info, err := fs.Stat(dist, name); err == nil && !hidden && !info.IsDir() && name != "placeholder.html" && name != "index.html" {
			if strings.HasPrefix(name, "assets/") { // named by their content
				c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			http.ServeFileFS(c.Response(), c.Request(), dist, name)
			return nil
		}
		if strings.Contains(name, ".") || name == "metrics" { // a file that is not there; the application's own addresses have no dot
			return echo.ErrNotFound
		}
		page, err := fs.ReadFile(dist, index)
		if err != nil {
			return err
		}
		return c.HTMLBlob(http.StatusOK, page)
	}
}
