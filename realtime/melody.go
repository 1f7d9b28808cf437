package realtime

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
	"golang.org/x/time/rate"
)

// This is the one file that knows melody. Melody upgrades, reads, writes, pings
// and keeps the sessions; what it leaves open is closed here: who may upgrade,
// messages that are not text, panics in handlers, writes that would be dropped,
// closes that a peer could delay for ever, and waiting for the end.

const (
	closeFrameWait = 250 * time.Millisecond // to write a close frame past a stalled peer
	urgentWait     = 700 * time.Millisecond // for the peer's own close frame
	orderlyWait    = 5 * time.Second        // for what is queued to go out
	handshakeWait  = 10 * time.Second
	writeWait      = 10 * time.Second // for one frame
	bufferBytes    = 512              // read and write buffers of a session
	pingsPerSecond = 5                // that a peer may send; browsers send none
	pingBurst      = 20
	melodyQueue    = 2 // the frame in flight and its successor; never full
)

// linkHandler is what stands on the transport. Calls for one link come from one
// goroutine at a time; a panic in them ends that link alone.
type linkHandler interface {
	opened(*link)
	received(l *link, message []byte, binary bool)
	ended(*link, Close)
}

// transport runs sessions on melody.
type transport struct {
	melody   *melody.Melody
	handler  linkHandler
	running  sync.WaitGroup
	panicked func(cause any)
}

// link is one session.
type link struct {
	owner     any
	transport *transport
	session   *melody.Session
	ctx       context.Context // read it with context()
	cancel    context.CancelFunc
	outbox    outbox
	binary    bool          // frames are binary; fixed before anything is sent
	pings     *rate.Limiter // of the peer
	stands    atomic.Bool   // upgraded

	mu      sync.Mutex
	active  bool
	closing bool
	reason  Close
	guard   *time.Timer // severs when closing takes too long
}

const linkKey = "link"

type transportConfig struct {
	maxMessage   int64
	ping, pong   time.Duration
	subprotocols []string
	panicked     func(cause any)
}

func newTransport(config transportConfig, handler linkHandler) *transport {
	m := melody.New()
	m.Config.MaxMessageSize = config.maxMessage
	m.Config.PingPeriod = config.ping
	m.Config.PongWait = config.ping + config.pong
	m.Config.WriteWait = writeWait
	m.Config.MessageBufferSize = melodyQueue
	m.Upgrader = &websocket.Upgrader{
		HandshakeTimeout: handshakeWait,
		ReadBufferSize:   bufferBytes,
		WriteBufferSize:  bufferBytes,
		WriteBufferPool:  &sync.Pool{},
		Subprotocols:     config.subprotocols,
		CheckOrigin:      originWasAccepted,
	}
	t := &transport{melody: m, handler: handler, panicked: config.panicked}
	m.HandleConnect(t.connected)
	m.HandleMessage(t.text)
	m.HandleMessageBinary(t.binary)
	m.HandleSentMessage(func(s *melody.Session, _ []byte) { linkOf(s).wrote() })
	m.HandleSentMessageBinary(func(s *melody.Session, _ []byte) { linkOf(s).wrote() })
	m.HandleError(func(s *melody.Session, err error) { linkOf(s).failed(err) })
	return t
}

type acceptedOrigin struct{}

// originWasAccepted lets a handshake pass only with the Origin that the guard in
// front of the route has accepted, or with none at all.
func originWasAccepted(r *http.Request) bool {
	accepted, _ := r.Context().Value(acceptedOrigin{}).(string)
	values := r.Header["Origin"]
	return len(values) == 0 || (len(values) == 1 && accepted != "" && values[0] == accepted)
}

// serve finishes the upgrade in a goroutine of its own, so that the caller and
// with it net/http's stack and buffers are free as soon as the socket stands.
// It reports whether the socket stands; if not, the request was answered and
// the handler hears nothing of the link.
func (t *transport) serve(w http.ResponseWriter, r *http.Request, l *link, origin string) bool {
	l.transport = t
	ctx := context.WithValue(l.ctx, acceptedOrigin{}, origin)
	request := slim(r).WithContext(ctx)
	upgraded := make(chan struct{})
	var once sync.Once
	release := func() { once.Do(func() { close(upgraded) }) }
	t.running.Go(func() {
		defer release()
		t.run(w, request, l, release)
	})
	<-upgraded
	return l.stands.Load()
}

func (t *transport) run(w http.ResponseWriter, r *http.Request, l *link, release func()) {
	defer l.cancel()
	keys := map[string]any{linkKey: l, "release": release}
	if err := t.melody.HandleRequestWithKeys(w, r, keys); err != nil && l.session == nil {
		return // the upgrade failed and gorilla has answered
	}
	l.over()
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

func linkOf(s *melody.Session) *link { return s.MustGet(linkKey).(*link) }

func (t *transport) connected(s *melody.Session) {
	l := linkOf(s)
	l.session = s
	l.pings = rate.NewLimiter(pingsPerSecond, pingBurst)
	l.stands.Store(true)
	s.MustGet("release").(func())()
	s.UnSet("release")
	s.Request.Header = nil
	s.WebsocketConnection().SetPingHandler(l.ping)
	l.protect(func() { t.handler.opened(l) })
}

func (t *transport) text(s *melody.Session, message []byte) {
	l := linkOf(s)
	if l.isClosing() {
		return
	}
	if !utf8.Valid(message) {
		l.close(InvalidUTF8)
		return
	}
	l.protect(func() { t.handler.received(l, message, false) })
}

func (t *transport) binary(s *melody.Session, message []byte) {
	if l := linkOf(s); !l.isClosing() {
		l.protect(func() { t.handler.received(l, message, true) })
	}
}

// protect runs a handler; a panic ends this link and nothing else.
func (l *link) protect(handler func()) {
	defer func() {
		if cause := recover(); cause != nil {
			l.transport.panicked(cause)
			l.close(Internal)
		}
	}()
	handler()
}

// broadcast hands one message to every active link that keep admits, through
// melody's own filter, and returns how many took it.
func (t *transport) broadcast(message []byte, binary bool, keep func(*link) bool) (int, error) {
	taken := 0
	send := t.melody.BroadcastFilter
	if binary {
		send = t.melody.BroadcastBinaryFilter
	}
	err := send(message, func(s *melody.Session) bool {
		l := linkOf(s)
		if l.binary != binary || !l.isActive() || !keep(l) {
			return false
		}
		if l.outbox.ledger != nil {
			l.outbox.ledger.owed.Add(1)
		}
		switch l.outbox.offer(message, fleeting) {
		case writeNow:
			taken++
			return true
		case waits:
			taken++
		case overflow:
			l.close(Slow)
		}
		return false
	})
	return taken, err
}

// send hands one message to one link.
func (l *link) send(message []byte) bool { return l.sendCounted(message, notCounted) }

// sendCounted does so for a message that the ledger follows.
func (l *link) sendCounted(message []byte, kind delivery) bool {
	switch l.outbox.offer(message, kind) {
	case writeNow:
		return l.write(message) == nil
	case waits:
		return true
	case overflow:
		l.close(Slow)
	}
	return false
}

func (l *link) write(frame []byte) error {
	if l.binary {
		return l.session.WriteBinary(frame)
	}
	return l.session.Write(frame)
}

// wrote follows each frame that is out with the next that waits.
func (l *link) wrote() {
	if next := l.outbox.sent(); next != nil {
		_ = l.write(next) // a closed session has ended the link already
		return
	}
	if reason, closing := l.leaving(); closing && reason.Flush {
		l.goodbye(reason)
	}
}

func (l *link) failed(err error) {
	var closed *websocket.CloseError
	var timeout net.Error
	switch {
	case errors.Is(err, melody.ErrMessageBufferFull):
		l.close(Slow)
	case errors.As(err, &closed):
		l.note(Close{Code: closed.Code, Reason: closed.Text})
	case errors.Is(err, websocket.ErrReadLimit):
		l.note(TooBig)
		l.tellTooBig()
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		l.note(NoPong)
	default:
		l.note(lost)
	}
}

// ping answers a ping of the peer, up to a rate that no honest one needs. It is
// called by the reader.
func (l *link) ping(data string) error {
	if !l.pings.Allow() {
		l.close(Flood)
		return nil
	}
	err := l.session.WebsocketConnection().WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(closeFrameWait))
	if errors.Is(err, websocket.ErrCloseSent) || errors.As(err, new(net.Error)) {
		return nil
	}
	return err
}

// tellTooBig sends the close frame that gorilla leaves out for lengths beyond 63
// bits; where it was sent already, this is refused and changes nothing.
func (l *link) tellTooBig() {
	frame := websocket.FormatCloseMessage(TooBig.Code, TooBig.Reason)
	_ = l.session.WebsocketConnection().WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeFrameWait))
}

// context is that of the connection; a first message may have replaced it.
func (l *link) context() context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ctx
}

func (l *link) setContext(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ctx = ctx
}

// note remembers why a link ended, unless an end was decided before.
func (l *link) note(reason Close) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reason.Code == 0 {
		l.reason = reason
	}
}

func (l *link) isClosing() bool { _, closing := l.leaving(); return closing }

func (l *link) leaving() (Close, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reason, l.closing
}

func (l *link) isActive() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.active && !l.closing
}

// activate lets the link receive, unless it is ending already.
func (l *link) activate() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active = !l.closing
	return l.active
}

// activateWith lets the link receive, with that message before everything else:
// whoever has read it misses nothing that is sent from then on.
func (l *link) activateWith(message []byte) bool {
	l.mu.Lock()
	if l.closing {
		l.mu.Unlock()
		return false
	}
	outcome := l.outbox.offer(message, notCounted)
	l.active = outcome == writeNow || outcome == waits
	active := l.active
	l.mu.Unlock()
	if outcome == writeNow {
		return l.write(message) == nil
	}
	return active
}

// close ends the link. The first reason counts. It never blocks: a peer that
// does not read is cut off by the guard.
func (l *link) close(reason Close) {
	l.mu.Lock()
	if l.closing {
		l.mu.Unlock()
		return
	}
	l.closing, l.reason = true, reason
	wait := closeFrameWait + urgentWait
	if reason.Flush {
		wait = orderlyWait
	}
	if l.session != nil {
		l.guard = time.AfterFunc(wait, l.sever)
	}
	l.mu.Unlock()
	l.cancel()
	pending := l.outbox.close(reason.Flush)
	if l.session != nil && (!reason.Flush || !pending) {
		l.transport.running.Go(func() { l.goodbye(reason) })
	}
}

// goodbye writes the close frame past whatever is in flight.
func (l *link) goodbye(reason Close) {
	frame := websocket.FormatCloseMessage(reason.Code, reason.Reason)
	if err := l.session.WebsocketConnection().WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeFrameWait)); err != nil {
		l.sever()
	}
}

// sever takes the connection off TCP at once, with whatever the kernel still
// holds for a peer that does not read.
func (l *link) sever() {
	conn := l.session.WebsocketConnection().NetConn()
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn() // closing the TLS layer would wait for a stalled peer
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// over runs when melody has let go of the session.
func (l *link) over() {
	l.mu.Lock()
	l.closing, l.active = true, false
	if l.guard != nil {
		l.guard.Stop()
	}
	reason := l.reason
	l.mu.Unlock()
	if reason.Code == 0 {
		reason = lost
	}
	l.cancel()
	l.outbox.close(false)
	l.outbox.end()
	l.protect(func() { l.transport.handler.ended(l, reason) })
}
