package app_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/centrifugal/centrifuge-go"
	"github.com/coder/websocket"
	"github.com/google/uuid"
	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store/storetest"
)

// old is what somebody has written, and taken back.
const old = "xyzzy-old-words"

// TestH325_words_taken_back reads every place where words of a message may lie,
// after one was edited and one was deleted. docs/threats.md lists the places.
func TestH325_words_taken_back(t *testing.T) {
	t.Run("SQLite, memory", func(t *testing.T) {
		h := newHouse(t)
		wordsTakenBack(t, h, map[string]func() string{"database": func() string { return dump(t, "sqlite", h.data+"/yodel.db") }})
	})
	t.Run("PostgreSQL, NATS", func(t *testing.T) {
		address, server := storetest.Address(t), engineServer(t)
		h := newHouse(t, func(c *app.Config) {
			c.DatabaseURL, c.Engine, c.EngineSecret = address, server.URL(), strings.Repeat("secret", 6)
			c.Origins, c.PublicURL = append(c.Origins, "http://"+c.Addr), "http://127.0.0.1:8080"
		})
		wordsTakenBack(t, h, map[string]func() string{
			"database":            func() string { return dump(t, "pgx", address) },
			"streams and buckets": func() string { return engineDump(t, server.URL()) },
		})
	})
}

func wordsTakenBack(t *testing.T, h *house, below map[string]func() string) {
	alice, bob := h.arrives("alice"), h.arrives("bob")
	room := alice.room(wire.Public, "square", "bob")
	channel := chat.RoomChannel(room.ID)
	_, began, err := bob.subscribes(channel, centrifuge.SubscriptionConfig{Recoverable: true})
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{uuid.NewString(), uuid.NewString()}
	messages := []wire.Message{}
	for _, key := range keys {
		messages = append(messages, calls[wire.Message](alice, "message.send", wire.SendMessage{RoomID: room.ID, Key: key, Text: old + " @bob"}))
		if heard := bob.next("message.sent"); !strings.Contains(heard.raw, old) {
			t.Fatalf("heard %s, want the words while they stand", heard.raw)
		}
	}
	calls[wire.Message](alice, "message.edit", wire.EditMessage{MessageID: messages[0].ID, Text: "new words"})
	calls[wire.Message](alice, "message.delete", wire.MessageRef{MessageID: messages[1].ID})
	bob.next("message.deleted")

	carol := h.arrives("admin")
	calls[wire.MyRoom](carol, "room.join", wire.RoomRef{RoomID: room.ID})
	recovered := recovery(t, carol.visitor, channel, began.StreamPosition.Epoch)
	if !strings.Contains(recovered, "message.notice") {
		t.Errorf("recovered: got %s, want notices, else it shows nothing", recovered)
	}
	if err := carol.follows(channel); err != nil {
		t.Fatal(err)
	}
	history, err := carol.socket.History(t.Context(), channel, centrifuge.WithHistoryLimit(-1))
	if err != nil || len(history.Publications) == 0 {
		t.Fatalf("history: %d publications, %v", len(history.Publications), err)
	}
	places := below
	places["recovery"] = func() string { return recovered }
	places["history of the channel"] = func() string { return string(publicationsOf(history.Publications)) }
	for _, one := range []struct {
		who    *person
		method string
		in     any
	}{
		{carol, "room.history", wire.HistoryQuery{RoomID: room.ID}},
		{carol, "room.sync", wire.SyncQuery{RoomID: room.ID}},
		{carol, "room.list", wire.Nothing{}},
		{bob, "room.get", wire.RoomRef{RoomID: room.ID}},
		{alice, "message.send", wire.SendMessage{RoomID: room.ID, Key: keys[0], Text: "again"}},
		{alice, "message.send", wire.SendMessage{RoomID: room.ID, Key: keys[1], Text: "again"}},
		{carol, "admin.audit", wire.AuditQuery{}},
	} {
		places[fmt.Sprint(one.method, " ", one.in)] = func() string { return fmt.Sprint(calls[map[string]any](one.who, one.method, one.in)) }
	}
	for _, path := range []string{"/api/rooms", "/api/rooms/" + room.ID + "/messages", "/api/rooms/" + room.ID + "/changes?since=0"} {
		places["GET "+path] = func() string {
			_, body := carol.do(http.MethodGet, path, "", nil)
			return body
		}
	}
	places["log"] = h.logs.String
	for name, read := range places {
		found := read()
		if found == "" {
			t.Errorf("%s: nothing was read, so it shows nothing", name)
		}
		if i := strings.Index(found, old); i >= 0 {
			t.Errorf("%s: got %q, want no words that were taken back", name, found[max(0, i-200):i+len(old)])
		}
	}
	if unread := calls[wire.MyRoom](bob, "room.get", wire.RoomRef{RoomID: room.ID}); unread.Mentions != 0 {
		t.Errorf("mentions of bob: got %d, want 0", unread.Mentions)
	}
}

// recovery subscribes to a channel as if one had followed it from its beginning,
// and returns what it gets.
func recovery(t *testing.T, v *visitor, channel, epoch string) string {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), "ws"+v.server.URL[len("http"):]+"/ws?token="+v.token(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(1 << 20)
	frame := fmt.Sprintf(`{"id":1,"connect":{}}`+"\n"+`{"id":2,"subscribe":{"channel":%q,"recover":true,"epoch":%q,"offset":0}}`, channel, epoch)
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(frame)); err != nil {
		t.Fatal(err)
	}
	for got := ""; ; {
		_, data, err := conn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got += string(data) + "\n"; strings.Contains(got, `"id":2,`) {
			return got
		}
	}
}

func publicationsOf(all []centrifuge.Publication) []byte {
	var data []byte
	for _, one := range all {
		data = append(append(data, one.Data...), '\n')
	}
	return data
}

// dump reads every row of every table.
func dump(t *testing.T, driver, address string) string {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if driver == "pgx" {
		tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	var all strings.Builder
	for _, table := range rowsOf(t, db, tables) {
		for _, row := range rowsOf(t, db, fmt.Sprintf("SELECT * FROM \"%s\"", table[0])) {
			fmt.Fprintf(&all, "%s: %s\n", table[0], row)
		}
	}
	if !strings.Contains(all.String(), "new words") {
		t.Error("the dump has not what stands, so it shows nothing")
	}
	return all.String()
}

func rowsOf(t *testing.T, db *sql.DB, query string) (all [][]any) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// engineDump reads every message of every stream, those of buckets included.
func engineDump(t *testing.T, url string) string {
	t.Helper()
	conn, err := natsgo.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	stored, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for info := range stored.ListStreams(t.Context()).Info() {
		stream, err := stored.Stream(t.Context(), info.Config.Name)
		if err != nil {
			t.Fatal(err)
		}
		for seq := info.State.FirstSeq; seq <= info.State.LastSeq; seq++ {
			if m, err := stream.GetMsg(t.Context(), seq); err == nil { // else it was deleted
				fmt.Fprintf(&all, "%s %v %s\n", m.Subject, m.Header, m.Data)
			}
		}
	}
	if !strings.Contains(all.String(), "message.notice") {
		t.Error("the dump has no notices, so it shows nothing")
	}
	return all.String()
}
