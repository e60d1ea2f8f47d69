#!/usr/bin/env bash
# make run: say what to paste, then be the gateway until Ctrl-C.
# usage: start.sh BUILD [OPTIONS OF yuangate]
set -u
build=${1:?usage: start.sh BUILD [OPTIONS]}
shift

show() {
    printf '# %s\ncurl -sS -H '\''Content-Type: application/json'\'' \\\n' "$1"
    printf '     --data @clients/examples/%s http://%s/v1/payments\n\n' "$2" "$address"
}

# The last --listen counts for the lines to paste; other purposes need none of them.
address=${YUANGATE_LISTEN:-127.0.0.1:8080}
address=${address##*,}
last=
for argument; do
    case "$argument" in
    --help | --version | --check) exec "$build/yuangate" "$@" ;;
    --listen=*) address=${argument#--listen=} ;;
    esac
    [ "$last" = --listen ] && address=$argument
    last=$argument
done

echo "A simulated bank: parties and banks are fictional, no money moves."
echo "In another terminal, in this folder:"
echo
show "approved: toys for a Russian buyer, in dollars" approved-payment.json
show "held: the amount is above what passes unseen" held-payment.json
show "blocked: processors, casings and screens, a notebook in parts" kit-payment.json

# On a terminal the gateway gets a process group of its own in the foreground,
# so that Ctrl-C reaches it alone: it drains and ends with 0, and make sees that
# instead of an interrupt of its own.  Elsewhere the signal is passed on.
if [ -t 0 ]; then
    set -m
    "$build/yuangate" "$@"
    exit
fi
"$build/yuangate" "$@" &
gateway=$!
trap 'interrupted=yes; kill -TERM "$gateway" 2>/dev/null' INT TERM
while :; do
    interrupted=
    wait "$gateway"
    status=$?
    [ -n "$interrupted" ] || exit "$status" # else wait was cut short, not the gateway
done
