#!/usr/bin/env bash
# Makes what the compose file needs and nobody else may know: a certificate
# authority of the deployment's own, certificates for NATS, PostgreSQL and the
# proxy, and passwords. Run it once; what is there already is left alone. Put a
# certificate that browsers know in place of proxy.pem and proxy.key.
#
#   ./secrets.sh chat.example.com
set -euo pipefail
host=${1:?give the name under which browsers reach the application, such as chat.example.com}
mkdir -p "$(dirname "$0")/secrets"
cd "$(dirname "$0")/secrets"
chmod 700 . # nobody passes; the files themselves are read by other users, in containers

secret() { [ -e "$1" ] || openssl rand -hex 32 >"$1"; }

authority() {
	[ -e ca.key ] && return
	openssl ecparam -name prime256v1 -genkey -noout -out ca.key
	chmod 600 ca.key
	openssl req -x509 -new -key ca.key -days 3650 -subj "/CN=yodel deployment" -out ca.pem
}

# certificate NAME HOST... makes NAME.key and NAME.pem for these hosts.
certificate() {
	local name=$1
	shift
	[ -e "$name.pem" ] && return
	openssl ecparam -name prime256v1 -genkey -noout -out "$name.key"
	chmod 644 "$name.key"
	openssl req -new -key "$name.key" -subj "/CN=$1" -out "$name.csr"
	printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$(printf 'DNS:%s,' "$@" | sed 's/,$//')" >"$name.ext"
	openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -extfile "$name.ext" -out "$name.pem"
	rm "$name.csr" "$name.ext"
}

authority
certificate nats nats-1 nats-2 nats-3
certificate postgres postgres
certificate proxy "$host"
secret jwt.secret
secret engine.secret
secret postgres.password
secret nats.password

# Both addresses hold a password, so they travel in files that only the engine reads.
cat >nats.env <<END
NODE_PASSWORD=$(cat nats.password)
END
cat >yodel.env <<END
YODEL_PUBLIC_URL=https://$host
YODEL_DATABASE_URL=postgres://yodel:$(cat postgres.password)@postgres:5432/yodel?sslmode=verify-full&sslrootcert=/run/secrets/ca.pem
YODEL_ENGINE=tls://node:$(cat nats.password)@nats-1:4222,tls://node:$(cat nats.password)@nats-2:4222,tls://node:$(cat nats.password)@nats-3:4222
END
echo "made in $PWD; keep it out of every repository"
