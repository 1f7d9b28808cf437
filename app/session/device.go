package session

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// A device that has signed in to an account before holds a token that says so. It
// opens nothing: it lets the device have a budget of its own for signing in to
// that account, so that strangers who guess do not keep the owner out.

// deviceLife is how long a device is known after it has signed in.
const deviceLife = 90 * 24 * time.Hour

// deviceFor returns the id of the device, where it has signed in with that
// username before, else nothing.
func (h *Handlers) deviceFor(c echo.Context, username string) string {
	cookie, err := c.Cookie(h.Cookies.device)
	if err != nil {
		return ""
	}
	parsed, err := h.Sessions.tokens.device(c, cookie.Value)
	if err != nil {
		return ""
	}
	token, ok := parsed.(*jwt.Token)
	if !ok {
		return ""
	}
	if claims, ok := token.Claims.(*Claims); ok && claims.Name == username {
		return claims.Subject
	}
	return ""
}

// remember hands a device that has just signed in its token. It keeps its id, so
// that signing in again does not buy another budget.
func (h *Handlers) remember(c echo.Context, username string) error {
	id := h.deviceFor(c, username)
	if id == "" {
		id = uuid.NewString()
	}
	claims := Claims{RegisteredClaims: jwt.RegisteredClaims{Subject: id}, Type: deviceType, Name: username}
	issued, err := h.Sessions.tokens.sign(claims, time.Now().Add(deviceLife))
	if err != nil {
		return err
	}
	c.SetCookie(h.Cookies.known(issued))
	return nil
}
