package realtime_test

import (
	"testing"
	"testing/synctest"

	"github.com/yodelrt/yodel/realtime/plain"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// bubble runs a test against a testPlain in memory whose clock is fake.
func bubble(t *testing.T, change func(*plain.Config), test func(t *testing.T, w *testPlain)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newTestPlainOn(t, realtimetest.NewNetwork(), change)) })
}
