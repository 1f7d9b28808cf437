// Package stack raises the product for suites that see it from the outside: the
// container image, with people in it.
package stack

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	osexec "os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/exec"
	"github.com/testcontainers/testcontainers-go/wait"
)

// Options say how the container is reached.
type Options struct {
	Root string    // of the repository; bin/yodel is built
	Port int       // on the loopback address of this machine, chosen beforehand: the application has to know its origin
	TLS  bool      // with a certificate of its own making
	Log  io.Writer // receives what the container writes, as it writes it; nil for nobody
}

// Container is a running application. Close it when done.
type Container struct {
	container testcontainers.Container
	URL       string
}

// inside is the port that the image listens on.
const inside = "8080/tcp"

// people are the accounts of every stack, each with the password of demo mode.
var people = map[string]string{"admin": "admin", "alice": "member", "bob": "member"}

// Start builds the image from bin/yodel, runs it as its unprivileged user,
// waits until its own health check is content, and makes
// the accounts.
func Start(ctx context.Context, options Options) (*Container, error) {
	adapt(ctx)
	scheme := "http"
	if options.TLS {
		scheme = "https"
	}
	url := fmt.Sprintf("%s://127.0.0.1:%d", scheme, options.Port)
	request := testcontainers.ContainerRequest{
		FromDockerfile: testcontainers.FromDockerfile{
			Context: options.Root, Repo: "yodel-e2e", Tag: "latest", KeepImage: true,
			BuildOptionsModifier: target("prebuilt"),
		},
		ExposedPorts: []string{inside},
		Labels:       map[string]string{"dev.yodel.e2e": "true"},
		Env: map[string]string{
			"YODEL_PUBLIC_URL": url, "YODEL_TLS_SELF_SIGNED": strconv.FormatBool(options.TLS), "YODEL_LOGIN_RATE": "10000",
			"YODEL_LOG_LEVEL": "debug", "YODEL_PROBE_URL": scheme + "://127.0.0.1:8080/readyz",
		},
		HostConfigModifier: func(host *container.HostConfig) {
			host.PortBindings = network.PortMap{network.MustParsePort(inside): {{HostIP: netip.MustParseAddr("127.0.0.1"), HostPort: strconv.Itoa(options.Port)}}}
		},
		WaitingFor: wait.ForHealthCheck().WithStartupTimeout(time.Minute),
	}
	if options.Log != nil {
		request.LogConsumerCfg = &testcontainers.LogConsumerConfig{Consumers: []testcontainers.LogConsumer{writer{options.Log}}}
	}
	started, err := testcontainers.GenericContainer(ctx, testcontainers.GenericContainerRequest{ContainerRequest: request, Started: true})
	c := &Container{started, url}
	if err != nil {
		return nil, fmt.Errorf("start the container: %w", joinClose(err, c, started != nil))
	}
	for name, role := range people {
		if err := c.addUser(ctx, name, role); err != nil {
			return nil, joinClose(err, c, true)
		}
	}
	return c, nil
}

func joinClose(err error, c *Container, started bool) error {
	if !started {
		return err
	}
	if closing := c.Close(context.Background()); closing != nil {
		return fmt.Errorf("%w (and %w)", err, closing)
	}
	return err
}

// addUser makes an account the way an operator does: the yodel command inside
// the running container.
func (c *Container) addUser(ctx context.Context, name, role string) error {
	file := "/data/password-" + name
	if err := c.container.CopyToContainer(ctx, []byte(name+"-yodel-demo\n"), file, 0o644); err != nil {
		return fmt.Errorf("hand over a password: %w", err)
	}
	code, output, err := c.container.Exec(ctx, []string{"/yodel", "user", "add", name, "--role", role, "--password-file", file}, exec.Multiplexed())
	if err != nil {
		return fmt.Errorf("add %s: %w", name, err)
	}
	if code != 0 {
		said, err := io.ReadAll(output)
		return fmt.Errorf("add %s: exit %d: %s %w", name, code, said, err)
	}
	return nil
}

// writer hands a container's log on.
type writer struct{ to io.Writer }

// Accept implements testcontainers.LogConsumer.
func (w writer) Accept(log testcontainers.Log) { _, _ = w.to.Write(log.Content) } // an artefact, not a result

// Close removes the container.
func (c *Container) Close(ctx context.Context) error {
	if err := c.container.Terminate(ctx); err != nil {
		return fmt.Errorf("remove the container: %w", err)
	}
	return nil
}

// adapt settles what testcontainers guesses wrong on a bare Debian machine whose
// engine e2e/setup.sh has installed: the reaper's image can't be pulled there,
// and a stray /.dockerenv misleads it about the host. Elsewhere both stay as
// they are.
func adapt(ctx context.Context) {
	version, err := osexec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Version}}").Output()
	if err != nil || !strings.Contains(string(version), "dfsg") {
		return
	}
	for name, value := range map[string]string{"TESTCONTAINERS_RYUK_DISABLED": "true", "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, value) // both are plain names
		}
	}
}

// target builds one stage of the Dockerfile.
func target(stage string) func(*client.ImageBuildOptions) {
	return func(options *client.ImageBuildOptions) { options.Target = stage }
}
