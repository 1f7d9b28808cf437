package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/queries"
	"github.com/yodelrt/yodel/app/store/storetest"
)

// small are tables that do not grow.
var small = []string{"leases"}

// walks are statements that go along an index from its end and stop by
// themselves: they have no condition that could make them pass anything over.
var walks = map[string]string{
	"AnyAccount":         "stops at the first one",
	"AnyRoom":            "stops at the first one",
	"Outbox":             "stops at its limit",
	"LatestAnnouncement": "stops at the first one",
}

// everyQuery calls every query that there is with arguments that ask for
// something, and names it first.
func everyQuery(t testing.TB, q *queries.Queries, argument func(query, field string, kind reflect.Type) reflect.Value, called func(name string, call func() error)) {
	t.Helper()
	all := reflect.ValueOf(q)
	for i := range all.NumMethod() {
		name, method := all.Type().Method(i).Name, all.Method(i)
		if name == "WithTx" {
			continue
		}
		in := []reflect.Value{reflect.ValueOf(context.Background())}
		for p := 1; p < method.Type().NumIn(); p++ {
			kind := method.Type().In(p)
			if _, null := reflect.Zero(kind).Interface().(interface{ Value() (any, error) }); kind.Kind() != reflect.Struct || null || strings.HasPrefix(kind.Name(), "Null") {
				in = append(in, argument(name, "", kind))
				continue
			}
			params := reflect.New(kind).Elem()
			for f := range kind.NumField() {
				params.Field(f).Set(argument(name, kind.Field(f).Name, kind.Field(f).Type))
			}
			in = append(in, params)
		}
		called(name, func() error {
			out := method.Call(in)
			err, _ := out[len(out)-1].Interface().(error)
			return err
		})
	}
}

// plainArgument is something of the right type.
func plainArgument(_, _ string, kind reflect.Type) reflect.Value {
	switch kind {
	case reflect.TypeFor[sql.NullString]():
		return reflect.ValueOf(sql.NullString{String: "x", Valid: true})
	case reflect.TypeFor[sql.NullInt64]():
		return reflect.ValueOf(sql.NullInt64{Int64: 1, Valid: true})
	}
	switch kind.Kind() {
	case reflect.String:
		return reflect.ValueOf("x")
	case reflect.Int64, reflect.Int32:
		return reflect.ValueOf(1).Convert(kind)
	}
	return reflect.Zero(kind)
}

// explainer asks for the plan of each statement in place of carrying it out.
type explainer struct {
	db     *sql.DB
	prefix string
	plan   []string // of the latest, a line or a document a row
	err    error
}

func (e *explainer) explain(ctx context.Context, query string, args []any) {
	e.plan = nil
	rows, err := e.db.QueryContext(ctx, e.prefix+query, args...)
	if e.err = err; err != nil {
		return
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if e.err = err; err != nil {
		return
	}
	for rows.Next() {
		var last string
		into := make([]any, len(columns))
		for i := range into {
			into[i] = new(any)
		}
		into[len(into)-1] = &last
		if e.err = rows.Scan(into...); e.err != nil {
			return
		}
		e.plan = append(e.plan, last)
	}
	e.err = rows.Err()
}

func (e *explainer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	e.explain(ctx, query, args)
	return nil, errExplained
}

func (e *explainer) PrepareContext(context.Context, string) (*sql.Stmt, error) {
	return nil, errExplained
}

func (e *explainer) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	e.explain(ctx, query, args)
	return nil, errExplained
}

func (e *explainer) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	e.explain(ctx, query, args)
	return e.db.QueryRowContext(ctx, "SELECT 1 WHERE 1 = 0")
}

var errExplained = fmt.Errorf("explained, not carried out")

// scans are the tables that each statement reads from end to end.
func scans(t *testing.T, e *explainer, tables func(plan []string) []string) {
	t.Helper()
	count := 0
	everyQuery(t, queries.New(e), plainArgument, func(name string, call func() error) {
		count++
		_ = call()                                                                                    // it is explained, not carried out
		if plain := strings.HasPrefix(name, "Insert"); e.err != nil || (len(e.plan) == 0 && !plain) { // SQLite has no plan for plain values
			t.Errorf("%s: no plan: %v", name, e.err)
			return
		}
		for _, table := range tables(e.plan) {
			if !slices.Contains(small, table) && walks[name] == "" {
				t.Errorf("%s reads all of %s: it needs an index\n%s", name, table, strings.Join(e.plan, "\n"))
			}
		}
	})
	if count < 60 {
		t.Errorf("looked at %d queries, want all", count)
	}
}

func TestH336_no_statement_reads_a_whole_table(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		dir := t.TempDir()
		opened, err := store.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		db := raw(t, "sqlite", filepath.Join(dir, "yodel.db"))
		scans(t, &explainer{db: db, prefix: "EXPLAIN QUERY PLAN "}, func(plan []string) (found []string) {
			for _, line := range plan {
				if rest, scan := strings.CutPrefix(line, "SCAN "); scan && !strings.HasPrefix(line, "SCAN CONSTANT") {
					found = append(found, strings.Fields(rest)[0])
				}
			}
			return found
		})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		address := storetest.Address(t)
		opened, err := store.OpenPostgres(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		db := raw(t, "pgx", address)
		db.SetMaxOpenConns(1)
		for _, setting := range []string{"enable_seqscan", "enable_hashjoin", "enable_mergejoin"} {
			if _, err := db.ExecContext(t.Context(), "SET "+setting+" = off"); err != nil {
				t.Fatal(err)
			}
		}
		first := firstColumns(t, db)
		scans(t, &explainer{db: db, prefix: "EXPLAIN (FORMAT JSON) "}, func(plan []string) (found []string) {
			var explained []struct{ Plan planNode }
			if err := json.Unmarshal([]byte(strings.Join(plan, "")), &explained); err != nil {
				t.Error(err)
			}
			for _, one := range explained {
				found = append(found, one.Plan.whole(first)...)
			}
			return found
		})
	})
}

// planNode is a step of a plan of PostgreSQL.
type planNode struct {
	Kind  string     `json:"Node Type"`
	Table string     `json:"Relation Name"`
	Index string     `json:"Index Name"`
	Cond  string     `json:"Index Cond"`
	Plans []planNode `json:"Plans"`
}

// firstColumns are those by which each index is sorted first. A condition on others
// alone still reads all of it.
func firstColumns(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT c.relname, pg_get_indexdef(i.indexrelid, 1, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var index, column string
		if err := rows.Scan(&index, &column); err != nil {
			t.Fatal(err)
		}
		found[index] = column
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

// whole are the tables or indices that a plan reads from end to end.
func (n planNode) whole(first map[string]string) (found []string) {
	switch n.Kind {
	case "Seq Scan":
		found = append(found, n.Table)
	case "Index Scan", "Index Only Scan", "Bitmap Index Scan":
		if !strings.Contains(n.Cond, first[n.Index]) {
			found = append(found, n.Table+" by "+n.Index)
		}
	}
	for _, one := range n.Plans {
		found = append(found, one.whole(first)...)
	}
	return found
}

func raw(t testing.TB, driver, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
