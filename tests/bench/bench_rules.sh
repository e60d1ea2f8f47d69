#!/usr/bin/env bash
# make bench-rules: what rules cost a payment, ours and those of two other engines.
#
# Everything is pinned to one core and runs one after the other.  The other engines
# come from npm into BUILD/bench/peers and are timed only after all three have fired
# the same rules for fifty payments; without npm, or a registry, they are skipped.
# usage: bench_rules.sh BUILD        Knobs: CORE=0
cd "$(dirname "$0")/../.."
set -euo pipefail
build=${1:-build}
core=${CORE:-0}
peers=$build/bench/peers
lock=tests/bench/peers/package-lock.json

skip() {
    echo "other engines skipped: $1"
    exit 0
}

# row NAME VERSION NS OURS WANTED
row() {
    awk -v name="$1" -v version="$2" -v ns="$3" -v ours="$4" -v wanted="$5" 'BEGIN {
        printf "%-18s %9s %12.0f %9.1f %8s\n", name, version, ns, ns / ours, wanted }'
}

echo "on one core of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
    "load average before: $(cut -d ' ' -f 1 /proc/loadavg)"
table=$(taskset -c "$core" "$build/tests/bench/rules_bench")
echo "$table"
ours=$(sed -n 's/^20 rules *\([0-9]*\) .*/\1/p' <<<"$table")

command -v node >/dev/null || skip "node not found"
command -v npm >/dev/null || skip "npm not found"
mkdir -p "$peers"
if ! cmp -s "$lock" "$peers/installed.json"; then
    cp tests/bench/peers/package.json "$lock" "$peers"
    # Not "npm ci": it wants the lock to name builds for every platform.
    (cd "$peers" && npm install --no-save --no-audit --no-fund --ignore-scripts >npm.log 2>&1) ||
        skip "npm could not install them, see $peers/npm.log"
    cp "$lock" "$peers/installed.json"
fi
"$build/tests/bench/peer_cases" >"$peers/cases.json"

printf '\n%-18s %9s %12s %9s %8s\n' "the 20 rules" version ns/payment "to ours" wanted
row ours "" "$ours" "$ours" 1
for engine in json-rules-engine:50 zen-engine:20; do
    result=$(taskset -c "$core" node tests/bench/peers/peers.js "$peers" "$peers/cases.json" \
        "${engine%:*}")
    read -r ns name version cases <<<"$result"
    row "$name" "$version" "$ns" "$ours" "${engine#*:}"
done
echo "the three fired the same rules for $cases payments"
