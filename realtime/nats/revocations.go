package nats

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// revocations is a bucket of sign-outs, each under its selector. Nodes watch it:
// a node that was cut off watches anew and is told of all that are kept.
type revocations struct {
	engine *Engine
	bucket jetstream.KeyValue
	ttl    time.Duration
	proof  *proof
	again  chan struct{} // holds one: the connection was made again
}

func newRevocations(e *Engine, bucket jetstream.KeyValue) *revocations {
	return &revocations{engine: e, bucket: bucket, ttl: e.options.RevocationTTL, proof: e.control.proof, again: make(chan struct{}, 1)}
}

// watchAgain has everything told again, without waiting until the watch finds
// out by itself that its connection was another.
func (r *revocations) watchAgain() {
	select {
	case r.again <- struct{}{}:
	default: // it will be
	}
}

// record is a revocation as it is kept.
type record struct {
	By     cluster.Selector `json:"by"`
	Code   int              `json:"code"`
	Reason string           `json:"reason"`
	Flush  bool             `json:"flush,omitempty"`
	At     time.Time        `json:"at"`
}

// keyOf is where a selector's revocation lies. Ids are the application's and may
// hold any byte, so it is their hash.
func keyOf(by cluster.Selector) (string, error) {
	text, err := by.MarshalText()
	if err != nil {
		return "", fmt.Errorf("revoke: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Revoke implements cluster.Revocations.
func (r *revocations) Revoke(ctx context.Context, made cluster.Revocation) error {
	ctx, cancel := r.engine.bounded(ctx)
	defer cancel()
	key, err := keyOf(made.By)
	if err != nil {
		return err
	}
	value, err := json.Marshal(record{made.By, made.Code, made.Reason, made.Flush, made.At})
	if err != nil {
		return fmt.Errorf("revoke: %w", err)
	}
	if _, err := r.bucket.Put(ctx, key, r.proof.sealRecord(key, value)); err != nil {
		return fmt.Errorf("revoke: %w", err)
	}
	return nil
}

// Follow implements cluster.Revocations.
func (r *revocations) Follow(ctx context.Context, take func(cluster.Revocation)) (func(), error) {
	following, stop := context.WithCancel(context.Background())
	watch, err := r.watch(ctx, following, take)
	if err != nil {
		stop()
		return nil, err
	}
	done := make(chan struct{})
	r.engine.spawn.Go(nil, func() {
		defer close(done)
		r.follow(following, watch, take)
	})
	return func() { stop(); <-done }, nil
}

var errWatch = errors.New("the watch on revocations has ended")

// watch begins to watch and takes what is kept.
func (r *revocations) watch(ctx, following context.Context, take func(cluster.Revocation)) (jetstream.KeyWatcher, error) {
	watch, err := r.bucket.WatchAll(following)
	if err != nil {
		return nil, fmt.Errorf("watch revocations: %w", err)
	}
	for {
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), watch.Stop())
		case entry, open := <-watch.Updates():
			if !open {
				return nil, errWatch
			}
			if entry == nil {
				return watch, nil // that was all
			}
			r.take(entry, take)
		}
	}
}

// follow takes what comes, and watches again from the beginning when a watch or
// the connection has ended: to hear of a revocation twice does no harm.
func (r *revocations) follow(ctx context.Context, watch jetstream.KeyWatcher, take func(cluster.Revocation)) {
	for {
		select {
		case <-ctx.Done():
			_ = watch.Stop() // fails only where the connection has ended
			return
		case <-r.again:
			_ = watch.Stop() // its connection has ended
		case entry, open := <-watch.Updates():
			if open {
				if entry != nil {
					r.take(entry, take)
				}
				continue
			}
		}
		var err error
		watch, err = patiently(ctx, func() (jetstream.KeyWatcher, error) {
			bounded, cancel := r.engine.bounded(ctx)
			defer cancel()
			return r.watch(bounded, ctx, take)
		})
		if err != nil {
			return // ctx has ended
		}
	}
}

func (r *revocations) take(entry jetstream.KeyValueEntry, take func(cluster.Revocation)) {
	if entry.Operation() != jetstream.KeyValuePut {
		return
	}
	var kept record
	value, err := r.proof.openRecord(entry.Key(), entry.Value())
	if err == nil {
		err = json.Unmarshal(value, &kept)
	}
	if err != nil {
		r.engine.counters.forged.Add(1)
		r.engine.log.Warn("a revocation was ignored", "bytes", len(entry.Value()), "error", err)
		return
	}
	take(cluster.Revocation{
		By: kept.By, Code: kept.Code, Reason: kept.Reason, Flush: kept.Flush, At: kept.At, Until: entry.Created().Add(r.ttl),
	})
}
