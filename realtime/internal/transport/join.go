package transport

// take puts what waits in flight, joined as far as may be. The caller holds mu.
func (q *writeQueue) take() (next Message, more bool) {
	if len(q.queue) == 0 {
		q.queue = nil
		return Message{}, false
	}
	if !q.idle() {
		return Message{}, false
	}
	n, size := q.joinable()
	next = q.queue[0].message
	if n > 1 {
		next = q.join(n, size)
	}
	for i := range n {
		if q.queue[i].kind.isPush() {
			q.pushBytes -= q.queue[i].message.Len()
		}
		q.flying.add(q.queue[i].counts)
		q.queue[i] = queuedMessage{}
	}
	q.queue = q.queue[n:]
	q.bytes -= size
	q.busy = true
	if q.roomy() {
		q.wake()
	}
	return next, true
}

// joinable is how many of the messages that wait share the next frame, and their
// payload in bytes.
func (q *writeQueue) joinable() (n, size int) {
	n, size = 1, q.queue[0].message.Len()
	for q.config.JoinFrames && n < len(q.queue) && size+q.queue[n].message.Len() <= MaxJoined {
		size += q.queue[n].message.Len()
		n++
	}
	return n, size
}

// join makes one message of the first n: a line each in text, one after the other in
// binary.
func (q *writeQueue) join(n, size int) Message {
	separator := "\n"
	if q.binary {
		separator = ""
	}
	length := size + (n-1)*len(separator)
	data := appendHeader(make([]byte, 0, maxHeader+length), length, q.binary)
	header := len(data)
	for i, one := range q.queue[:n] {
		if i > 0 {
			data = append(data, separator...)
		}
		data = append(data, one.message.payload()...)
	}
	return Message{data: data, header: uint8(header)}
}
