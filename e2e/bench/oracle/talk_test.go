package oracle_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/centrifugal/protocol"
	"github.com/coder/websocket"
)

// speaker is one client. What it hears is kept as JSON in both encodings, with ids
// and epochs left out.
type speaker struct {
	ctx      context.Context
	conn     *websocket.Conn
	protobuf bool

	mu    sync.Mutex
	more  *sync.Cond
	heard []string
	over  bool
}

func speak(t *testing.T, server *httptest.Server, query string, protobuf bool) *speaker {
	t.Helper()
	options := &websocket.DialOptions{}
	if protobuf {
		options.Subprotocols = []string{"centrifuge-protobuf"}
	}
	conn, _, err := websocket.Dial(t.Context(), server.URL+"/?"+query, options)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(-1)
	s := &speaker{ctx: t.Context(), conn: conn, protobuf: protobuf}
	s.more = sync.NewCond(&s.mu)
	go s.listen()
	return s
}

// say sends a frame of JSON, translated where the connection speaks protobuf. One
// that is not JSON is sent as it is.
func (s *speaker) say(frame string) {
	kind := websocket.MessageText
	if s.protobuf {
		kind, frame = websocket.MessageBinary, translate(frame)
	}
	_ = s.conn.Write(s.ctx, kind, []byte(frame)) // a server that has hung up is heard of
}

func translate(frame string) string {
	decoder := protocol.GetCommandDecoder(protocol.TypeJSON, []byte(frame))
	defer protocol.PutCommandDecoder(protocol.TypeJSON, decoder)
	var out []byte
	for {
		command, err := decoder.Decode()
		if command == nil || (err != nil && !errors.Is(err, io.EOF)) {
			return frame
		}
		body, encodeErr := protocol.NewProtobufCommandEncoder().Encode(command)
		if encodeErr != nil {
			return frame
		}
		out = append(out, body...)
		if err != nil {
			return string(out)
		}
	}
}

func (s *speaker) listen() {
	for {
		_, data, err := s.conn.Read(s.ctx)
		if err != nil {
			s.hear(true, ending(err))
			return
		}
		s.hear(false, s.lines(data)...)
	}
}

func ending(err error) string {
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		return fmt.Sprintf("close %d %s", closed.Code, closed.Reason)
	}
	return "cut"
}

func (s *speaker) hear(over bool, lines ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard, s.over = append(s.heard, lines...), s.over || over
	s.more.Broadcast()
}

var (
	unstable = regexp.MustCompile(`"(client|epoch|version|node|session)":"[^"]*",?|"time":[0-9]+,?`)
	byClient = regexp.MustCompile(`"presence":\{"presence":\{.*`)
	ttl      = regexp.MustCompile(`"ttl":[0-9]+`)
	comma    = regexp.MustCompile(`,(\})`)
)

// lines are the replies of a frame.
func (s *speaker) lines(data []byte) (lines []string) {
	if s.protobuf {
		data = untranslate(data)
	}
	for line := range strings.Lines(string(data)) {
		line = unstable.ReplaceAllString(strings.TrimSpace(line), "")
		line = byClient.ReplaceAllStringFunc(line, func(all string) string {
			return fmt.Sprintf("presence of %d", strings.Count(all, `"user":`)) // a map, by ids that differ
		})
		line = ttl.ReplaceAllStringFunc(line, func(all string) string {
			seconds, _ := strconv.Atoi(strings.TrimPrefix(all, `"ttl":`))
			return fmt.Sprintf(`"ttl":%d`, (seconds+4)/5*5) // a second may have passed
		})
		lines = append(lines, comma.ReplaceAllString(line, "$1"))
	}
	return lines
}

func untranslate(data []byte) (out []byte) {
	decoder := protocol.NewProtobufReplyDecoder(data)
	for {
		reply, err := decoder.Decode()
		if reply != nil {
			line, encodeErr := protocol.DefaultJsonReplyEncoder.Encode(reply)
			line = bytes.Replace(line, []byte(`"publications":null`), []byte(`"publications":[]`), 1) // protobuf tells no difference
			if encodeErr != nil {
				return append(out, encodeErr.Error()...)
			}
			out = append(append(out, line...), '\n')
		}
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			return append(out, err.Error()...)
		}
	}
}

// wait waits until what was heard fits, the connection is over, or patience ends,
// which is a failure that the comparison shows.
func (s *speaker) wait(fits func(heard []string) bool) {
	ctx, stop := context.WithTimeout(s.ctx, 10*time.Second)
	defer stop()
	defer context.AfterFunc(ctx, s.more.Broadcast)()
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.over && ctx.Err() == nil && !fits(s.heard) {
		s.more.Wait()
	}
}

const fenceID = 9000

// fence waits until everything that was said is answered.
func (s *speaker) fence(n int) {
	id := fmt.Sprintf(`{"id":%d,`, fenceID+n)
	s.say(fmt.Sprintf(`{"id":%d,"rpc":{"method":"end"}}`, fenceID+n))
	s.wait(func(heard []string) bool {
		return slices.ContainsFunc(heard, func(line string) bool { return strings.HasPrefix(line, id) })
	})
}

// story is what one client heard: in order, but for joins and leaves, which the
// reference sends from goroutines of their own, and for answers to publications that
// are under way together. There each answer follows its own publication. Here
// publications that wait share a frame, and their answers follow all of them.
func (s *speaker) story() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return tell(s.heard)
}

func tell(heard []string) []string {
	var told, comings []string
	for _, line := range heard {
		switch {
		case isFence(line):
		case strings.Contains(line, `"join":{`), strings.Contains(line, `"leave":{`):
			comings = append(comings, line)
		default:
			told = append(told, line)
		}
	}
	slices.SortFunc(comings, cmp.Compare)
	return append(answersLast(told), comings...)
}

// answersLast puts the answers of each row of publications and their answers behind
// the publications.
func answersLast(told []string) []string {
	var ordered, answers []string
	for _, line := range told {
		switch {
		case strings.Contains(line, `"publish":{}`):
			answers = append(answers, line)
			continue
		case !strings.Contains(line, `"pub":{`):
			ordered, answers = append(ordered, answers...), nil
		}
		ordered = append(ordered, line)
	}
	return append(ordered, answers...)
}

func isFence(line string) bool {
	var id int
	_, err := fmt.Sscanf(line, `{"id":%d,`, &id)
	return err == nil && id >= fenceID
}
