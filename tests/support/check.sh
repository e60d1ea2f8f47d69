#!/usr/bin/env bash
# All that CI checks: format, two compilers, cppcheck, the tests, and the tests
# again under the sanitizers.  Every step runs even after one has failed; each
# step and each test counts.  Ends with "N passed, N failed[, N skipped]".
set -u
jobs=${JOBS:-2}
make=${MAKE:-make}
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# step NAME COMMAND…: one thing that holds or does not.
step() {
    local name=$1 began=$SECONDS
    shift
    echo "== $name"
    if "$@"; then
        passed=$((passed + 1))
        echo "== $name: ok, $((SECONDS - began)) s"
    else
        failed=$((failed + 1))
        echo "== $name: FAILED, $((SECONDS - began)) s"
    fi
}

# tests NAME COMMAND…: runs tests; adds up what the last line counts.
tests() {
    local name=$1 began=$SECONDS p f s
    shift
    echo "== $name"
    "$@" | tee "$log"
    read -r p f s < <(sed -nE \
        's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 0\4/p' "$log" | tail -n 1)
    if [ -z "${p:-}" ]; then # it broke off before it could count
        p=0 f=1 s=0
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + 10#$s))
    echo "== $name: $((SECONDS - began)) s"
}

format() {
    local files
    mapfile -t files < <(find gateway policy clients tests -name '*.[ch]')
    echo "looking at ${#files[@]} files"
    [ "${#files[@]}" -gt 0 ] && clang-format-14 --dry-run -Werror "${files[@]}"
}

analysis() {
    cppcheck --quiet --std=c11 --enable=warning,portability,performance --error-exitcode=1 \
        -j "$jobs" -I. -D_GNU_SOURCE --include=tests/support/cppcheck.h \
        --suppressions-list=tests/support/cppcheck.txt gateway policy clients tests
}

build() {
    $make -s -j "$jobs" "$@"
}

step "format" format
step "gcc build" build
step "clang build" build CC=clang-14 B=build/clang
step "cppcheck" analysis
step "sanitizer build" build SAN=1
step "thread sanitizer build" build TSAN=1
tests "make test" build test
tests "tests, address and undefined behaviour sanitizers" tests/support/run.sh build/san
tests "tests, thread sanitizer" tests/support/run.sh build/tsan

if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
