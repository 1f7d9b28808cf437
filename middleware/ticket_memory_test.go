package middleware_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/middleware/tickettest"
)

func TestMemoryTicketsKeepTheContract(t *testing.T) {
	tickettest.Run(t, func(*testing.T) middleware.TicketStore { return middleware.NewMemoryTickets(0, 0) }, synctest.Test)
}

func TestMemoryTicketsAreBounded(t *testing.T) {
	store := middleware.NewMemoryTickets(1, 3)
	for i := range 3 {
		if stored, err := store.Put(t.Context(), fmt.Sprint(i), nil, fmt.Sprint(i), time.Now().Add(time.Minute)); !stored || err != nil {
			t.Fatalf("put %d: got %v, %v", i, stored, err)
		}
	}
	if stored, err := store.Put(t.Context(), "4", nil, "4", time.Now().Add(time.Minute)); stored || err == nil {
		t.Errorf("a fourth: got %v, %v, want an error", stored, err)
	}
}

// ticketCall is one call of a schedule.
type ticketCall struct {
	kind    string // issue, redeem, revoke
	id      string
	expires int64 // of an issue, nanoseconds since the schedule began
}

// ticketResult is what came of it, and when it began and ended.
type ticketResult struct {
	ok         bool
	began, end int64
}

// ticketState is what one ticket is: absent, open, taken or dropped.
type ticketState struct {
	is      string
	expires int64
}

// ticketModel is what one ticket may do: it is issued once, redeemed at most
// once after that, before it is revoked and before it expires.
var ticketModel = porcupine.Model{
	Init: func() any { return ticketState{is: "absent"} },
	Step: func(state, input, output any) (bool, any) {
		ticket, call, result := state.(ticketState), input.(ticketCall), output.(ticketResult)
		switch call.kind {
		case "issue":
			return result.ok, ticketState{"open", call.expires}
		case "redeem":
			if result.ok {
				return ticket.is == "open" && result.began < ticket.expires, ticketState{"taken", ticket.expires}
			}
			return ticket.is != "open" || result.end >= ticket.expires, ticket
		default: // revoke
			if ticket.is == "open" {
				ticket.is = "dropped"
			}
			return true, ticket
		}
	},
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byID := map[string][]porcupine.Operation{}
		for _, operation := range history {
			id := operation.Input.(ticketCall).id
			byID[id] = append(byID[id], operation)
		}
		var parts [][]porcupine.Operation
		for _, part := range byID {
			parts = append(parts, part)
		}
		return parts
	},
}

func TestMemoryTicketsAreLinearizable(t *testing.T) {
	redeemed, refused := 0, 0
	for seed := range uint64(40) {
		history := schedule(t, middleware.NewMemoryTickets(1, 0), seed)
		if !porcupine.CheckOperations(ticketModel, history) {
			t.Fatalf("seed %d: no order of these calls explains their results: %v", seed, history)
		}
		for _, operation := range history {
			if operation.Input.(ticketCall).kind != "redeem" {
				continue
			}
			if operation.Output.(ticketResult).ok {
				redeemed++
			} else {
				refused++
			}
		}
	}
	if redeemed == 0 || refused == 0 {
		t.Errorf("redeemed %d, refused %d: the schedules show nothing", redeemed, refused)
	}
}

func TestTheLinearizabilityCheckCanFail(t *testing.T) {
	twice := []porcupine.Operation{
		{Input: ticketCall{"issue", "a", 100}, Output: ticketResult{true, 0, 1}, Call: 0, Return: 1},
		{ClientId: 1, Input: ticketCall{"redeem", "a", 0}, Output: ticketResult{true, 2, 4}, Call: 2, Return: 4},
		{ClientId: 2, Input: ticketCall{"redeem", "a", 0}, Output: ticketResult{true, 3, 5}, Call: 3, Return: 5},
	}
	if porcupine.CheckOperations(ticketModel, twice) {
		t.Error("a ticket redeemed twice passes")
	}
	late := []porcupine.Operation{twice[0], {ClientId: 1, Input: ticketCall{"redeem", "a", 0}, Output: ticketResult{true, 200, 201}, Call: 200, Return: 201}}
	if porcupine.CheckOperations(ticketModel, late) {
		t.Error("a ticket redeemed after its expiry passes")
	}
}

// schedule runs random calls by several clients and notes when each began and
// ended. Each ticket is a session of its own, so that a revoke is one of it
// alone; half of them expire while the clients are at work.
func schedule(t *testing.T, store middleware.TicketStore, seed uint64) []porcupine.Operation {
	const clients, tickets, calls = 6, 6, 14
	s := &recorder{t: t, store: store, began: time.Now()}
	var group sync.WaitGroup
	for i := range tickets {
		dice := rand.New(rand.NewPCG(seed, uint64(1000+i)))
		life := time.Hour
		if i%2 == 0 {
			life = time.Duration(dice.IntN(200)) * time.Microsecond
		}
		group.Go(func() {
			s.do(clients+i, ticketCall{"issue", fmt.Sprint(i), time.Since(s.began).Nanoseconds() + life.Nanoseconds()})
		})
	}
	group.Wait()
	for client := range clients {
		dice := rand.New(rand.NewPCG(seed, uint64(client)))
		group.Go(func() {
			for range calls {
				kind := "redeem"
				if dice.IntN(6) == 0 {
					kind = "revoke"
				}
				s.do(client, ticketCall{kind: kind, id: fmt.Sprint(dice.IntN(tickets))})
			}
		})
	}
	group.Wait()
	return s.history
}

// recorder makes calls and notes them.
type recorder struct {
	t     *testing.T
	store middleware.TicketStore
	began time.Time

	mu      sync.Mutex
	history []porcupine.Operation
}

func (r *recorder) do(client int, call ticketCall) {
	ctx := context.WithoutCancel(r.t.Context())
	result := ticketResult{began: time.Since(r.began).Nanoseconds()}
	var err error
	switch call.kind {
	case "issue":
		result.ok, err = r.store.Put(ctx, call.id, []byte("x"), call.id, r.began.Add(time.Duration(call.expires)))
	case "redeem":
		result.ok, err = r.store.Take(ctx, call.id)
	default:
		err = r.store.Drop(ctx, call.id)
	}
	if err != nil {
		r.t.Errorf("%v: %v", call, err)
	}
	result.end = time.Since(r.began).Nanoseconds()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.history = append(r.history, porcupine.Operation{ClientId: client, Input: call, Output: result, Call: result.began, Return: result.end})
}
