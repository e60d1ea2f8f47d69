#!/usr/bin/env bash
# make bench-diff: how long two packs take to judge a store with a million payments.
#
# A gateway stores the three example payments in turns, each with a uetr of its own, and
# runs on while the store is read.  Wanted: under 30 s on two cores, and the same bytes
# whatever the number of threads.
#
# usage: bench_diff.sh BUILD      Knobs: PAYMENTS=1000000 CONNECTIONS=64
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/common.sh
. tests/bench/common.sh
payments=${PAYMENTS:-1000000}
examples=(clients/examples/*-payment.json)
packs=(kit-blockade cny-return)

stored() {
    curl -sf "$storing_url/metrics" | sed -n 's/^yuangate_stored_total //p'
}

# judge THREADS: its output to a file of that name; prints the seconds it took.
judge() {
    local began=$EPOCHREALTIME status=0
    taskset -c 0,1 "$build/yuanctl" policy diff "${packs[@]}" --threads "$1" \
        --store "sqlite:$folder/diff.db" >"$folder/$1" || status=$?
    [ "$status" -le 1 ] || die "yuanctl ended with status $status"
    awk -v began="$began" -v end="$EPOCHREALTIME" 'BEGIN { printf "%.1f\n", end - began }'
}

gateway storing 0,1 --threads 2 --store "sqlite:$folder/diff.db"
run=0
while [ "$(stored)" -lt "$payments" ]; do
    run=$((run + 1))
    load 0,1 1 "$storing_url/v1/payments" stored "${examples[run % ${#examples[@]}]}" "$run" 0 \
        >>"$folder/load"
done
echo "$(stored) payments stored, $(du -m "$folder/diff.db" | cut -f1) MiB;" \
    "load average before: $(cut -d ' ' -f 1-2 /proc/loadavg)"
for threads in 1 2; do
    echo "$threads thread(s): $(judge "$threads") s"
done
cmp "$folder/1" "$folder/2" || die "two threads print something else than one"
tail -n 12 "$folder/2"
