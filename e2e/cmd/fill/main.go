// Command fill fills the file system that a file lies on, so that nothing more
// can be written to it, or makes room again, or does nothing, which keeps a
// container's disks. It is for suites that try what a full disk does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	free := flag.Bool("free", false, "make room again")
	hold := flag.Bool("hold", false, "wait for SIGTERM")
	flag.Parse()
	if *hold {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
		defer stop()
		<-ctx.Done()
		return
	}
	work := fill
	if *free {
		work = os.Remove
	}
	if err := work(flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "fill:", err)
		os.Exit(1)
	}
}

// fill writes until the file system is full, down to the last byte.
func fill(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	for size := 1 << 20; size > 0; {
		if _, err = file.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}
