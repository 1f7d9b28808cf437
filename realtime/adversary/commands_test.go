package adversary_test

import "github.com/centrifugal/protocol"

// ask sends commands in one frame. It notes what each of them waits for.
func (w *world) ask(l *link, commands ...*protocol.Command) {
	w.mu.Lock()
	for _, c := range commands {
		w.note(l, c)
	}
	w.mu.Unlock()
	var body []byte
	for i, c := range commands {
		if i > 0 && !l.protobuf {
			body = append(body, '\n')
		}
		body = append(body, encodeBody(l.protobuf, c)...)
	}
	w.trace("%s says %.300q", l.tag, body)
	l.put(frame(final|opcodeOf(l.protobuf), body))
}

// note gives a command its number. Callers hold mu.
func (w *world) note(l *link, c *protocol.Command) {
	if c.Send == nil {
		l.ids++
		c.Id = l.ids
		l.asked[c.Id], l.sentAt[c.Id] = channelOf(c), w.stamp()
	}
	if c.Subscribe != nil {
		l.recovers[c.Id] = c.Subscribe
	}
	if c.Connect == nil && !l.connected || c.Connect != nil && l.connects > 0 {
		l.allowed[3501] = "a command out of turn"
	}
	if c.Connect != nil {
		l.connects++
	}
	if c.Send != nil && w.bounds.noMessages {
		l.allowed[3508] = "a message that nobody takes"
	}
}

func channelOf(c *protocol.Command) string {
	switch {
	case c.Subscribe != nil:
		return c.Subscribe.Channel
	case c.Unsubscribe != nil:
		return c.Unsubscribe.Channel
	case c.History != nil:
		return c.History.Channel
	}
	return ""
}

func opcodeOf(protobuf bool) byte {
	if protobuf {
		return dataFrame
	}
	return textFrame
}

func encodeBody(protobuf bool, c *protocol.Command) []byte {
	encoder := protocol.NewJSONCommandEncoder().Encode
	if protobuf {
		encoder = protocol.NewProtobufCommandEncoder().Encode
	}
	body, err := encoder(c)
	if err != nil {
		panic(err)
	}
	return body
}

func encode(protobuf bool, c *protocol.Command) []byte {
	return frame(final|opcodeOf(protobuf), encodeBody(protobuf, c))
}
