#!/usr/bin/env bash
# make bench-life: a million payments that wait for something.  How long the clock takes to
# pass them all (wanted: under 60 s), what the bank holds in memory (under 512 MiB), and how
# long a restart takes (under 5 s).
#
# usage: bench_life.sh BUILD      Knobs: PAYMENTS=1000000
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/common.sh
. tests/bench/common.sh
"$build/tests/bench/life_bench" "$folder/life.db" "${PAYMENTS:-1000000}"
