package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"
)

// The figures, in the order in which they are printed.
const (
	perConnect = "CPU per authenticated connect, us"
	idleMemory = "memory per idle connection, kB"
	perLone    = "fan-out, one at a time: CPU per delivery, us"
	perBurst   = "fan-out, bursts of 64: CPU per delivery, us"
	perEcho    = "echo, 16 outstanding: CPU per call, us"
)

var figureNames = []string{perConnect, idleMemory, perLone, perBurst, perEcho}

// bench is one server process and the clients that are connected to it.
type bench struct {
	kind    string
	address string
	pid     int
	clients []*websocket.Conn
	heard   sync.WaitGroup // deliveries that are owed
	client  *http.Client
}

// measure starts a server, works it, and returns the figures.
func measure(ctx context.Context, kind string, connections, publications int) (map[string]float64, error) {
	b, stop, err := start(ctx, kind)
	if err != nil {
		return nil, err
	}
	defer stop()
	figures := map[string]float64{}
	_, empty, err := usage(b.pid)
	if err != nil {
		return nil, err
	}
	figures[perConnect], err = b.cost(connections, func() error { return b.connect(ctx, connections) })
	if err != nil {
		return nil, err
	}
	if err := b.post(ctx, "/gc"); err != nil {
		return nil, err
	}
	if _, full, err := usage(b.pid); err == nil {
		figures[idleMemory] = (full - empty) / float64(connections)
	}
	for name, burst := range map[string]int{perLone: 1, perBurst: 64} {
		rounds := max(publications/burst, 1)
		figures[name], err = b.cost(rounds*burst*connections, func() error {
			for range rounds {
				b.heard.Add(burst * connections)
				if err := b.post(ctx, fmt.Sprintf("/publish?n=%d", burst)); err != nil {
					return err
				}
				b.heard.Wait()
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	const calls = 20_000
	figures[perEcho], err = b.cost(calls, func() error { return b.echo(ctx, calls, 16) })
	return figures, err
}

// start runs the server in a process of its own.
func start(ctx context.Context, kind string) (*bench, func(), error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, self, "-serve", kind)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, nil, fmt.Errorf("the server did not start: %w", err)
	}
	b := &bench{kind: kind, address: strings.TrimSpace(line), pid: cmd.Process.Pid, client: &http.Client{}}
	return b, func() {
		for _, c := range b.clients {
			_ = c.CloseNow()
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}, nil
}

// cost is the server's CPU per unit of work, in microseconds.
func (b *bench) cost(units int, work func() error) (float64, error) {
	before, _, err := usage(b.pid)
	if err != nil {
		return 0, err
	}
	if err := work(); err != nil {
		return 0, err
	}
	after, _, err := usage(b.pid)
	return (after - before) / float64(units), err
}

func (b *bench) post(ctx context.Context, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+b.address+path, nil)
	if err != nil {
		return err
	}
	response, err := b.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, response.Status)
	}
	return nil
}

// connect opens the connections, subscribes them, and starts their readers.
func (b *bench) connect(ctx context.Context, connections int) error {
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "u", "exp": time.Now().Add(time.Hour).Unix()}).SignedString(key)
	if err != nil {
		return err
	}
	options := &websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"Bearer " + token}}, HTTPClient: b.client}
	for range connections + 1 { // one more, for the echo
		conn, _, err := websocket.Dial(ctx, "ws://"+b.address+"/ws", options)
		if err != nil {
			return err
		}
		conn.SetReadLimit(-1)
		b.clients = append(b.clients, conn)
		if b.kind == "melody" {
			continue
		}
		if err := conn.Write(ctx, websocket.MessageText, []byte(`{"id":1,"connect":{}}`)); err != nil {
			return err
		}
		if _, _, err := conn.Read(ctx); err != nil {
			return err
		}
		if len(b.clients) > connections {
			break
		}
		if err := conn.Write(ctx, websocket.MessageText, []byte(`{"id":2,"subscribe":{"channel":"all"}}`)); err != nil {
			return err
		}
		if _, _, err := conn.Read(ctx); err != nil {
			return err
		}
	}
	for _, conn := range b.clients[:connections] {
		go b.read(ctx, conn)
	}
	return nil
}

// read counts what a subscriber hears, several publications a frame.
func (b *bench) read(ctx context.Context, conn *websocket.Conn) {
	marker := string(payload)
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return
		}
		for range strings.Count(string(data), marker) {
			b.heard.Done()
		}
		if string(data) == "{}" {
			_ = conn.Write(ctx, websocket.MessageText, []byte("{}"))
		}
	}
}

// echo keeps so many calls under way on the last connection, until all are
// answered.
func (b *bench) echo(ctx context.Context, calls, outstanding int) error {
	conn := b.clients[len(b.clients)-1]
	turns := make(chan struct{}, outstanding)
	failed := make(chan error, 1)
	go func() {
		for i := range calls {
			turns <- struct{}{}
			message := fmt.Sprintf(`{"id":%d,"rpc":{"method":"echo","data":%s}}`, i+3, payload)
			if err := conn.Write(ctx, websocket.MessageText, []byte(message)); err != nil {
				failed <- err
				return
			}
		}
	}()
	for answered := 0; answered < calls; {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		if string(data) == "{}" {
			continue
		}
		n := strings.Count(string(data), string(payload))
		if n == 0 {
			continue // bare melody tells everybody what was published
		}
		for range n {
			answered++
			select {
			case <-turns:
			case err := <-failed:
				return err
			}
		}
	}
	return nil
}

// splitStat takes /proc/…/stat apart behind the name, which may hold spaces.
func splitStat(line string) []string {
	return strings.Fields(line[strings.LastIndexByte(line, ')')+1:])
}
