package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// subscriber follows one room through whatever happens, and writes down what it
// sees.
type subscriber struct {
	who     *person
	room    string
	address string
	began   chan struct{} // closed when it first follows
	changed func()        // called after each thing it saw

	mu        sync.Mutex
	record    Record
	epoch     string
	offset    uint64
	number    int64          // the latest seen
	following bool           // it has been subscribed at least once
	sentAway  []time.Time    // when a node that ends told it so
	returns   int            // how often it was back
	trouble   map[string]int // why connections ended or were refused, counted
}

func newSubscriber(who *person, name, room, address string, changed func()) *subscriber {
	return &subscriber{
		who: who, room: room, address: address, began: make(chan struct{}), changed: changed,
		record: Record{Who: name, Room: room}, trouble: map[string]int{},
	}
}

// draining is the close code of a node that ends.
const draining websocket.StatusCode = 3001

const (
	leastWait = 200 * time.Millisecond // before another attempt
	mostWait  = 2 * time.Second
)

// run follows until ctx ends or the server does not want it back.
func (s *subscriber) run(ctx context.Context) {
	for attempt := 0; ctx.Err() == nil; attempt++ {
		if attempt > 0 {
			wait(ctx, leastWait+rand.N(min(mostWait, leastWait<<min(attempt, 10))))
		}
		lived, err := s.follow(ctx)
		if lived {
			attempt = 0
		}
		if code, over := final(err); over {
			s.end(fmt.Sprintf("closed with %d: %v", code, err))
			return
		}
		var refused refusal
		if errors.As(err, &refused) && (refused.code == 103 || refused.code == 101) {
			s.end(refused.Error())
			return
		}
		s.mu.Lock()
		if websocket.CloseStatus(err) == draining {
			s.sentAway = append(s.sentAway, time.Now())
		}
		s.trouble[kindOf(err)]++
		s.mu.Unlock()
	}
}

func wait(ctx context.Context, how time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(how):
	}
}

func (s *subscriber) end(why string) {
	s.mu.Lock()
	s.record.Ended = why
	s.mu.Unlock()
	s.changed()
}

// follow connects once and reads until the connection ends. It reports whether
// the server had let it follow.
func (s *subscriber) follow(ctx context.Context) (bool, error) {
	socket, err := s.who.dial(ctx, s.address)
	if err != nil {
		return false, err
	}
	defer socket.close()
	if err := s.subscribe(ctx, socket); err != nil {
		return false, err
	}
	for {
		next, err := socket.next(ctx)
		if err != nil {
			return true, err
		}
		if err := s.take(next); err != nil {
			return true, err
		}
	}
}

func (s *subscriber) channel() string { return "room:" + s.room }

func (s *subscriber) subscribe(ctx context.Context, socket *socket) error {
	ask := map[string]any{"channel": s.channel(), "recoverable": true, "positioned": true}
	s.mu.Lock()
	if s.following {
		ask["recover"], ask["epoch"], ask["offset"] = true, s.epoch, s.offset
	}
	s.mu.Unlock()
	timely, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	early := []reply{}
	answer, err := socket.ask(timely, map[string]any{"subscribe": ask}, func(r reply) { early = append(early, r) })
	if err != nil {
		return err
	}
	if answer.Subscribe == nil {
		return errors.New("an answer to something else")
	}
	for _, r := range early {
		if r.Push != nil && r.Push.Channel == s.channel() {
			return errors.New("a push of the channel came before the answer to subscribing")
		}
	}
	s.begin(*answer.Subscribe)
	return nil
}

// begin takes the answer to subscribing.
func (s *subscriber) begin(answer subscribed) {
	s.mu.Lock()
	switch {
	case !s.following:
		s.following, s.record.Began, s.offset = true, answer.Offset, answer.Offset
		close(s.began)
	case !answer.Recovered || answer.Epoch != s.epoch:
		s.record.Entries = append(s.record.Entries, Entry{Told: true, Offset: answer.Offset})
		s.offset = answer.Offset
		s.returns++
	default:
		s.returns++
	}
	s.epoch = answer.Epoch
	for _, one := range answer.Publications {
		s.see(one)
	}
	s.mu.Unlock()
	s.changed()
}

// take takes what the server pushes.
func (s *subscriber) take(next reply) error {
	switch {
	case next.Push == nil || next.Push.Channel != s.channel():
		return nil
	case next.Push.Unsubscribe != nil:
		return fmt.Errorf("unsubscribed with %d %s", next.Push.Unsubscribe.Code, next.Push.Unsubscribe.Reason)
	case next.Push.Pub == nil:
		return nil
	}
	s.mu.Lock()
	s.see(*next.Push.Pub)
	s.mu.Unlock()
	s.changed()
	return nil
}

// see writes a publication down, under the lock.
func (s *subscriber) see(one publication) {
	if one.Offset == 0 {
		return // the words of a message, whose notice follows and has a place
	}
	var event struct {
		Type   string `json:"type"`
		Number int64  `json:"number"`
	}
	number := int64(0) // what is no message has none
	if json.Unmarshal(one.Data, &event) == nil && event.Type == "message.notice" {
		number = event.Number
	}
	s.record.Entries = append(s.record.Entries, Entry{Number: number, Offset: one.Offset})
	s.offset = one.Offset
	s.number = max(s.number, number)
}

// seen is a copy of the record, and the latest number in it.
func (s *subscriber) seen() (Record, int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record := s.record
	record.Entries = slices.Clone(record.Entries)
	return record, s.number
}

// moved is when nodes that ended sent it away, and how often it was back.
func (s *subscriber) moved() (sentAway []time.Time, returns int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sentAway), s.returns
}

// troubles are why its connections ended or were refused, and how often.
func (s *subscriber) troubles() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.trouble)
}

var digits = regexp.MustCompile(`\b\d{4,}\b|0x[0-9a-f]+|\d+\.\d+\.\d+\.\d+:\d+`)

// kindOf is an error without what is different each time.
func kindOf(err error) string {
	if code := websocket.CloseStatus(err); code != -1 {
		return fmt.Sprintf("closed with %d", code)
	}
	return digits.ReplaceAllString(fmt.Sprint(err), "…")
}
