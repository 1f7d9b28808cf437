package realtime

import (
	"fmt"
	"unicode/utf8"

	"github.com/centrifugal/protocol/cfjson"
)

// ErrNotJSON says that something can't be told to clients that speak JSON: data or
// an info that is not exactly one JSON value (RFC 8259, so in UTF-8; at most 512
// levels deep), or a tag that is not UTF-8. Nothing was published or sent. A
// channel that carries other bytes is declared with [ChannelOptions].Binary.
const ErrNotJSON = sentinel("not JSON")

// isJSON reports whether data is one JSON value that every client can read. It is
// asked once for each payload, where it comes in.
func isJSON(data []byte) bool { return !tooDeep(data) && cfjson.Valid(data) }

// infoProblem is what is wrong with an info; nothing for none.
func infoProblem(what string, info []byte) error {
	if len(info) == 0 || isJSON(info) {
		return nil
	}
	return fmt.Errorf("%s: %w", what, ErrNotJSON)
}

// problem says why the channels of a rule don't carry a publication.
func (r *channelRule) problem(p *Publication) error {
	for name, value := range p.Tags {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return fmt.Errorf("a tag is not UTF-8: %w", ErrNotJSON)
		}
	}
	if r.options.Binary || len(p.Data) == 0 || isJSON(p.Data) { // no data at all is left out, in either encoding
		return nil
	}
	return ErrNotJSON
}

// speaks reports whether a connection of this encoding can be in the channels of a
// rule.
func (r *channelRule) speaks(enc encoding) bool { return enc == inProtobuf || !r.options.Binary }

// problem says why a welcome can't be told to its client and to others.
func (r *ConnectReply) problem(enc encoding) error {
	if enc == inJSON {
		if err := infoProblem("ConnectReply.Data", r.Data); err != nil {
			return err
		}
	}
	return infoProblem("ConnectReply.Info", r.Info)
}

// tells reports whether a publication, of whatever wrote it, can be told in this
// encoding.
func (e encoding) tells(p *Publication) bool {
	if e == inProtobuf {
		return true
	}
	info := p.Info == nil || infoProblem("", p.Info.Conn) == nil && infoProblem("", p.Info.Channel) == nil
	return info && (len(p.Data) == 0 || isJSON(p.Data))
}
