package realtime

import "sync"

// inbox hands the frames of one connection to its worker, in order, off the read
// loop. The worker lives only while there is work. What a peer sends faster than
// it is handled is bounded.
type inbox struct {
	mu      sync.Mutex
	frames  [][]byte
	bytes   int
	running bool
	idle    *sync.Cond // signalled when the worker ends
}

// maxInbox bounds the bytes that wait to be handled, as they lie in memory: a
// frame of one byte costs what its buffer costs.
const maxInbox = 256 << 10

// frameCost is what a frame that waits costs beyond its buffer.
const frameCost = 64

func costOf(frame []byte) int { return cap(frame) + frameCost }

// put queues a frame. start says that the caller must start a worker; ok is
// false when too much waits.
func (i *inbox) put(frame []byte) (start, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.bytes+costOf(frame) > maxInbox && i.running {
		return false, false
	}
	i.frames = append(i.frames, frame)
	i.bytes += costOf(frame)
	start = !i.running
	i.running = true
	return start, true
}

// take returns the next frame and whether another waits behind it. Without one
// the worker has ended.
func (i *inbox) take() (frame []byte, more, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.frames) == 0 {
		i.running, i.frames = false, nil
		if i.idle != nil {
			i.idle.Broadcast()
		}
		return nil, false, false
	}
	frame = i.frames[0]
	i.frames[0] = nil
	i.frames = i.frames[1:]
	i.bytes -= costOf(frame)
	return frame, len(i.frames) > 0, true
}

// waits reports whether frames wait to be handled.
func (i *inbox) waits() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.frames) > 0
}

// busy reports whether frames are being handled.
func (i *inbox) busy() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.running
}

// drain forgets what waits and returns when the worker has ended.
func (i *inbox) drain() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.frames, i.bytes = nil, 0
	if i.running {
		i.idle = sync.NewCond(&i.mu)
	}
	for i.running {
		i.idle.Wait()
	}
}
