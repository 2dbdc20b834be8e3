#!/usr/bin/env bash
# Makes sure of real servers for the demo and the tests: parts.sh prometheus [etcd node-exporter], and for the soak of
# the library that simulates a clock: faketime. What is on PATH or installed is used. What is missing comes from the
# distribution's packages, unpacked under .tools/debian: no root needed, no service started, nothing installed on the
# machine.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A binary=([prometheus]=prometheus [etcd]=etcd [node-exporter]=prometheus-node-exporter)
declare -A package=([prometheus]=prometheus [etcd]=etcd-server [node-exporter]=prometheus-node-exporter
    [faketime]=libfaketime)
export PATH="$PWD/.tools/debian/usr/bin:$PATH"

stop() { printf 'ocpperf: %s\n' "$*" >&2; exit 1; }

present() {
    local library=usr/lib/*/faketime/libfaketimeMT.so.1
    case $1 in
        faketime) compgen -G "/$library" || compgen -G ".tools/debian/$library" ;;
        *) command -v "${binary[$1]}" ;;
    esac
}

missing=()
for part in "$@"; do
    [ "$part" = prometheus ] && [ -n "${OCPPERF_DEMO_PROMETHEUS:-}" ] && continue
    present "$part" >/dev/null || missing+=("${package[$part]}")
done
[ ${#missing[@]} = 0 ] && exit 0

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
    stop "${missing[*]} not found. Install it and put it on PATH, or point OCPPERF_DEMO_PROMETHEUS at a prometheus binary with promtool beside it."

echo "Unpacking ${missing[*]} from the distribution's packages into .tools/debian" >&2
apt=$PWD/.tools/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages" .tools/debian
options=(-qq -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User=)
apt-get "${options[@]}" update && (cd "$apt/packages" && apt-get "${options[@]}" download "${missing[@]}") ||
    stop "The packages ${missing[*]} could not be fetched. Install them yourself: apt-get install ${missing[*]}."
for archive in "$apt"/packages/*.deb; do
    dpkg-deb -x "$archive" .tools/debian
done
rm -rf "$apt"
