package nats

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/yodelrt/yodel/realtime/engine"
)

// Exported for the fuzz tests.
var (
	EncodeChannel = encodeChannel
	DecodeChannel = decodeChannel
)

// Envelope encodes a publication as it lies in the stream.
func Envelope(p engine.Publication, history int) []byte {
	return envelope{kind: publication, epoch: p.Epoch, publication: p, history: history}.encode()
}

// DecodeEnvelope reads a message of the stream and writes it again.
func DecodeEnvelope(b []byte) (p engine.Publication, again []byte, err error) {
	e, err := decodeEnvelope(b)
	return e.publication, e.encode(), err
}

// OpenControl reads a control message of another node.
func OpenControl(secret, message []byte) error {
	_, _, err := newProof(secret, "00000000000000000000000000").open(message, time.Now())
	return err
}

// Stored is how many messages of a channel the stream has, -1 where that is unknown.
func Stored(ctx context.Context, e *Engine, channel string) int {
	token, err := encodeChannel(channel)
	if err != nil {
		return -1
	}
	stream, err := e.stream.Stream(ctx, e.subjects.channels())
	if err != nil {
		return -1
	}
	subject := e.subjects.stored(token)
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(subject))
	if err != nil {
		return -1
	}
	return int(info.State.Subjects[subject])
}

// HistoryInTwo finds the latest publication of a channel, and returns what reads
// the history below it.
func HistoryInTwo(ctx context.Context, e *Engine, channel string) func() error {
	l, err := e.broker.line(channel)
	if err != nil {
		return func() error { return err }
	}
	head, err := e.broker.position(ctx, l, 0)
	return func() error {
		if err != nil {
			return err
		}
		_, _, err := e.broker.read(ctx, l, head, engine.HistoryQuery{Limit: -1})
		return err
	}
}

// Moved reports whether a history must be asked for again.
func Moved(err error) bool { return errors.Is(err, errMoved) }
