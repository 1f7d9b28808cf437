//go:build race

package realtime_test

// raceEnabled says whether the race detector watches. The official Go client has
// races of its own when it is cut while it subscribes: sends read its transport
// without the lock under which a reconnect replaces it (v0.12.1).
const raceEnabled = true
