//go:build !race

package realtime_test

// raceEnabled says whether the race detector watches.
const raceEnabled = false
