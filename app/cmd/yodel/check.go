package main

import (
	"fmt"

	"github.com/yodelrt/yodel/app"
)

type checkCommand struct{ app.Config }

// Run prints each problem on a line of its own and fails where there is one.
func (c *checkCommand) Run() error {
	found := c.Check()
	for _, problem := range found {
		fmt.Println(problem)
	}
	if len(found) == 0 {
		fmt.Println("the settings are fine; database and engine were not asked")
		return nil
	}
	return fmt.Errorf("%w: %d settings have to change", app.ErrConfig, len(found))
}
