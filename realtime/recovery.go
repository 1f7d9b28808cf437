package realtime

import (
	"context"
	"errors"
	"strings"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/observe"
)

// publicationBytes is what a publication takes beside what its publisher has
// chosen, so that many small ones are bounded as well.
const publicationBytes = 64

// unrecoveredFlag is the bit of a subscribe's flag that asks for an error in
// place of a subscription that could not be recovered.
const unrecoveredFlag = 2

// position reads where the stream is, after the subscription has begun to
// collect: whatever comes later has a higher offset. What it recovers is at most
// left bytes, and is taken from them.
func (c *Conn) position(ctx context.Context, s *subscription, in *protocol.SubscribeRequest, left *int) (*protocol.SubscribeResult, error) {
	result := &protocol.SubscribeResult{WasRecovering: in.Recover}
	options := &s.rule.options
	if options.History == 0 {
		return result, nil
	}
	query := HistoryQuery{TTL: options.HistoryTTL}
	if in.Recover && options.Recover {
		query.Since = &Position{Epoch: strings.Clone(in.Epoch), Offset: in.Offset}
		query.Limit, query.MaxBytes = *left/publicationBytes, *left // 0: the position alone
	}
	kept, err := c.hub.config.Engine.Broker.History(ctx, s.channel.name, query)
	if err != nil && !errors.Is(err, ErrUnrecoverable) {
		return nil, err
	}
	s.position = kept.Top
	result.Recoverable, result.Positioned = options.Recover, options.Recover || options.Positioned
	result.Epoch, result.Offset = kept.Top.Epoch, kept.Top.Offset
	if !in.Recover {
		return result, nil
	}
	size := 0
	for i := range kept.Publications {
		size += kept.Publications[i].Size() + publicationBytes
	}
	if query.Since != nil && err == nil && complete(kept, in.Offset) && size <= *left {
		result.Publications, err = c.wireAll(kept.Publications)
		result.Recovered = err == nil // else one of them can't be told
	}
	if query.Since != nil && err == nil && in.Offset < kept.Top.Offset && (query.Limit == 0 || kept.More || size > *left) {
		c.hub.refused(observe.LimitRecoveryBytes)
	}
	switch {
	case result.Recovered:
		*left -= size
		result.Offset = in.Offset
	case in.Flag&unrecoveredFlag != 0:
		return nil, ErrUnrecoverable
	}
	return result, nil
}

// complete reports whether a history has everything after an offset. One that was
// cut has not.
func complete(kept History, after uint64) bool {
	if after > kept.Top.Offset {
		return false
	}
	return uint64(len(kept.Publications)) == kept.Top.Offset-after
}
