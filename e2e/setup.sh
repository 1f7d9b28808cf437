#!/usr/bin/env bash
# Sets up the browser for the end-to-end suites. On Debian as root it installs
# what is missing; elsewhere it asks Playwright for its own browser.
set -euo pipefail
if command -v chromium-headless-shell >/dev/null || [ -n "${YODEL_BROWSER:-}" ]; then
	exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null
	exit 0
fi
npx playwright install chromium-headless-shell
