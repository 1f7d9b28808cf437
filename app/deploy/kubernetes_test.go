package deploy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"
)

// kubernetes is the release whose own API documents judge the manifests.
const kubernetes = "k8s.io/kubernetes@v1.34.2"

// document names the API document of an apiVersion in that release.
var document = map[string]string{
	"v1":                   "api__v1_openapi.json",
	"apps/v1":              "apis__apps__v1_openapi.json",
	"policy/v1":            "apis__policy__v1_openapi.json",
	"networking.k8s.io/v1": "apis__networking.k8s.io__v1_openapi.json",
}

func TestKubernetesAcceptsTheManifests(t *testing.T) {
	schemas := openSchemas(t)
	for name, manifests := range manifestsIn(t, "kubernetes") {
		for _, m := range manifests {
			t.Run(fmt.Sprintf("%s %s", name, m["kind"]), func(t *testing.T) {
				if err := schemas.judge(m); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// TestKubernetesRefusesMistakes: the judge can tell.
func TestKubernetesRefusesMistakes(t *testing.T) {
	schemas := openSchemas(t)
	for name, change := range map[string]func(spec map[string]any){
		"a field that is written wrong": func(spec map[string]any) { spec["minReadySecond"] = 5 },
		"a number that is a word":       func(spec map[string]any) { spec["replicas"] = "three" },
		"a field that is missing":       func(spec map[string]any) { delete(spec, "selector") },
		"a mistake far down": func(spec map[string]any) {
			dig[[]any](t, spec, "template", "spec", "containers")[0].(map[string]any)["readinessProb"] = map[string]any{}
		},
	} {
		t.Run(name, func(t *testing.T) {
			deployment := find(t, "kubernetes/yodel.yaml", "Deployment")
			change(deployment["spec"].(map[string]any))
			if schemas.judge(deployment) == nil {
				t.Error("was accepted")
			}
		})
	}
}

// TestThePodHasTimeToDrain: it is killed after the drain, not in it.
func TestThePodHasTimeToDrain(t *testing.T) {
	pod := dig[map[string]any](t, find(t, "kubernetes/yodel.yaml", "Deployment"), "spec", "template", "spec")
	container := dig[[]any](t, pod, "containers")[0].(map[string]any)
	grace := time.Duration(dig[int](t, pod, "terminationGracePeriodSeconds")) * time.Second
	before := time.Duration(dig[int](t, container, "lifecycle", "preStop", "sleep", "seconds")) * time.Second
	var drain time.Duration
	for _, entry := range dig[[]any](t, container, "env") {
		if entry := entry.(map[string]any); entry["name"] == "YODEL_DRAIN_TIME" {
			drain, _ = time.ParseDuration(entry["value"].(string))
		}
	}
	if drain == 0 || grace <= before+drain {
		t.Errorf("the pod is killed after %s, and takes %s and a drain of %s", grace, before, drain)
	}
}

// schemas are Kubernetes's own, made strict: a field that they do not know is an error.
type schemas map[string]*openapi3.T

func openSchemas(t *testing.T) schemas {
	t.Helper()
	dir := module(t, kubernetes)
	opened := schemas{}
	for version, name := range document {
		loaded, err := openapi3.NewLoader().LoadFromFile(filepath.Join(dir, "api", "openapi-spec", "v3", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, schema := range loaded.Components.Schemas {
			if len(schema.Value.Properties) > 0 && schema.Value.AdditionalProperties.Schema == nil {
				schema.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: new(bool)}
			}
		}
		opened[version] = loaded
	}
	return opened
}

func (s schemas) judge(manifest map[string]any) error {
	version, _ := manifest["apiVersion"].(string)
	kind, _ := manifest["kind"].(string)
	if version == "kustomize.config.k8s.io/v1beta1" {
		return nil // read by the tool, never by the server
	}
	api, ok := s[version]
	if !ok {
		return fmt.Errorf("no document for apiVersion %q", version)
	}
	group := strings.TrimSuffix(strings.Split(version, "/")[0], ".k8s.io")
	if version == "v1" {
		group = "core"
	}
	schema, ok := api.Components.Schemas["io.k8s.api."+group+".v1."+kind]
	if !ok {
		return fmt.Errorf("%s has no kind %q", version, kind)
	}
	asJSON, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	var value any
	if err := json.Unmarshal(asJSON, &value); err != nil {
		return err
	}
	return schema.Value.VisitJSON(value, openapi3.MultiErrors())
}

// module is where the files of a Go module are, fetched if need be.
func module(t *testing.T, version string) string {
	t.Helper()
	command := exec.Command("go", "mod", "download", "-json", version)
	command.Dir = t.TempDir()
	out, err := command.Output()
	var found struct{ Dir, Error string }
	if failed := json.Unmarshal(out, &found); err != nil || failed != nil {
		if os.Getenv("CI") == "" && strings.Contains(found.Error, "dial tcp") {
			t.Skipf("without a network %s can't be fetched; in CI that fails", version)
		}
		t.Fatalf("fetch %s: %v %s", version, errors.Join(err, failed), found.Error)
	}
	return found.Dir
}

// manifestsIn reads every manifest of a directory, by file.
func manifestsIn(t *testing.T, dir string) map[string][]map[string]any {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no manifests in %s: %v", dir, err)
	}
	all := map[string][]map[string]any{}
	for _, file := range files {
		all[filepath.Base(file)] = manifestsOf(t, file)
	}
	return all
}

func manifestsOf(t *testing.T, file string) (manifests []map[string]any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var m map[string]any
		switch err := decoder.Decode(&m); {
		case errors.Is(err, io.EOF):
			return manifests
		case err != nil:
			t.Fatalf("%s: %v", file, err)
		}
		manifests = append(manifests, m)
	}
}

func find(t *testing.T, file, kind string) map[string]any {
	t.Helper()
	for _, m := range manifestsOf(t, file) {
		if m["kind"] == kind {
			return m
		}
	}
	t.Fatalf("%s has no %s", file, kind)
	return nil
}

// dig goes down a path of keys.
func dig[Want any](t *testing.T, from map[string]any, path ...string) Want {
	t.Helper()
	var at any = from
	for _, key := range path {
		next, ok := at.(map[string]any)
		if !ok {
			t.Fatalf("%v ends before %s", path, key)
		}
		at = next[key]
	}
	found, ok := at.(Want)
	if !ok {
		t.Fatalf("%v is %T", path, at)
	}
	return found
}
