package stack

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
)

// documented is the block of docs/cluster.md that says what nodes may do.
var documented = regexp.MustCompile("(?s)```\n(accounts \\{.*?\n\\})\n```")

// rights are those that the documentation gives nodes, so that the cluster runs
// under them.
func rights(root string) (string, error) {
	page, err := os.ReadFile(filepath.Join(root, "docs/cluster.md"))
	if err != nil {
		return "", fmt.Errorf("read what nodes may do: %w", err)
	}
	found := documented.FindSubmatch(page)
	if found == nil {
		return "", fmt.Errorf("read what nodes may do: docs/cluster.md has no block that begins with accounts")
	}
	return string(found[1]), nil
}

// serverSettings are a NATS server's. Others are told of an address where nobody
// is, so that they stay on the roads that they were given.
var serverSettings = template.Must(template.New("nats").Parse(`server_name: {{.Name}}
listen: 0.0.0.0:4222
tls { cert_file: /pki/cert.pem, key_file: /pki/key.pem }
jetstream { store_dir: /data }
{{if .Routes}}cluster {
  name: yodel
  listen: 0.0.0.0:6222
  advertise: "127.0.0.1:1"
  no_advertise: true
  authorization { user: route, password: $ROUTE_PASSWORD, timeout: 5 }
  tls { cert_file: /pki/cert.pem, key_file: /pki/key.pem, ca_file: /pki/ca.pem, timeout: 5 }
  routes: [{{range .Routes}}
    "nats://route:{{$.RoutePassword}}@{{.}}"{{end}}
  ]
}{{end}}
{{.Rights}}
`))

type serverPlace struct {
	Name, RoutePassword, Rights string
	Routes                      []string
}

// proxySettings are nginx's. It keeps no account of failures: a node that has
// failed once would be given one request in each fail_timeout until one has come
// to its end, and sockets don't. Whoever meets a dead node is sent on to the next.
// Neither log has a query: the first by its format,
// and errors, which nginx writes with the whole request line, only when they
// are nginx's own.
var proxySettings = template.Must(template.New("nginx").Parse(`daemon off;
pid /tmp/nginx.pid;
error_log stderr crit;
worker_processes 1;
events { worker_connections 8192; }
http {
  log_format noquery '$remote_addr [$time_iso8601] "$request_method $uri" $status $body_bytes_sent $request_time "$upstream_addr"';
  access_log /dev/stdout noquery;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  ssl_certificate /pki/cert.pem;
  ssl_certificate_key /pki/key.pem;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream all {
    least_conn;{{range .Nodes}}
    server {{.}} max_fails=0;{{end}}
    keepalive 16;
  }
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_buffering off;
  proxy_connect_timeout 2s;
  proxy_read_timeout 75s;
  proxy_next_upstream error http_502 http_503;
  proxy_next_upstream_tries 3;
  server {
    listen 8443 ssl http2;
    location / { proxy_pass http://all; }
  }{{range $i, $node := .Nodes}}
  server {
    listen {{$.Port $i}} ssl http2;
    location / { proxy_pass http://{{$node}}; }
  }{{end}}
}
`))

type proxyPlace struct{ Nodes []string }

// Port is the one inside that leads to one node.
func (proxyPlace) Port(node int) int { return 8444 + node }

func filled(settings *template.Template, with any) ([]byte, error) {
	var text bytes.Buffer
	err := settings.Execute(&text, with)
	return text.Bytes(), err
}

// join writes a list of addresses as NATS takes it.
func join(prefix string, addresses []string) string {
	urls := make([]string, len(addresses))
	for i, address := range addresses {
		urls[i] = prefix + address
	}
	return strings.Join(urls, ",")
}
