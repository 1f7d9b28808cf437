package stack

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// member is one container of a cluster.
type member struct {
	name      string
	container testcontainers.Container
	engine    *client.Client
	ready     func(ctx context.Context) error // waits until it serves again; nil: not waited for
	log       io.Writer                       // nil for nobody
	following sync.WaitGroup
}

// follow writes its log down, from since on, until it ends.
func (m *member) follow(ctx context.Context, since time.Time) error {
	if m.log == nil {
		return nil
	}
	return m.do(ctx, "read the log of", func(ctx context.Context, id string) error {
		said, err := m.engine.ContainerLogs(context.WithoutCancel(ctx), id, client.ContainerLogsOptions{
			ShowStdout: true, ShowStderr: true, Follow: true, Since: since.UTC().Format(time.RFC3339Nano),
		})
		if err != nil {
			return err
		}
		m.following.Go(func() {
			_, _ = stdcopy.StdCopy(m.log, m.log, said) // an artefact, not a result
			_ = said.Close()
		})
		return nil
	})
}

// do carries out one call of the container engine on the member.
func (m *member) do(ctx context.Context, what string, call func(ctx context.Context, id string) error) error {
	if err := call(ctx, m.container.GetContainerID()); err != nil {
		return fmt.Errorf("%s %s: %w", what, m.name, err)
	}
	return nil
}

// kill ends it as a machine does that loses its power: without a word.
func (m *member) kill(ctx context.Context) error {
	return m.do(ctx, "kill", func(ctx context.Context, id string) error {
		waiting := m.engine.ContainerWait(ctx, id, client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
		if _, err := m.engine.ContainerKill(ctx, id, client.ContainerKillOptions{Signal: "SIGKILL"}); err != nil {
			return err
		}
		return ended(ctx, waiting)
	})
}

func ended(ctx context.Context, waiting client.ContainerWaitResult) error {
	select {
	case <-waiting.Result:
		return nil
	case err := <-waiting.Error:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stopTime is how long a member has to say goodbye before it is killed.
const stopTime = 30 * time.Second

// stop asks it to end and waits until it has.
func (m *member) stop(ctx context.Context) error {
	return m.do(ctx, "stop", func(ctx context.Context, id string) error {
		seconds := int(stopTime.Seconds())
		_, err := m.engine.ContainerStop(ctx, id, client.ContainerStopOptions{Timeout: &seconds})
		return err
	})
}

// start starts what has ended and waits until it serves.
func (m *member) start(ctx context.Context) error {
	began := time.Now()
	err := m.do(ctx, "start", func(ctx context.Context, id string) error {
		_, err := m.engine.ContainerStart(ctx, id, client.ContainerStartOptions{})
		return err
	})
	if err == nil {
		err = m.follow(ctx, began)
	}
	if err != nil || m.ready == nil {
		return err
	}
	return m.ready(ctx)
}

// pause stops it in the middle of whatever it does; its connections stay open.
func (m *member) pause(ctx context.Context) error {
	return m.do(ctx, "pause", func(ctx context.Context, id string) error {
		_, err := m.engine.ContainerPause(ctx, id, client.ContainerPauseOptions{})
		return err
	})
}

func (m *member) resume(ctx context.Context) error {
	return m.do(ctx, "resume", func(ctx context.Context, id string) error {
		_, err := m.engine.ContainerUnpause(ctx, id, client.ContainerUnpauseOptions{})
		return err
	})
}

// run runs a command in it.
func (m *member) run(ctx context.Context, command ...string) error {
	code, output, err := m.container.Exec(ctx, command)
	if err != nil {
		return fmt.Errorf("%s in %s: %w", command[0], m.name, err)
	}
	if code != 0 {
		said, err := io.ReadAll(io.LimitReader(output, 4096))
		return fmt.Errorf("%s in %s: exit %d: %s %w", command[0], m.name, code, said, err)
	}
	return nil
}
