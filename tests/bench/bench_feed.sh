#!/usr/bin/env bash
# make bench-feed: stored payments with and without 1,000 subscribers of the live feed and 100
# webhooks, a tenth of them dead, beside them (wanted: above 0.8 of the throughput without, at
# 100,000 feed and 500 webhook deliveries a second).  Interleaved, medians.
#
# usage: bench_feed.sh BUILD      Knobs: ROUNDS=3 DURATION=10 RATE=10000 UNFILTERED=7
#
# RATE is the payments a second that are asked for: a fixed one, so that the deliveries are a
# known number; 0 is as many as can be.
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/common.sh
. tests/bench/common.sh
rounds=${ROUNDS:-3} duration=${DURATION:-10} rate=${RATE:-0} unfiltered=${UNFILTERED:-7}

gateway quiet 0,1 --threads 1 --store "sqlite:$folder/quiet.db"
gateway told 0,1 --threads 1 --store "sqlite:$folder/told.db"
for ((round = 1; round <= rounds; round++)); do
    load 0,1 "$duration" "$quiet_url/v1/payments" stored "$sample" "$round" "$rate" \
        >>"$folder/quiet.rates"
    "$build/tests/bench/feed_bench" "${told_url#http://}" 1000 "$unfiltered" 100 10 \
        $((duration + 2)) >"$folder/feed.$round" &
    started+=($!)
    await 20 grep -q listening "$folder/feed.$round"
    load 0,1 "$duration" "$told_url/v1/payments" stored "$sample" "$round" "$rate" \
        >>"$folder/told.rates"
    await 20 grep -q '^feed' "$folder/feed.$round"
    for id in $(curl -sf "$told_url/v1/webhooks" | grep -oE '"id":"[^"]*"' | cut -d'"' -f4); do
        curl -sf -X DELETE "$told_url/v1/webhooks/$id"
    done
    echo "round $round: without $(tail -1 "$folder/quiet.rates" | cut -d' ' -f1)/s, with" \
        "$(tail -1 "$folder/told.rates" | cut -d' ' -f1)/s;" \
        "$(awk -v s="$duration" '/^feed/ { $2 = int($2 / s) "/s"; print }' "$folder/feed.$round")"
done
without=$(median "$folder/quiet.rates" 1) with=$(median "$folder/told.rates" 1)
awk -v a="$with" -v b="$without" 'BEGIN { printf "with / without: %.2f\n", a / b }'
