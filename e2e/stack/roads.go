package stack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// road is the way from one member to another. Everything that the one says to
// the other passes toxiproxy.
type road struct {
	from, to string
	port     int    // of toxiproxy's
	upstream string // host:port
}

func (r road) name() string { return r.from + "." + r.to }

// roads is the network between the members.
type roads struct {
	control string // toxiproxy's API
	all     []road
}

const (
	firstRoad        = 20000
	throughToxiproxy = "toxiproxy" // the host under which everybody finds everybody
)

// between adds a road and returns where it begins for who takes it.
func (r *roads) between(from, to string, port int) string {
	one := road{from, to, firstRoad + len(r.all), fmt.Sprintf("%s:%d", to, port)}
	r.all = append(r.all, one)
	return fmt.Sprintf("%s:%d", throughToxiproxy, one.port)
}

// open makes the roads.
func (r *roads) open(ctx context.Context) error {
	type proxy struct {
		Name     string `json:"name"`
		Listen   string `json:"listen"`
		Upstream string `json:"upstream"`
		Enabled  bool   `json:"enabled"`
	}
	var all []proxy
	for _, one := range r.all {
		all = append(all, proxy{one.name(), fmt.Sprintf("0.0.0.0:%d", one.port), one.upstream, true})
	}
	return r.call(ctx, http.MethodPost, "/populate", all)
}

// on applies something to all roads between two members, in both directions.
// Each of the two is a member's name or a kind: nats is every NATS server.
func (r *roads) on(a, b string, apply func(one road) error) error {
	found := false
	for _, one := range r.all {
		if !(named(one.from, a) && named(one.to, b)) && !(named(one.from, b) && named(one.to, a)) {
			continue
		}
		found = true
		if err := apply(one); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("%w between %s and %s", ErrUnknown, a, b)
	}
	return nil
}

func named(member, name string) bool {
	return member == name || strings.HasPrefix(member, name+"-")
}

// toxic is what happens to the bytes of a road, in both directions.
type toxic struct {
	kind       string
	attributes map[string]int64
}

var silence = toxic{"timeout", map[string]int64{"timeout": 0}}

func latency(wait time.Duration) toxic {
	return toxic{"latency", map[string]int64{"latency": wait.Milliseconds(), "jitter": wait.Milliseconds() / 4}}
}

func (r *roads) enable(ctx context.Context, one road, enabled bool) error {
	return r.call(ctx, http.MethodPost, "/proxies/"+one.name(), map[string]bool{"enabled": enabled})
}

func (r *roads) poison(ctx context.Context, one road, with toxic) error {
	for _, stream := range []string{"upstream", "downstream"} {
		err := r.call(ctx, http.MethodPost, "/proxies/"+one.name()+"/toxics", map[string]any{
			"name": with.kind + "-" + stream, "type": with.kind, "stream": stream, "attributes": with.attributes,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// reset makes every road as it was.
func (r *roads) reset(ctx context.Context) error {
	return r.call(ctx, http.MethodPost, "/reset", nil)
}

func (r *roads) call(ctx context.Context, method, path string, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, r.control+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask toxiproxy: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusMultipleChoices && response.StatusCode != http.StatusConflict {
		said, err := io.ReadAll(io.LimitReader(response.Body, 4096))
		return fmt.Errorf("toxiproxy answered %d to %s: %s %w", response.StatusCode, path, said, err)
	}
	return nil
}
