package peers

import (
	"github.com/centrifugal/centrifuge"
	"github.com/labstack/echo/v4"
)

// reference is the centrifuge library with its defaults.
func reference(s *site) (publish, error) {
	node, err := centrifuge.New(centrifuge.Config{LogLevel: centrifuge.LogLevelNone})
	if err != nil {
		return nil, err
	}
	node.OnConnect(func(c *centrifuge.Client) {
		c.OnSubscribe(func(e centrifuge.SubscribeEvent, reply centrifuge.SubscribeCallback) {
			reply(centrifuge.SubscribeReply{Options: centrifuge.SubscribeOptions{EnableRecovery: e.Channel != Bare, EmitPresence: true}}, nil)
		})
		c.OnPublish(func(e centrifuge.PublishEvent, reply centrifuge.PublishCallback) {
			options := centrifuge.PublishOptions{HistorySize: historySize, HistoryTTL: historyTTL}
			if e.Channel == Bare {
				options = centrifuge.PublishOptions{}
			}
			reply(centrifuge.PublishReply{Options: options}, nil)
		})
		c.OnRPC(func(r centrifuge.RPCEvent, reply centrifuge.RPCCallback) {
			reply(centrifuge.RPCReply{Data: r.Data}, nil)
		})
	})
	if err := node.Run(); err != nil {
		return nil, err
	}
	sockets := centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{})
	s.guarded(func(c echo.Context) error {
		user, err := subject(c)
		if err != nil {
			return err
		}
		r := c.Request()
		sockets.ServeHTTP(c.Response(), r.WithContext(centrifuge.SetCredentials(r.Context(), &centrifuge.Credentials{UserID: user})))
		return nil
	})
	payload := []byte(Payload)
	kept := centrifuge.WithHistory(historySize, historyTTL)
	return func(channel string) error {
		var err error
		if channel == Bare {
			_, err = node.Publish(channel, payload)
		} else {
			_, err = node.Publish(channel, payload, kept)
		}
		return err
	}, nil
}
