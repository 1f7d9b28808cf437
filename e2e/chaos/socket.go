package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// reply is one line from the server: an answer or a push, in Centrifugo's client
// protocol.
type reply struct {
	ID    uint32 `json:"id"`
	Error *struct {
		Code    uint32 `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
	Connect *struct {
		Ping int `json:"ping"`
	} `json:"connect"`
	Subscribe *subscribed `json:"subscribe"`
	RPC       *struct {
		Data json.RawMessage `json:"data"`
	} `json:"rpc"`
	Push *struct {
		Channel     string       `json:"channel"`
		Pub         *publication `json:"pub"`
		Unsubscribe *struct {
			Code   uint32 `json:"code"`
			Reason string `json:"reason"`
		} `json:"unsubscribe"`
	} `json:"push"`
}

type subscribed struct {
	Epoch         string        `json:"epoch"`
	Offset        uint64        `json:"offset"`
	WasRecovering bool          `json:"was_recovering"`
	Recovered     bool          `json:"recovered"`
	Publications  []publication `json:"publications"`
}

type publication struct {
	Offset uint64          `json:"offset"`
	Data   json.RawMessage `json:"data"`
}

// socket is one connection that speaks the protocol. It is used by one goroutine.
type socket struct {
	conn    *websocket.Conn
	silence time.Duration // after which the server is given up
	lastID  uint32
	waiting []reply
}

const (
	answerTime = 10 * time.Second
	frameLimit = 8 << 20 // bytes
)

// dial opens a socket as a person, with the cookie that their login gave them.
func dial(ctx context.Context, client *http.Client, address, origin, cookie string) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	conn, response, err := websocket.Dial(ctx, strings.Replace(address, "https://", "wss://", 1)+"/ws", &websocket.DialOptions{
		HTTPClient: client, HTTPHeader: http.Header{"Cookie": {cookie}, "Origin": {origin}},
	})
	if err != nil {
		if response != nil {
			return nil, &notOpened{response.StatusCode, err}
		}
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	conn.SetReadLimit(frameLimit)
	s := &socket{conn: conn, silence: answerTime}
	answer, err := s.ask(ctx, map[string]any{"connect": map[string]any{}}, nil)
	if err != nil {
		return nil, errors.Join(err, conn.CloseNow())
	}
	if answer.Connect != nil && answer.Connect.Ping > 0 {
		s.silence = time.Duration(answer.Connect.Ping)*time.Second + answerTime
	}
	return s, nil
}

// notOpened is an upgrade that was answered with something else.
type notOpened struct {
	status int
	err    error
}

func (n *notOpened) Error() string { return fmt.Sprintf("open a socket: %d: %v", n.status, n.err) }

func (n *notOpened) Unwrap() error { return n.err }

// statusOf is the status that an upgrade was answered with; zero: none.
func statusOf(err error) int {
	var answered *notOpened
	if errors.As(err, &answered) {
		return answered.status
	}
	return 0
}

// refusal is an error that the server answered.
type refusal struct {
	code    uint32
	message string
}

func (r refusal) Error() string { return fmt.Sprintf("%d %s", r.code, r.message) }

// ask sends a command and waits for its answer; pushes that come before go to
// take.
func (s *socket) ask(ctx context.Context, command map[string]any, take func(reply)) (reply, error) {
	s.lastID++
	command["id"] = s.lastID
	data, err := json.Marshal(command)
	if err != nil {
		return reply{}, err
	}
	if err := s.conn.Write(ctx, websocket.MessageText, data); err != nil {
		return reply{}, fmt.Errorf("send a command: %w", err)
	}
	for {
		next, err := s.next(ctx)
		switch {
		case err != nil:
			return reply{}, err
		case next.ID == s.lastID && next.Error != nil:
			return next, refusal{next.Error.Code, next.Error.Message}
		case next.ID == s.lastID:
			return next, nil
		case take != nil:
			take(next)
		}
	}
}

// next is the next answer or push. Pings are answered on the way.
func (s *socket) next(ctx context.Context) (reply, error) {
	for len(s.waiting) == 0 {
		timely, cancel := context.WithTimeout(ctx, s.silence)
		_, frame, err := s.conn.Read(timely)
		cancel()
		if err != nil {
			return reply{}, fmt.Errorf("read: %w", err)
		}
		for line := range bytes.SplitSeq(frame, []byte("\n")) {
			if line = bytes.TrimSpace(line); len(line) == 0 {
				continue
			}
			if string(line) == "{}" {
				if err := s.conn.Write(ctx, websocket.MessageText, []byte("{}")); err != nil {
					return reply{}, fmt.Errorf("answer a ping: %w", err)
				}
				continue
			}
			var one reply
			if err := json.Unmarshal(line, &one); err != nil {
				return reply{}, fmt.Errorf("read a reply: %w", err)
			}
			s.waiting = append(s.waiting, one)
		}
	}
	first := s.waiting[0]
	s.waiting = s.waiting[1:]
	return first, nil
}

func (s *socket) close() { _ = s.conn.CloseNow() } // nobody is interested any more

// final reports whether a close code tells a client not to come back.
func final(err error) (websocket.StatusCode, bool) {
	code := websocket.CloseStatus(err)
	return code, (code >= 3500 && code < 4000) || (code >= 4500 && code < 5000)
}
