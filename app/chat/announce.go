package chat

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/app/chat/wire"
)

// Announce tells everybody something, those who come later as well.
func (s *Service) Announce(ctx context.Context, userID string, in wire.Announce) (out wire.Announcement, err error) {
	text, err := announceText.check(in.Text)
	if err != nil {
		return out, err
	}
	key, err := sendKey(in.Key)
	if err != nil {
		return out, err
	}
	err = s.change(ctx, userID, func(tx Tx, who Actor) error {
		if err := mayAnnounce(who); err != nil {
			return err
		}
		if err := s.limits.announcements.take(userID); err != nil {
			return err
		}
		id, err := newID()
		if err != nil {
			return err
		}
		out = wire.Announcement{ID: id, Author: who.Person, Text: text, SentAt: now()}
		first, err := tx.InsertAnnouncement(ctx, out, key)
		if err != nil {
			return err
		}
		if !first {
			out, err = tx.AnnouncementByKey(ctx, userID, key)
			return err
		}
		return tellAll(ctx, tx, wire.Announced{Announcement: out})
	})
	return out, err
}

// Latest returns the latest announcement, nil where there was none.
func (s *Service) Latest(ctx context.Context, userID string) (out *wire.Announcement, err error) {
	err = s.view(ctx, userID, func(tx Tx, _ Actor) error {
		found, err := tx.LatestAnnouncement(ctx)
		if errors.Is(err, ErrNone) {
			return nil
		}
		out = &found
		return err
	})
	return out, err
}
