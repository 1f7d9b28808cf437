package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"

	"github.com/yodelrt/yodel/realtime/engine"
)

// buckets are the key-value buckets of a deployment.
type buckets struct{ tickets, revocations, nodes jetstream.KeyValue }

// makeStreams makes what is missing and gives what is there these options.
func (e *Engine) makeStreams(ctx context.Context) (*buckets, error) {
	if err := e.makeChannels(ctx); err != nil {
		return nil, err
	}
	var made buckets
	for _, one := range []struct {
		name    string
		bucket  *jetstream.KeyValue
		storage jetstream.StorageType
		ttl     time.Duration
	}{
		{"tickets", &made.tickets, jetstream.FileStorage, e.options.TicketTTL},
		{"revocations", &made.revocations, jetstream.FileStorage, e.options.RevocationTTL},
		{"nodes", &made.nodes, jetstream.MemoryStorage, 5 * e.options.Heartbeat},
	} {
		var err error
		if *one.bucket, err = e.makeBucket(ctx, e.subjects.bucket(one.name), one.storage, one.ttl); err != nil {
			return nil, fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return &made, nil
}

// makeChannels makes the stream of publications: a subject for each channel,
// which the server bounds, and which it sends out again once it is stored.
func (e *Engine) makeChannels(ctx context.Context) error {
	maxBytes := e.options.MaxBytes
	orDefault(&maxBytes, -1)
	_, err := e.stream.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: e.subjects.channels(), Subjects: []string{e.subjects.stored(">"), e.subjects.once(">")},
		Storage: jetstream.FileStorage, Replicas: e.options.Replicas,
		MaxMsgsPerSubject: int64(e.options.MaxHistory) + 1, MaxBytes: maxBytes, MaxMsgs: -1, MaxConsumers: -1,
		Discard:    jetstream.DiscardNew, // a full stream refuses; it never forgets in silence
		Duplicates: engine.KeyLife, AllowMsgTTL: true, AllowDirect: true,
		AllowRollup: true, // a history is removed by a message that takes the place of all of its channel
		RePublish:   &jetstream.RePublish{Source: e.subjects.stored(">"), Destination: e.subjects.live(">")},
	})
	if err != nil {
		return fmt.Errorf("channels: %w", err)
	}
	return nil
}

// makeBucket makes a key-value bucket. Reads go to its leader, unlike those of
// buckets that the client library makes: a replica may not have the latest yet.
func (e *Engine) makeBucket(ctx context.Context, name string, storage jetstream.StorageType, ttl time.Duration) (jetstream.KeyValue, error) {
	_, err := e.stream.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: "KV_" + name, Subjects: []string{"$KV." + name + ".>"}, Storage: storage, Replicas: e.options.Replicas,
		MaxMsgsPerSubject: 1, MaxAge: ttl, MaxMsgs: -1, MaxBytes: -1, MaxConsumers: -1,
		AllowRollup: true, DenyDelete: true, Discard: jetstream.DiscardNew, Duplicates: min(2*time.Minute, ttl),
		AllowDirect: storage == jetstream.MemoryStorage,
	})
	if err != nil {
		return nil, err
	}
	return e.stream.KeyValue(ctx, name)
}

// stored is a message of a channel as the stream has it.
type stored struct {
	envelope
	seq uint64
	at  time.Time // when the server stored it
}

func (e *Engine) decodeStored(data []byte, seq uint64, at time.Time) (stored, error) {
	found, err := decodeEnvelope(data)
	if err == nil && found.epoch == "" {
		err = fmt.Errorf("%w: stored without an epoch", errEnvelope)
	}
	if err != nil {
		e.malformed(err)
	}
	return stored{found, seq, at}, err
}

func (e *Engine) malformed(err error) {
	e.counters.malformed.Add(1)
	e.log.Warn("a malformed message of the engine was dropped", "error", err)
}

// fetch asks the stream's leader for one message; a replica may not have the
// latest. False says that there is none.
func (e *Engine) fetch(ctx context.Context, request any) (stored, bool, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return stored{}, false, err
	}
	answer, err := e.conn.RequestWithContext(ctx, "$JS.API.STREAM.MSG.GET."+e.subjects.channels(), body)
	if err != nil {
		return stored{}, false, fmt.Errorf("read the stream: %w", err)
	}
	var response struct {
		Message *struct {
			Sequence uint64    `json:"seq"`
			Data     []byte    `json:"data"`
			Time     time.Time `json:"time"`
		} `json:"message"`
		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &response); err != nil {
		return stored{}, false, fmt.Errorf("read the stream: %w", err)
	}
	switch {
	case response.Error != nil && response.Error.ErrorCode == jetstream.JSErrCodeMessageNotFound:
		return stored{}, false, nil
	case response.Error != nil:
		return stored{}, false, fmt.Errorf("read the stream: %w", response.Error)
	case response.Message == nil:
		return stored{}, false, fmt.Errorf("read the stream: %w", errEnvelope)
	}
	found, err := e.decodeStored(response.Message.Data, response.Message.Sequence, response.Message.Time)
	return found, err == nil, err
}

// head is the latest message of a channel.
func (e *Engine) head(ctx context.Context, subject string) (stored, bool, error) {
	return e.fetch(ctx, map[string]string{"last_by_subj": subject})
}

// numbered is the message with that sequence number.
func (e *Engine) numbered(ctx context.Context, seq uint64) (stored, bool, error) {
	return e.fetch(ctx, map[string]uint64{"seq": seq})
}

// What one request asks for: messages, and bytes beyond which the server sends no
// more of them.
const (
	batch      = 1000
	batchBytes = 4 << 20
)

// between reads the messages of a channel from one sequence number to another,
// both inclusive. What a replica does not have yet is missing at the end.
func (e *Engine) between(ctx context.Context, subject string, from, to uint64) (found []stored, err error) {
	err = e.scan(ctx, subject, from, to, func(m stored) bool {
		found = append(found, m)
		return true
	})
	return found, err
}

// scan hands the messages of a channel from one sequence number to another to take,
// one after the other, until take wants no more. It has no more than one request's
// in memory.
func (e *Engine) scan(ctx context.Context, subject string, from, to uint64, take func(stored) bool) error {
	from = max(from, 1)
	for from <= to {
		messages, err := jetstreamext.GetBatch(ctx, e.stream, e.subjects.channels(), batch, jetstreamext.GetBatchSubject(subject),
			jetstreamext.GetBatchSeq(from), jetstreamext.GetBatchMaxBytes(batchBytes))
		if err != nil {
			return fmt.Errorf("read a history: %w", err)
		}
		rest := "0" // in the stream after the latest message
		for message, err := range messages {
			if errors.Is(err, jetstreamext.ErrNoMessages) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("read a history: %w", err)
			}
			from, rest = message.Sequence+1, message.Header.Get("Nats-Num-Pending")
			if message.Sequence > to {
				return nil // it came meanwhile
			}
			if one, err := e.decodeStored(message.Data, message.Sequence, message.Time); err == nil && !take(one) {
				return nil
			}
		}
		if rest == "0" {
			return nil
		}
	}
	return nil
}

// isConflict reports whether somebody else has written first.
func isConflict(err error) bool {
	var refused *jetstream.APIError
	if errors.As(err, &refused) {
		return refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant
	}
	return errors.Is(err, jetstream.ErrKeyExists)
}
