package session

import (
	"net/http"
	"time"
)

// Cookie writes the access cookie.
type Cookie struct {
	name   string
	secure bool
}

// NewCookie returns the cookie for a public address whose scheme is https, or
// for plain http on a loopback address, where browsers refuse the prefix.
func NewCookie(https bool) Cookie {
	if https {
		return Cookie{"__Host-yodel_access", true} // RFC 6265bis, section 4.1.3.2
	}
	return Cookie{"yodel_access", false}
}

// Name is the cookie's name.
func (c Cookie) Name() string { return c.name }

func (c Cookie) set(issued Issued) *http.Cookie {
	return &http.Cookie{
		Name: c.name, Value: issued.Token, Path: "/", Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: int(time.Until(issued.Expires).Seconds()),
	}
}

func (c Cookie) clear() *http.Cookie {
	return &http.Cookie{Name: c.name, Path: "/", Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1}
}
