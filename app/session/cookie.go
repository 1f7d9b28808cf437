package session

import (
	"net/http"
	"time"
)

// Cookies writes the access and the refresh cookie.
type Cookies struct {
	access, refresh, device string
	secure                  bool
}

const (
	refreshPath = "/api/refresh"
	devicePath  = "/api/login"
)

// NewCookies returns the cookies for a public address whose scheme is https, or
// for plain http on a loopback address, where browsers refuse the prefixes.
func NewCookies(https bool) Cookies {
	if https {
		return Cookies{"__Host-yodel_access", "__Secure-yodel_refresh", "__Secure-yodel_device", true} // RFC 6265bis, section 4.1.3
	}
	return Cookies{"yodel_access", "yodel_refresh", "yodel_device", false}
}

// Access is the name of the access cookie.
func (c Cookies) Access() string { return c.access }

// known is what tells a device that has signed in before; it outlives sign-outs.
func (c Cookies) known(device Issued) *http.Cookie {
	return c.cookie(c.device, devicePath, device.Token, time.Until(device.Expires))
}

func (c Cookies) set(grant Grant) []*http.Cookie {
	cookies := []*http.Cookie{c.cookie(c.access, "/", grant.Access.Token, time.Until(grant.Access.Expires))}
	if grant.Refresh != "" {
		cookies = append(cookies, c.cookie(c.refresh, refreshPath, grant.Refresh, idle))
	}
	return cookies
}

func (c Cookies) clear() []*http.Cookie {
	return []*http.Cookie{c.cookie(c.access, "/", "", -time.Second), c.cookie(c.refresh, refreshPath, "", -time.Second)}
}

func (c Cookies) cookie(name, path, value string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: path, Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: int(life.Seconds()),
	}
}
