package stack

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/testcontainers/testcontainers-go"
)

// image is one that is made of files of this machine, so that nothing has to be
// pulled: static binaries, or a program of Debian's with the libraries that it
// loads.
type image struct {
	name   string
	files  map[string]string // inside -> here
	extra  map[string]string // inside -> contents
	owned  map[string]int    // directories, and who they belong to
	recipe string            // of the Dockerfile, after the files
}

// loaded are the paths of the libraries that ldd names.
var loaded = regexp.MustCompile(`(?m)(/\S+) \(0x`)

// add adds a program of this machine with the libraries that it loads.
func (i *image) add(ctx context.Context, inside, here string) error {
	i.files[inside] = here
	libraries, err := osexec.CommandContext(ctx, "ldd", here).Output()
	if err != nil {
		return fmt.Errorf("ask for the libraries of %s: %w", here, err)
	}
	for _, found := range loaded.FindAllSubmatch(libraries, -1) {
		i.files[string(found[1])] = string(found[1])
	}
	return nil
}

// addTree adds the files below a directory, but for those whose names skip has.
func (i *image) addTree(dir string, skip func(name string) bool) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !skip(entry.Name()) {
			i.files[path] = path
		}
		return err
	})
}

// build makes the image where the engine does not have it, and returns its tag,
// which is of what it holds.
func (i *image) build(ctx context.Context, engine *testcontainers.DockerProvider) (string, error) {
	archive, err := i.archive()
	if err != nil {
		return "", fmt.Errorf("pack %s: %w", i.name, err)
	}
	sum := sha256.Sum256(archive)
	repo, tag := "yodel-e2e-"+i.name, hex.EncodeToString(sum[:8])
	if _, err := engine.Client().ImageInspect(ctx, repo+":"+tag); err == nil {
		return repo + ":" + tag, nil
	}
	built, err := engine.BuildImage(ctx, &testcontainers.ContainerRequest{FromDockerfile: testcontainers.FromDockerfile{
		ContextArchive: bytes.NewReader(archive), Repo: repo, Tag: tag, KeepImage: true,
	}})
	if err != nil {
		return "", fmt.Errorf("build %s: %w", i.name, err)
	}
	return built, nil
}

// archive is the build's context. The same files make the same archive.
func (i *image) archive() ([]byte, error) {
	var packed bytes.Buffer
	writer := tar.NewWriter(&packed)
	dockerfile := "FROM scratch\nADD root.tar /\n" + i.recipe
	root, err := i.root()
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		put(writer, "Dockerfile", []byte(dockerfile), 0o644), put(writer, "root.tar", root, 0o644), writer.Close(),
	)
	return packed.Bytes(), err
}

// root is what lies in the image.
func (i *image) root() ([]byte, error) {
	var packed bytes.Buffer
	writer := tar.NewWriter(&packed)
	for _, dir := range sortedKeys(i.owned) {
		header := &tar.Header{Typeflag: tar.TypeDir, Name: dir[1:] + "/", Mode: 0o750, Uid: i.owned[dir], Gid: i.owned[dir]}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
	}
	for _, inside := range sortedKeys(i.extra) {
		if err := put(writer, inside[1:], []byte(i.extra[inside]), 0o644); err != nil {
			return nil, err
		}
	}
	for _, inside := range sortedKeys(i.files) {
		data, err := os.ReadFile(i.files[inside])
		if err != nil {
			return nil, err
		}
		if err := put(writer, inside[1:], data, 0o755); err != nil {
			return nil, err
		}
	}
	return packed.Bytes(), writer.Close()
}

func put(writer *tar.Writer, name string, data []byte, mode int64) error {
	if err := writer.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(data))}); err != nil {
		return err
	}
	_, err := writer.Write(data)
	return err
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
