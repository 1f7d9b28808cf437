package chaos

import (
	"fmt"
	"slices"
	"sync"
)

// Entry is one thing that a subscriber saw of a room, in the order in which it
// saw them.
type Entry struct {
	// Number is a message's place in its room, from 1; zero for what is none.
	Number int64
	// Offset is the publication's place in the channel.
	Offset uint64
	// Told says that, instead of a publication, the server said that what was
	// missed can't be had: the channel goes on behind Offset.
	Told bool
}

// Record is what one subscriber saw of one room since it first subscribed.
type Record struct {
	Who, Room string
	Began     uint64 // offset
	Entries   []Entry
	Ended     string // why the server would not have it back; empty: it would
}

// Ledger sets what was acknowledged against what was seen. Safe for concurrent
// use.
type Ledger struct {
	mu           sync.Mutex
	acknowledged map[string][]int64 // numbers of messages, by room
}

// Acknowledge notes a message that the server said it has.
func (l *Ledger) Acknowledge(room string, number int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.acknowledged == nil {
		l.acknowledged = map[string][]int64{}
	}
	l.acknowledged[room] = append(l.acknowledged[room], number)
}

// Latest is the highest number acknowledged in a room.
func (l *Ledger) Latest(room string) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.acknowledged[room]) == 0 {
		return 0
	}
	return slices.Max(l.acknowledged[room])
}

// Sums are what a run came to. Entitled is what subscribers had to get: each
// acknowledged message once for each of them.
type Sums struct {
	Acknowledged, Entitled, Received, Told int
	Gaps                                   int // times that a subscriber was told
}

// Settle returns the sums of all records and a sentence for each thing that is
// wrong.
func (l *Ledger) Settle(records []Record) (sums Sums, wrong []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for room, numbers := range l.acknowledged {
		numbers = slices.Sorted(slices.Values(numbers))
		for i, number := range numbers {
			if number != numbers[0]+int64(i) {
				wrong = append(wrong, fmt.Sprintf("room %s: message %d was acknowledged as the one after %d", room, number, numbers[max(i-1, 0)]))
				break
			}
		}
		sums.Acknowledged += len(numbers)
	}
	for _, record := range records {
		one, problems := l.settle(record)
		sums.Entitled, sums.Received = sums.Entitled+one.Entitled, sums.Received+one.Received
		sums.Told, sums.Gaps = sums.Told+one.Told, sums.Gaps+one.Gaps
		wrong = append(wrong, problems...)
	}
	if sums.Received+sums.Told != sums.Entitled {
		wrong = append(wrong, fmt.Sprintf("received %d and told %d, together not the %d that were to be had", sums.Received, sums.Told, sums.Entitled))
	}
	return sums, wrong
}

func (l *Ledger) settle(record Record) (sums Sums, wrong []string) {
	say := func(format string, values ...any) {
		wrong = append(wrong, fmt.Sprintf("%s in %s: ", record.Who, record.Room)+fmt.Sprintf(format, values...))
	}
	if record.Ended != "" {
		say("was ended for good: %s", record.Ended)
	}
	numbers := slices.Sorted(slices.Values(l.acknowledged[record.Room]))
	sums.Entitled = len(numbers)
	left := numbers // what has not come yet, in order
	at, told := record.Began, false
	for _, entry := range record.Entries {
		if entry.Told {
			at, told, sums.Gaps = entry.Offset, true, sums.Gaps+1
			continue
		}
		if entry.Offset != at+1 {
			say("offset %d came after %d, and nobody said so", entry.Offset, at)
		}
		if at = entry.Offset; entry.Number == 0 {
			continue
		}
		place, known := slices.BinarySearch(left, entry.Number)
		switch {
		case !known:
			say("message %d came twice, out of order, or was never acknowledged", entry.Number)
			continue
		case place > 0 && told:
			sums.Told += place
		case place > 0:
			say("messages %d to %d are missing, and nobody said so", left[0], left[place-1])
		}
		left, told, sums.Received = left[place+1:], false, sums.Received+1
	}
	if len(left) > 0 && !told {
		say("messages from %d on are missing, and nobody said so", left[0])
	} else {
		sums.Told += len(left)
	}
	return sums, wrong
}
