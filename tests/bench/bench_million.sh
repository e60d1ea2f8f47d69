#!/usr/bin/env bash
# make bench-million: a store with a million payments, and memory after a million
# requests.  Takes some minutes; what it prints answers four questions:
#
#   memory   resident after each hundred thousand evaluations: does it grow?
#   store    resident per stored payment, and the database's size
#   writer   CPU of the writer's thread a payment, at half the greatest rate
#   latency  p50 and p99 of stored payments at that rate
#
# usage: bench_million.sh BUILD      Knobs: PAYMENTS=1000000 DURATION=20 CONNECTIONS=64
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/common.sh
. tests/bench/common.sh
payments=${PAYMENTS:-1000000}
duration=${DURATION:-20}
step=$((payments / 10))
tick_us=$((1000000 / $(getconf CLK_TCK)))

resident_kib() {
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"
}

# counted URL METRIC
counted() {
    curl -sf "$1/metrics" | sed -n "s/^$2 //p"
}

# threads PID: a line "thread name microseconds" for each, user and system time.
threads() {
    local task
    for task in "/proc/$1"/task/*; do
        echo "${task##*/} $(cat "$task/comm") $(sed 's/.*) //' "$task/stat" |
            awk -v tick="$tick_us" '{ print ($12 + $13) * tick }')"
    done
}

# fill NAME URL PID METRIC MODE…: load until the metric has grown to $payments,
# with a line of memory at each tenth.
fill() {
    local name=$1 url=$2 pid=$3 metric=$4 run=0 next=$step done_so_far=0
    shift 4
    while [ "$done_so_far" -lt "$payments" ]; do
        run=$((run + 1))
        load 0,1 1 "${url}" ${@/RUN/$run} >>"$folder/$name"
        done_so_far=$(counted "${url%%/v1/*}" "$metric")
        [ "$done_so_far" -ge "$next" ] || continue
        echo "$name: $done_so_far requests, $(resident_kib "$pid") KiB resident"
        next=$((done_so_far - done_so_far % step + step))
    done
}

gateway evaluating 0,1 --threads 2 --store memory
gateway storing 0,1 --threads "${STORE_THREADS:-1}" --store "sqlite:$folder/million.db"

echo "memory at the start: $(resident_kib "$evaluating_pid") KiB without a store," \
    "$(resident_kib "$storing_pid") KiB with one"
fill evaluations "$evaluating_url/v1/evaluations" "$evaluating_pid" \
    yuangate_evaluations_total post "$sample"

fill stored "$storing_url/v1/payments" "$storing_pid" yuangate_stored_total \
    stored "$sample" RUN 0
stored=$(counted "$storing_url" yuangate_stored_total)
echo "stored: $stored payments, $(resident_kib "$storing_pid") KiB resident" \
    "(wanted <= 30 MiB + 32 bytes each: $((30 * 1024 + 32 * stored / 1024)) KiB)," \
    "database $(du -m "$folder/million.db" | cut -f1) MiB"

greatest=$(load 0,1 "$duration" "$storing_url/v1/payments" stored "$sample" 900000 0)
rate=${greatest%%.*}
echo "greatest rate with $payments stored: $rate payments/s"
threads "$storing_pid" >"$folder/before"
half=$(load 0,1 "$duration" "$storing_url/v1/payments" stored "$sample" 900001 $((rate / 2)))
threads "$storing_pid" >"$folder/after"
read -r paced p50 p99 count _ <<<"$half"
awk -v paced="$paced" -v p50="$p50" -v p99="$p99" 'BEGIN {
    printf "at half of it: %.0f payments/s, p50 %.2f ms, p99 %.2f ms (wanted < 10)\n", paced,
           p50 / 1000, p99 / 1000 }'

# The writer is the thread of that name, else the busiest one that is not main:
# with one worker, that one runs on main.
paste -d ' ' "$folder/before" "$folder/after" | awk -v count="$count" -v main="$storing_pid" '
    { used = ($6 - $3) / count
      printf "thread %s %s: %.1f us of CPU a payment\n", $4, $5, used
      if ($5 ~ /writer/) named = used
      if ($4 != main && used > busiest) busiest = used }
    END { printf "writer: %.1f us of CPU a payment (wanted <= 20)\n", named ? named : busiest }'
