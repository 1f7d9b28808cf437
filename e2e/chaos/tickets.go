package chaos

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/e2e/stack"
)

// What a session asks of the cluster.
const (
	issue  = "issue"
	redeem = "redeem"
	revoke = "revoke"
)

// ask is one request of a session about a ticket, which is one of its first 64.
type ask struct {
	kind    string
	session int
	ticket  int
}

// outcome is what came of it. What is unknown may have happened or not.
type outcome string

const (
	granted outcome = "granted"
	refused outcome = "refused"
	unknown outcome = "unknown"
)

// standing is what a session has: a bit for each ticket.
type standing struct {
	revoked       bool
	issued, taken uint64
}

// ticketModel says what may happen: a ticket opens one socket, after it was
// issued and before its session was revoked; after that nothing is issued.
var ticketModel = porcupine.NondeterministicModel{
	Init: func() []any { return []any{standing{}} },
	Step: func(state, input, output any) []any {
		now, asked, came := state.(standing), input.(ask), output.(outcome)
		before, bit := now, uint64(1)<<asked.ticket
		var may bool
		switch asked.kind {
		case issue:
			may, now.issued = !now.revoked, now.issued|bit
		case redeem:
			may, now.taken = !now.revoked && now.issued&bit != 0 && now.taken&bit == 0, now.taken|bit
		case revoke:
			may, now.revoked = true, true
		}
		switch {
		case came == unknown:
			return []any{before, now}
		case came == granted && may:
			return []any{now}
		case came == refused && !may:
			return []any{before}
		}
		return nil
	},
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		parts := map[int][]porcupine.Operation{}
		for _, one := range history {
			session := one.Input.(ask).session
			parts[session] = append(parts[session], one)
		}
		var all [][]porcupine.Operation
		for _, part := range parts {
			all = append(all, part)
		}
		return all
	},
	Equal: func(a, b any) bool { return a == b },
}

// History is what sessions asked of a cluster, and what came of it. Safe for
// concurrent use.
type History struct {
	cluster *stack.Cluster
	began   time.Time

	mu   sync.Mutex
	all  []porcupine.Operation
	sums map[string]int
}

// NewHistory begins an empty one.
func NewHistory(cluster *stack.Cluster) *History {
	return &History{cluster: cluster, began: time.Now(), sums: map[string]int{}}
}

// note asks and writes down what came of it.
func (h *History) note(client int, asked ask, work func() outcome) outcome {
	call := time.Since(h.began)
	came := work()
	back := int64(time.Since(h.began))
	if came == unknown {
		back = math.MaxInt64 // it may yet happen
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, porcupine.Operation{ClientId: client, Input: asked, Output: came, Call: int64(call), Return: back})
	h.sums[asked.kind+" "+string(came)]++
	return came
}

// Sums count the outcomes.
func (h *History) Sums() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sums
}

// Linearizable reports whether some order of all that was asked explains all
// that came of it.
func (h *History) Linearizable() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return porcupine.CheckOperations(ticketModel.ToModel(), h.all)
}

// Forge adds a second socket to a ticket that has opened one, and reports whether
// there was such. After that a history is not linearizable.
func (h *History) Forge() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.all {
		if one.Input.(ask).kind == redeem && one.Output == granted {
			h.all = append(h.all, one)
			return true
		}
	}
	return false
}

// ticketsPerSession is how many one session asks for, one after the other.
const ticketsPerSession = 3

// Session signs name in, asks for tickets, has all nodes race for each, and signs
// out somewhere in between. number tells sessions apart.
func (h *History) Session(ctx context.Context, name string, number int, random *rand.Rand) {
	who, err := signIn(ctx, h.cluster, h.node(random), name)
	if err != nil {
		return // nobody has signed in, so nobody asks
	}
	var group sync.WaitGroup
	signsOut := random.IntN(ticketsPerSession + 1)
	for ticket := range ticketsPerSession {
		if ticket == signsOut {
			where := h.node(random)
			group.Go(func() { h.note(number, ask{revoke, number, 0}, func() outcome { return who.signOut(ctx, where) }) })
		}
		var secret string
		where := h.node(random)
		h.note(number, ask{issue, number, ticket}, func() (came outcome) {
			secret, came = who.ticket(ctx, where)
			return came
		})
		if secret == "" {
			continue
		}
		for _, address := range h.cluster.Nodes {
			group.Go(func() {
				h.note(number, ask{redeem, number, ticket}, func() outcome { return who.redeem(ctx, address, secret) })
			})
		}
	}
	group.Wait()
}

func (h *History) node(random *rand.Rand) string {
	return h.cluster.Nodes[random.IntN(len(h.cluster.Nodes))]
}

const requestTime = 5 * time.Second

// ticket asks a node for one.
func (p *person) ticket(ctx context.Context, address string) (string, outcome) {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	var answer struct {
		Ticket string `json:"ticket"`
	}
	status, err := p.status(ctx, http.MethodPost, address+"/api/ws/ticket", map[string]string{"route": "/ws"}, &answer)
	switch {
	case err == nil && status == http.StatusOK:
		return answer.Ticket, granted
	case status == http.StatusUnauthorized:
		return "", refused
	}
	return "", unknown
}

// signOut ends the session on a node.
func (p *person) signOut(ctx context.Context, address string) outcome {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	status, err := p.status(ctx, http.MethodPost, address+"/api/logout", nil, nil)
	if err == nil && status == http.StatusNoContent {
		return granted
	}
	return unknown
}

// redeem tries to open a socket with a ticket.
func (p *person) redeem(ctx context.Context, address, ticket string) outcome {
	socket, status := p.open(ctx, address, ticket)
	switch {
	case socket != nil:
		_ = socket.CloseNow() // it was opened, which is all
		return granted
	case status == http.StatusUnauthorized:
		return refused
	}
	return unknown
}

// open opens a socket with a ticket, or returns the status that it was refused
// with.
func (p *person) open(ctx context.Context, address, ticket string) (*websocket.Conn, int) {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	url := fmt.Sprintf("%s/ws?ticket=%s", strings.Replace(address, "https://", "wss://", 1), ticket)
	conn, response, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPClient: p.cluster.Client(), HTTPHeader: http.Header{"Origin": {p.cluster.URL}},
	})
	if err == nil {
		return conn, http.StatusSwitchingProtocols
	}
	if response != nil {
		return nil, response.StatusCode
	}
	return nil, 0
}
