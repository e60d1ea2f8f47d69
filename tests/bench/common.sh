# common.sh - sourced by the benchmarks: starting what is measured, and wrk.
# Everything lives in one folder on the disk of the build, and goes at the end.
# shellcheck shell=bash
set -eu

build=${1:-build}
sample=clients/examples/kit-payment.json
connections=${CONNECTIONS:-64}
folder=$(mktemp -d -p "$build" bench.XXXXXX)
started=()

bench_end() {
    local pid
    for pid in ${started[@]+"${started[@]}"}; do
        kill "$pid" 2>/dev/null || true
    done
    wait
    rm -rf "$folder"
}
trap bench_end EXIT

die() {
    echo "$0: $*" >&2
    exit 1
}

# await SECONDS COMMAND…: until it succeeds.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || die "gave up waiting for: $*"
        sleep 0.05
    done
}

# gateway NAME CORES OPTIONS…: sets NAME_url and NAME_pid.
gateway() {
    local name=$1 cores=$2
    shift 2
    : >"$folder/$name.out"
    taskset -c "$cores" "$build/yuangate" --listen 127.0.0.1:0 --log-level warn \
        --clock manual:2024-04-17T09:30:00+08:00 "$@" >"$folder/$name.out" 2>"$folder/$name.err" &
    started+=($!)
    printf -v "${name}_pid" %s $!
    await 10 grep -q '^yuangate listening' "$folder/$name.out" || cat "$folder/$name.err"
    printf -v "${name}_url" %s "$(sed -n 's/^yuangate listening on //p' "$folder/$name.out")"
}

port_is_free() {
    ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# nginx_start CORE: one worker with a fixed JSON reply; sets nginx_url.
nginx_start() {
    local port=$((20000 + RANDOM % 20000)) program
    program=$(command -v nginx || echo /usr/sbin/nginx)
    until port_is_free "$port"; do port=$((port + 1)); done
    cat >"$folder/nginx.conf" <<NGINX
$([ "$(id -u)" -eq 0 ] && echo "user root;")
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:$port backlog=4096;
        location / {
            default_type application/json;
            return 200 '{"outcome":"approved","state":"accepted"}';
        }
    }
}
NGINX
    taskset -c "$1" "$program" -p "$folder" -c nginx.conf &
    started+=($!)
    nginx_url=http://127.0.0.1:$port/
    await 10 curl -sf -o /dev/null "$nginx_url"
}

# load CORES SECONDS URL MODE…: one line "requests/s p50_us p99_us requests errors".
load() {
    local cores=$1 seconds=$2 url=$3 result
    shift 3
    result=$(taskset -c "$cores" wrk -t1 -c"$connections" -d"${seconds}s" \
        -s tests/bench/load.lua "$url" -- "$@" | sed -n 's/^RESULT //p')
    [ -n "$result" ] || die "wrk gave no result for $url $*"
    [ "${result##* }" -eq 0 ] || echo "$url $*: ${result##* } errors" >&2
    echo "$result"
}

# median FILE COLUMN
median() {
    awk -v column="$2" '{ print $column }' "$1" | sort -n |
        awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}
