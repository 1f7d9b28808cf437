package chat

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/yodelrt/yodel/app/chat/wire"
)

// mentioned finds @username where no word goes before it. An address such as
// someone@example.com mentions nobody.
var mentioned = regexp.MustCompile(`(?:^|[^\pL\pN@._/-])@([A-Za-z0-9][A-Za-z0-9._-]{0,31})`)

// mentionsIn returns the members whom a text names, each once. Names of people
// who are not in the room, or have blocked who speaks, are text like any other.
func (v *visit) mentionsIn(ctx context.Context, text string) ([]wire.Mention, error) {
	found := []wire.Mention{}
	for _, name := range namesIn(text) {
		if len(found) == maxMentions {
			break
		}
		who, err := v.tx.PersonByUsername(ctx, name)
		if err == nil {
			_, err = v.tx.Seat(ctx, v.room.ID, who.ID)
		}
		if errors.Is(err, ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		blocked, err := v.tx.Blocks(ctx, who.ID, v.who.ID)
		if err != nil {
			return nil, err
		}
		if blocked {
			continue
		}
		found = append(found, wire.Mention{UserID: who.ID, Username: who.Username})
	}
	return found, nil
}

// namesIn returns what might be usernames, without the full stop that ends a
// sentence.
func namesIn(text string) []string {
	var names []string
	for _, match := range mentioned.FindAllStringSubmatch(text, 2*maxMentions) {
		name := strings.TrimRight(strings.ToLower(match[1]), ".-_")
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
