package realtime

import "fmt"

// subscribeBytes is about what one subscription takes in the frame with which an
// official client comes back: 145 bytes in JSON, with a name of 40 bytes and a
// position. A subscription token comes on top.
const subscribeBytes = 145

// relate makes limits agree that depend on each other. An official client that comes
// back sends its connect and all of its subscriptions in one frame, and never splits
// it. So a limit that is not set follows from MaxChannels, MaxChannels follows from
// those that are, and two that are set and contradict each other are an error.
func (c *Config) relate() error {
	if c.MaxChannels == 0 {
		c.MaxChannels = 128
		for _, room := range []int{c.CommandsPerFrame, c.CommandBurst, int(c.MaxMessageBytes / subscribeBytes)} {
			if room > 0 {
				c.MaxChannels = max(1, min(c.MaxChannels, room-1))
			}
		}
	} else if err := c.contradiction(); err != nil {
		return err
	}
	orDefault(&c.CommandsPerFrame, max(256, 2*c.MaxChannels))
	orDefault(&c.CommandBurst, max(200, 2*c.MaxChannels))
	orDefault(&c.MaxMessageBytes, max(64<<10, int64(c.MaxChannels+1)*2*subscribeBytes))
	return nil
}

// contradiction names the limit below which a client with MaxChannels could not come
// back.
func (c *Config) contradiction() error {
	least := c.MaxChannels + 1
	for _, one := range []struct {
		name       string
		set, least int64
	}{
		{"CommandsPerFrame", int64(c.CommandsPerFrame), int64(least)},
		{"CommandBurst", int64(c.CommandBurst), int64(least)},
		{"MaxMessageBytes", c.MaxMessageBytes, int64(least) * subscribeBytes},
	} {
		if one.set > 0 && one.set < one.least {
			return fmt.Errorf("%w: %s is %d and MaxChannels %d: a client that comes back with all of its channels sends them in one frame, which takes %d; raise %s, or lower MaxChannels",
				ErrConfig, one.name, one.set, c.MaxChannels, one.least, one.name)
		}
	}
	return nil
}
