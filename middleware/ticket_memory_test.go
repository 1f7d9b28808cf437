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

// ticketOperation is one call of a schedule.
type ticketOperation struct {
	kind string // put, take, drop
	id   string
}

// ticketModel is what one ticket may do: it is put once, taken at most once
// after that and before it is dropped.
var ticketModel = porcupine.Model{
	Init: func() any { return "absent" },
	Step: func(state, input, output any) (bool, any) {
		operation, ok := input.(ticketOperation), output.(bool)
		switch operation.kind {
		case "put":
			return ok, "open"
		case "take":
			if state == "open" {
				return ok, "taken"
			}
			return !ok, state
		default: // drop
			if state == "open" {
				return true, "dropped"
			}
			return true, state
		}
	},
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byID := map[string][]porcupine.Operation{}
		for _, operation := range history {
			id := operation.Input.(ticketOperation).id
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
	for seed := range uint64(30) {
		history := schedule(t, middleware.NewMemoryTickets(1, 0), seed)
		if !porcupine.CheckOperations(ticketModel, history) {
			t.Fatalf("seed %d: no order of these calls explains their results: %v", seed, history)
		}
	}
}

// schedule runs random calls by several clients and notes when each began and
// ended. Each ticket is a session of its own, so that a drop is one of it alone.
func schedule(t *testing.T, store middleware.TicketStore, seed uint64) []porcupine.Operation {
	const clients, tickets, calls = 6, 4, 12
	began := time.Now()
	var mu sync.Mutex
	var history []porcupine.Operation
	ctx := context.WithoutCancel(t.Context())
	do := func(client int, operation ticketOperation) {
		call := time.Since(began).Nanoseconds()
		ok := true
		var err error
		switch operation.kind {
		case "put":
			ok, err = store.Put(ctx, operation.id, []byte("x"), operation.id, began.Add(time.Hour))
		case "take":
			ok, err = store.Take(ctx, operation.id)
		default:
			err = store.Drop(ctx, operation.id)
		}
		if err != nil {
			t.Errorf("%v: %v", operation, err)
		}
		back := time.Since(began).Nanoseconds()
		mu.Lock()
		defer mu.Unlock()
		history = append(history, porcupine.Operation{ClientId: client, Input: operation, Output: ok, Call: call, Return: back})
	}
	for i := range tickets {
		do(clients, ticketOperation{"put", fmt.Sprint(i)})
	}
	var group sync.WaitGroup
	for client := range clients {
		dice := rand.New(rand.NewPCG(seed, uint64(client)))
		group.Go(func() {
			for range calls {
				kind := "take"
				if dice.IntN(6) == 0 {
					kind = "drop"
				}
				do(client, ticketOperation{kind, fmt.Sprint(dice.IntN(tickets))})
			}
		})
	}
	group.Wait()
	return history
}
