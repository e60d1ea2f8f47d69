#!/usr/bin/env bash
# Run every test program under a build folder and add up what cmocka counted.
# usage: run.sh BUILD [FILTER]     Ends with "N passed, N failed[, N skipped]".
set -u
build=${1:?usage: run.sh BUILD [FILTER]}
filter=${2:-}
export YUANGATE_BUILD=$build
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for program in "$build"/tests/*/test_*; do
    case "$program" in *.d | *.o) continue ;; esac
    [ -n "$filter" ] && [[ "$program" != *$filter* ]] && continue
    "$program" >"$log" 2>&1
    status=$?
    p=$(grep -c '^\[       OK \]' "$log")
    # cmocka names a failed or skipped test again at the end, so count names.
    f=$(grep '^\[  FAILED  \] [A-Za-z_][A-Za-z0-9_]*$' "$log" | sort -u | wc -l)
    s=$(grep '^\[  SKIPPED \] [A-Za-z_][A-Za-z0-9_]*$' "$log" | sort -u | wc -l)
    # A program that died before or between its tests is a failure of its own.
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
    if [ "$f" -gt 0 ]; then
        echo "--- $program (exit $status)"
        tail -n 60 "$log"
    fi
    printf '%-48s %4d passed %4d failed %4d skipped\n' "${program#"$build"/tests/}" "$p" "$f" "$s"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
if [ "$((passed + failed))" -eq 0 ]; then
    echo "no test ran under $build" >&2
    failed=1
fi
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
