#!/usr/bin/env bash
# Run each fuzzer for a time on its own, then end.
# usage: run.sh BUILD SECONDS [TARGET…]     Fails if one found something.
# What it generates stays in BUILD/corpus; findings are BUILD/finding-TARGET-*.
set -u
build=${1:?usage: run.sh BUILD SECONDS [TARGET…]}
seconds=${2:?usage: run.sh BUILD SECONDS [TARGET…]}
shift 2
[ $# -gt 0 ] || set -- cel pack ofac xml targets entities good_guys
here=$(dirname "$0")
failed=0

# What it begins with: seeds, earlier findings, the packs that ship.
seeds() {
    local folder
    for folder in "$here/corpus/$1" "$here/regression/$1"; do
        [ -d "$folder" ] && echo "$folder"
    done
    [ "$1" != pack ] || echo policy/packs
}

options() {
    case $1 in
    cel) echo "-max_len=4096 -dict=$here/cel.dict" ;;
    pack) echo "-max_len=65536 -dict=$here/pack.dict" ;;
    good_guys) echo "-max_len=8192 -dict=$here/good_guys.dict" ;;
    ofac | xml | targets | entities) echo "-max_len=8192 -dict=$here/list.dict" ;;
    *) return 1 ;;
    esac
}

for target in "$@"; do
    extra=$(options "$target") || {
        echo "no such fuzzer: $target" >&2
        exit 2
    }
    mkdir -p "$build/corpus/$target"
    echo "== $target: $seconds s"
    # shellcheck disable=SC2086 # the options are words
    "$build/fuzz_$target" $extra -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -verbosity=1 -artifact_prefix="$build/finding-$target-" \
        "$build/corpus/$target" $(seeds "$target") \
        >"$build/$target.log" 2>&1
    if [ $? -eq 0 ]; then
        grep -E 'DONE|number_of_executed_units|peak_rss' "$build/$target.log"
    else
        failed=1
        tail -n 60 "$build/$target.log"
        echo "== $target: found something, see $build/$target.log" >&2
    fi
done
exit "$failed"
