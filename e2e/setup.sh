#!/usr/bin/env bash
# Sets up what the suites need: a browser, a container engine, PostgreSQL and nginx. On
# Debian as root it installs and starts what is missing; elsewhere it asks
# Playwright for its browser and takes the engine that answers, if one does.
set -euo pipefail

missing=()
command -v chromium-headless-shell >/dev/null || [ -n "${YODEL_BROWSER:-}" ] || missing+=(chromium-headless-shell)
engine() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
engine || command -v dockerd >/dev/null || missing+=(docker.io iptables)
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)

if [ "${#missing[@]}" -gt 0 ]; then
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -qq
		apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
	elif [[ " ${missing[*]} " == *chromium* ]]; then
		npx playwright install chromium-headless-shell
	fi
fi

# One engine at most: a second one would take the first one's network away.
if ! engine && [ "$(id -u)" = 0 ] && command -v dockerd >/dev/null; then
	setsid --fork dockerd >"${TMPDIR:-/tmp}/yodel-dockerd.log" 2>&1 </dev/null
	for _ in $(seq 120); do
		engine && break
		sleep 0.5
	done
	engine || { echo "the container engine did not start; see ${TMPDIR:-/tmp}/yodel-dockerd.log" >&2; exit 1; }
fi
