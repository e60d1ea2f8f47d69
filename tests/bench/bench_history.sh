#!/usr/bin/env bash
# make bench-history: what it costs to look up and note a payment in the bank's memory, with a
# million payments in the window (wanted: at most 2 us), and how long a million take to load.
#
# usage: bench_history.sh BUILD      Knobs: PAYMENTS=1000000
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/common.sh
. tests/bench/common.sh
"$build/tests/bench/history_bench" "${PAYMENTS:-1000000}"
