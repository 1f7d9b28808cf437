// Package chat is the team chat: rooms, who is in them, what they say to each
// other and how far they have read. It knows neither HTTP nor sockets nor SQL:
// package live offers it over the socket, package rest over HTTP, and a [Store]
// keeps it.
//
// Every change is one transaction. In it the person is read afresh, the room is
// locked, access.go decides, and what is to be told is written into the outbox
// beside the change itself; the [Relay] publishes it in that order once the
// transaction stands. So a crash in between loses nothing, and whoever was
// removed from a room hears nothing that came later.
//
// Errors that a person may read are *refusal.Error; all others are failures.
package chat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// Service does what people ask of the chat. Its methods take the id of who asks,
// which the caller has authenticated. Safe for concurrent use.
type Service struct {
	store  Store
	relay  *Relay
	limits *limits
}

// Options of a chat. The zero value takes the defaults.
type Options struct {
	// MessagesPer10s is how many messages one person may send at once, and again
	// in each ten seconds that follow. 0 means 20.
	MessagesPer10s int
}

// New returns a chat kept in a store, whose events go out through a relay.
func New(store Store, relay *Relay, options Options) *Service {
	return &Service{store: store, relay: relay, limits: newLimits(cmp.Or(options.MessagesPer10s, 20))}
}

// Refused returns how often each limit against floods has refused, by its name.
func (s *Service) Refused() map[string]uint64 { return s.limits.refused() }

// change carries work out as a whole, for somebody who may sign in, and wakes
// the relay.
func (s *Service) change(ctx context.Context, userID string, work func(tx Tx, who Actor) error) error {
	return s.commit(ctx, func(tx Tx) error {
		who, err := actor(ctx, tx, userID)
		if err != nil {
			return err
		}
		return work(tx, who)
	})
}

func (s *Service) commit(ctx context.Context, work func(tx Tx) error) error {
	err := s.store.Change(ctx, work)
	if err == nil {
		s.relay.Wake()
	}
	return err
}

func (s *Service) view(ctx context.Context, userID string, work func(tx Tx, who Actor) error) error {
	return s.store.View(ctx, func(tx Tx) error {
		who, err := actor(ctx, tx, userID)
		if err != nil {
			return err
		}
		return work(tx, who)
	})
}

func actor(ctx context.Context, tx Tx, userID string) (Actor, error) {
	who, err := tx.PersonByID(ctx, userID)
	if errors.Is(err, ErrNone) || (err == nil && who.Disabled) {
		return Actor{}, refusal.Forbidden.Plain()
	}
	return who, err
}

// visit is one person's work in one room.
type visit struct {
	tx   Tx
	who  Actor
	room wire.Room
	seat *Seat // nil: not a member
	was  wire.Room
	// blockers are those who have blocked the other in a direct room, read for who
	// wants to speak there.
	blockers []string
}

// enter finds the room and decides whether the person may do that there. In a
// change it waits for the room first, and reads the person as they are then.
func enter(ctx context.Context, tx Tx, userID, roomID string, what action) (*visit, error) {
	if !isID(roomID) {
		return nil, refusal.NoRoom.Plain()
	}
	room, err := tx.RoomByID(ctx, roomID)
	if errors.Is(err, ErrNone) {
		return nil, refusal.NoRoom.Plain()
	}
	if err != nil {
		return nil, err
	}
	who, err := actor(ctx, tx, userID)
	if err != nil {
		return nil, err
	}
	v := &visit{tx: tx, who: who, room: room, was: room}
	switch seat, err := tx.Seat(ctx, roomID, who.ID); {
	case err == nil:
		v.seat = &seat
	case !errors.Is(err, ErrNone):
		return nil, err
	}
	if what == toSpeak && room.Kind == wire.Direct && v.seat != nil {
		if v.blockers, err = tx.BlockersIn(ctx, roomID, who.ID); err != nil {
			return nil, err
		}
	}
	return v, v.may(what)
}

// changeRoom carries work in a room out as a whole. Nobody else changes the room
// meanwhile.
func (s *Service) changeRoom(ctx context.Context, userID, roomID string, what action, work func(v *visit) error) error {
	return s.commit(ctx, func(tx Tx) error {
		v, err := enter(ctx, tx, userID, roomID, what)
		if err != nil {
			return err
		}
		if err := work(v); err != nil {
			return err
		}
		return v.save(ctx)
	})
}

func (s *Service) viewRoom(ctx context.Context, userID, roomID string, work func(v *visit) error) error {
	return s.store.View(ctx, func(tx Tx) error {
		v, err := enter(ctx, tx, userID, roomID, toRead)
		if err != nil {
			return err
		}
		return work(v)
	})
}

// save writes the room where the work has changed it.
func (v *visit) save(ctx context.Context) error {
	if v.room == v.was {
		return nil
	}
	if v.room.Name != v.was.Name || v.room.Topic != v.was.Topic {
		free, err := v.tx.NameRoom(ctx, v.room, nameKey(v.room))
		if err != nil {
			return err
		}
		if !free {
			return refusal.Taken.Say("There is a room of that name already.")
		}
	}
	if v.room.ArchivedAt != v.was.ArchivedAt {
		if err := v.tx.ArchiveRoom(ctx, v.room.ID, *v.room.ArchivedAt); err != nil {
			return err
		}
	}
	return v.tx.AdvanceRoom(ctx, v.room, v.was.Seq)
}

// next is the seq of the next event of the room.
func (v *visit) next() int64 {
	v.room.Seq++
	return v.room.Seq
}

// mine is the room as a member sees it, after the work so far.
func (v *visit) mine(ctx context.Context, userID string) (wire.MyRoom, error) {
	if err := v.save(ctx); err != nil {
		return wire.MyRoom{}, err
	}
	v.was = v.room
	return v.tx.RoomOf(ctx, userID, v.room.ID)
}

// newID returns an id that sorts after those that this process made before.
func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return id.String(), nil
}

// now is the moment, as precisely as it is kept.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
