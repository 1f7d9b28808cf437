package chat

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yodelrt/yodel/app/chat/wire"
)

// mentioned finds @username where no word goes before it. An address such as
// someone@example.com mentions nobody.
var mentioned = regexp.MustCompile(`(?:^|[^\pL\pN@._/-])@([A-Za-z0-9][A-Za-z0-9._-]*)`)

const longestName = 32

// How many names are looked up for one message: what a full stop or a dash ends
// may be two names, with it and without.
const maxLookups = 4 * maxMentions

// mentionsIn returns the members whom a text names, each once. Names of people
// who are not in the room, or have blocked who speaks, are text like any other.
func (v *visit) mentionsIn(ctx context.Context, text string) ([]wire.Mention, error) {
	found := []wire.Mention{}
	lookups := 0
	for _, names := range namesIn(text) {
		for _, name := range names {
			if lookups++; len(found) == maxMentions || lookups > maxLookups {
				return found, nil
			}
			who, err := v.memberByName(ctx, name)
			if errors.Is(err, ErrNone) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if mention := (wire.Mention{UserID: who.ID, Username: who.Username}); !slices.Contains(found, mention) {
				found = append(found, mention)
			}
			break
		}
	}
	return found, nil
}

// memberByName finds a member of the room; ErrNone for somebody who is not in it, or
// has blocked who speaks.
func (v *visit) memberByName(ctx context.Context, name string) (Actor, error) {
	who, err := v.tx.PersonByUsername(ctx, name)
	if err == nil {
		_, err = v.tx.Seat(ctx, v.room.ID, who.ID)
	}
	if err != nil {
		return who, err
	}
	blocked, err := v.tx.Blocks(ctx, who.ID, v.who.ID)
	if err == nil && blocked {
		err = ErrNone
	}
	return who, err
}

// namesIn returns the usernames that may be meant by each @ outside of code, the
// longest first: a name may end with the sign that ends a sentence. `namesIn` in
// the pages is its twin; testdata/mentions.json is run over both.
func namesIn(text string) (all [][]string) {
	known := map[string]bool{}
	text = outsideCode(text)
	for _, at := range mentioned.FindAllStringSubmatchIndex(text, -1) {
		run, after := strings.ToLower(text[at[2]:at[3]]), text[at[3]:]
		if next, _ := utf8.DecodeRuneInString(after); known[run] || unicode.IsLetter(next) || unicode.IsNumber(next) {
			continue
		}
		known[run] = true
		if names := readings(run); len(names) > 0 {
			all = append(all, names)
		}
	}
	return all
}

// readings returns a run of letters, and what it is without the signs at its end.
func readings(run string) (names []string) {
	for ; run != ""; run = run[:len(run)-1] {
		if len(run) <= longestName {
			names = append(names, run)
		}
		if !strings.ContainsRune("._-", rune(run[len(run)-1])) {
			break
		}
	}
	return names
}
