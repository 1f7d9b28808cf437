package nats

import (
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// Exported for the fuzz tests.
var (
	EncodeChannel = encodeChannel
	DecodeChannel = decodeChannel
)

// Envelope encodes a publication as it lies in the stream.
func Envelope(p realtime.Publication, history int) []byte {
	return envelope{kind: publication, epoch: p.Epoch, publication: p, history: history}.encode()
}

// DecodeEnvelope reads a message of the stream and writes it again.
func DecodeEnvelope(b []byte) (p realtime.Publication, again []byte, err error) {
	e, err := decodeEnvelope(b)
	return e.publication, e.encode(), err
}

// OpenControl reads a control message of another node.
func OpenControl(secret, message []byte) error {
	_, _, err := newProof(secret, "00000000000000000000000000").open(message, time.Now())
	return err
}
