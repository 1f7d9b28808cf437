package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/refusal"
)

// Call answers a request with what the person behind it may do: bind reads what
// they ask for, who knows them.
func Call[In, Out any](who func(echo.Context) string, bind func(echo.Context) (In, error), do func(ctx context.Context, userID string, in In) (Out, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		in, err := bind(c)
		if err != nil {
			return err
		}
		out, err := do(c.Request().Context(), who(c), in)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, out)
	}
}

// Body reads a JSON body, see [Decode].
func Body[In any](c echo.Context) (in In, err error) { return in, Decode(c, &in) }

// Number reads a whole number of the query, 0 where there is none.
func Number(c echo.Context, name string) (int64, error) {
	raw := c.QueryParam(name)
	if raw == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return 0, refusal.Invalid.Say("%s is a whole number.", name)
	}
	return n, nil
}
