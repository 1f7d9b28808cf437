package peers

import (
	"sync"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"
	"github.com/lxzan/gws"
	"github.com/olahol/melody"
)

// subject is the user whom echo-jwt has let in.
func subject(c echo.Context) (string, error) {
	token, ok := c.Get("user").(*jwt.Token)
	if !ok {
		return "", echo.ErrUnauthorized
	}
	return token.Claims.GetSubject()
}

// bareMelody is melody and nothing else.
func bareMelody(s *site) (publish, error) {
	m := melody.New()
	m.HandleMessage(func(session *melody.Session, message []byte) { _ = session.Write(message) })
	s.guarded(func(c echo.Context) error { return m.HandleRequest(c.Response(), c.Request()) })
	payload := []byte(Payload)
	return func(string) error { return m.Broadcast(payload) }, nil
}

// everybody keeps gws's connections, as its own example does.
type everybody struct {
	gws.BuiltinEventHandler
	mu    sync.RWMutex
	conns map[*gws.Conn]struct{}
}

func (e *everybody) OnOpen(conn *gws.Conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.conns[conn] = struct{}{}
}

func (e *everybody) OnClose(conn *gws.Conn, _ error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.conns, conn)
}

func (e *everybody) OnPing(conn *gws.Conn, payload []byte) { _ = conn.WritePong(payload) }

func (e *everybody) OnMessage(conn *gws.Conn, message *gws.Message) {
	defer message.Close()
	_ = conn.WriteMessage(message.Opcode, message.Bytes())
}

// plainGws is gws and nothing else.
func plainGws(s *site) (publish, error) {
	all := &everybody{conns: map[*gws.Conn]struct{}{}}
	upgrader := gws.NewUpgrader(all, &gws.ServerOption{})
	s.guarded(func(c echo.Context) error {
		conn, err := upgrader.Upgrade(c.Response(), c.Request())
		if err != nil {
			return err
		}
		go conn.ReadLoop()
		return nil
	})
	payload := []byte(Payload)
	return func(string) error {
		broadcaster := gws.NewBroadcaster(gws.OpcodeText, payload)
		defer broadcaster.Close()
		all.mu.RLock()
		defer all.mu.RUnlock()
		for conn := range all.conns {
			_ = broadcaster.Broadcast(conn)
		}
		return nil
	}, nil
}
