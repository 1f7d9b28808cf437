//go:build linux

package main

import (
	"fmt"

	"github.com/yodelrt/yodel/e2e/bench/load"
	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// byClient measures publications of one client to a thousand others. One is under
// way until it is answered and everybody has it.
func byClient(name string, publications, outstanding, lot int) func(*session) (map[string]float64, error) {
	return func(s *session) (map[string]float64, error) {
		count, publications := s.o.some(audience), max(s.o.some(publications)*s.o.work, lot)
		if err := s.gather(count); err != nil {
			return nil, err
		}
		if err := s.connect(1); err != nil {
			return nil, err
		}
		if err := s.clientFanOut(peers.History, count, max(publications/10, 10), outstanding, 1); err != nil {
			return nil, err
		}
		delivered, frames := s.crowd.Delivered, s.crowd.Frames
		value, err := s.measured(publications*count, func() error {
			return s.clientFanOut(peers.History, count, publications, outstanding, lot)
		})
		if err != nil {
			return nil, err
		}
		return map[string]float64{
			name + ".cpu":    value,
			name + ".joined": float64(s.crowd.Delivered-delivered) / float64(s.crowd.Frames-frames),
		}, nil
	}
}

// clientFanOut is fanOut by the connection that was opened last, which is not one
// of the audience. It sends a frame for each publication.
func (s *session) clientFanOut(channel string, audience, publications, outstanding, lot int) error {
	publisher := s.crowd.Members()[len(s.crowd.Members())-1]
	delivered, answers := s.crowd.Delivered, publisher.Answers()
	return s.keepUnderWay(publications, outstanding, lot,
		func() int {
			return min((s.crowd.Delivered-delivered)/audience, publisher.Answers()-answers)
		},
		func(count int) error {
			var frames []byte
			for range count {
				s.ids++
				frames = load.AppendText(frames, fmt.Sprintf(`{"id":%d,"publish":{"channel":%q,"data":%s}}`, s.ids+1, channel, peers.Payload))
			}
			return publisher.Write(frames)
		})
}
