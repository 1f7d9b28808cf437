package realtime

import (
	"context"
	"fmt"
	"slices"
)

// renewInfo asks the Refresh hook what others may know of the connection from now
// on, and has the presence of its channels tell it.
func (c *Conn) renewInfo(ctx context.Context) error {
	if c.hub.config.Refresh == nil {
		return nil
	}
	info, err := c.hub.config.Refresh(ctx, c)
	if err != nil {
		return err
	}
	if err := infoProblem("the info of Refresh", info); err != nil {
		return err
	}
	c.changing.Lock() // nobody leaves a channel meanwhile, and is present for good
	defer c.changing.Unlock()
	c.info.Store(&info)
	c.mu.Lock()
	subs := slices.Clone(c.subs)
	c.mu.Unlock()
	for _, s := range subs {
		if err := s.enterPresence(ctx); err != nil {
			return err
		}
	}
	return nil
}

// renewInfo gives a subscription the info of a new token, unless it has ended.
func (s *subscription) renewInfo(ctx context.Context, info []byte) error {
	if err := infoProblem("SubscriptionClaims.Info", info); err != nil {
		return err
	}
	c := s.conn
	c.changing.Lock()
	defer c.changing.Unlock()
	if c.subscription(s.channel.name) != s {
		return ErrPermissionDenied
	}
	s.info.Store(&info)
	return s.enterPresence(ctx)
}

// enterPresence tells the presence of a channel who is there, where it has one.
// Callers hold the connection's changing.
func (s *subscription) enterPresence(ctx context.Context) error {
	if !s.rule.options.Presence {
		return nil
	}
	if err := s.conn.hub.config.Engine.Presence.Enter(ctx, s.params.Channel, s.conn.ID(), s.publicInfo()); err != nil {
		return fmt.Errorf("enter the presence: %w", err)
	}
	return nil
}
