package peers

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"runtime"
	"runtime/debug"
	profiles "runtime/pprof"
	"strconv"
	"strings"
	"time"
)

// control listens for what the comparison wants of a server, on a port of its
// own:
//
//	GET  /publish       turns into lines, each "CHANNEL COUNT": so many publications
//	POST /settle        collects garbage and answers with heap, stack and live objects in bytes
//	POST /profile/start begins a CPU profile, /profile/stop ends and returns it
//	GET  /debug/pprof/  the usual
func control(say publish) (net.Addr, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /publish", func(w http.ResponseWriter, _ *http.Request) {
		if err := publishLines(w, say); err != nil {
			fmt.Fprintln(os.Stderr, "bench: publish:", err)
		}
	})
	mux.HandleFunc("POST /settle", settle)
	var profile bytes.Buffer
	mux.HandleFunc("POST /profile/start", func(w http.ResponseWriter, _ *http.Request) {
		profile.Reset()
		if err := profiles.StartCPUProfile(&profile); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
		}
	})
	mux.HandleFunc("POST /profile/stop", func(w http.ResponseWriter, _ *http.Request) {
		profiles.StopCPUProfile()
		_, _ = w.Write(profile.Bytes())
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // until the process ends
	return listener.Addr(), nil
}

func settle(w http.ResponseWriter, _ *http.Request) {
	for range 3 { // finalizers, pools, shrinking stacks
		runtime.GC()
	}
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Fprintln(w, m.HeapInuse, m.StackInuse, m.HeapAlloc)
}

// publishLines takes the connection over and does what its lines say.
func publishLines(w http.ResponseWriter, say publish) error {
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: lines\r\nConnection: Upgrade\r\n\r\n"); err != nil {
		return err
	}
	lines := bufio.NewScanner(buffered)
	for lines.Scan() {
		channel, number, _ := strings.Cut(lines.Text(), " ")
		count, err := strconv.Atoi(number)
		if err != nil {
			return err
		}
		for range count {
			if err := say(channel); err != nil {
				return err
			}
		}
	}
	return lines.Err()
}
