// Package peers has the servers that are compared, each behind the same check of
// the same cookie, and how to tell them what to publish.
package peers

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
)

// Kind is one of the servers.
type Kind struct {
	Name string
	// About says what it is, in a line.
	About string
	// Protocol: it speaks Centrifugo's protocol, with channels. The others
	// send what they are told to everybody and echo messages.
	Protocol bool
	// Refreshes: connections to the path [Refreshing] may renew their token in a
	// message.
	Refreshes bool
	// Go: it can be profiled and knows its heap.
	Go bool

	mount func(s *site) (publish, error)
}

// publish sends one publication to a channel, or to everybody.
type publish func(channel string) error

// Kinds are all servers, the hub first.
var Kinds = []Kind{
	{Name: "hub", About: "Yodel's hub, whole: registry, presence, history 100, limits, ledger; Echo, its guard over echo-jwt", Protocol: true, Refreshes: true, Go: true, mount: hub},
	{Name: "centrifuge", About: "the centrifuge server library with its defaults; presence, history 100; Echo + echo-jwt", Protocol: true, Go: true, mount: reference},
	{Name: "melody", About: "bare melody with its defaults; Echo + echo-jwt", Go: true, mount: bareMelody},
	{Name: "gws", About: "lxzan/gws with its defaults; Echo + echo-jwt", Go: true, mount: plainGws},
	{Name: "express-ws", About: "Node: express + ws + express-jwt"},
	{Name: "floor", About: "an epoll loop in Go with one write(2) for each delivery; no token is checked", Go: true},
	{Name: "floor-batch", About: "the same loop, one write(2) for all that is to be said to a connection", Go: true},
}

// Node and Store are the parts of a cluster: a hub whose engine is the NATS server
// at [StoreAt], and that server.
var (
	Node  = Kind{Name: "node", About: "the hub on NATS JetStream", Protocol: true, Go: true, mount: node}
	Store = Kind{Name: "store", About: "a NATS server with JetStream that writes each message through", Go: true}
)

// Find returns the kind of that name.
func Find(name string) (Kind, error) {
	var names []string
	for _, kind := range append(Kinds[:len(Kinds):len(Kinds)], Node, Store) {
		if kind.Name == name {
			return kind, nil
		}
		names = append(names, kind.Name)
	}
	return Kind{}, fmt.Errorf("no server is called %q; there are %s", name, strings.Join(names, ", "))
}

// Key signs the tokens (HS256).
var Key = []byte("0123456789abcdef0123456789abcdef-bench")

// Payload is what is published: 128 bytes of JSON with one mark.
const Payload = `"^` + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abc" + `"`

const cookieName = "session"

// Token is that of the i-th user.
func Token(i int) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "user" + strconv.Itoa(i), "exp": time.Now().Add(time.Hour).Unix()}).SignedString(Key)
}

// Cookie is the Cookie header of the i-th user.
func Cookie(i int) (string, error) {
	token, err := Token(i)
	return cookieName + "=" + token, err
}

// Channels that every server with the protocol knows: History keeps 100
// publications, Bare none, and those that begin with Room are many. All have
// presence.
const (
	History = "all"
	Bare    = "bare"
	Room    = "room:"
)

// Refreshing is the path of sockets that take tokens in messages.
const Refreshing = "/refreshing"

// What channels with a history keep.
const (
	historySize = 100
	historyTTL  = time.Minute
)

// site is where a server is mounted.
type site struct {
	echo   *echo.Echo
	jwt    echojwt.Config
	origin string
}

// ErrNotGo: the server is not one that this program runs.
var ErrNotGo = errors.New("this server is not written in Go")

// Serve runs a server until the process ends. It prints the addresses of its
// socket and of its control.
func Serve(name string) error {
	kind, err := Find(name)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var say publish
	var serve func() error
	secure := ""
	switch {
	case strings.HasPrefix(name, "floor"):
		say, serve, err = floor(listener, name == "floor-batch")
	case name == Store.Name:
		return store(listener)
	case kind.mount == nil:
		return ErrNotGo
	default:
		s := newSite(listener.Addr().String())
		say, err = kind.mount(s)
		server := &http.Server{Handler: s.echo, ReadHeaderTimeout: 5 * time.Second}
		serve = func() error { return server.Serve(listener) }
		if err == nil {
			secure, err = alsoOverTLS(server)
		}
	}
	if err != nil {
		return err
	}
	address, err := control(say)
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr(), address, secure)
	return serve()
}

func newSite(address string) *site {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	return &site{echo: e, jwt: echojwt.Config{SigningKey: Key, TokenLookup: "cookie:" + cookieName}, origin: "http://" + address}
}

// guarded mounts a socket behind echo-jwt.
func (s *site) guarded(handler echo.HandlerFunc) {
	s.echo.GET("/ws", handler, echojwt.WithConfig(s.jwt))
}
