package nats

import (
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/yodelrt/yodel/realtime/engine"
)

// envelope is one message of a channel as it lies in the stream. Its encoding is
// that of protobuf, so a release reads what an older or newer one has written.
type envelope struct {
	kind  kind
	epoch string
	// publication has its offset and everything else that subscribers get.
	publication engine.Publication
	// history and ttl are what the channel keeps.
	history int
	ttl     time.Duration
}

// kind is what a message is. The numbers are part of the encoding.
type kind uint64

const (
	publication kind = 1
	joined      kind = 2
	left        kind = 3
	// begun opens an epoch at offset 0. Subscribers that were in another one are
	// told.
	begun kind = 4
)

// The fields of an envelope, and below those of its messages.
const (
	fieldKind    protowire.Number = 1
	fieldEpoch   protowire.Number = 2
	fieldOffset  protowire.Number = 3
	fieldAt      protowire.Number = 4 // Unix nanoseconds
	fieldHistory protowire.Number = 5
	fieldTTL     protowire.Number = 6 // nanoseconds
	fieldData    protowire.Number = 7
	fieldInfo    protowire.Number = 8
	fieldTag     protowire.Number = 9
	fieldExcept  protowire.Number = 10
	fieldSession protowire.Number = 11 // ExceptSession
	fieldUser    protowire.Number = 12 // ExceptUser

	infoUser    protowire.Number = 1
	infoClient  protowire.Number = 2
	infoConn    protowire.Number = 3
	infoChannel protowire.Number = 4

	tagKey   protowire.Number = 1
	tagValue protowire.Number = 2
)

var errEnvelope = errors.New("not a message of a channel")

func (e envelope) encode() []byte {
	p := e.publication
	b := make([]byte, 0, len(p.Data)+128)
	b = appendUint(b, fieldKind, uint64(e.kind))
	b = appendString(b, fieldEpoch, e.epoch)
	b = appendUint(b, fieldOffset, p.Offset)
	if !p.At.IsZero() {
		b = appendUint(b, fieldAt, uint64(p.At.UnixNano()))
	}
	b = appendUint(b, fieldHistory, uint64(e.history))
	b = appendUint(b, fieldTTL, uint64(e.ttl))
	b = appendBytes(b, fieldData, p.Data)
	if p.Info != nil {
		info := appendString(nil, infoUser, p.Info.User)
		info = appendString(info, infoClient, p.Info.Client)
		info = appendBytes(info, infoConn, p.Info.Conn)
		info = appendBytes(info, infoChannel, p.Info.Channel)
		b = protowire.AppendTag(b, fieldInfo, protowire.BytesType)
		b = protowire.AppendBytes(b, info)
	}
	for key, value := range p.Tags {
		tag := appendString(appendString(nil, tagKey, key), tagValue, value)
		b = protowire.AppendTag(b, fieldTag, protowire.BytesType)
		b = protowire.AppendBytes(b, tag)
	}
	b = appendString(b, fieldExcept, p.Except)
	b = appendString(b, fieldSession, p.ExceptSession)
	return appendString(b, fieldUser, p.ExceptUser)
}

func appendUint(b []byte, number protowire.Number, value uint64) []byte {
	if value == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), value)
}

func appendBytes(b []byte, number protowire.Number, value []byte) []byte {
	if len(value) == 0 {
		return b
	}
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), value)
}

func appendString(b []byte, number protowire.Number, value string) []byte {
	if value == "" {
		return b
	}
	return protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), value)
}

// fields calls take for each field of a message; what it doesn't know it
// ignores. A number comes as value, anything with a length as data.
func fields(b []byte, take func(number protowire.Number, value uint64, data []byte) error) error {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return fmt.Errorf("%w: %w", errEnvelope, protowire.ParseError(n))
		}
		b = b[n:]
		var value uint64
		var data []byte
		switch kind {
		case protowire.VarintType:
			value, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			data, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
		}
		if n < 0 {
			return fmt.Errorf("%w: %w", errEnvelope, protowire.ParseError(n))
		}
		b = b[n:]
		if err := take(number, value, data); err != nil {
			return err
		}
	}
	return nil
}

// decodeEnvelope reads a message and refuses what no node would write. It keeps
// no part of b but the data.
func decodeEnvelope(b []byte) (envelope, error) {
	var e envelope
	p := &e.publication
	err := fields(b, func(number protowire.Number, value uint64, data []byte) (err error) {
		switch number {
		case fieldKind:
			e.kind = kind(value)
		case fieldEpoch:
			e.epoch = string(data)
		case fieldOffset:
			p.Offset = value
		case fieldAt:
			if p.At = time.Unix(0, int64(value)); value == 0 {
				p.At = time.Time{} // as if it were not there
			}
		case fieldHistory:
			e.history = int(min(value, 1<<30))
		case fieldTTL:
			e.ttl = time.Duration(min(value, 1<<62))
		case fieldData:
			p.Data = data
		case fieldInfo:
			p.Info, err = decodeInfo(data)
		case fieldTag:
			err = decodeTag(p, data)
		case fieldExcept:
			p.Except = string(data)
		case fieldSession:
			p.ExceptSession = string(data)
		case fieldUser:
			p.ExceptUser = string(data)
		}
		return err
	})
	if err != nil {
		return e, err
	}
	return e, e.check()
}

// check holds a message against what nodes write, and gives the publication its
// kind and epoch.
func (e *envelope) check() error {
	p := &e.publication
	switch e.kind {
	case publication:
		if (p.Offset > 0) != (e.epoch != "") || (p.Offset > 0) != (e.history > 0) {
			return fmt.Errorf("%w: an offset without epoch or history", errEnvelope)
		}
		p.Kind, p.Epoch = engine.Published, e.epoch
	case joined, left:
		if p.Offset > 0 || p.Info == nil {
			return fmt.Errorf("%w: nobody joined or left", errEnvelope)
		}
		p.Kind = engine.Joined
		if e.kind == left {
			p.Kind = engine.Left
		}
	case begun:
		if p.Offset > 0 || e.epoch == "" {
			return fmt.Errorf("%w: an epoch that does not begin", errEnvelope)
		}
	default:
		return fmt.Errorf("%w: kind %d", errEnvelope, e.kind)
	}
	return nil
}

func decodeInfo(b []byte) (*engine.ClientInfo, error) {
	info := &engine.ClientInfo{}
	return info, fields(b, func(number protowire.Number, _ uint64, data []byte) error {
		switch number {
		case infoUser:
			info.User = string(data)
		case infoClient:
			info.Client = string(data)
		case infoConn:
			info.Conn = data
		case infoChannel:
			info.Channel = data
		}
		return nil
	})
}

func decodeTag(p *engine.Publication, b []byte) error {
	var key, tag string
	err := fields(b, func(number protowire.Number, _ uint64, data []byte) error {
		switch number {
		case tagKey:
			key = string(data)
		case tagValue:
			tag = string(data)
		}
		return nil
	})
	if p.Tags == nil {
		p.Tags = map[string]string{}
	}
	p.Tags[key] = tag
	return err
}
