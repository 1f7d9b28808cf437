package realtime

import (
	"bufio"
	"net"
	"net/http"
)

type acceptedOrigin struct{}

// originWasAccepted lets a handshake pass only with the Origin that the guard in
// front of the route has accepted, or with none at all.
func originWasAccepted(r *http.Request) bool {
	accepted, _ := r.Context().Value(acceptedOrigin{}).(string)
	values := r.Header["Origin"]
	return len(values) == 0 || (len(values) == 1 && accepted != "" && values[0] == accepted)
}

// hijacker puts the link's own wire below the session.
type hijacker struct {
	http.ResponseWriter
	link *link
}

// Hijack implements [http.Hijacker].
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.link.wire = newWire(conn, h.link)
	return h.link.wire, buffers, nil
}

// slim keeps of a request what the handshake needs; melody holds on to it for
// as long as the session lives.
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
