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
	request := slim(r).WithContext(context.WithValue(c.base, acceptedOrigin{}, origin))
	t.config.Spawn.Go(c, func() { t.run(&hijacker{ResponseWriter: w, conn: c}, request, c) })
	<-ended
	return c.isUp()
}

// run upgrades and then reads until the end.
func (t *Transport) run(w *hijacker, r *http.Request, c *Conn) {
	returned := false
	defer func() {
		if !returned {
			c.upgradePanicked(w)
		}
		if c.isUp() {
			c.onClosed()
			return
		}
		c.cancel()
		close(c.upgraded)
	}()
	_ = t.melody.HandleRequest(w, r) // gorilla has answered where the upgrade failed
	returned = true
}

// upgradePanicked ends what somebody's ResponseWriter has left half done.
func (c *Conn) upgradePanicked(w *hijacker) {
	switch {
	case w.hijacked:
		c.Abort()
		_ = c.net.Close()
	default:
		c.transport.config.Spawn.Do(nil, func() { w.WriteHeader(http.StatusInternalServerError) })
	}
}

type acceptedOrigin struct{}

// originWasAccepted lets a handshake pass only with the Origin that the guard in
// front of the route has accepted, or with none at all.
func originWasAccepted(r *http.Request) bool {
	accepted, _ := r.Context().Value(acceptedOrigin{}).(string)
	values := r.Header["Origin"]
	return len(values) == 0 || (len(values) == 1 && accepted != "" && values[0] == accepted)
}

// hijacker puts the conn's own netConn below the session.
type hijacker struct {
	http.ResponseWriter
	conn     *Conn
	hijacked bool
}

// Hijack implements [http.Hijacker].
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.hijacked = true
	h.conn.net.init(conn, h.conn)
	return &h.conn.net, buffers, nil
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
