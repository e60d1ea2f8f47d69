#!/usr/bin/env bash
# make bench-rollout: what changing policies costs those who pay.
#
#   activations  evaluations at full load, quiet and while versions of a pack are activated
#                one after the other, ACTIVATIONS or more; wanted: no failed request, p99
#                under twice the quiet one, memory back to where it was
#   shadow       the same without and with a candidate in shadow that disagrees on every
#                payment; wanted: at most 1.5 times the cost of an evaluation, none uncounted
#   the book     loading, checking and testing all that ships; wanted: under 2 s
#
# For activations the gateway has both cores and two workers, and wrk runs beside them: an
# activation takes its time from the same processors, as it would in earnest.  For the shadow
# a gateway of one worker has one core and wrk the other: the processor that is short is the
# gateway's.  Rounds are interleaved.
#
# usage: bench_rollout.sh BUILD   Knobs: ROUNDS=5 DURATION=4 ACTIVATIONS=100 CONNECTIONS=64
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/common.sh
. tests/bench/common.sh
rounds=${ROUNDS:-5}
duration=${DURATION:-4}
activations=${ACTIVATIONS:-100}
policy=kit-blockade
[ "$(nproc)" -ge 2 ] || die "needs two cores"

# ask METHOD PATH [DATA]: the reply of the gateway at $asked; fails where it is an error.
ask() {
    curl -sS --fail-with-body -X "$1" -H 'Content-Type: application/json' \
        ${3+--data-binary "$3"} "$asked$2"
}

resident_kib() {
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$rolling_pid/status"
}

# version N: the shipped pack with another version and, for "strict", another verdict.
version() {
    sed "s/\"version\": \"[^\"]*\"/\"version\": \"9.0.$1\"/" "policy/packs/$policy.json"
}

# put TEXT: puts and checks it, prints its digest.
put() {
    ask PUT "/v1/policies/$policy" "$1" >/dev/null
    ask POST "/v1/policies/$policy/check" | sed -n 's/.*"digest":"\(sha256:[0-9a-f]*\)".*/\1/p'
}

gateway rolling 0,1 --threads 2 --store "sqlite:$folder/rollout.db"
asked=$rolling_url
first=$(put "$(version 1)")
second=$(put "$(version 2)")
evaluations=$rolling_url/v1/evaluations

# Activate one and the other in turns until the file is gone; counts in the other file.
activate_until_gone() {
    local done=0 digest=$first
    while [ -e "$1" ]; do
        ask POST "/v1/policies/$policy/activate" "{\"digest\":\"$digest\"}" >/dev/null ||
            die "an activation failed"
        [ "$digest" = "$first" ] && digest=$second || digest=$first
        done=$((done + 1))
    done
    echo "$done" >>"$2"
}

echo "$rounds rounds of $duration s a row, $connections connections, on $(nproc) cores of" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
    "load average before: $(cut -d ' ' -f 1 /proc/loadavg)"
load 0,1 1 "$evaluations" post "$sample" >/dev/null
before_kib=$(resident_kib)
for ((round = 1; round <= rounds; round++)); do
    load 0,1 "$duration" "$evaluations" post "$sample" >>"$folder/quiet"
    touch "$folder/go"
    activate_until_gone "$folder/go" "$folder/count" &
    load 0,1 "$duration" "$evaluations" post "$sample" >>"$folder/activating"
    rm "$folder/go"
    wait $!
done
count=$(awk '{ n += $1 } END { print n }' "$folder/count")
ask POST "/v1/policies/$policy/rollback" >/dev/null
after_kib=$(resident_kib)

# shadowed COUNT: the pack with a rule that disagrees on every payment is in shadow.
odd='{"pack":"'$policy'","version":"0.0.1","title":"refuses all","rules":[{"id":"ODD-01",'
odd+='"title":"all","when":"true","then":{"action":"freeze","reason":{"code":"NARR","text":'
odd+='"all"},"disclosed":{"code":"NARR","text":"BLOCKED"}}}]}'
gateway shadowing 0 --threads 1 --store memory
asked=$shadowing_url
evaluations=$shadowing_url/v1/evaluations
put "$odd" >/dev/null
sent=0
for ((round = 1; round <= rounds; round++)); do
    load 1 "$duration" "$evaluations" post "$sample" >>"$folder/alone"
    ask POST "/v1/policies/$policy/shadow" >/dev/null
    load 1 "$duration" "$evaluations" post "$sample" >>"$folder/shadowed"
    sent=$(tail -n 1 "$folder/shadowed" | cut -d ' ' -f 4)
    ask DELETE "/v1/policies/$policy/shadow" >"$folder/comparison"
    judged=$(sed -n 's/.*"evaluations":\([0-9]*\).*/\1/p' "$folder/comparison")
    differ=$(sed -n 's/.*"disagreements":\([0-9]*\).*/\1/p' "$folder/comparison")
    # wrk hangs up on the last answers of each connection: they were judged, and it did not see
    [ "$judged" -ge "$sent" ] && [ "$judged" -le $((sent + connections)) ] ||
        die "$sent were sent, $judged judged in the shadow"
    [ "$differ" -eq "$judged" ] || die "$judged were judged, $differ differ"
done

row() {
    awk -v name="$1" -v rate="$(median "$folder/$2" 1)" -v p50="$(median "$folder/$2" 2)" \
        -v p99="$(median "$folder/$2" 3)" \
        'BEGIN { printf "%-26s %10.0f %9.2f %9.2f\n", name, rate, p50 / 1000, p99 / 1000 }'
}

# ratio FILE BASE COLUMN: the median over the rounds.
ratio() {
    paste -d ' ' "$folder/$1" "$folder/$2" |
        awk -v column="$3" '{ print $column / $(column + 5) }' >"$folder/ratio"
    median "$folder/ratio" 1
}

printf '\n%-26s %10s %9s %9s\n' "" requests/s "p50 ms" "p99 ms"
row "evaluations, quiet" quiet
row "while activating" activating
row "one core, no shadow" alone
row "one core, with the shadow" shadowed
printf '\np99 while activating: %.2f times the quiet one (wanted: under 2), %d activations\n' \
    "$(ratio activating quiet 3)" "$count"
printf 'resident: %d KiB before, %d KiB after\n' "$before_kib" "$after_kib"
printf 'an evaluation with the shadow: %.2f times one without (wanted: at most 1.5)\n' \
    "$(ratio alone shadowed 1)"
began=$EPOCHREALTIME
"$build/yuangate" --check --store memory --log-level warn >/dev/null
"$build/yuanctl" policy check china-2024 >/dev/null
"$build/yuanctl" policy test policy/packs/*.json >/dev/null
awk -v began="$began" -v end="$EPOCHREALTIME" \
    'BEGIN { printf "the book loaded, checked and tested in %.2f s (wanted: under 2)\n", end - began }'
[ "$count" -ge "$activations" ] || die "only $count activations"
awk '{ errors += $5 } END { if (errors) { print errors " errors"; exit 1 } }' \
    "$folder"/{quiet,activating,alone,shadowed}
