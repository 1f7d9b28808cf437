package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// logSink writes log lines in the background, so that a reader of the log who
// falls asleep never keeps a request waiting. Lines that find no room are
// counted, and the count is written as soon as lines go through again.
type logSink struct {
	to      io.Writer
	lines   chan []byte
	dropped atomic.Uint64
	closing sync.Once
	closed  chan struct{} // nobody waits for lines any more
	done    chan struct{} // what waited is written
}

const (
	logLines  = 4096        // that may wait
	logFinish = time.Second // to write what waits at the end
)

func newLogSink(to io.Writer) *logSink {
	s := &logSink{to: to, lines: make(chan []byte, logLines), closed: make(chan struct{}), done: make(chan struct{})}
	go s.write()
	return s
}

// Write never blocks and never fails. It copies the line.
func (s *logSink) Write(line []byte) (int, error) {
	select {
	case s.lines <- append([]byte(nil), line...):
	default:
		s.dropped.Add(1)
	}
	return len(line), nil
}

func (s *logSink) write() {
	defer close(s.done)
	for {
		select {
		case line := <-s.lines:
			s.put(line)
		case <-s.closed:
			s.rest()
			return
		}
	}
}

// rest writes what waits.
func (s *logSink) rest() {
	for {
		select {
		case line := <-s.lines:
			s.put(line)
		default:
			return
		}
	}
}

func (s *logSink) put(line []byte) {
	if _, err := s.to.Write(line); err != nil {
		s.dropped.Add(1)
		return
	}
	if n := s.dropped.Swap(0); n > 0 {
		if _, err := fmt.Fprintf(s.to, "level=WARN msg=\"log lines were dropped\" count=%d\n", n); err != nil {
			s.dropped.Add(n)
		}
	}
}

// Close writes what waits, for a second at most. What a request that was cut off
// writes after it goes nowhere.
func (s *logSink) Close() {
	s.closing.Do(func() { close(s.closed) })
	select {
	case <-s.done:
	case <-time.After(logFinish):
	}
}
