package gen

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/yodelrt/yodel/realtime/contract"
	"github.com/yodelrt/yodel/realtime/shape"
)

// AsyncAPI writes the AsyncAPI 3.0 document of what flows over a hub, in YAML,
// from the server's side: it sends the events of channels and answers calls. The
// messages are what the Centrifugo protocol carries as data. Errors wrap
// [ErrContract], or come from reading the sources.
func AsyncAPI(c Contract) ([]byte, error) {
	b, err := c.open(c.realtimeRoots())
	if err != nil {
		return nil, err
	}
	a := &asyncapi{book: b, taken: map[string]bool{}}
	for _, channel := range c.Realtime.Channels {
		a.channel(channel)
	}
	for _, method := range c.Realtime.Methods {
		a.method(method)
	}
	a.outside(c.Realtime.Messages)
	return write(mapping(
		member{"asyncapi", "3.0.0"},
		member{"info", mapping(member{"title", c.Title}, member{"version", c.Version}, member{"description", c.Description})},
		member{"defaultContentType", "application/json"},
		member{"channels", mapping(a.channels...)},
		member{"operations", mapping(a.operations...)},
		member{"components", mapping(member{"schemas", b.schemas()})},
	))
}

// asyncapi is a document that is being written.
type asyncapi struct {
	*book
	channels, operations []member
	taken                map[string]bool // ids
}

var notInID = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// id is a name that the document may use as a key, and that is not taken.
func (a *asyncapi) id(name string) string {
	id := strings.Trim(notInID.ReplaceAllString(name, "_"), "_")
	for n := 2; a.taken[id]; n++ {
		id = fmt.Sprintf("%s_%d", strings.Trim(notInID.ReplaceAllString(name, "_"), "_"), n)
	}
	a.taken[id] = true
	return id
}

func channelReference(id string) *yaml.Node { return mapping(member{"$ref", "#/channels/" + id}) }

func messageReference(channel, message string) *yaml.Node {
	return mapping(member{"$ref", "#/channels/" + channel + "/messages/" + message})
}

var placeholder = regexp.MustCompile(`\{([^}]*)\}`)

func (a *asyncapi) channel(channel contract.Channel) {
	address := strings.ReplaceAll(channel.Pattern, "...}", "}")
	id := a.id(address)
	var parameters []member
	for _, found := range placeholder.FindAllStringSubmatch(channel.Pattern, -1) {
		means := "One segment of the channel's name."
		name, rest := strings.CutSuffix(found[1], "...")
		if rest {
			means = "The rest of the channel's name, one segment or more."
		}
		parameters = append(parameters, member{name, mapping(member{"description", means})})
	}
	members := []member{{"address", address}, {"description", abilities(channel)}, {"messages", a.messages(channel.Events)}}
	if len(parameters) > 0 {
		members = append(members, member{"parameters", mapping(parameters...)})
	}
	a.channels = append(a.channels, member{id, mapping(members...)})
	a.operation("publish."+id, "send", id, "Publications to the subscribers.")
	if channel.ClientsPublish {
		a.operation("clients.publish."+id, "receive", id, "Publications of clients that the channel's rule allows.")
	}
}

// abilities say in words what the protocol offers on a channel.
func abilities(channel contract.Channel) string {
	can := []string{}
	if channel.History > 0 {
		can = append(can, fmt.Sprintf("keeps %d publications for %s", channel.History, channel.HistoryTTL))
	}
	if channel.Recover {
		can = append(can, "recovers what was missed")
	}
	if channel.Presence {
		can = append(can, "tells who is present")
	}
	if channel.JoinLeave {
		can = append(can, "tells who comes and goes")
	}
	if len(can) == 0 {
		return ""
	}
	return capital(strings.Join(can, ", ")) + "."
}

// messages are the events of a channel; one that says nothing carries anything.
func (a *asyncapi) messages(events []contract.Event) *yaml.Node {
	if len(events) == 0 {
		return mapping(member{"any", mapping(member{"title", "Anything"}, member{"payload", mapping()})})
	}
	var messages []member
	for _, event := range events {
		of := shape.Of(event.Type)
		payload, name := a.schema(of, ""), event.Type.Name()
		if known := a.names[of.Type]; known != "" {
			name = known
		}
		if event.Tag != "" {
			name = event.Tag
			payload = mapping(member{"allOf", sequence(payload, mapping(
				member{"type", "object"},
				member{"required", texts("type")},
				member{"properties", mapping(member{"type", mapping(member{"const", event.Tag})})},
			))})
		}
		id := strings.Trim(notInID.ReplaceAllString(name, "_"), "_")
		if id == "" {
			id = "event"
		}
		messages = append(messages, member{id, mapping(member{"name", name}, member{"summary", firstLine(a.of(of.Shape))}, member{"payload", payload})})
	}
	return mapping(messages...)
}

func (a *asyncapi) method(method contract.Method) {
	id := a.id("call." + method.Name)
	a.channels = append(a.channels, member{id, mapping(
		member{"address", method.Name},
		member{"description", "A method that clients call with rpc."},
		member{"messages", mapping(
			member{"in", mapping(member{"payload", a.schema(shape.Of(method.In), "")})},
			member{"out", mapping(member{"payload", a.schema(shape.Of(method.Out), "")})},
		)},
	)})
	a.operations = append(a.operations, member{id, mapping(
		member{"action", "receive"},
		member{"channel", channelReference(id)},
		member{"messages", sequence(messageReference(id, "in"))},
		member{"reply", mapping(member{"channel", channelReference(id)}, member{"messages", sequence(messageReference(id, "out"))})},
	)})
}

// outside are the messages that belong to no channel.
func (a *asyncapi) outside(messages []contract.Event) {
	if len(messages) == 0 {
		return
	}
	id := a.id("messages")
	a.channels = append(a.channels, member{id, mapping(
		member{"address", null()},
		member{"description", "Messages to the connections of a user, or to all of them, outside of any channel."},
		member{"messages", a.messages(messages)},
	)})
	a.operation("send."+id, "send", id, "")
}

func (a *asyncapi) operation(id, action, channel, summary string) {
	a.operations = append(a.operations, member{a.id(id), mapping(
		member{"action", action}, member{"channel", channelReference(channel)}, member{"summary", summary},
	)})
}

func firstLine(of string) string {
	line, _, _ := strings.Cut(of, "\n")
	return line
}
