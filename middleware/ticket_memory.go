package middleware

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// MemoryTickets is a [TicketStore] in the process: for one node. Tickets are
// lost on restart, which costs clients one more request for a new one.
type MemoryTickets struct {
	perSession, total int

	mu      sync.Mutex
	tickets map[string]*memoryTicket
	open    map[string]int // session -> open tickets
	byAge   *list.List     // of *memoryTicket, oldest first
}

type memoryTicket struct {
	id, session string
	record      []byte
	expires     time.Time
	taken       bool
}

const (
	defaultTicketsPerSession = 10
	defaultTickets           = 100_000
)

var errTicketsFull = errors.New("the ticket store is full")

// NewMemoryTickets returns an empty store. perSession bounds the open tickets of
// one session and total those of all; zero or less means 10 and 100,000.
// It runs no goroutine; expired tickets leave with the next call.
func NewMemoryTickets(perSession, total int) *MemoryTickets {
	if perSession <= 0 {
		perSession = defaultTicketsPerSession
	}
	if total <= 0 {
		total = defaultTickets
	}
	return &MemoryTickets{
		perSession: perSession, total: total,
		tickets: map[string]*memoryTicket{}, open: map[string]int{}, byAge: list.New(),
	}
}

// Put implements [TicketStore]. It fails when the whole store is full.
func (m *MemoryTickets) Put(_ context.Context, id string, record []byte, session string, expires time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.purge(time.Now())
	if len(m.tickets) >= m.total {
		return false, errTicketsFull
	}
	if m.open[session] >= m.perSession {
		return false, nil
	}
	ticket := &memoryTicket{id: id, session: session, record: record, expires: expires}
	m.tickets[id] = ticket
	m.open[session]++
	m.byAge.PushBack(ticket)
	return true, nil
}

// Peek implements [TicketStore].
func (m *MemoryTickets) Peek(_ context.Context, id string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ticket := m.living(id)
	if ticket == nil {
		return nil, false, nil
	}
	return ticket.record, ticket.taken, nil
}

// Take implements [TicketStore].
func (m *MemoryTickets) Take(_ context.Context, id string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ticket := m.living(id)
	if ticket == nil || ticket.taken {
		return false, nil
	}
	ticket.taken = true
	m.close(ticket)
	return true, nil
}

// Drop implements [TicketStore].
func (m *MemoryTickets) Drop(_ context.Context, session string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, ticket := range m.tickets {
		if ticket.session == session && !ticket.taken {
			delete(m.tickets, id)
			m.close(ticket)
		}
	}
	return nil
}

func (m *MemoryTickets) living(id string) *memoryTicket {
	ticket := m.tickets[id]
	if ticket == nil || !time.Now().Before(ticket.expires) {
		return nil
	}
	return ticket
}

// purge lets expired tickets go, the oldest first.
func (m *MemoryTickets) purge(now time.Time) {
	for front := m.byAge.Front(); front != nil; front = m.byAge.Front() {
		ticket := front.Value.(*memoryTicket)
		known := m.tickets[ticket.id] == ticket
		if known && now.Before(ticket.expires) {
			return
		}
		m.byAge.Remove(front)
		if known {
			delete(m.tickets, ticket.id)
			if !ticket.taken {
				m.close(ticket)
			}
		}
	}
}

// close counts a ticket as no longer open.
func (m *MemoryTickets) close(ticket *memoryTicket) {
	if m.open[ticket.session]--; m.open[ticket.session] <= 0 {
		delete(m.open, ticket.session)
	}
}
