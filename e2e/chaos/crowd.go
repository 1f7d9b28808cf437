package chaos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/yodelrt/yodel/e2e/stack"
)

// Crowd is people in rooms of a cluster: subscribers that go in by its common
// address, and a publisher on every node.
type Crowd struct {
	cluster     *stack.Cluster
	ledger      *Ledger
	rooms       []string
	people      []*person
	subscribers []*subscriber
	publishers  []*publisher
	changed     chan struct{} // holds one: somebody has seen something
	leave       context.CancelFunc
	work        sync.WaitGroup
}

const (
	roomsOfACrowd = 3
	perPerson     = 10 // sockets; more are refused
)

// Gather signs people in, has each join a room, and returns when size sockets
// follow it. name keeps crowds of one cluster apart: letters and digits.
func Gather(ctx context.Context, cluster *stack.Cluster, name string, size int) (*Crowd, error) {
	c := &Crowd{cluster: cluster, ledger: &Ledger{}, changed: make(chan struct{}, 1)}
	if err := c.enter(ctx, name, (size+perPerson-1)/perPerson); err != nil {
		return nil, err
	}
	following, leave := context.WithCancel(context.WithoutCancel(ctx))
	c.leave = leave
	for i := range size {
		who := c.people[i%len(c.people)]
		room := c.rooms[i%len(c.people)%len(c.rooms)]
		one := newSubscriber(who, fmt.Sprintf("%s/%d", who.name, i/len(c.people)), room, cluster.URL, c.wake)
		c.subscribers = append(c.subscribers, one)
		c.work.Go(func() { one.run(following) })
	}
	for _, one := range c.subscribers {
		select {
		case <-one.began:
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("wait for %s to follow its room: %w; %v", one.record.Who, ctx.Err(), one.troubles()), c.Leave())
		}
	}
	return c, nil
}

// wake says that something was seen.
func (c *Crowd) wake() {
	select {
	case c.changed <- struct{}{}:
	default: // it was said already
	}
}

// enter makes accounts, a publisher for each node, and rooms that all are in.
func (c *Crowd) enter(ctx context.Context, name string, people int) error {
	accounts := make([]string, people+len(c.cluster.Nodes))
	c.people = make([]*person, len(accounts))
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i := range accounts {
		group.Go(func() (err error) {
			account := fmt.Sprintf("%s%d", name, i)
			if err := c.cluster.AddUser(working, account, "member"); err != nil {
				return err
			}
			c.people[i], err = signIn(working, c.cluster, c.cluster.Nodes[i%len(c.cluster.Nodes)], account)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, address := range c.cluster.Nodes {
		c.publishers = append(c.publishers, &publisher{who: c.people[people+i], address: address, ledger: c.ledger})
	}
	if err := c.openRooms(ctx, name); err != nil {
		return err
	}
	for i, one := range c.people {
		rooms := []string{c.rooms[i%len(c.rooms)]}
		if i >= people {
			rooms = c.rooms
			c.publishers[i-people].rooms = rooms
		}
		if err := c.join(ctx, one, rooms); err != nil {
			return err
		}
	}
	c.people = c.people[:people]
	return nil
}

func (c *Crowd) openRooms(ctx context.Context, name string) error {
	socket, err := c.people[0].dial(ctx, c.cluster.URL)
	if err != nil {
		return err
	}
	defer socket.close()
	for i := range roomsOfACrowd {
		var made struct {
			Room struct {
				ID string `json:"id"`
			} `json:"room"`
			ID string `json:"id"`
		}
		if err := call(ctx, socket, "room.create", map[string]string{"kind": "public", "name": fmt.Sprintf("%s room %d", name, i)}, &made); err != nil {
			return err
		}
		c.rooms = append(c.rooms, made.Room.ID+made.ID)
	}
	return nil
}

func (c *Crowd) join(ctx context.Context, who *person, rooms []string) error {
	socket, err := who.dial(ctx, c.cluster.URL)
	if err != nil {
		return err
	}
	defer socket.close()
	for _, room := range rooms {
		if err := call(ctx, socket, "room.join", map[string]string{"room_id": room}, &struct{}{}); err != nil {
			return err
		}
	}
	return nil
}

// Talk has every publisher say something each pause until ctx ends, and returns
// when everything that they began to say is said.
func (c *Crowd) Talk(work, ctx context.Context, pause time.Duration) {
	var group sync.WaitGroup
	for _, one := range c.publishers {
		group.Go(func() { one.run(work, ctx, pause) })
	}
	group.Wait()
}

// CatchUp says something more in each room, again when it takes long, until
// everybody has seen the latest of their room.
func (c *Crowd) CatchUp(ctx context.Context) error {
	for {
		for _, room := range c.rooms {
			if !c.publishers[0].say(ctx, room) {
				return fmt.Errorf("say the last word: %w", ctx.Err())
			}
		}
		again := time.NewTimer(again)
		for done := false; !done; {
			late := c.behind()
			if len(late) == 0 {
				again.Stop()
				return nil
			}
			select {
			case <-c.changed:
			case <-again.C:
				done = true
			case <-ctx.Done():
				again.Stop()
				return fmt.Errorf("%d are behind, such as %s: %w", len(late), late[0], ctx.Err())
			}
		}
	}
}

const again = 20 * time.Second

// behind are those who have not seen the latest of their room and may yet.
func (c *Crowd) behind() (late []string) {
	latest := map[string]int64{}
	for _, room := range c.rooms {
		latest[room] = c.ledger.Latest(room)
	}
	for _, one := range c.subscribers {
		one.mu.Lock()
		if one.record.Ended == "" && one.number < latest[one.room] {
			late = append(late, fmt.Sprintf("%s, at message %d of %d: %v", one.record.Who, one.number, latest[one.room], one.trouble))
		}
		one.mu.Unlock()
	}
	return late
}

// Records are what everybody saw.
func (c *Crowd) Records() []Record {
	records := make([]Record, len(c.subscribers))
	for i, one := range c.subscribers {
		records[i], _ = one.seen()
	}
	return records
}

// Ledger is what was acknowledged.
func (c *Crowd) Ledger() *Ledger { return c.ledger }

// Troubles are why connections ended or were refused, and how often.
func (c *Crowd) Troubles() map[string]int {
	all := map[string]int{}
	for _, one := range c.subscribers {
		for why, n := range one.troubles() {
			all[why] += n
		}
	}
	return all
}

// Moved is when nodes that ended sent subscribers away, in order, and how often
// subscribers were back after a connection had ended.
func (c *Crowd) Moved() (sentAway []time.Time, returns int) {
	for _, one := range c.subscribers {
		times, n := one.moved()
		sentAway, returns = append(sentAway, times...), returns+n
	}
	slices.SortFunc(sentAway, time.Time.Compare)
	return sentAway, returns
}

// Leave ends every connection and waits for it. It returns nil.
func (c *Crowd) Leave() error {
	c.leave()
	c.work.Wait()
	return nil
}
