package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/yodelrt/yodel/app/retention"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
)

// Config is the one table of settings: each is a flag, then an environment
// variable, then its default. Fields tagged secret are never shown.
type Config struct {
	Addr              string           `help:"Address to listen on, host:port." default:"127.0.0.1:8080" env:"YODEL_ADDR"`
	PublicURL         string           `help:"Address that browsers use. Its scheme decides about cookies. Default: the loopback address of --addr." env:"YODEL_PUBLIC_URL" name:"public-url"`
	Origins           []string         `help:"Further origins whose pages may use this app, whole: https://app.example.com." env:"YODEL_ORIGINS"`
	TrustedProxies    []string         `help:"Proxies of yours, as addresses or ranges such as 10.0.0.0/8, whose X-Forwarded-For is believed." env:"YODEL_TRUSTED_PROXIES" name:"trusted-proxies"`
	DataDir           string           `help:"Directory of database, keys and certificates." default:"./data" env:"YODEL_DATA_DIR"`
	DatabaseURL       string           `help:"Address of a PostgreSQL database, with TLS beyond this machine: postgres://user:password@host/name?sslmode=verify-full. Default: SQLite in the data directory." env:"YODEL_DATABASE_URL" name:"database-url" placeholder:"URL"`
	JWTSecret         string           `help:"Signing key, at least 32 bytes. Prefer the file. Default: made once and kept in the data directory." env:"YODEL_JWT_SECRET" name:"jwt-secret" placeholder:"SECRET"`
	JWTSecretFile     string           `help:"File that holds the signing key." env:"YODEL_JWT_SECRET_FILE" name:"jwt-secret-file"`
	JWTKeyFile        string           `help:"PEM file of an Ed25519 or RSA private key to sign with, in place of a secret." env:"YODEL_JWT_KEY_FILE" name:"jwt-key-file"`
	JWTPreviousKeys   []string         `help:"Files of earlier keys or secrets whose tokens are still accepted." env:"YODEL_JWT_PREVIOUS_KEYS" name:"jwt-previous-keys"`
	AccessLife        time.Duration    `help:"How long an access token lasts before its page has to refresh it, 1s to 24h." default:"15m" env:"YODEL_ACCESS_LIFE" name:"access-life"`
	AllowFirstMessage bool             `help:"Let sockets open without any credential and wait for a token in their first message. Tickets are safer." env:"YODEL_ALLOW_FIRST_MESSAGE"`
	Engine            string           `help:"Where channels, tickets and sign-outs live: memory, embedded (a NATS server in this process, which keeps them in the data directory), or the address of NATS servers, nats://host:4222 or tls://host:4222, for several nodes." default:"memory" env:"YODEL_ENGINE" placeholder:"ENGINE"`
	EngineSecret      string           `help:"What proves to a node that another one speaks, at least 32 bytes, alike on all nodes. Prefer the file." env:"YODEL_ENGINE_SECRET" name:"engine-secret" placeholder:"SECRET"`
	EngineSecretFile  string           `help:"File that holds it. Make one with openssl rand -hex 32." env:"YODEL_ENGINE_SECRET_FILE" name:"engine-secret-file"`
	EngineCreds       string           `help:"File with the credentials for the NATS servers." env:"YODEL_ENGINE_CREDS" name:"engine-creds"`
	EngineReplicas    int              `help:"How many NATS servers keep each message: 1, 3 or 5." default:"1" env:"YODEL_ENGINE_REPLICAS" name:"engine-replicas"`
	AdminAddr         string           `help:"Address of the listener for operators, with /metrics and /debug/pprof; keep it off the network. Default: none." env:"YODEL_ADMIN_ADDR"`
	TLSCert           string           `help:"Certificate file, PEM." env:"YODEL_TLS_CERT" name:"tls-cert"`
	TLSKey            string           `help:"Key file of the certificate, PEM." env:"YODEL_TLS_KEY" name:"tls-key"`
	TLSSelfSigned     bool             `help:"Serve TLS with a development certificate that is made on first use." env:"YODEL_TLS_SELF_SIGNED" name:"tls-self-signed"`
	Demo              bool             `help:"Make the users admin, alice and bob with known passwords. Loopback only." env:"YODEL_DEMO"`
	DrainTime         time.Duration    `help:"How long to wait for connections on shutdown." default:"10s" env:"YODEL_DRAIN_TIME"`
	DrainRate         int              `help:"Sockets that a shutdown ends in a second at most, so that their clients come back elsewhere one after another; more where the drain time would not do." default:"500" env:"YODEL_DRAIN_RATE"`
	PingInterval      time.Duration    `help:"Time between pings to a socket." default:"25s" env:"YODEL_PING_INTERVAL"`
	PongTimeout       time.Duration    `help:"How much longer a socket may stay silent." default:"10s" env:"YODEL_PONG_TIMEOUT"`
	LoginRate         int              `help:"Login attempts from one address, a minute." default:"60" env:"YODEL_LOGIN_RATE"`
	AddressSockets    int              `help:"Sockets that one address may have open at a time; all people of an office may share one." default:"1000" env:"YODEL_ADDRESS_SOCKETS" name:"address-sockets"`
	MessageRate       int              `help:"Messages that one person may send at once, and again in each ten seconds." default:"20" env:"YODEL_MESSAGE_RATE"`
	KeepSessions      retention.Period `help:"How long sessions are kept after they ended, such as 30d, 36h or forever." default:"30d" env:"YODEL_KEEP_SESSIONS"`
	KeepInvitations   retention.Period `help:"How long invitations are kept after they were used, taken back or too old." default:"30d" env:"YODEL_KEEP_INVITATIONS"`
	KeepAudit         retention.Period `help:"How long entries of the audit log are kept." default:"365d" env:"YODEL_KEEP_AUDIT"`
	KeepMessages      retention.Period `help:"How long messages and announcements are kept." default:"forever" env:"YODEL_KEEP_MESSAGES"`
	LogLevel          string           `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"YODEL_LOG_LEVEL"`
	LogLevelFile      string           `help:"File that holds the log level, in place of --log-level; SIGHUP reads it again." env:"YODEL_LOG_LEVEL_FILE" name:"log-level-file"`
	LogFormat         string           `help:"text or json." default:"text" enum:"text,json" env:"YODEL_LOG_FORMAT"`
}

// ErrConfig is wrapped by errors about settings; the text names the fix.
var ErrConfig = errors.New("refused to start")

// safe refuses set-ups in which credentials would travel or lie open.
func (c Config) safe(p place, public *url.URL) error {
	local := loopback(public.Hostname())
	switch {
	case !p.https && !local:
		return fmt.Errorf("%w: --public-url %s would send passwords in the clear; use https, with --tls-cert and --tls-key or a proxy in front", ErrConfig, public)
	case c.Demo && !(local && c.listensOnLoopback()):
		return fmt.Errorf("%w: --demo makes users with known passwords and is for loopback addresses; leave it off for --addr %s and --public-url %s", ErrConfig, c.Addr, public)
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return fmt.Errorf("%w: --tls-cert and --tls-key go together", ErrConfig)
	case c.tls() && !p.https:
		return fmt.Errorf("%w: TLS is on and --public-url %s says http; write https", ErrConfig, public)
	case c.LoginRate < 1:
		return fmt.Errorf("%w: --login-rate is %d; nobody could sign in", ErrConfig, c.LoginRate)
	case c.AccessLife != 0 && (c.AccessLife < time.Second || c.AccessLife > 24*time.Hour):
		return fmt.Errorf("%w: --access-life is %s; give 1s to 24h, such as 15m", ErrConfig, c.AccessLife)
	case c.AddressSockets < 0:
		return fmt.Errorf("%w: --address-sockets is %d; nobody could open one", ErrConfig, c.AddressSockets)
	case c.DrainRate < 0:
		return fmt.Errorf("%w: --drain-rate is %d; nothing would ever end", ErrConfig, c.DrainRate)
	case c.DrainTime < 0:
		return fmt.Errorf("%w: --drain-time is %s; give 0s to cut everybody off at once, or more", ErrConfig, c.DrainTime)
	case c.PingInterval < 0 || c.PongTimeout < 0:
		return fmt.Errorf("%w: --ping-interval is %s and --pong-timeout %s; nothing waits for less than no time", ErrConfig, c.PingInterval, c.PongTimeout)
	case c.MessageRate < 0:
		return fmt.Errorf("%w: --message-rate is %d; nobody could say anything", ErrConfig, c.MessageRate)
	}
	if c.DatabaseURL != "" {
		if err := store.CheckPostgres(c.DatabaseURL); err != nil {
			return fmt.Errorf("%w: --database-url: %w", ErrConfig, err)
		}
	}
	return nil
}

func (c Config) retention() []retention.Rule {
	return []retention.Rule{
		{Kind: retention.Tokens}, {Kind: retention.Sessions, Keep: c.KeepSessions}, {Kind: retention.Invitations, Keep: c.KeepInvitations},
		{Kind: retention.Audit, Keep: c.KeepAudit}, {Kind: retention.Messages, Keep: c.KeepMessages},
	}
}

func (c Config) listensOnLoopback() bool {
	host, _, err := net.SplitHostPort(c.Addr)
	return err == nil && loopback(host)
}

func (c Config) tls() bool { return c.TLSSelfSigned || c.TLSCert != "" }

// Level is the level of the log, read from its file where there is one.
func (c Config) Level() (level slog.Level, err error) {
	word, flag := c.LogLevel, "--log-level"
	if c.LogLevelFile != "" {
		text, err := os.ReadFile(c.LogLevelFile)
		if err != nil {
			return level, fmt.Errorf("%w: --log-level-file: %w", ErrConfig, err)
		}
		word, flag = strings.TrimSpace(string(text)), "--log-level-file "+c.LogLevelFile
	}
	switch word {
	case "", "info":
		return slog.LevelInfo, nil
	case "debug":
		return slog.LevelDebug, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return level, fmt.Errorf("%w: %s says %.20q; the levels are debug, info, warn and error", ErrConfig, flag, word)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// keys are those that sign and verify access tokens.
func (c Config) keys() (*session.Keys, error) {
	keys, err := c.signingKey()
	if err != nil {
		return nil, err
	}
	for _, file := range c.JWTPreviousKeys {
		if err := keys.AddPrevious(file); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func (c Config) signingKey() (*session.Keys, error) {
	if c.JWTKeyFile == "" {
		secret, err := session.LoadSecret(c.JWTSecret, c.JWTSecretFile, c.DataDir)
		if err != nil {
			return nil, err
		}
		return session.SecretKeys(secret)
	}
	if c.JWTSecret != "" || c.JWTSecretFile != "" {
		return nil, fmt.Errorf("%w: --jwt-key-file and a secret are both set; keep one, and list the other under --jwt-previous-keys", ErrConfig)
	}
	return session.LoadPrivateKey(c.JWTKeyFile)
}
