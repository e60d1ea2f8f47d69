#!/usr/bin/env bash
# The Debian packages this project needs, each with its reason, and their set-up.
# usage: setup.sh install PURPOSE…   install what is missing (sudo when not root)
#        setup.sh require PURPOSE…   fail and say what is missing
# A purpose takes in the packages that name it; with nothing missing this is
# one dpkg-query, a few milliseconds.
set -eu

# purpose  package               why
packages='
build      gcc                   the compiler
build      make                  the build
build      libc6-dev             the C library
build      libevent-dev          event loop, timers and signals
build      node-llhttp           the HTTP/1.1 parser, as C sources
build      libcjson-dev          JSON behind the strict gate
build      libssl-dev            TLS and SHA-256
build      libsqlite3-dev        the store of one machine
build      libxml2-dev           sanctions lists of the UN and the EU
build      libicu-dev            names in other scripts, transliterated
build      libpcre2-dev          classes and cases of Unicode, for matches() in CEL
build      tzdata                the offsets of the time zones that rules name
build      libcurl4-openssl-dev  webhooks, and the HTTP client of yuanctl
build      curl                  the payments that make run shows
test       libcmocka-dev         the unit tests
check      clang-14              the second compiler
check      clang-format-14       the format
check      cppcheck              static analysis
bench      nginx-light           what the gateway is measured beside
bench      wrk                   makes the load
bench      nodejs                runs the rule engines that ours is timed beside
bench      npm                   fetches them
fuzz       clang-14              the compiler that fuzzes
fuzz       libclang-rt-14-dev    libFuzzer and its sanitizers
'

usage() {
    sed -n '3,4s/^# //p' "$0" >&2
    exit 2
}

# Those of the purposes asked for that dpkg does not report as installed.
missing() {
    local wanted installed purpose package why
    wanted=$(while read -r purpose package why; do
        case " $* " in *" $purpose "*) echo "$package" ;; esac
    done <<<"$packages")
    # shellcheck disable=SC2086 # one word a package
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
        sed -n 's/^installed //p')
    for package in $wanted; do
        case $package in # also where another package, or none, brought the program
        nginx-light) command -v nginx /usr/sbin/nginx >/dev/null && continue ;;
        nodejs) command -v node >/dev/null && continue ;;
        npm) command -v npm >/dev/null && continue ;;
        esac
        grep -qx "$package" <<<"$installed" || echo "$package"
    done
}

install() {
    local as_root=
    if [ "$(id -u)" -ne 0 ]; then
        as_root=sudo
        command -v sudo >/dev/null || {
            echo "cannot install without root or sudo: $*" >&2
            exit 1
        }
    fi
    echo "installing by apt: $*"
    # The lists of a fresh machine may be empty or old, so refresh them first.
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "$@" >/dev/null
}

[ $# -ge 2 ] || usage
action=$1
shift
if ! command -v dpkg-query >/dev/null; then
    echo "this is no Debian: install the equivalents of the packages listed in $0" >&2
    exit 0
fi
names=$(missing "$@")
[ -z "$names" ] && exit 0
case $action in
install)
    # shellcheck disable=SC2086
    install $names
    ;;
require)
    echo "missing packages:" $names "- \"make setup\" installs them" >&2
    exit 1
    ;;
*) usage ;;
esac
