package stack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Fault is what is wrong with a member.
type Fault string

// What can be wrong with a member.
const (
	Killed  Fault = "killed"
	Stopped Fault = "stopped"
	Paused  Fault = "paused"
	Full    Fault = "full"
)

// Kill ends a member without a word: kill -9. [Cluster.Start] starts it again.
func (c *Cluster) Kill(ctx context.Context, name string) error {
	return c.fault(name, Killed, func(m *member) error { return m.kill(ctx) })
}

// Stop asks a member to end, with SIGTERM, and waits until it has.
func (c *Cluster) Stop(ctx context.Context, name string) error {
	return c.fault(name, Stopped, func(m *member) error { return m.stop(ctx) })
}

// Start starts a member that has ended. A node of the application is ready when
// it returns.
func (c *Cluster) Start(ctx context.Context, name string) error {
	return c.fault(name, "", func(m *member) error { return m.start(ctx) })
}

// Restart stops a member and starts it again.
func (c *Cluster) Restart(ctx context.Context, name string) error {
	if err := c.Stop(ctx, name); err != nil {
		return err
	}
	return c.Start(ctx, name)
}

// Roll restarts all nodes of the application, one after the other, each when the
// one before it is ready again.
func (c *Cluster) Roll(ctx context.Context) error {
	for _, name := range names("app", c.options.Nodes) {
		if err := c.Restart(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// Pause stops a member in the middle of whatever it does, with its connections
// open, until [Cluster.Resume].
func (c *Cluster) Pause(ctx context.Context, name string) error {
	return c.fault(name, Paused, func(m *member) error { return m.pause(ctx) })
}

// Resume lets a paused member go on.
func (c *Cluster) Resume(ctx context.Context, name string) error {
	return c.fault(name, "", func(m *member) error { return m.resume(ctx) })
}

// Fill fills the disk of a NATS server. It stays without JetStream until
// [Cluster.Free].
func (c *Cluster) Fill(ctx context.Context, name string) error {
	return c.fault(name, Full, func(*member) error { return c.filler(ctx, name) })
}

// Free makes room again and restarts the server, as its operator would.
func (c *Cluster) Free(ctx context.Context, name string) error {
	if err := c.filler(ctx, name, "-free"); err != nil {
		return err
	}
	return c.Restart(ctx, name)
}

// filler runs beside the servers, so that it also reaches the disk of a dead one.
func (c *Cluster) filler(ctx context.Context, server string, how ...string) error {
	if _, known := c.disks[server]; !known {
		return fmt.Errorf("%w called %q that has a disk; NATS servers do", ErrUnknown, server)
	}
	disks, err := c.member(disksName)
	if err != nil {
		return err
	}
	return disks.run(ctx, slices.Concat([]string{"/e2e-fill"}, how, []string{"/" + server + "/filler"})...)
}

func (c *Cluster) fault(name string, what Fault, work func(*member) error) error {
	m, err := c.member(name)
	if err != nil {
		return err
	}
	if err := work(m); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.faulty[name] = what; what == "" {
		delete(c.faulty, name)
	}
	return nil
}

// Cut ends every connection between two members and lets none through, until
// [Cluster.Mend]. Each of the two is a member, such as "app-1", or a kind: "nats"
// is every NATS server. A member may be cut from its own kind.
func (c *Cluster) Cut(ctx context.Context, a, b string) error {
	return c.roads.on(a, b, func(one road) error { return c.roads.enable(ctx, one, false) })
}

// Silence lets nothing through between two members and tells nobody, until
// [Cluster.Mend]; what was said meanwhile arrives then.
func (c *Cluster) Silence(ctx context.Context, a, b string) error {
	return c.roads.on(a, b, func(one road) error { return c.roads.poison(ctx, one, silence) })
}

// Slow delays everything between two members, in each direction, until
// [Cluster.Mend].
func (c *Cluster) Slow(ctx context.Context, a, b string, wait time.Duration) error {
	return c.roads.on(a, b, func(one road) error { return c.roads.poison(ctx, one, latency(wait)) })
}

// Mend makes every road between members as it was.
func (c *Cluster) Mend(ctx context.Context) error { return c.roads.reset(ctx) }

// Ready waits until every node of the application is.
func (c *Cluster) Ready(ctx context.Context) error {
	for i := range c.Nodes {
		if err := c.ready(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// Heal mends every road and brings every member back.
func (c *Cluster) Heal(ctx context.Context) error {
	failed := c.Mend(ctx)
	c.mu.Lock()
	faulty := map[string]Fault{}
	for name, what := range c.faulty {
		faulty[name] = what
	}
	c.mu.Unlock()
	for _, name := range sortedKeys(faulty) {
		switch faulty[name] {
		case Paused:
			failed = errors.Join(failed, c.Resume(ctx, name))
		case Full:
			failed = errors.Join(failed, c.Free(ctx, name))
		default:
			failed = errors.Join(failed, c.Start(ctx, name))
		}
	}
	return failed
}

// Faults is the fault endpoint, for suites in other languages and for people.
// Serve it on loopback alone: it does what it is asked, for anybody.
//
//	POST /kill/app-1 /stop/… /start/… /restart/… /pause/… /resume/… /fill/nats-1 /free/…
//	POST /cut/app-1/nats /silence/nats-1/nats /slow/app-1/postgres?by=200ms
//	POST /mend /heal /roll
//	GET  /members
//
// It answers 204 when it is done, and otherwise says why not.
func (c *Cluster) Faults() http.Handler {
	mux := http.NewServeMux()
	for name, work := range map[string]func(context.Context, string) error{
		"kill": c.Kill, "stop": c.Stop, "start": c.Start, "restart": c.Restart, "pause": c.Pause, "resume": c.Resume, "fill": c.Fill, "free": c.Free,
	} {
		mux.HandleFunc("POST /"+name+"/{member}", answer(func(r *http.Request) error { return work(r.Context(), r.PathValue("member")) }))
	}
	for name, work := range map[string]func(context.Context, string, string) error{"cut": c.Cut, "silence": c.Silence} {
		mux.HandleFunc("POST /"+name+"/{a}/{b}", answer(func(r *http.Request) error { return work(r.Context(), r.PathValue("a"), r.PathValue("b")) }))
	}
	mux.HandleFunc("POST /slow/{a}/{b}", answer(func(r *http.Request) error {
		by, err := time.ParseDuration(r.URL.Query().Get("by"))
		if err != nil {
			return fmt.Errorf("%w: by how much, such as ?by=200ms: %w", errRequest, err)
		}
		return c.Slow(r.Context(), r.PathValue("a"), r.PathValue("b"), by)
	}))
	for name, work := range map[string]func(context.Context) error{"mend": c.Mend, "heal": c.Heal, "roll": c.Roll} {
		mux.HandleFunc("POST /"+name, answer(func(r *http.Request) error { return work(r.Context()) }))
	}
	mux.HandleFunc("GET /members", func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range c.Members() {
			fmt.Fprintln(w, name)
		}
	})
	return mux
}

var errRequest = errors.New("say")

func answer(work func(*http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch err := work(r); {
		case err == nil:
			w.WriteHeader(http.StatusNoContent)
		case errors.Is(err, ErrUnknown):
			http.Error(w, err.Error(), http.StatusNotFound)
		case errors.Is(err, errRequest):
			http.Error(w, err.Error(), http.StatusBadRequest)
		default:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}
