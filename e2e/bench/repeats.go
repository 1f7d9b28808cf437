//go:build linux

package main

import (
	"fmt"

	"github.com/yodelrt/yodel/e2e/bench/load"
	"github.com/yodelrt/yodel/e2e/bench/peers"
)

const repetitions = 100_000 // of each kind

// repeats measures how much more a server holds after one connection has done the
// same for a hundred thousand times.
func repeats(s *session) (map[string]float64, error) {
	token, err := peers.Token(s.users)
	if err != nil {
		return nil, err
	}
	if s.kind.Refreshes {
		s.crowd.Path = peers.Refreshing
	}
	if err := s.connect(1); err != nil {
		return nil, err
	}
	s.crowd.Refusals = true
	values := map[string]float64{}
	for _, kind := range []struct {
		metric   string
		commands func(i int) []string
		not      bool
	}{
		{"repeats.refresh", func(int) []string { return []string{fmt.Sprintf(`"refresh":{"token":%q}`, token)} }, !s.kind.Refreshes},
		{"repeats.names", subscribeAndLeave, false},
		{"repeats.refused", refusedCommand, false},
	} {
		if kind.not {
			continue
		}
		if values[kind.metric], err = s.grownBy(kind.commands); err != nil {
			return nil, fmt.Errorf("%s: %w", kind.metric, err)
		}
	}
	return values, nil
}

func subscribeAndLeave(i int) []string {
	channel := fmt.Sprint(peers.Room, i)
	return []string{fmt.Sprintf(`"subscribe":{"channel":%q}`, channel), fmt.Sprintf(`"unsubscribe":{"channel":%q}`, channel)}
}

// refusedCommand is one that every server answers with an error, and now and then
// one that is carried out: so many errors in a row are the end.
func refusedCommand(i int) []string {
	refused := fmt.Sprintf(`"history":{"channel":"nowhere%d","limit":1}`, i)
	if i%500 > 0 {
		return []string{refused}
	}
	return []string{refused, `"rpc":{"method":"echo","data":1}`}
}

// grownBy is how many kB of live objects a server has more after a connection has
// sent commands over and over. What the first hundredth of them leaves is not
// counted: buffers and pools are there then.
func (s *session) grownBy(commands func(i int) []string) (float64, error) {
	total := s.o.some(repetitions)
	if err := s.repeat(total, total+total/100, commands); err != nil {
		return 0, err
	}
	before, err := s.memory(s.ctx)
	if err != nil {
		return 0, err
	}
	if err := s.repeat(0, total, commands); err != nil {
		return 0, err
	}
	after, err := s.memory(s.ctx)
	return after.live - before.live, err
}

// repeat sends the commands of first to last, a few of them under way.
func (s *session) repeat(first, last int, commands func(i int) []string) error {
	const underWay = 32
	member := s.crowd.Members()[0]
	owed := member.Answers() // with what is under way
	for i := first; i < last; i++ {
		var frames []byte
		for _, command := range commands(i) {
			s.ids++
			owed++
			frames = load.AppendText(frames, fmt.Sprintf(`{"id":%d,%s}`, s.ids+1, command))
		}
		if err := member.Write(frames); err != nil {
			return err
		}
		if err := s.crowd.Until(func() bool { return owed-member.Answers() < underWay }); err != nil {
			return err
		}
	}
	return s.crowd.Until(func() bool { return member.Answers() == owed })
}
