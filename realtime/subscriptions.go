package realtime

import "slices"

// subscriptions are those of one connection. Most have a few, for which a list is
// smaller than a map and no slower.
type subscriptions []*subscription

func (all subscriptions) index(name string) int {
	return slices.IndexFunc(all, func(s *subscription) bool { return s.params.Channel == name })
}

// find returns nil where there is none.
func (all subscriptions) find(name string) *subscription {
	if i := all.index(name); i >= 0 {
		return all[i]
	}
	return nil
}

// returning is how many bytes they take of the frame with which an official client
// comes back.
func (all subscriptions) returning() (bytes int) {
	for _, s := range all {
		bytes += s.returns
	}
	return bytes
}

// add keeps one; the connection has none of that channel yet.
func (all *subscriptions) add(s *subscription) { *all = append(*all, s) }

// drop forgets one and returns it, nil where there is none.
func (all *subscriptions) drop(name string) *subscription {
	i := all.index(name)
	if i < 0 {
		return nil
	}
	s := (*all)[i]
	*all = slices.Delete(*all, i, i+1)
	return s
}
