package stack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/testcontainers/testcontainers-go"
)

// images are those that a cluster is made of.
type images struct{ app, tools, postgres, nginx string }

// postgresUser is who the database runs as, here and in the official image.
const postgresUser = 70

const passwd = "root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\npostgres:x:70:70::/var/lib/postgresql:/bin/sh\n"

// buildImages makes what the engine lacks.
func buildImages(ctx context.Context, root string) (images, error) {
	engine, err := testcontainers.NewDockerProvider()
	if err != nil {
		return images{}, fmt.Errorf("reach the container engine: %w", err)
	}
	defer func() { _ = engine.Close() }() // nothing was left undone
	var made images
	if made.app, err = buildApp(ctx, engine, root); err != nil {
		return made, err
	}
	for _, one := range []struct {
		tag  *string
		make func(ctx context.Context, root string) (*image, string, error)
	}{{&made.tools, toolsImage}, {&made.postgres, postgresImage}, {&made.nginx, nginxImage}} {
		ours, official, err := one.make(ctx, root)
		switch {
		case err != nil:
			return made, err
		case ours == nil:
			*one.tag = official
			continue
		}
		if *one.tag, err = ours.build(ctx, engine); err != nil {
			return made, err
		}
	}
	return made, nil
}

// buildApp packs bin/yodel by the repository's Dockerfile. The tag is that of the
// binary, so that checkouts beside each other don't take theirs for one another.
func buildApp(ctx context.Context, engine *testcontainers.DockerProvider, root string) (string, error) {
	binary, err := os.ReadFile(filepath.Join(root, "bin/yodel"))
	if err != nil {
		return "", fmt.Errorf("pack the application: %w; `make build` builds it", err)
	}
	sum := sha256.Sum256(binary)
	built, err := engine.BuildImage(ctx, &testcontainers.ContainerRequest{FromDockerfile: testcontainers.FromDockerfile{
		Context: root, Repo: "yodel-e2e", Tag: hex.EncodeToString(sum[:8]), KeepImage: true, BuildOptionsModifier: target("prebuilt"),
	}})
	if err != nil {
		return "", fmt.Errorf("pack the application: %w", err)
	}
	return built, nil
}

// toolsImage holds the NATS server, toxiproxy, and what fills a disk.
func toolsImage(_ context.Context, root string) (*image, string, error) {
	files := map[string]string{}
	for _, name := range []string{"nats-server", "toxiproxy", "e2e-fill"} {
		files["/"+name] = filepath.Join(root, "bin", name)
		if _, err := os.Stat(files["/"+name]); err != nil {
			return nil, "", fmt.Errorf("find %s: %w; `make bin/%s` builds it", name, err, name)
		}
	}
	return &image{name: "tools", files: files, extra: map[string]string{"/etc/passwd": passwd}}, "", nil
}

// postgresImage is Debian's server where this machine has it, and the official
// image elsewhere.
func postgresImage(ctx context.Context, _ string) (*image, string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return nil, "postgres:17-alpine", nil
	}
	home := filepath.Dir(filepath.Dir(slices.Max(found)))
	made := &image{
		name: "postgres", files: map[string]string{}, extra: map[string]string{"/etc/passwd": passwd}, owned: map[string]int{"/var/lib/postgresql": postgresUser},
		recipe: "ENV PATH=" + home + "/bin:/bin\n",
	}
	for _, program := range []string{"postgres", "initdb"} {
		if err := made.add(ctx, filepath.Join(home, "bin", program), filepath.Join(home, "bin", program)); err != nil {
			return nil, "", err
		}
	}
	return made, "", errors.Join(
		made.add(ctx, "/bin/sh", "/bin/sh"),
		made.addTree(filepath.Join(home, "lib"), func(name string) bool {
			return strings.HasPrefix(name, "llvm") || !strings.HasSuffix(name, ".so")
		}),
		made.addTree(filepath.Join("/usr/share/postgresql", filepath.Base(home)), func(name string) bool {
			return strings.HasSuffix(name, ".mo") || strings.HasSuffix(name, ".gz")
		}),
	)
}

// nginxImage is Debian's server where this machine has it, and the official
// image elsewhere.
func nginxImage(ctx context.Context, _ string) (*image, string, error) {
	program, err := osexec.LookPath("nginx")
	if err != nil {
		return nil, "nginx:1.28-alpine", nil
	}
	made := &image{
		name: "nginx", files: map[string]string{}, extra: map[string]string{"/etc/passwd": passwd, "/etc/group": "nogroup:x:65534:\n"},
		owned: map[string]int{"/var/lib/nginx": 65534, "/var/log/nginx": 65534}, recipe: "ENV PATH=/usr/sbin\n",
	}
	return made, "", made.add(ctx, "/usr/sbin/nginx", program)
}
