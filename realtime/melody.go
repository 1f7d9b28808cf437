package realtime

import (
	"context"
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
	readBytes      = 128              // of a session; what is ahead of it lies in the wire's
	writeBytes     = 512              // of a session, while it writes
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
	workers  *crew
	panicked func(cause any)
}

// link is one session.
type link struct {
	owner     any
	transport *transport
	session   *melody.Session
	upgraded  chan struct{}   // closed when the upgrade has ended, well or not
	ctx       context.Context // read it with context()
	cancel    context.CancelFunc
	outbox    outbox // its binary is fixed before anything is sent
	wire      *wire
	pings     *rate.Limiter // and pongs, of the peer; nil before the first
	stands    atomic.Bool   // upgraded
	said      atomic.Bool   // the close frame is on its way

	mu      sync.Mutex
	active  bool
	closing bool
	reason  Close
	guard   *time.Timer // severs when closing takes too long
}

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
		ReadBufferSize:   readBytes,
		WriteBufferSize:  writeBytes,
		WriteBufferPool:  &sync.Pool{},
		Subprotocols:     config.subprotocols,
		CheckOrigin:      originWasAccepted,
	}
	t := &transport{melody: m, handler: handler, panicked: config.panicked}
	t.workers = newCrew(&t.running)
	m.HandleConnect(t.connected)
	m.HandleMessage(t.text)
	m.HandleMessageBinary(t.binary)
	m.HandleSentMessage(func(s *melody.Session, _ []byte) { linkOf(s).wrote() })
	m.HandleSentMessageBinary(func(s *melody.Session, _ []byte) { linkOf(s).wrote() })
	m.HandlePong(func(s *melody.Session) { linkOf(s).ponged() })
	m.HandleError(func(s *melody.Session, err error) { linkOf(s).failed(err) })
	return t
}

// serve finishes the upgrade in a goroutine of its own, so that the caller and
// with it net/http's stack and buffers are free as soon as the socket stands.
// It reports whether the socket stands; if not, the request was answered and
// the handler hears nothing of the link.
func (t *transport) serve(w http.ResponseWriter, r *http.Request, l *link, origin string) bool {
	l.transport = t
	upgraded := make(chan struct{})
	l.upgraded = upgraded
	request := slim(r).WithContext(context.WithValue(l.ctx, acceptedOrigin{}, origin))
	t.running.Add(1)
	go t.run(&hijacker{w, l}, request, l)
	<-upgraded
	return l.stands.Load()
}

func (t *transport) run(w http.ResponseWriter, r *http.Request, l *link) {
	defer t.running.Done()
	if err := t.melody.HandleRequest(w, r); err != nil && l.session == nil {
		l.cancel()
		close(l.upgraded) // the upgrade failed and gorilla has answered
		return
	}
	l.over()
}

// linkOf finds the link by the wire below its session.
func linkOf(s *melody.Session) *link { return s.WebsocketConnection().NetConn().(*wire).link }

func (t *transport) connected(s *melody.Session) {
	l := linkOf(s)
	l.session = s
	l.stands.Store(true)
	close(l.upgraded)
	l.upgraded = nil
	s.Request = nil // its address, header and context have served
	s.WebsocketConnection().SetPingHandler(l.ping)
	l.protect(func() { t.handler.opened(l) })
}

func (t *transport) text(s *melody.Session, message []byte) {
	l := linkOf(s)
	l.wire.allowed.renew()
	if l.isClosing() {
		return
	}
	if !utf8.Valid(message) {
		l.close(CloseInvalidUTF8)
		return
	}
	l.protect(func() { t.handler.received(l, message, false) })
}

func (t *transport) binary(s *melody.Session, message []byte) {
	l := linkOf(s)
	l.wire.allowed.renew()
	if !l.isClosing() {
		l.protect(func() { t.handler.received(l, message, true) })
	}
}

// protect runs a handler; a panic ends this link and nothing else.
func (l *link) protect(handler func()) {
	defer func() {
		if cause := recover(); cause != nil {
			l.transport.panicked(cause)
			l.close(CloseInternal)
		}
	}()
	handler()
}

// broadcast hands one message to every active link that keep admits, through
// melody's own filter, and returns how many took it.
func (t *transport) broadcast(payload []byte, binary bool, keep func(*link) bool) (int, error) {
	taken := 0
	send := t.melody.BroadcastFilter
	if binary {
		send = t.melody.BroadcastBinaryFilter
	}
	m := message{payload: payload}
	err := send(payload, func(s *melody.Session) bool {
		l := linkOf(s)
		if l.outbox.binary != binary || !l.isActive() || !keep(l) {
			return false
		}
		if l.outbox.ledger != nil {
			l.outbox.ledger.owed.Add(1)
		}
		switch l.outbox.offer(m, fleeting.of(1)) {
		case writeNow:
			taken++
			return true
		case waits:
			taken++
		case ripe:
			taken++
			l.release()
		case overflow:
			l.close(CloseSlow)
		}
		return false
	})
	return taken, err
}

func (l *link) failed(err error) {
	var closed *websocket.CloseError
	var timeout net.Error
	switch {
	case errors.Is(err, melody.ErrMessageBufferFull):
		l.close(CloseSlow)
	case errors.As(err, &closed):
		l.note(Close{Code: closed.Code, Reason: closed.Text})
	case errors.Is(err, websocket.ErrReadLimit), errors.Is(err, errTooManyFragments):
		l.note(CloseTooBig)
		l.tellTooBig()
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		l.note(CloseNoPong)
	default:
		l.note(closeLost)
	}
}

// ping answers a ping of the peer, up to a rate that no honest one needs. It is
// called by the reader.
func (l *link) ping(data string) error {
	if !l.control(len(data)) {
		return nil
	}
	err := l.session.WebsocketConnection().WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(closeFrameWait))
	if errors.Is(err, websocket.ErrCloseSent) || errors.As(err, new(net.Error)) {
		return nil
	}
	return err
}

// ponged takes a pong, asked for or not. It is called by the reader.
func (l *link) ponged() { l.control(0) }

// control counts a control frame of the peer and reports whether it was within
// the rate. It is called by the reader.
func (l *link) control(length int) bool {
	if l.pings == nil {
		l.pings = rate.NewLimiter(pingsPerSecond, pingBurst)
	}
	if !l.pings.Allow() {
		l.close(CloseFlood)
		return false
	}
	l.wire.allowed.repay(length)
	return true
}

// tellTooBig sends the close frame that gorilla leaves out for lengths beyond 63
// bits; where it was sent already, this is refused and changes nothing.
func (l *link) tellTooBig() {
	frame := websocket.FormatCloseMessage(CloseTooBig.Code, CloseTooBig.Reason)
	_ = l.session.WebsocketConnection().WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeFrameWait))
}
