package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/queries"
	"github.com/yodelrt/yodel/app/store/storetest"
)

// What a large chat has. One room has everybody and a fifth of the messages; one
// account is in 200 rooms; one message has a reaction of everybody.
const (
	manyAccounts = 5000
	manyRooms    = 500
	manyMessages = 100_000
	inLargest    = 20_000
	mostCPU      = 5 * time.Millisecond
)

func idOf(kind, n int) string { return fmt.Sprintf("%08x-0000-7000-8000-%012x", kind, n) }

const (
	accountIDs = iota + 1
	roomIDs
	messageIDs
	sessionIDs
	otherIDs
)

// largeArgument asks for what costs most in a large chat.
func largeArgument(query, field string, kind reflect.Type) reflect.Value {
	byField := map[string]any{
		"AccountID": idOf(accountIDs, 0), "RoomID": idOf(roomIDs, 0), "AuthorID": idOf(accountIDs, 0), "SessionID": idOf(sessionIDs, 0),
		"Username": "", "Pattern": "%nobody%", "After": "", "Emoji": "👍", "Role": "member", "Kind": "public",
		"Number": int64(inLargest / 2), "Number_2": int64(inLargest/2 + 199), "Rev": int64(inLargest / 2), "Rev_2": int64(inLargest/2 + 200),
		"Limit": int32(200), "Most": int32(100), "CreatedBy": idOf(accountIDs, 0), "Action": "publish", "Mentions": "[]", "Name": "relay",
	}
	byQuery := map[string]any{
		"AccountByUsername": "user2500", "PersonByUsername": "user2500", "Heir": idOf(roomIDs, 0), "RoomByID": idOf(roomIDs, 0), "LockRoom": idOf(roomIDs, 0),
		"MessageByID": idOf(messageIDs, 5), "Standing": idOf(sessionIDs, 0), "SessionFacts": idOf(sessionIDs, 0), "DeleteSession": "nobody",
		"SessionsEndedSince": sql.NullInt64{Int64: time.Now().Unix(), Valid: true}, "AuditOfAction.Action": "login.1", "OpenInvitations": time.Now().UnixMilli(), "AccountsChangedSince": time.Now().Unix(), "Lease": "relay", "Touch": "ready",
		"InsertMessage.Number": int64(1 << 40), "DeleteMentions.Number": int64(5), "DeleteReactions.Number": int64(inLargest), "ReactedWith.Number": int64(inLargest), "MessagesAfter.Number": int64(inLargest / 2),
		"ReactionsBetween.Number": int64(inLargest/2 + 200), "ReactionsBetween.Number_2": int64(inLargest/2 + 399),
		"CountMentions.Number": int64(0), "AuditBefore.ID": "g", "AuditOfAction.ID": "g", "InsertSession.AccountID": idOf(accountIDs, 7),
		"InsertSeat.AccountID": idOf(accountIDs, 1), "InsertSeat.RoomID": idOf(roomIDs, 1), "UpdateAccount.ID": idOf(accountIDs, 9), "UpdateMessage.ID": idOf(messageIDs, 9),
		"UpdateRoom.ID": idOf(roomIDs, 0), "SetProfile.ID": idOf(accountIDs, 9), "ReadUpTo.Number": int64(1),
		"DeleteMessages.Number": int64(500), "DeleteMentionsUpTo.Number": int64(500), "DeleteReactionsUpTo.Number": int64(500),
	}
	for _, found := range []any{byQuery[query+"."+field], byQuery[query], byField[field]} {
		if value := reflect.ValueOf(found); found != nil && value.Type().ConvertibleTo(kind) && value.Kind() == kind.Kind() {
			return value.Convert(kind)
		}
	}
	switch {
	case kind == reflect.TypeFor[sql.NullString]():
		return reflect.ValueOf(sql.NullString{})
	case kind == reflect.TypeFor[sql.NullInt64]():
		return reflect.ValueOf(sql.NullInt64{Int64: 1, Valid: true})
	case kind.Kind() == reflect.String && field == "":
		return reflect.ValueOf(idOf(accountIDs, 0))
	}
	return plainArgument(query, field, kind)
}

// BenchmarkQueries is what each statement costs the database in a large chat, in
// CPU time: of this thread for SQLite, of the server's process for PostgreSQL. It
// fails where that is over 5 ms.
func BenchmarkQueries(b *testing.B) {
	b.Run("SQLite", func(b *testing.B) {
		dir := b.TempDir()
		opened, err := store.Open(b.Context(), dir)
		if err != nil {
			b.Fatal(err)
		}
		if err := opened.Close(); err != nil {
			b.Fatal(err)
		}
		db := raw(b, "sqlite", filepath.Join(dir, "yodel.db")+"?_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)")
		fillLarge(b, db)
		eachQuery(b, db, func() time.Duration {
			var now unix.Timespec
			if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
				b.Fatal(err)
			}
			return time.Duration(now.Nano())
		})
	})
	b.Run("PostgreSQL", func(b *testing.B) {
		address := storetest.Address(b)
		opened, err := store.OpenPostgres(b.Context(), address)
		if err != nil {
			b.Fatal(err)
		}
		if err := opened.Close(); err != nil {
			b.Fatal(err)
		}
		db := raw(b, "pgx", address)
		fillLarge(b, db)
		if _, err := db.ExecContext(b.Context(), "ANALYZE"); err != nil {
			b.Fatal(err)
		}
		var pid int
		if err := db.QueryRowContext(b.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
			b.Fatal(err)
		}
		eachQuery(b, db, func() time.Duration {
			said, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
			if err != nil {
				b.Fatal(err)
			}
			ns, err := strconv.ParseInt(strings.Fields(string(said))[0], 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return time.Duration(ns)
		})
	})
}

// eachQuery runs every statement, and takes back what it changed.
func eachQuery(b *testing.B, db *sql.DB, cpu func() time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var tx *sql.Tx
	through := &late{}
	everyQuery(b, queries.New(through), largeArgument, func(name string, call func() error) {
		var took time.Duration
		const times, warm = 10, 6 // PostgreSQL plans anew for the first five
		for i := range times + warm {
			var err error
			if tx, err = db.BeginTx(context.Background(), nil); err != nil {
				b.Fatal(err)
			}
			through.Tx = tx
			before := cpu()
			if err := call(); err != nil && !strings.Contains(err.Error(), sql.ErrNoRows.Error()) {
				b.Errorf("%s: %v", name, err)
			}
			if i >= warm {
				took += cpu() - before
			}
			if err := tx.Rollback(); err != nil {
				b.Fatal(err)
			}
		}
		took /= times
		fmt.Printf("%-40s %-28s %8.3f ms\n", b.Name(), name, took.Seconds()*1000)
		if took > mostCPU {
			b.Errorf("%s: got %s of CPU, want at most %s", name, took, mostCPU)
		}
	})
}

// late is the transaction of the moment.
type late struct{ *sql.Tx }

// fillLarge makes the large chat.
func fillLarge(b *testing.B, db *sql.DB) {
	b.Helper()
	now := time.Now().UnixMilli()
	db.SetMaxOpenConns(1)
	rows := func(table string, n int, row func(i int) string) {
		b.Helper()
		for from := 0; from < n; from += 500 {
			var values []string
			for i := from; i < min(from+500, n); i++ {
				values = append(values, row(i))
			}
			if _, err := db.ExecContext(b.Context(), "INSERT INTO "+table+" VALUES "+strings.Join(values, ",")); err != nil {
				b.Fatalf("%s: %v", table, err)
			}
		}
	}
	if _, err := db.ExecContext(b.Context(), "BEGIN"); err != nil {
		b.Fatal(err)
	}
	rows("accounts (id, username, name, role, password_hash, created_at, changed_at)", manyAccounts, func(i int) string {
		return fmt.Sprintf("('%s','user%d','The person %d','%s','hash',1,1)", idOf(accountIDs, i), i, i, map[bool]string{true: "admin", false: "member"}[i < 5])
	})
	rows("rooms (id, kind, name, name_key, created_by, created_at, active_at, seq, messages, members)", manyRooms, func(i int) string {
		return fmt.Sprintf("('%s','public','room %d','room %d','%s',1,%d,%d,%d,40)", idOf(roomIDs, i), i, i, idOf(accountIDs, 0), i, inLargest, inLargest)
	})
	seat := func(room, account int) string {
		return fmt.Sprintf("('%s','%s','member',%d,0,'user%d')", idOf(roomIDs, room), idOf(accountIDs, account), account, account)
	}
	const seats = "members (room_id, account_id, role, joined_at, read_number, username)"
	rows(seats, manyAccounts, func(i int) string { return seat(0, i) })
	rows(seats, 199, func(i int) string { return seat(i+1, 0) })
	rows(seats, (manyRooms-1)*40, func(i int) string { return seat(1+i/40, 100+(i/40*7+i%40)%4000) })
	text := strings.Repeat("a word and another ", 10)
	rows("messages (id, room_id, number, author_id, send_key, text, mentions, sent_at, rev)", manyMessages, func(i int) string {
		room, number := 0, i+1
		if i >= inLargest {
			room, number = 1+(i-inLargest)%(manyRooms-1), 1+(i-inLargest)/(manyRooms-1)
		}
		return fmt.Sprintf("('%s','%s',%d,'%s','%d','%s','[]',%d,%d)", idOf(messageIDs, i), idOf(roomIDs, room), number, idOf(accountIDs, i%manyAccounts), i, text, now-int64(manyMessages-i), number)
	})
	rows("mentions (account_id, room_id, number)", inLargest, func(i int) string {
		return fmt.Sprintf("('%s','%s',%d)", idOf(accountIDs, i%20), idOf(roomIDs, 0), i+1)
	})
	rows("reactions (room_id, number, emoji, account_id, set_at)", manyAccounts, func(i int) string {
		return fmt.Sprintf("('%s',%d,'👍','%s',%d)", idOf(roomIDs, 0), inLargest, idOf(accountIDs, i), i)
	})
	rows("reactions (room_id, number, emoji, account_id, set_at)", 20_000, func(i int) string { // 4 people on most messages
		return fmt.Sprintf("('%s',%d,'🎉','%s',%d)", idOf(roomIDs, 0), 1+i/4*3, idOf(accountIDs, i%4), i)
	})
	rows("sessions (id, account_id, device, address, created_at, seen_at, expires_at, ended_at)", 50_000, func(i int) string {
		return fmt.Sprintf("('%s','%s','a browser','127.0.0.1',1,1,%d,%s)", idOf(sessionIDs, i), idOf(accountIDs, i%manyAccounts), now/1000+int64(i), map[bool]string{true: "NULL", false: "5"}[i%10 == 0])
	})
	rows("refresh_tokens (hash, session_id, expires_at)", 50_000, func(i int) string {
		return fmt.Sprintf("('%d','%s',%d)", i, idOf(sessionIDs, i), now/1000+int64(i))
	})
	rows("audit (id, at, action, actor_id, target_id, address, detail)", 100_000, func(i int) string {
		return fmt.Sprintf("('%s',%d,'login.%d','%s','%s','127.0.0.1','a browser')", idOf(otherIDs, i), i, i%3, idOf(accountIDs, i%manyAccounts), idOf(accountIDs, 3))
	})
	rows("invitations (id, hash, role, note, created_by, created_at, expires_at, ended_at)", 5000, func(i int) string {
		return fmt.Sprintf("('%s','%d','member','','x',1,%d,%s)", idOf(otherIDs, i), i, now+int64(i), map[bool]string{true: "NULL", false: "5"}[i%10 == 0])
	})
	rows("announcements (id, author_id, send_key, text, sent_at)", 1000, func(i int) string {
		return fmt.Sprintf("('%s','%s','%d','hello',%d)", idOf(otherIDs, i), idOf(accountIDs, 0), i, i)
	})
	rows("outbox (id, action, target, data)", 1000, func(i int) string {
		return fmt.Sprintf("('%s','publish','room:1','{}')", idOf(otherIDs, i))
	})
	if _, err := db.ExecContext(b.Context(), "COMMIT"); err != nil {
		b.Fatal(err)
	}
}
