package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/moby/moby/client"
)

// Labels tell what is ours from what is not, and whose it is.
const (
	label        = "dev.yodel.e2e"
	clusterLabel = "dev.yodel.e2e.cluster" // its first port
	ownerLabel   = "dev.yodel.e2e.owner"   // host/pid of who raised it
)

func (c *Cluster) labels() map[string]string {
	return map[string]string{label: "true", clusterLabel: c.name(), ownerLabel: owner()}
}

func (c *Cluster) name() string { return strconv.Itoa(c.ports[0]) }

func owner() string {
	host, _ := os.Hostname() // one without a name is like itself
	return host + "/" + strconv.Itoa(os.Getpid())
}

// abandoned reports whether a process of this machine has raised something and
// has ended since.
func abandoned(by string) bool {
	host, _ := os.Hostname()
	text, here := strings.CutPrefix(by, host+"/")
	pid, err := strconv.Atoi(text)
	return here && err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

// sweep removes what earlier clusters have left behind that were on the same
// ports, or whose process was killed.
func (c *Cluster) sweep(ctx context.Context) error {
	left := map[string]bool{c.name(): true}
	all, err := c.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: client.Filters{}.Add("label", clusterLabel)})
	if err != nil {
		return fmt.Errorf("reach the container engine: %w; e2e/setup.sh starts one on Debian", err)
	}
	for _, one := range all.Items {
		if abandoned(one.Labels[ownerLabel]) {
			left[one.Labels[clusterLabel]] = true
		}
	}
	for name := range left {
		if err := c.remove(ctx, client.Filters{}.Add("label", clusterLabel+"="+name)); err != nil {
			return fmt.Errorf("remove what was left behind: %w", err)
		}
	}
	return nil
}

func (c *Cluster) remove(ctx context.Context, which client.Filters) error {
	containers, err := c.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: which})
	for _, one := range containers.Items {
		_, removed := c.engine.ContainerRemove(ctx, one.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
		err = errors.Join(err, removed)
	}
	volumes, listed := c.engine.VolumeList(ctx, client.VolumeListOptions{Filters: which})
	for _, one := range volumes.Items {
		_, removed := c.engine.VolumeRemove(ctx, one.Name, client.VolumeRemoveOptions{Force: true})
		err = errors.Join(err, removed)
	}
	_, pruned := c.engine.NetworkPrune(ctx, client.NetworkPruneOptions{Filters: which})
	return errors.Join(err, listed, pruned)
}
