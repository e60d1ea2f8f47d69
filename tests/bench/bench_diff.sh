#!/usr/bin/env bash
# make bench-diff: how long two packs, and two books, take to judge a store with a million
# payments.
#
# A gateway stores the three example payments in turns, each with a uetr of its own, and
# runs on while the store is read.  The second book is the shipped one without the kit rules
# of three classes of banks in April.  Wanted: under 30 s on two cores, and the same bytes
# whatever the number of threads.
#
# usage: bench_diff.sh BUILD      Knobs: PAYMENTS=1000000 CONNECTIONS=64
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/common.sh
. tests/bench/common.sh
payments=${PAYMENTS:-1000000}
examples=(clients/examples/*-payment.json)
book=policy/books/china-2024.json

stored() {
    curl -sf "$storing_url/metrics" | sed -n 's/^yuangate_stored_total //p'
}

# judge THREADS A B: its output to a file of the name THREADS; prints the seconds it took.
judge() {
    local began=$EPOCHREALTIME status=0
    taskset -c 0,1 "$build/yuanctl" policy diff "$2" "$3" --threads "$1" \
        --store "sqlite:$folder/diff.db" >"$folder/$1" || status=$?
    [ "$status" -le 1 ] || die "yuanctl ended with status $status"
    awk -v began="$began" -v end="$EPOCHREALTIME" 'BEGIN { printf "%.1f\n", end - began }'
}

# compare A B
compare() {
    for threads in 1 2; do
        echo "$1 and ${2##*/}, $threads thread(s): $(judge "$threads" "$@") s"
    done
    cmp "$folder/1" "$folder/2" || die "two threads print something else than one"
    sed -n '/judged otherwise/,$p' "$folder/2"
}

gateway storing 0,1 --threads 2 --store "sqlite:$folder/diff.db"
run=0
while [ "$(stored)" -lt "$payments" ]; do
    run=$((run + 1))
    load 0,1 1 "$storing_url/v1/payments" stored "${examples[run % ${#examples[@]}]}" "$run" 0 \
        >>"$folder/load"
done
sed '/"from": "2024-04-01"/,/"from": "2024-05-14"/s/"cny-return", "kit-blockade"\]/"cny-return"]/' \
    "$book" >"$folder/fewer-kits.json"
! cmp -s "$book" "$folder/fewer-kits.json" || die "$book has no such lines in April"
echo "$(stored) payments stored, $(du -m "$folder/diff.db" | cut -f1) MiB;" \
    "load average before: $(cut -d ' ' -f 1-2 /proc/loadavg)"
compare kit-blockade cny-return
compare china-2024 "$folder/fewer-kits.json"
