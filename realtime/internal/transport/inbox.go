package transport

import "sync"

// inbox hands the frames of one conn to its worker, in order, off the read loop.
// The worker lives only while there is work. While more waits than may, the reader
// waits, and with it the peer.
type inbox struct {
	mu      sync.Mutex
	frames  [][]byte
	bytes   int
	running bool // a worker is at work
	shut    bool
	handled uint64
	room    chan struct{} // closed when the reader may look again; nil while it does not wait
	idle    chan struct{} // closed when the worker ends; nil while nobody waits for that
}

// frameCost is what a frame that waits costs beyond its buffer.
const frameCost = 64

// costOf is what a frame takes in memory: one of one byte costs its buffer.
func costOf(frame []byte) int { return cap(frame) + frameCost }

// put queues a frame. start says that the caller must start a worker. Where too much
// waits, the frame is not queued, and the caller puts it again when room is closed.
// After shut it is dropped.
func (i *inbox) put(frame []byte, limit int) (start bool, room <-chan struct{}) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.shut:
		return false, nil
	case len(i.frames) > 0 && i.bytes+costOf(frame) > limit:
		if i.room == nil {
			i.room = make(chan struct{})
		}
		return false, i.room
	}
	i.frames = append(i.frames, frame)
	i.bytes += costOf(frame)
	start = !i.running
	i.running = true
	return start, nil
}

// take returns the next frame and whether another waits behind it. Without one the
// worker has ended.
func (i *inbox) take(limit int) (frame []byte, more, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.frames) == 0 {
		i.end()
		return nil, false, false
	}
	frame = i.frames[0]
	i.frames[0] = nil
	i.frames = i.frames[1:]
	i.bytes -= costOf(frame)
	if i.bytes <= limit/2 {
		i.wakeReader()
	}
	return frame, len(i.frames) > 0, true
}

// finished counts a frame and reports whether others wait.
func (i *inbox) finished() (more bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.handled++
	return len(i.frames) > 0
}

// close drops what waits and lets the reader go on. Nothing is queued any more.
func (i *inbox) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.shut = true
	i.frames, i.bytes = nil, 0
	i.wakeReader()
}

// stopped is for a worker that has ended without taking all there is.
func (i *inbox) stopped() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.end()
}

// end marks the worker as gone. The caller holds mu.
func (i *inbox) end() {
	i.running, i.frames, i.bytes = false, nil, 0
	i.wakeReader()
	if i.idle != nil {
		close(i.idle)
		i.idle = nil
	}
}

// wakeReader lets the reader look again. The caller holds mu.
func (i *inbox) wakeReader() {
	if i.room != nil {
		close(i.room)
		i.room = nil
	}
}

// wait returns when no worker is at work.
func (i *inbox) wait() {
	i.mu.Lock()
	if !i.running {
		i.mu.Unlock()
		return
	}
	if i.idle == nil {
		i.idle = make(chan struct{})
	}
	idle := i.idle
	i.mu.Unlock()
	<-idle
}

// state is what a conn reports of its inbox.
func (i *inbox) state() (busy, heldBack bool, handled uint64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.running, i.room != nil, i.handled
}
