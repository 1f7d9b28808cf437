package stack

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"
)

// disksName is the member that holds the servers' disks, which would be gone when
// nobody does, and fills them when it is asked to.
const disksName = "disks"

// disk is that of a NATS server: of a size of its own, so that it can be full
// when the machine's is not.
func (c *Cluster) disk(server, at string) mount.Mount {
	name := fmt.Sprintf("yodel-e2e-%d-%s", c.ports[0], server)
	c.disks[server] = name
	return mount.Mount{
		Type: mount.TypeVolume, Source: name, Target: at,
		VolumeOptions: &mount.VolumeOptions{
			Labels: c.labels(),
			DriverConfig: &mount.Driver{Name: "local", Options: map[string]string{
				"type": "tmpfs", "device": "tmpfs", "o": "size=" + strconv.FormatInt(c.options.Disk, 10),
			}},
		},
	}
}

// holder holds all disks.
func (c *Cluster) holder(servers []string) part {
	p := part{name: disksName, image: c.images.tools, entry: []string{"/e2e-fill", "-hold"}}
	for _, server := range servers {
		p.mounts = append(p.mounts, c.disk(server, "/"+server))
	}
	return p
}

func (c *Cluster) removeDisks(ctx context.Context) (failed error) {
	for _, name := range c.disks {
		_, err := c.engine.VolumeRemove(ctx, name, client.VolumeRemoveOptions{Force: true})
		failed = errors.Join(failed, err)
	}
	return failed
}
