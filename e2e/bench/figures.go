//go:build linux

package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/yodelrt/yodel/e2e/bench/load"
	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// figure is one thing that is measured.
type figure struct {
	name     string
	channels bool // only servers with channels have it
	measure  func(s *session) (map[string]float64, error)
}

// figures are all of them, in the order in which they are measured and printed.
// The names of their values are in metrics.
var figures = []figure{
	{"connect", false, connects},
	{"idle", false, idle},
	{"tls", false, idleOverTLS},
	{"lone", false, fanOuts("lone.cpu", 150, 1, 1)},
	{"outstanding", false, fanOuts("outstanding.cpu", 640, 64, 1)},
	{"burst", false, fanOuts("burst.cpu", 600, 100, 100)},
	{"client1", true, byClient("client1", 150, 1, 1)},
	{"client8", true, byClient("client8", 320, 8, 1)},
	{"client64", true, byClient("client64", 640, 64, 1)},
	{"clientburst", true, byClient("clientburst", 600, 100, 100)},
	{"latency", false, latency},
	{"echo1", false, echoes("echo1.cpu", 10_000, 1)},
	{"echo16", false, echoes("echo16.cpu", 40_000, 16)},
	{"history", true, history},
	{"crowd", false, crowded},
	{"grow", true, grow},
	{"repeats", true, repeats},
}

func findFigure(name string) (figure, bool) {
	i := slices.IndexFunc(figures, func(f figure) bool { return f.name == name })
	if i < 0 {
		return figure{}, false
	}
	return figures[i], true
}

const audience = 1000 // subscribers of a fan-out

// connects measures upgrades with a token, up to the protocol's answer to
// `connect`.
func connects(s *session) (map[string]float64, error) {
	if err := s.connect(100); err != nil { // code and pools are warm then
		return nil, err
	}
	count := s.o.some(2000) * s.o.work
	cookies := make([]string, count)
	for i := range cookies {
		var err error
		if cookies[i], err = peers.Cookie(s.users + i); err != nil {
			return nil, err
		}
	}
	s.users += count
	value, err := s.measured(count, func() error { return s.connectWith(cookies) })
	return map[string]float64{"connect.cpu": value}, err
}

// idle measures what a connection holds that has connected and subscribed.
func idle(s *session) (map[string]float64, error) {
	if err := s.gather(50); err != nil {
		return nil, err
	}
	empty, err := s.memory(s.ctx)
	if err != nil {
		return nil, err
	}
	count := s.o.some(5000)
	if _, err := s.measured(count, func() error { return s.gatherMore(count) }); err != nil {
		return nil, err
	}
	full, err := s.memory(s.ctx)
	if err != nil {
		return nil, err
	}
	return map[string]float64{
		"idle.memory": (full.pss - empty.pss) / float64(count),
		"idle.own":    (full.own - empty.own) / float64(count),
	}, nil
}

func (s *session) gatherMore(count int) error {
	had := len(s.crowd.Members())
	if err := s.connect(count); err != nil {
		return err
	}
	return s.subscribe(s.crowd.Members()[had:], func(int) string { return peers.History })
}

// fanOuts measures publications to a thousand subscribers.
func fanOuts(metric string, publications, outstanding, lot int) func(*session) (map[string]float64, error) {
	return func(s *session) (map[string]float64, error) {
		count, publications := s.o.some(audience), max(s.o.some(publications)*s.o.work, lot)
		if err := s.gather(count); err != nil {
			return nil, err
		}
		if err := s.fanOut(peers.History, count, max(publications/10, 10), outstanding, 1); err != nil {
			return nil, err
		}
		value, err := s.measured(publications*count, func() error {
			return s.fanOut(peers.History, count, publications, outstanding, lot)
		})
		return map[string]float64{metric: value}, err
	}
}

// latency measures how long deliveries take, from the moment at which the server
// is told to publish.
func latency(s *session) (map[string]float64, error) {
	count, publications := s.o.some(audience), s.o.some(150)*s.o.work
	if err := s.gather(count); err != nil {
		return nil, err
	}
	if err := s.fanOut(peers.History, count, 20, 1, 1); err != nil {
		return nil, err
	}
	first := s.crowd.Members()[0].Got()
	sent := make([]time.Time, publications)
	took := make([]time.Duration, 0, publications*count)
	s.crowd.Heard = func(m *load.Member, n int) {
		now := time.Now()
		for i := range n {
			took = append(took, now.Sub(sent[m.Got()-first+i]))
		}
	}
	const pause = time.Second / 20
	if _, err := s.measured(publications*count, func() error {
		next := time.Now()
		for i := range sent {
			if err := s.crowd.UntilTime(next); err != nil {
				return err
			}
			sent[i], next = time.Now(), next.Add(pause)
			if err := s.publish(peers.History, 1); err != nil {
				return err
			}
		}
		return s.crowd.Until(func() bool { return len(took) == cap(took) })
	}); err != nil {
		return nil, err
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))]) / float64(time.Millisecond)
	}
	return map[string]float64{"latency.p50": at(0.5), "latency.p99": at(0.99)}, nil
}

// echoes measures calls of one connection, so many of them under way.
func echoes(metric string, calls, outstanding int) func(*session) (map[string]float64, error) {
	return func(s *session) (map[string]float64, error) {
		if err := s.connect(1); err != nil {
			return nil, err
		}
		calls := s.o.some(calls) * s.o.work
		if err := s.echo(calls/10, outstanding); err != nil {
			return nil, err
		}
		value, err := s.measured(calls, func() error { return s.echo(calls, outstanding) })
		return map[string]float64{metric: value}, err
	}
}

func (s *session) echo(calls, outstanding int) error {
	member := s.crowd.Members()[0]
	base, sent := s.crowd.Delivered, 0
	var frames []byte
	for {
		done := s.crowd.Delivered - base
		if done == calls {
			return nil
		}
		frames = frames[:0]
		for ; sent < calls && sent-done < outstanding; sent++ {
			message := peers.Payload
			if s.kind.Protocol {
				s.ids++
				message = fmt.Sprintf(`{"id":%d,"rpc":{"method":"echo","data":%s}}`, s.ids+1, peers.Payload)
			}
			frames = load.AppendText(frames, message)
		}
		if err := member.Write(frames); err != nil {
			return err
		}
		if err := s.crowd.Until(func() bool { return s.crowd.Delivered-base > done }); err != nil {
			return err
		}
	}
}

// history measures what keeping a hundred publications adds to a fan-out, in
// turns with a channel that keeps none.
func history(s *session) (map[string]float64, error) {
	count := s.o.some(audience)
	if err := s.gather(count); err != nil {
		return nil, err
	}
	if err := s.subscribe(s.crowd.Members(), func(int) string { return peers.Bare }); err != nil {
		return nil, err
	}
	values := map[string]float64{}
	for _, mode := range []struct {
		metric                    string
		publications, outstanding int
	}{{"history.lone", 150, 1}, {"history.outstanding", 640, 64}} {
		var on, off float64
		publications := s.o.some(mode.publications) * s.o.work / 5
		for turn := range 6 {
			for channel, sum := range map[string]*float64{peers.History: &on, peers.Bare: &off} {
				cost, err := s.cost(publications*count, func() error { return s.fanOut(channel, count, publications, mode.outstanding, 1) })
				if err != nil {
					return nil, err
				}
				if turn > 0 { // the first is to get warm
					*sum += cost
				}
			}
		}
		values[mode.metric] = 100 * (on/off - 1)
	}
	return values, nil
}

// crowded measures ten thousand connections that get a message every half second.
func crowded(s *session) (map[string]float64, error) {
	count := s.o.some(10_000)
	if err := s.gather(count); err != nil {
		return nil, err
	}
	if err := s.fanOut(peers.History, count, 3, 1, 1); err != nil {
		return nil, err
	}
	const pause = time.Second / 2
	messages := 10 * s.o.work
	value, err := s.measured(messages*count, func() error {
		base, next := s.crowd.Delivered, time.Now()
		for range messages {
			if err := s.publish(peers.History, 1); err != nil {
				return err
			}
			next = next.Add(pause)
			if err := s.crowd.UntilTime(next); err != nil {
				return err
			}
		}
		return s.crowd.Until(func() bool { return s.crowd.Delivered-base == messages*count })
	})
	return map[string]float64{"crowd.cpu": value}, err
}

// grow measures a fan-out's cost per delivery with ten times the connections, and
// that of channels with ten subscribers each when there are a thousand of them.
func grow(s *session) (map[string]float64, error) {
	const members, perChannel = 1000, 10
	count := s.o.some(members)
	if err := s.gather(count); err != nil {
		return nil, err
	}
	lone := func(audience int) (float64, error) {
		publications := max(100_000/audience*s.o.work, 1)
		return s.cost(publications*audience, func() error { return s.fanOut(peers.History, audience, publications, 1, 1) })
	}
	if _, err := lone(count); err != nil { // to get warm
		return nil, err
	}
	few, err := lone(count)
	if err != nil {
		return nil, err
	}
	one, many, err := s.channels(count, perChannel)
	if err != nil {
		return nil, err
	}
	if err := s.gatherMore(9 * count); err != nil {
		return nil, err
	}
	crowd, err := lone(10 * count)
	if err != nil {
		return nil, err
	}
	return map[string]float64{"grow.connections": crowd / few, "grow.channels": many / one}, nil
}

// channels measures deliveries in one channel of so many subscribers, and in as
// many channels as there are connections.
func (s *session) channels(count, perChannel int) (one, many float64, err error) {
	members := s.crowd.Members()
	for shift := range perChannel { // the i-th is in the channels i, i+1, …
		if err := s.subscribe(members, func(i int) string { return fmt.Sprint(peers.Room, (i+shift)%count) }); err != nil {
			return 0, 0, err
		}
	}
	publications := s.o.some(5000) * s.o.work
	cost := func(channels int) (float64, error) {
		return s.cost(publications*perChannel, func() error {
			for i := range publications {
				if err := s.fanOut(fmt.Sprint(peers.Room, i%channels), perChannel, 1, 1, 1); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for range 2 { // the first is to get warm
		if one, err = cost(1); err != nil {
			return 0, 0, err
		}
		if many, err = cost(count); err != nil {
			return 0, 0, err
		}
	}
	return one, many, nil
}
