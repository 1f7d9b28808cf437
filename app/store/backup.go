package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
)

// What a backup or a restore refuses; the text says what to do.
var (
	ErrPostgres   = errors.New("a PostgreSQL database has tools of its own: pg_dump --format=custom writes a backup and pg_restore --clean --if-exists puts it back, see docs/backup.md")
	ErrNoDatabase = errors.New("there is no database of yodel; name the --data-dir of the server")
	ErrExists     = errors.New("there is a file of that name; name another, or move it away")
	ErrOccupied   = errors.New("there is a database already; with --replace it is put aside and the backup takes its place")
	ErrNoBackup   = errors.New("this is no backup of yodel, or a damaged one; take another")
)

// Backup writes the SQLite database of dir into a file that is not there yet, for
// this user alone. Others, a server too, may use the database meanwhile: the
// backup is what it was at one moment. Everything in it has been read and checked
// when Backup returns.
func Backup(ctx context.Context, dir, file string) (err error) {
	path := filepath.Join(dir, sqliteFile)
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("%s: %w: %w", path, ErrNoDatabase, err)
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", file, ErrExists)
	}
	part, err := copyTo(ctx, path, filepath.Dir(file))
	if err != nil {
		return err
	}
	if err := os.Rename(part, file); err != nil {
		err = explained(file, fmt.Errorf("name the backup: %w", err))
		return errors.Join(err, os.Remove(part))
	}
	return nil
}

// copyTo writes a whole and sound copy of a database into a new file of a
// directory.
func copyTo(ctx context.Context, from, dir string) (part string, err error) {
	file, err := os.CreateTemp(dir, ".yodel-*.db") // for this user alone
	if err != nil {
		return "", explained(dir, fmt.Errorf("make a file: %w", err))
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := vacuumInto(ctx, from, file.Name()); err != nil {
		return "", err
	}
	if err := checkCopy(ctx, file.Name()); err != nil {
		return "", explained(from, err)
	}
	if err := file.Sync(); err != nil {
		return "", explained(file.Name(), fmt.Errorf("write the copy: %w", err))
	}
	return file.Name(), nil
}

// vacuumInto lets SQLite itself copy what a database is at one moment.
func vacuumInto(ctx context.Context, from, to string) error {
	db, err := sql.Open("sqlite", fileURI(from)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", fileURI(to)); err != nil {
		return explained(from, fmt.Errorf("copy the database: %w", err))
	}
	return nil
}

// checkCopy refuses a copy that is damaged, or no database of ours.
func checkCopy(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", fileURI(path)+"?_pragma=query_only(1)")
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	defer db.Close()
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return fmt.Errorf("check the copy: %w", err)
	}
	if found != "ok" {
		return damaged(found)
	}
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('goose_db_version', 'accounts', 'sessions')").Scan(&tables); err != nil {
		return fmt.Errorf("check the copy: %w", err)
	}
	if tables != 3 {
		return ErrNoDatabase
	}
	return nil
}

// Restore makes a backup the database of dir, which no server may run on. A
// database that is there is refused, or put aside with replace: it returns where.
// All sessions of the backup are ended, for some may have been ended since.
func Restore(ctx context.Context, dir, file string, replace bool) (aside string, err error) {
	unlock, err := Lock(dir)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	path := filepath.Join(dir, sqliteFile)
	_, missing := os.Lstat(path)
	if missing == nil && !replace {
		return "", fmt.Errorf("%s: %w", path, ErrOccupied)
	}
	part, err := prepare(ctx, dir, file)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(part) }() // it is gone where all went well
	if missing == nil {
		if aside, err = putAside(ctx, dir); err != nil {
			return "", err
		}
	}
	if err := os.Rename(part, path); err != nil {
		return aside, explained(path, fmt.Errorf("put the backup in its place: %w", err))
	}
	return aside, nil
}

// prepare makes a copy of a backup ready beside the database.
func prepare(ctx context.Context, dir, file string) (string, error) {
	if _, err := os.Stat(file); err != nil {
		return "", fmt.Errorf("read the backup: %w", err)
	}
	part, err := copyTo(ctx, file, dir)
	if err != nil {
		if errors.Is(err, ErrDamaged) || errors.Is(err, ErrNoDatabase) {
			err = fmt.Errorf("%s: %w", file, ErrNoBackup) // what mends a database mends no backup
		}
		return "", err
	}
	if err := renew(ctx, part); err != nil {
		return "", errors.Join(fmt.Errorf("%s: %w", file, err), os.Remove(part))
	}
	return part, nil
}

// renew ends the sessions of a copy. Its tables stay as they are, also for an
// older yodel; the next start brings them up to date.
func renew(ctx context.Context, part string) error {
	db, err := sql.Open("sqlite", fileURI(part))
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	defer db.Close()
	if _, err := versions(ctx, db, goose.DialectSQLite3); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "UPDATE sessions SET ended_at = ? WHERE ended_at IS NULL", time.Now().Unix()); err != nil {
		return explained(part, fmt.Errorf("end the sessions: %w", err))
	}
	return nil
}

// emptyLog puts what stands in the log into the database, as far as it can be read,
// so that neither is of use without the other.
func emptyLog(ctx context.Context, path string) {
	db, err := sql.Open("sqlite", fileURI(path))
	if err != nil {
		return
	}
	defer db.Close()
	_, _ = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") // a damaged one is put aside as it is
}

// putAside moves a database, and what an embedded engine keeps, which belongs to
// it, into a new directory beside them.
func putAside(ctx context.Context, dir string) (aside string, err error) {
	emptyLog(ctx, filepath.Join(dir, sqliteFile))
	aside = filepath.Join(dir, "replaced-"+time.Now().UTC().Format("20060102T150405.000"))
	if err := os.Mkdir(aside, 0o700); err != nil {
		return "", explained(aside, fmt.Errorf("put the database aside: %w", err))
	}
	_ = os.Remove(filepath.Join(dir, sqliteFile+"-shm")) // SQLite makes it again of the others
	for _, name := range []string{sqliteFile + "-wal", sqliteFile, "engine"} {
		err := os.Rename(filepath.Join(dir, name), filepath.Join(aside, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", explained(dir, fmt.Errorf("put the database aside: %w", err))
		}
	}
	return aside, nil
}
