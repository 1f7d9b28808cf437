package transport

import (
	"bufio"
	"context"
	"net"
	"net/http"
)

// Serve upgrades a request for a conn that Init has made ready. It finishes the
// upgrade in a goroutine of its own, so that the caller and with it net/http's stack
// and buffers are free as soon as the socket stands. origin is the value of the Origin
// header that was accepted, empty for none.
//
// It reports whether the socket stands. If not, the request was answered and the
// handler hears nothing of the conn.
func (t *Transport) Serve(w http.ResponseWriter, r *http.Request, c *Conn, origin string) (upgraded bool) {
	ended := make(chan struct{})
	c.upgraded = ended
	u := &upgrade{ResponseWriter: w, conn: c}
	u.request = slim(r).WithContext(context.WithValue(c.base, acceptedOrigin{}, origin))
	t.config.Spawn.Go(c, u.run)
	<-ended
	return c.isUp()
}

// upgrade is one on its way. It puts the conn's own netConn below the session.
type upgrade struct {
	http.ResponseWriter
	request  *http.Request
	conn     *Conn
	hijacked bool
	returned bool
}

// run upgrades and then reads until the end. What it keeps on its stack, or alive,
// counts for every connection.
func (u *upgrade) run() {
	defer u.end()
	r := u.request
	u.request = nil
	_ = u.conn.transport.melody.HandleRequest(u, r) // gorilla has answered where the upgrade failed
	u.returned = true
}

func (u *upgrade) end() {
	if !u.returned {
		u.panicked()
	}
	c := u.conn
	if c.isUp() {
		c.onClosed()
		return
	}
	c.cancel()
	close(c.upgraded)
}

// panicked ends what somebody's ResponseWriter has left half done.
func (u *upgrade) panicked() {
	if u.hijacked {
		u.conn.Abort()
		_ = u.conn.net.Close()
		return
	}
	u.conn.transport.config.Spawn.Do(nil, func() { u.WriteHeader(http.StatusInternalServerError) })
}

// Hijack implements [http.Hijacker].
func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	u.hijacked = true
	u.ResponseWriter = nil // it would keep net/http's buffers
	u.conn.net.init(conn, u.conn)
	return &u.conn.net, buffers, nil
}

type acceptedOrigin struct{}

// originWasAccepted lets a handshake pass only with the Origin that the guard in
// front of the route has accepted, or with none at all.
func originWasAccepted(r *http.Request) bool {
	accepted, _ := r.Context().Value(acceptedOrigin{}).(string)
	values := r.Header["Origin"]
	return len(values) == 0 || (len(values) == 1 && accepted != "" && values[0] == accepted)
}

// slim keeps of a request what the handshake needs; melody holds on to it while it
// upgrades.
func slim(r *http.Request) *http.Request {
	header := make(http.Header, 6)
	for _, name := range []string{"Connection", "Upgrade", "Sec-Websocket-Version", "Sec-Websocket-Key", "Sec-Websocket-Protocol", "Origin"} {
		if values := r.Header[name]; len(values) > 0 {
			header[name] = values
		}
	}
	return &http.Request{
		Method: r.Method, URL: r.URL, Host: r.Host, Header: header, RemoteAddr: r.RemoteAddr,
		Proto: r.Proto, ProtoMajor: r.ProtoMajor, ProtoMinor: r.ProtoMinor, Body: http.NoBody,
	}
}
