#!/usr/bin/env bash
# Makes sure of real servers for the demo and the tests: parts.sh prometheus [etcd node-exporter], of a browser and of
# what sets a PDF's text: chromium pango, and for the soak of the library that simulates a clock: faketime. What is on
# PATH or installed is used. What is missing comes from the distribution's packages, unpacked under .tools/debian: no
# root needed, no service started, nothing installed on the machine.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A binary=([prometheus]=prometheus [etcd]=etcd [node-exporter]=prometheus-node-exporter [chromium]=chromium)
declare -A package=([prometheus]=prometheus [etcd]=etcd-server [node-exporter]=prometheus-node-exporter
    [faketime]=libfaketime [chromium]="chromium fonts-dejavu-core"
    [pango]="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core")
# Those whose shared libraries come with them, as far as the machine lacks them.
whole=" chromium pango "
export PATH="$PWD/.tools/debian/usr/lib/chromium:$PWD/.tools/debian/usr/bin:$PATH"

stop() { printf 'ocpperf: %s\n' "$*" >&2; exit 1; }

library() { compgen -G "/usr/lib*/$1" || compgen -G "/usr/lib/*/$1" || compgen -G ".tools/debian/usr/lib/*/$1"; }

present() {
    case $1 in
        faketime) library faketime/libfaketimeMT.so.1 ;;
        pango) library libpangoft2-1.0.so.0 && library libharfbuzz-subset.so.0 ;;
        *) command -v "${binary[$1]}" ;;
    esac
}

missing=() alone=() with_libraries=()
for part in "$@"; do
    [ "$part" = prometheus ] && [ -n "${OCPPERF_DEMO_PROMETHEUS:-}" ] && continue
    present "$part" >/dev/null && continue
    read -ra packages <<< "${package[$part]}"
    missing+=("${packages[@]}")
    if [[ $whole = *" $part "* ]]; then with_libraries+=("${packages[@]}"); else alone+=("${packages[@]}"); fi
done
[ ${#missing[@]} = 0 ] && exit 0

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
    stop "${missing[*]} not found. Install it and put it on PATH, or point OCPPERF_DEMO_PROMETHEUS at a prometheus binary with promtool beside it."

echo "Unpacking ${missing[*]} from the distribution's packages into .tools/debian" >&2
apt=$PWD/.tools/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages" .tools/debian
options=(-qq -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User=)
fetch_alone() { [ ${#alone[@]} = 0 ] || (cd "$apt/packages" && apt-get "${options[@]}" download "${alone[@]}"); }
fetch_with_libraries() {
    [ ${#with_libraries[@]} = 0 ] ||
        apt-get "${options[@]}" install --download-only --no-install-recommends -y "${with_libraries[@]}"
}
apt-get "${options[@]}" update && fetch_alone && fetch_with_libraries ||
    stop "The packages ${missing[*]} could not be fetched. Install them yourself: apt-get install ${missing[*]}."
shopt -s nullglob
for archive in "$apt"/packages/*.deb "$apt"/cache/archives/*.deb; do
    dpkg-deb -x "$archive" .tools/debian
done
rm -rf "$apt"
