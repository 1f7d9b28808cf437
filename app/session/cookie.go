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
// for plain http on a loopback address, where browsers refuse the prefixes. A port
// of the address's own stands in their names: browsers send the cookies of a host
// to all of its ports (RFC 6265, section 8.5).
func NewCookies(https bool, port string) Cookies {
	if port != "" {
		port = "_" + port
	}
	if https {
		return Cookies{"__Host-yodel_access" + port, "__Secure-yodel_refresh" + port, "__Secure-yodel_device" + port, true} // RFC 6265bis, section 4.1.3
	}
	return Cookies{"yodel_access" + port, "yodel_refresh" + port, "yodel_device" + port, false}
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
