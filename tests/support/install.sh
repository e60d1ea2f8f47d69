#!/bin/sh
# make install: programs, plugins and the files they read, into one prefix.
# usage: install.sh BUILD PREFIX
set -eu
build=${1:?usage: install.sh BUILD PREFIX}
prefix=${2:?usage: install.sh BUILD PREFIX}
share=$prefix/share/yuangate

# place MODE FOLDER FILE…
place() {
    mode=$1 folder=$2
    shift 2
    install -d "$folder"
    install -m "$mode" "$@" "$folder"
}

place 755 "$prefix/bin" "$build/yuangate" "$build/yuanctl"
place 755 "$prefix/lib/yuangate/plugins" "$build"/plugins/*.so
place 644 "$prefix/include/policy" policy/policy_plugin.h
place 644 "$share/books" policy/books/*.json
place 644 "$share/packs" policy/packs/*.json
place 644 "$share/goods" policy/goods/*.json
place 644 "$share/goods/kits" policy/goods/kits/*.json
for list in ofac ofac-2024-11-21; do
    place 644 "$share/lists/fictional/$list" policy/lists/fictional/$list/*.csv
done
place 644 "$share/lists/fictional/entities" policy/lists/fictional/entities/*.json
place 644 "$share/examples" clients/examples/*.json
place 644 "$share/scenarios" clients/scenarios/*.json
echo "installed into $prefix"
