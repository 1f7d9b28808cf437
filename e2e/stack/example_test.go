package stack_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/yodelrt/yodel/e2e/stack"
)

// A test raises a cluster, breaks it, and looks at it from outside.
func ExampleRaise() {
	ctx := context.Background()
	cluster, err := stack.Raise(ctx, stack.ClusterOptions{Root: "../.."})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close(ctx)

	if err := cluster.Kill(ctx, "app-2"); err != nil { // kill -9
		fmt.Println(err)
	}
	if err := cluster.Cut(ctx, "app-1", "nats"); err != nil { // from every server
		fmt.Println(err)
	}
	if response, err := cluster.Client().Get(cluster.URL + "/healthz"); err == nil {
		fmt.Println(response.StatusCode == http.StatusOK)
	}
	if err := cluster.Heal(ctx); err != nil {
		fmt.Println(err)
	}
}
