#!/usr/bin/env bash
# make bench-lists: sanctions lists under ../shared/data/lists.
#
# Time to load and memory of each list, and what screening a payment takes, in processes of
# their own; then a gateway with the full set of OFAC: from the start of the process until it
# listens, and what is resident once it has screened. Fails where a budget is not kept.
# usage: bench_lists.sh BUILD [FOLDER]        Knobs: STARTS=9 EVALUATIONS=20000
cd "$(dirname "$0")/../.."
set -eu
build=${1:?usage: bench_lists.sh BUILD [FOLDER]}
lists=${2:-../shared/data/lists}
starts=${STARTS:-9}
evaluations=${EVALUATIONS:-20000}
ready_ms_max=300
resident_mib_max=64
over=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

echo "load average before: $(cut -d ' ' -f 1 /proc/loadavg)"
"$build/tests/bench/lists_bench" "$lists" || over=1
"$build/tests/bench/screening_bench" "$lists/ofac"

# One start: milliseconds until it listens. Its process id is in $gateway, its URL in $url.
start() {
    local began line
    began=$(date +%s%N)
    coproc { exec "$build/yuangate" --store memory --listen 127.0.0.1:0 --log-level error \
        --list "ofac-sdn=$lists/ofac/sdn.csv" --list "ofac-sdn=$lists/ofac/alt.csv" \
        --list "ofac-sdn=$lists/ofac/add.csv" --list "ofac-sdn=$lists/ofac/sdn_comments.csv"; }
    gateway=$COPROC_PID
    read -r line <&"${COPROC[0]}"
    ms=$((($(date +%s%N) - began) / 1000000))
    url=${line##* }
}

stop() {
    kill "$gateway"
    wait "$gateway" || true
}

for ((i = 1; i < starts; i++)); do
    start
    echo "$ms" >>"$folder/starts"
    stop
done
start
echo "$ms" >>"$folder/starts"
median=$(sort -n "$folder/starts" | sed -n "$(((starts + 1) / 2))p")
best=$(sort -n "$folder/starts" | head -n 1)
printf 'start to ready with the set of OFAC  %6d ms (the best of %d; median %d; budget %d)\n' \
    "$best" "$starts" "$median" "$ready_ms_max"
[ "$best" -le "$ready_ms_max" ] || over=1

# One connection; what is behind the # is for counting alone.
curl -sS -H 'Content-Type: application/json' --data @clients/examples/kit-payment.json \
    "$url/v1/evaluations#[1-$evaluations]" >/dev/null
resident=$(awk '/VmRSS/ { print $2 }' "/proc/$gateway/status")
printf 'resident after %d evaluations     %6.1f MiB (budget %d)\n' "$evaluations" \
    "$(awk -v kib="$resident" 'BEGIN { print kib / 1024 }')" "$resident_mib_max"
[ "$resident" -le $((resident_mib_max * 1024)) ] || over=1
stop
exit "$over"
