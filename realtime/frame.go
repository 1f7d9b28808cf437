package realtime

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/centrifugal/protocol"
)

// encoding is how a connection speaks, for its whole life.
type encoding int

const (
	inJSON encoding = iota
	inProtobuf
	encodings // how many there are
)

// encode writes one reply as it stands within a frame: JSON bare, protobuf with
// its length in front. Payloads that are not JSON are an error there, and line feeds
// between the tokens of those that are JSON are left out.
func (e encoding) encode(reply *protocol.Reply) ([]byte, error) {
	if e == inJSON {
		return protocol.DefaultJsonReplyEncoder.Encode(reply)
	}
	body, err := protocol.DefaultProtobufReplyEncoder.Encode(reply)
	if err != nil {
		return nil, err
	}
	return append(binary.AppendUvarint(make([]byte, 0, len(body)+3), uint64(len(body))), body...), nil
}

// separator stands between several replies of one frame.
func (e encoding) separator() string {
	if e == inJSON {
		return "\n"
	}
	return ""
}

// isPong reports whether a frame is the answer to a ping and nothing else.
func (e encoding) isPong(frame []byte) bool {
	if e == inJSON {
		return len(frame) == 2 && frame[0] == '{' && frame[1] == '}'
	}
	return len(frame) == 1 && frame[0] == 0
}

// several reports, cheaply, whether a frame seems to hold more than one command.
func (e encoding) several(frame []byte) bool {
	return e.firstCommand(frame)+maxLengthBytes < len(frame)
}

// maxLengthBytes is what stands in front of a protobuf command, or a line's end
// behind one of JSON.
const maxLengthBytes = 5

// firstCommand is how long the first command of a frame is.
func (e encoding) firstCommand(frame []byte) int {
	if e == inJSON {
		if end := bytes.IndexByte(frame, '\n'); end >= 0 {
			return end
		}
		return len(frame)
	}
	length, n := binary.Uvarint(frame)
	if n <= 0 || length > uint64(len(frame)) {
		return len(frame)
	}
	return int(length)
}

var errFrame = errors.New("a frame that can't be read")

// maxNesting bounds how deep the JSON of a frame may be nested, before anything
// walks it.
const maxNesting = 512

// commands takes a frame apart and calls handle for each, in order, until one
// says stop. A frame without commands, or one that can't be read, is errFrame.
func (e encoding) commands(frame []byte, handle func(*protocol.Command) (more bool)) error {
	if len(frame) == 0 {
		return errFrame
	}
	if e == inJSON && tooDeep(frame) {
		return errFrame
	}
	decoder := protocol.GetCommandDecoder(e.protocolType(), frame)
	defer protocol.PutCommandDecoder(e.protocolType(), decoder)
	for {
		command, err := decoder.Decode()
		if err != nil && !errors.Is(err, io.EOF) || command == nil {
			return errFrame
		}
		if !handle(command) || err != nil {
			return nil
		}
	}
}

func (e encoding) protocolType() protocol.Type {
	if e == inJSON {
		return protocol.TypeJSON
	}
	return protocol.TypeProtobuf
}

// tooDeep counts brackets first: without many of them nothing is deep.
func tooDeep(frame []byte) bool {
	brackets := bytes.Count(frame, []byte{'{'}) + bytes.Count(frame, []byte{'['})
	return brackets > maxNesting && nesting(frame) > maxNesting
}

// nesting is how deep the brackets of JSON go, strings left out.
func nesting(data []byte) int {
	depth, deepest := 0, 0
	inString, escaped := false, false
	for _, b := range data {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped = b == '\\'
			inString = b != '"'
		case b == '"':
			inString = true
		case b == '{' || b == '[':
			depth++
			deepest = max(deepest, depth)
		case b == '}' || b == ']':
			depth--
		}
	}
	return deepest
}
