// Command gen writes the contract of package chat for its front end. go generate
// runs it in the directory of that package.
package main

import (
	"log"

	"github.com/yodelrt/yodel/docs/examples/contract/chat"
	"github.com/yodelrt/yodel/realtime/gen"
)

func main() {
	files, err := chat.Written(".")
	if err != nil {
		log.Fatal(err)
	}
	if err := gen.Write("../web", files); err != nil {
		log.Fatal(err)
	}
}
