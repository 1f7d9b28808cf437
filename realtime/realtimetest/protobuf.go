package realtimetest

import (
	"bytes"
	"errors"
	"io"

	"github.com/centrifugal/protocol"
)

// A client that speaks protobuf reads and writes the same lines of JSON for its
// test as one that speaks JSON; they are translated on the way.

const protobufSubprotocol = "centrifuge-protobuf"

// toProtobuf makes one frame of the commands of a JSON frame.
func toProtobuf(frame string) ([]byte, error) {
	decoder := protocol.NewJSONCommandDecoder([]byte(frame))
	var all []byte
	for {
		command, err := decoder.Decode()
		if command != nil {
			one, failed := protocol.NewProtobufCommandEncoder().Encode(command) // its length in front
			if failed != nil {
				return nil, failed
			}
			all = append(all, one...)
		}
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// fromProtobuf makes lines of JSON of the replies of a frame.
func fromProtobuf(frame []byte) (string, error) {
	var lines bytes.Buffer
	decoder := protocol.NewProtobufReplyDecoder(frame)
	for {
		reply, err := decoder.Decode()
		if reply != nil {
			line, err := protocol.DefaultJsonReplyEncoder.Encode(reply)
			if err != nil {
				return "", err
			}
			lines.Write(line)
			lines.WriteByte('\n')
		}
		if errors.Is(err, io.EOF) {
			return lines.String(), nil
		}
		if err != nil {
			return "", err
		}
	}
}
