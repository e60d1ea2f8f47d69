#!/usr/bin/env bash
# make bench-names: recall by class and source over thresholds, false alarms, timings.
#
# usage: bench_names.sh BUILD        Knobs: CORE=0
cd "$(dirname "$0")/../.."
set -eu
build=${1:-build}

echo "on one core of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
    "load average before: $(cut -d ' ' -f 1 /proc/loadavg)"
exec taskset -c "${CORE:-0}" "$build/tests/bench/names_bench"
