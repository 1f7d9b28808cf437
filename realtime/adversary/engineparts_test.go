package adversary_test

import (
	"context"
	"errors"
)

type brokerOf struct{ *engine }

func (e brokerOf) Publish(ctx context.Context, channel string, p publication, o publishOptions) (position, error) {
	failed := e.call(ctx, "publish")
	e.announced(channel, p, failed)
	if failed != nil && (p.Kind != published || !e.doneAllTheSame(failed)) {
		return position{}, failed
	}
	at, err := e.broker.Publish(ctx, channel, p, o)
	if err == nil {
		e.truth.learn(channel, p, at, false)
	} else {
		e.truth.unsure(channel)
	}
	return at, errors.Join(failed, err)
}

// doneAllTheSame is true for every other failure: an error of Publish means that
// it may or may not have been stored.
func (e *engine) doneAllTheSame(err error) bool {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.flip = !e.flip
	return e.flip && errors.Is(err, errEngine)
}

// announced holds joins and leaves against each other: one leave for each join.
func (e *engine) announced(channel string, p publication, err error) {
	if p.Kind == published {
		return
	}
	client := p.Info.Client
	e.lock.Lock()
	defer e.lock.Unlock()
	if errors.Is(err, errEngine) {
		e.vague[channel+" "+client] = true
	}
	if err != nil || e.vague[channel+" "+client] {
		return
	}
	if e.joins[channel] == nil {
		e.joins[channel] = map[string]int{}
	}
	if p.Kind == joined {
		e.joins[channel][client]++
	} else {
		e.joins[channel][client]--
	}
	if n := e.joins[channel][client]; n < 0 || n > 1 {
		e.broken("join-leave", "the hub has announced %d joins more than leaves of %s in %s", n, client, channel)
	}
}

func (e brokerOf) Subscribe(ctx context.Context, channel string, deliver func(publication)) error {
	if err := e.call(ctx, "subscribe"); err != nil {
		return err
	}
	e.lock.Lock()
	again := e.subs[channel] && !e.excused[channel]
	e.subs[channel], e.excused[channel] = true, false
	e.lock.Unlock()
	if again {
		e.broken("engine", "the hub has subscribed to %s twice", channel)
	}
	err := e.broker.Subscribe(ctx, channel, func(p publication) { e.handed(channel, p, deliver) })
	if err != nil {
		e.lock.Lock()
		delete(e.subs, channel)
		e.lock.Unlock()
	}
	return err
}

// handed hands a publication to the hub, unless it is to be lost.
func (e *engine) handed(channel string, p publication, deliver func(publication)) {
	e.lock.Lock()
	lost := e.loses > 0 && p.Kind == published && p.Offset > 0
	if lost {
		e.loses--
	}
	e.lock.Unlock()
	if lost {
		e.truth.loses(channel)
		e.world.mu.Lock()
		e.losses++
		e.world.mu.Unlock()
		return
	}
	e.truth.learn(channel, p, position{Epoch: p.Epoch, Offset: p.Offset}, true)
	deliver(p)
}

func (e brokerOf) Unsubscribe(ctx context.Context, channel string) error {
	if err := e.call(ctx, "unsubscribe"); err != nil {
		e.lock.Lock()
		e.excused[channel] = e.excused[channel] || errors.Is(err, errEngine)
		e.lock.Unlock()
		return err
	}
	err := e.broker.Unsubscribe(ctx, channel)
	e.lock.Lock()
	defer e.lock.Unlock()
	if err == nil {
		delete(e.subs, channel)
	}
	return err
}

func (e brokerOf) History(ctx context.Context, channel string, q historyQuery) (history, error) {
	if err := e.call(ctx, "history"); err != nil {
		return history{}, err
	}
	return e.broker.History(ctx, channel, q)
}

type presenceOf struct{ *engine }

func (e presenceOf) Enter(ctx context.Context, channel, client string, info clientInfo) error {
	if err := e.call(ctx, "enter"); err != nil {
		return err
	}
	err := e.presence.Enter(ctx, channel, client, info)
	e.lock.Lock()
	defer e.lock.Unlock()
	if err == nil {
		if e.present[channel] == nil {
			e.present[channel] = map[string]bool{}
		}
		e.present[channel][client] = true
		delete(e.excused, channel+" "+client)
	}
	return err
}

func (e presenceOf) Leave(ctx context.Context, channel, client string) error {
	if err := e.call(ctx, "leave"); err != nil {
		e.lock.Lock()
		e.excused[channel+" "+client] = errors.Is(err, errEngine)
		e.lock.Unlock()
		return err
	}
	err := e.presence.Leave(ctx, channel, client)
	e.lock.Lock()
	defer e.lock.Unlock()
	if err == nil {
		delete(e.present[channel], client)
		delete(e.excused, channel+" "+client)
	}
	return err
}

func (e presenceOf) Present(ctx context.Context, channel string, limit int) (map[string]clientInfo, error) {
	if err := e.call(ctx, "present"); err != nil {
		return nil, err
	}
	return e.presence.Present(ctx, channel, limit)
}

// Stats counts who is in a channel.
func (e presenceOf) Stats(ctx context.Context, channel string) (presenceStats, error) {
	if err := e.call(ctx, "present"); err != nil {
		return presenceStats{}, err
	}
	return e.presence.Stats(ctx, channel)
}
