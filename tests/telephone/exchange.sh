#!/bin/sh
# Provide Asterisk for `make test-telephone`: this machine's own package, else a small Debian unstable in .telephone (400 MB;
# Debian 12 and 13 have no package of it). Needs root; without, it says so, and the tests are skipped.
set -eu

command -v asterisk >/dev/null && exit 0
[ -x .telephone/usr/sbin/asterisk ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "There is no Asterisk: install it, or run this as root on Debian or Ubuntu." >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
if apt-get install -y -qq --no-install-recommends asterisk >/dev/null 2>&1; then
    service asterisk stop >/dev/null 2>&1 || true # the tests start their own
    exit 0
fi
echo "Building a small Debian unstable with Asterisk in .telephone"
apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' --include=asterisk \
    unstable .telephone http://deb.debian.org/debian
