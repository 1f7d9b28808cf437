package peers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/yodelrt/yodel/realtime/nats"
)

// StoreAt is the environment variable with the address of a node's [Store].
const StoreAt = "BENCH_STORE"

// node is the hub as one of several.
func node(s *site) (publish, error) {
	address := os.Getenv(StoreAt)
	if address == "" {
		return nil, errors.New("a node needs a store; set " + StoreAt)
	}
	opened, err := nats.Open(context.Background(), nats.Options{
		URL: "nats://" + address, Secret: Key, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	say, err := hubOn(s, opened.Engine)
	if err != nil {
		return nil, err
	}
	return besideEachOther(say), nil
}

// underWay bounds the publications that a node waits for at a time. A store
// acknowledges each when it is on the disk, and who publishes is many.
const underWay = 64

// besideEachOther publishes without waiting for the publication before.
func besideEachOther(say publish) publish {
	places := make(chan struct{}, underWay)
	return func(channel string) error {
		places <- struct{}{}
		go func() {
			defer func() { <-places }()
			if err := say(channel); err != nil {
				fmt.Fprintln(os.Stderr, "bench: publish:", err) // and the clients wait in vain
			}
		}()
		return nil
	}
}

// store runs a NATS server at the listener's address until the process ends.
func store(listener net.Listener) error {
	at := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "yodel-bench")
	if err != nil {
		return err
	}
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: at.Port, JetStream: true, StoreDir: dir, SyncAlways: true, NoSigs: true, NoLog: true,
	})
	if err != nil {
		return err
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		return errors.New("the NATS server is not ready")
	}
	address, err := control(func(string) error { return errors.New("a store publishes nothing") })
	if err != nil {
		return err
	}
	fmt.Println(at, address)
	s.WaitForShutdown()
	return nil
}
