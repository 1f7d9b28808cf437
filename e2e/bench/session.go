//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/yodelrt/yodel/e2e/bench/load"
	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// session is one server at work on one figure.
type session struct {
	*process
	ctx   context.Context
	o     options
	crowd *load.Crowd
	users int                                   // cookies given out
	say   func(channel string, count int) error // publishes, and returns at once
	name  string
	ids   int // of commands
}

// open starts a server and an empty crowd for it.
func open(ctx context.Context, o options, kind peers.Kind, figure string) (*session, error) {
	p, err := start(ctx, kind)
	if err != nil {
		return nil, err
	}
	crowd, err := load.NewCrowd(p.address)
	if err != nil {
		p.stop()
		return nil, err
	}
	return &session{process: p, ctx: ctx, o: o, crowd: crowd, say: p.publish, name: figure}, nil
}

func (s *session) close() {
	s.crowd.Close()
	_ = s.lines.Close()
	s.stop()
}

// connect opens so many more connections, each another user's.
func (s *session) connect(count int) error {
	cookies := make([]string, count)
	for i := range cookies {
		var err error
		if cookies[i], err = peers.Cookie(s.users + i); err != nil {
			return err
		}
	}
	s.users += count
	return s.connectWith(cookies)
}

func (s *session) connectWith(cookies []string) error {
	hello := ""
	if s.kind.Protocol {
		hello = `{"id":1,"connect":{}}`
	}
	return s.crowd.Open(len(cookies), func(i int) string { return cookies[i] }, hello)
}

// subscribe subscribes connections to what channel says; servers without channels
// tell everybody everything.
func (s *session) subscribe(members []*load.Member, channel func(i int) string) error {
	if !s.kind.Protocol {
		return nil
	}
	s.ids++
	return s.crowd.Ask(members, func(i int) string {
		return fmt.Sprintf(`{"id":%d,"subscribe":{"channel":%q}}`, s.ids+1, channel(i))
	})
}

// gather connects a crowd and subscribes it to one channel.
func (s *session) gather(count int) error {
	if err := s.connect(count); err != nil {
		return err
	}
	return s.subscribe(s.crowd.Members(), func(int) string { return peers.History })
}

// cost is the server's CPU for one unit of work, in microseconds.
func (s *session) cost(units int, work func() error) (float64, error) {
	before, err := s.cpu()
	if err != nil {
		return 0, err
	}
	if err := work(); err != nil {
		return 0, err
	}
	after, err := s.cpu()
	return (after - before) / float64(units), err
}

// measured runs work with a profile of the hub, where one is wanted.
func (s *session) measured(units int, work func() error) (float64, error) {
	if s.o.profiles == "" || s.kind.Name != "hub" {
		return s.cost(units, work)
	}
	if _, err := s.post(s.ctx, "/profile/start"); err != nil {
		return 0, err
	}
	value, err := s.cost(units, work)
	if err != nil {
		return 0, err
	}
	profile, err := s.post(s.ctx, "/profile/stop")
	if err != nil {
		return 0, err
	}
	if err := s.keep("cpu", profile); err != nil {
		return 0, err
	}
	heap, err := s.ask(s.ctx, http.MethodGet, "/debug/pprof/heap?gc=1")
	if err != nil {
		return 0, err
	}
	return value, s.keep("heap", heap)
}

// keep writes a profile, the last round's in the end.
func (s *session) keep(what string, profile []byte) error {
	if err := os.MkdirAll(s.o.profiles, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.o.profiles, s.name+"-"+what+".pprof"), profile, 0o644)
}

// fanOut publishes and waits until everybody has everything, keeping so many
// publications under way, in lots of so many.
func (s *session) fanOut(channel string, audience, publications, outstanding, lot int) error {
	base := s.crowd.Delivered
	return s.keepUnderWay(publications, outstanding, lot,
		func() int { return (s.crowd.Delivered - base) / audience },
		func(count int) error { return s.say(channel, count) })
}

// keepUnderWay begins so many of something with start, in lots of so many, so that
// no more than outstanding are under way, until done says that all are done.
func (s *session) keepUnderWay(total, outstanding, lot int, done func() int, start func(count int) error) error {
	for begun := 0; ; {
		finished := done()
		if finished == total {
			return nil
		}
		if room := min(outstanding-(begun-finished), total-begun); room >= min(lot, total-begun) && room > 0 {
			if err := start(room); err != nil {
				return err
			}
			begun += room
		}
		if err := s.crowd.Until(func() bool { return done() > finished }); err != nil {
			return fmt.Errorf("after %d of %d: %w", done(), total, err)
		}
	}
}
