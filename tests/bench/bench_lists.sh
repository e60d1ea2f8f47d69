#!/usr/bin/env bash
# Lists under ../shared/data/lists: time to load, memory; fails where a budget is not kept.
# usage: bench_lists.sh BUILD [FOLDER]
set -eu
build=${1:?usage: bench_lists.sh BUILD [FOLDER]}
exec "$build/tests/bench/lists_bench" "${2:-../shared/data/lists}"
