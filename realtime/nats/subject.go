package nats

import (
	"errors"
	"fmt"
	"strings"
)

// subjects are where a deployment lives on a server. Each begins with the
// deployment's name, so one rule of access covers them all.
type subjects struct{ deployment string }

// stored is where publications of a channel with a history are written.
func (s subjects) stored(token string) string { return s.deployment + ".pub." + token }

// live is where they come out once they are stored, and where those of channels
// without a history are sent.
func (s subjects) live(token string) string { return s.deployment + ".live." + token }

// once is where idempotency keys of channels without a history are kept.
func (s subjects) once(token string) string { return s.deployment + ".once." + token }

// control is where nodes speak to each other.
func (s subjects) control() string { return s.deployment + ".control" }

// presence is where one node is asked who is there.
func (s subjects) presence(node string) string { return s.deployment + ".node." + node + ".presence" }

// inbox is the prefix of the answers to one node.
func (s subjects) inbox(node string) string { return s.deployment + ".inbox." + node }

// channels is the stream of publications.
func (s subjects) channels() string { return s.deployment + "-channels" }

// bucket is a key-value bucket.
func (s subjects) bucket(of string) string { return s.deployment + "-" + of }

// maxChannelBytes bounds a channel's name; its token has at most three times as
// many, which leaves room below the server's limit of 4,096 for a line.
const maxChannelBytes = 1024

var errChannel = errors.New("a channel's name has 1 to 1,024 bytes")

const hexDigits = "0123456789ABCDEF"

// encodeChannel writes a channel's name as one token of a subject: letters,
// digits, colon, hyphen and underscore as they are, any other byte as = and two
// hexadecimal digits. So no name can hold a dot, a wildcard, a space or a
// control character, and no two names become one.
func encodeChannel(name string) (string, error) {
	if name == "" || len(name) > maxChannelBytes {
		return "", errChannel
	}
	var token strings.Builder
	token.Grow(len(name))
	for i := range len(name) {
		if b := name[i]; plain(b) {
			token.WriteByte(b)
		} else {
			token.WriteByte('=')
			token.WriteByte(hexDigits[b>>4])
			token.WriteByte(hexDigits[b&15])
		}
	}
	return token.String(), nil
}

// decodeChannel reads a token, which must be the one that its name has.
func decodeChannel(token string) (string, error) {
	name := make([]byte, 0, len(token))
	for i := 0; i < len(token); i++ {
		b := token[i]
		if plain(b) {
			name = append(name, b)
			continue
		}
		if b != '=' || i+2 >= len(token) {
			return "", fmt.Errorf("token %q is of no channel", token)
		}
		high, low := strings.IndexByte(hexDigits, token[i+1]), strings.IndexByte(hexDigits, token[i+2])
		if high < 0 || low < 0 || plain(byte(high<<4|low)) {
			return "", fmt.Errorf("token %q is of no channel", token)
		}
		name = append(name, byte(high<<4|low))
		i += 2
	}
	if len(name) == 0 || len(name) > maxChannelBytes {
		return "", errChannel
	}
	return string(name), nil
}

func plain(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == ':' || b == '-' || b == '_'
}
