#!/usr/bin/env bash
# make bench: what the gateway reaches beside nginx with a fixed reply, in one run.
#
# nginx and the evaluating gateway have one worker on one core each time, wrk the
# other core; stored payments use both cores, with wrk beside them.  Rounds are
# interleaved, so that a noisy minute falls on all rows.  Each row shows medians,
# and the median of its shares of nginx, each taken within one round.
# wrk waits for each answer before it sends on (a closed loop): its latencies are
# those of a saturated server.
# usage: bench.sh BUILD        Knobs: ROUNDS=5 DURATION=4 CONNECTIONS=64 STORE_THREADS=1
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/common.sh
. tests/bench/common.sh
rounds=${ROUNDS:-5}
duration=${DURATION:-4}
server_core=0
load_core=1
[ "$(nproc)" -ge 2 ] || die "needs two cores"

nginx_start "$server_core"
gateway evaluating "$server_core" --threads 1 --store memory
gateway storing "$server_core,$load_core" --threads "${STORE_THREADS:-1}" \
    --store "sqlite:$folder/bench.db"

# name | wanted share of nginx | cores of wrk | URL | what to send
rows=(
    "nginx_get|-|$load_core|$nginx_url|get"
    "nginx_post|-|$load_core|$nginx_url|post $sample"
    "evaluation|0.60|$load_core|$evaluating_url/v1/evaluations|post $sample"
    "stored|0.20|$server_core,$load_core|$storing_url/v1/payments|stored $sample ROUND 0"
)

echo "$rounds rounds of $duration s a row, $connections connections, on $(nproc) cores of" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
    "load average before: $(cut -d ' ' -f 1 /proc/loadavg)"
for ((round = 1; round <= rounds; round++)); do
    for row in "${rows[@]}"; do
        IFS='|' read -r name _ cores url mode <<<"$row"
        # shellcheck disable=SC2086 # mode is several words
        load "$cores" "$duration" "$url" ${mode/ROUND/$round} >>"$folder/$name"
    done
    echo "round $round:$(for row in "${rows[@]}"; do
        name=${row%%|*}
        tail -n 1 "$folder/$name" | awk -v name="$name" '{ printf " %s %.0f/s", name, $1 }'
    done)"
done

# share ROW BASE: the median over the rounds of ROW's rate by BASE's in that round.
share() {
    paste -d ' ' "$folder/$1" "$folder/$2" | awk '{ print $1 / $6 }' >"$folder/share"
    median "$folder/share" 1
}

printf '\n%-12s %12s %9s %9s %8s %8s %8s\n' "" requests/s "p50 ms" "p99 ms" "of GET" "of POST" \
    wanted
for row in "${rows[@]}"; do
    IFS='|' read -r name wanted _ <<<"$row"
    awk -v name="$name" -v wanted="$wanted" -v get="$(share "$name" nginx_get)" \
        -v post="$(share "$name" nginx_post)" -v rate="$(median "$folder/$name" 1)" \
        -v p50="$(median "$folder/$name" 2)" -v p99="$(median "$folder/$name" 3)" 'BEGIN {
            printf "%-12s %12.0f %9.2f %9.2f %8.2f %8.2f %8s\n", name, rate, p50 / 1000,
                   p99 / 1000, get, post, wanted }'
done
awk '{ errors += $5 } END { if (errors) { print errors " errors"; exit 1 } }' \
    "$folder"/{nginx_get,nginx_post,evaluation,stored}
