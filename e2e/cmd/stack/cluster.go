package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/yodelrt/yodel/e2e/stack"
)

// keepCluster raises a cluster and keeps it up, with its fault endpoint, until
// ctx ends.
func keepCluster(ctx context.Context, options stack.ClusterOptions) (err error) {
	raised, err := stack.Raise(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, raised.Close(context.Background())) }()
	listener, err := net.Listen("tcp", raised.FaultAddr())
	if err != nil {
		return fmt.Errorf("offer the fault endpoint: %w", err)
	}
	server := &http.Server{Handler: raised.Faults(), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with the server
	defer func() { err = errors.Join(err, server.Close()) }()
	fmt.Println("ready", raised.URL)
	for i, node := range raised.Nodes {
		fmt.Printf("node %d %s\n", i+1, node)
	}
	fmt.Println("faults http://" + raised.FaultAddr())
	<-ctx.Done()
	return nil
}
