package adversary_test

import "testing"

func plainRound(t *testing.T, seed uint64, net network) { progress.Add(1000000) }
