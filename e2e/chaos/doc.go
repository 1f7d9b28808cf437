// Package chaos breaks a cluster at random and counts: of every publication that
// was acknowledged, each subscriber got it once and in order, or was told that it
// was not. Its tests need a container engine and are asked for by the time that
// the schedule of faults lasts:
//
//	YODEL_CLUSTER=30s go test ./e2e/chaos -v
//	YODEL_CLUSTER=10m YODEL_CLUSTER_SEED=7 go test ./e2e/chaos -run Chaos -timeout 30m -v
package chaos
