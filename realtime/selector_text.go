package realtime

import (
	"errors"
	"strconv"
	"strings"
)

// selectorWords are the kinds of selectors as text.
var selectorWords = map[selectorKind]string{
	selectUser: "user", selectUserBefore: "before", selectSession: "session", selectToken: "token", selectAll: "all",
	selectClient: "client",
}

var errSelector = errors.New("not a selector")

// MarshalText writes a selector for other nodes: its kind, a colon, and its id,
// behind an epoch and a colon where it has one.
func (s Selector) MarshalText() ([]byte, error) {
	word, known := selectorWords[s.kind]
	if !known {
		return nil, errSelector
	}
	if s.kind == selectUserBefore {
		word += ":" + strconv.FormatInt(s.epoch, 10)
	}
	return []byte(word + ":" + s.id), nil
}

// UnmarshalText reads what [Selector.MarshalText] has written.
func (s *Selector) UnmarshalText(text []byte) error {
	word, id, _ := strings.Cut(string(text), ":")
	for kind, known := range selectorWords {
		if word != known {
			continue
		}
		read := Selector{kind: kind, id: id}
		if kind == selectUserBefore {
			epoch, rest, _ := strings.Cut(id, ":")
			n, err := strconv.ParseInt(epoch, 10, 64)
			if err != nil {
				return errSelector
			}
			read.id, read.epoch = rest, n
		}
		if (read.id == "") == (kind == selectAll) {
			*s = read
			return nil
		}
	}
	return errSelector
}
