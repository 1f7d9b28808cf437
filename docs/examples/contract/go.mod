module github.com/yodelrt/yodel/docs/examples/contract

go 1.26.0

require github.com/yodelrt/yodel v0.0.0

require (
	github.com/centrifugal/protocol v0.23.1 // indirect
	github.com/coder/websocket v1.8.15 // indirect
	github.com/gorilla/websocket v1.5.3 // indirect
	github.com/olahol/melody v1.4.0 // indirect
	go.yaml.in/yaml/v4 v4.0.0 // indirect
	golang.org/x/time v0.16.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace github.com/yodelrt/yodel => ../../..
