package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/app"
)

// compose is the reader of compose files that Docker's own tool is built on.
const compose = "github.com/compose-spec/compose-go/v2/cmd@v2.16.2"

// TestComposeReadsTheFile, with the secrets that secrets.sh makes: it names none
// that is not made, and its settings are ones that the application starts with.
func TestComposeReadsTheFile(t *testing.T) {
	dir := prepared(t)
	command := exec.Command("go", "run", compose, "compose.yaml")
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		if os.Getenv("CI") == "" && strings.Contains(string(out), "dial tcp") {
			t.Skip("without a network the reader of compose files can't be fetched; in CI that fails")
		}
		t.Fatalf("%v\n%s", err, out)
	}
	read := manifestsOf(t, filepath.Join(dir, "compose.yaml"))[0]
	for name, secret := range dig[map[string]any](t, read, "secrets") {
		if _, err := os.Stat(filepath.Join(dir, dig[string](t, secret.(map[string]any), "file"))); err != nil {
			t.Errorf("secret %s: %v", name, err)
		}
	}
	node := dig[map[string]any](t, read, "x-node")
	grace, _ := time.ParseDuration(dig[string](t, node, "stop_grace_period"))
	drain, _ := time.ParseDuration(dig[string](t, node, "environment", "YODEL_DRAIN_TIME"))
	if drain == 0 || grace <= drain {
		t.Errorf("a node is killed after %s, and drains for %s", grace, drain)
	}
}

// TestTheApplicationAcceptsTheSettings of a node of the compose file.
func TestTheApplicationAcceptsTheSettings(t *testing.T) {
	dir := prepared(t)
	env := map[string]string{}
	text, err := os.ReadFile(filepath.Join(dir, "secrets", "yodel.env"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		env[name] = strings.ReplaceAll(value, "/run/secrets", filepath.Join(dir, "secrets"))
	}
	config := app.Config{
		Addr: "0.0.0.0:8080", DataDir: t.TempDir(), PublicURL: env["YODEL_PUBLIC_URL"], DatabaseURL: env["YODEL_DATABASE_URL"],
		Engine: env["YODEL_ENGINE"], EngineReplicas: 3, EngineSecretFile: filepath.Join(dir, "secrets", "engine.secret"),
		JWTSecretFile: filepath.Join(dir, "secrets", "jwt.secret"), LoginRate: 60, TrustedProxies: []string{"172.30.80.2"},
	}
	if found := config.Check(); len(found) > 0 {
		t.Errorf("the application refuses them: %v", found)
	}
}

// TestSecretsAreMadeOnce: a second run leaves them as they are.
func TestSecretsAreMadeOnce(t *testing.T) {
	dir := prepared(t)
	before := textsOf(t, dir)
	makeSecrets(t, dir)
	if after := textsOf(t, dir); !slices.Equal(before, after) {
		t.Error("a second run made other secrets")
	}
	info, err := os.Stat(filepath.Join(dir, "secrets"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory of the secrets: %v, %v; nobody else may look into it", info.Mode(), err)
	}
}

// prepared is a copy of this directory, with secrets.
func prepared(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"compose.yaml", "nats.conf", "nginx.conf", "secrets.sh"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	makeSecrets(t, dir)
	return dir
}

func makeSecrets(t *testing.T, dir string) {
	t.Helper()
	if out, err := exec.Command(filepath.Join(dir, "secrets.sh"), "chat.example.com").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func textsOf(t *testing.T, dir string) (texts []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "secrets", "*"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d secrets, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, filepath.Base(file)+string(text))
	}
	return texts
}
