package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

// What keeps a database from working and can be mended by who runs it. The text
// says how.
var (
	ErrNewer    = errors.New("the database was written by a newer yodel")
	ErrDamaged  = errors.New("the database is damaged; stop yodel and put a backup in its place with yodel restore --replace")
	ErrFull     = errors.New("the disk is full; make room on it, then everything goes on by itself")
	ErrReadOnly = errors.New("the data directory can't be written; give it and what lies in it to the user that runs yodel, on a disk that is not mounted read-only")
	ErrDisk     = errors.New("the disk fails; look into the log of the system, and keep a backup elsewhere")
	ErrFiles    = errors.New("this process may open no more files; raise its limit (ulimit -n, LimitNOFILE)")
)

// explained adds to an error which file it is about and what mends it, where that
// is known.
func explained(path string, err error) error {
	if mends := mends(err); mends != nil {
		return fmt.Errorf("%s: %w: %w", path, mends, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

func mends(err error) error {
	if errors.Is(err, ErrDamaged) {
		return nil // it says so itself
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		if lite.Code() == sqlitelib.SQLITE_IOERR_SHMSIZE {
			return ErrFull // no room for the index of the log
		}
		return map[int]error{ // by the primary code, the lower byte
			sqlitelib.SQLITE_CORRUPT: ErrDamaged, sqlitelib.SQLITE_NOTADB: ErrDamaged, sqlitelib.SQLITE_FULL: ErrFull,
			sqlitelib.SQLITE_READONLY: ErrReadOnly, sqlitelib.SQLITE_CANTOPEN: ErrReadOnly, sqlitelib.SQLITE_PERM: ErrReadOnly,
			sqlitelib.SQLITE_IOERR: ErrDisk,
		}[lite.Code()&0xff]
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return ErrReadOnly
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return ErrFiles
	}
	return nil
}

// damaged is what SQLite found, on one line.
func damaged(found string) error {
	return fmt.Errorf("%w: %s", ErrDamaged, strings.Join(strings.Fields(found), " "))
}

// checkTime bounds how long a database is looked through at the start. What can't
// be read in that time is found when it is read, or by a backup, which reads
// everything.
const checkTime = 5 * time.Second

// sound looks for damage in the structure of a SQLite database.
func sound(ctx context.Context, db *sql.DB) error {
	looking, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	var found string
	err := db.QueryRowContext(looking, "PRAGMA quick_check(1)").Scan(&found)
	switch {
	case looking.Err() != nil:
		return ctx.Err() // nil where it took too long
	case err != nil:
		return fmt.Errorf("look for damage: %w", err)
	case found != "ok":
		return damaged(found)
	}
	return nil
}
