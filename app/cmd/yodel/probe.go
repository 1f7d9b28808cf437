package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"time"
)

type probeCommand struct {
	URL string `arg:"" optional:"" help:"Address to ask." default:"http://127.0.0.1:8080/readyz" env:"YODEL_PROBE_URL"`
}

// Run exits with 0 when the application is ready. It speaks to its own machine,
// so a certificate is not checked.
func (p *probeCommand) Run() error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL, nil)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("probe: %s answers %s", p.URL, response.Status)
	}
	return nil
}
