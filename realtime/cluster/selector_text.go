package cluster

import (
	"errors"
	"strconv"
	"strings"
)

// selectorWords are the kinds of selectors as text.
var selectorWords = map[Kind]string{
	KindUser: "user", KindUserBefore: "before", KindSession: "session", KindToken: "token", KindAll: "all",
	KindClient: "client",
}

var errSelector = errors.New("not a selector")

// MarshalText writes a selector for other nodes: its kind, a colon, and its id,
// behind an epoch and a colon where it has one.
func (s Selector) MarshalText() ([]byte, error) {
	word, known := selectorWords[s.kind]
	if !known {
		return nil, errSelector
	}
	if s.kind == KindUserBefore {
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
		if kind == KindUserBefore {
			epoch, rest, _ := strings.Cut(id, ":")
			n, err := strconv.ParseInt(epoch, 10, 64)
			if err != nil {
				return errSelector
			}
			read.id, read.epoch = rest, n
		}
		if (read.id == "") == (kind == KindAll) {
			*s = read
			return nil
		}
	}
	return errSelector
}
