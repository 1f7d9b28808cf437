package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/yodelrt/yodel/e2e/stack"
)

// person is somebody who has signed in on one device.
type person struct {
	cluster *stack.Cluster
	name    string
	cookie  string
}

// signIn signs somebody in on a node, given by its address.
func signIn(ctx context.Context, cluster *stack.Cluster, address, name string) (*person, error) {
	p := &person{cluster: cluster, name: name}
	response, err := p.send(ctx, http.MethodPost, address+"/api/login", map[string]string{"username": name, "password": name + "-yodel-demo"})
	if err != nil {
		return nil, fmt.Errorf("sign %s in: %w", name, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("sign %s in: %d", name, response.StatusCode)
	}
	for _, cookie := range response.Cookies() {
		if strings.Contains(cookie.Name, "yodel_access") {
			p.cookie = cookie.Name + "=" + cookie.Value
		}
	}
	return p, nil
}

func (p *person) send(ctx context.Context, method, url string, body any) (*http.Response, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", p.cluster.URL)
	if p.cookie != "" {
		request.Header.Set("Cookie", p.cookie)
	}
	return p.cluster.Client().Do(request)
}

// status sends a request and returns its status; into takes the answer, if it is
// not nil.
func (p *person) status(ctx context.Context, method, url string, body, into any) (int, error) {
	response, err := p.send(ctx, method, url, body)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, frameLimit))
	if err == nil && into != nil && response.StatusCode < http.StatusMultipleChoices {
		err = json.Unmarshal(data, into)
	}
	return response.StatusCode, err
}

// dial opens a socket on a node.
func (p *person) dial(ctx context.Context, address string) (*socket, error) {
	return dial(ctx, p.cluster.Client(), address, p.cluster.URL, p.cookie)
}

// call calls a method over a socket.
func call(ctx context.Context, s *socket, method string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	answer, err := s.ask(ctx, map[string]any{"rpc": map[string]any{"method": method, "data": in}}, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if answer.RPC == nil {
		return fmt.Errorf("%s: an answer to something else", method)
	}
	if err := json.Unmarshal(answer.RPC.Data, out); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}
