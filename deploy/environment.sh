#!/usr/bin/env bash
# Makes .venv from requirements.lock: exact versions, checked hashes, nothing outside this directory touched.
# Brings uv into .tools when it is not on PATH. Does nothing when the lock and the project file have not changed.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() { printf 'ocpperf: %s\n' "$*" >&2; exit 1; }

python=${PYTHON:-python3}
command -v "$python" >/dev/null || stop "$python was not found. Install Python 3.11 or newer."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$("$python" --version) is too old. Install Python 3.11 or newer, or name one: make demo PYTHON=python3.12."

# Where .venv is on PATH already, the interpreter it was made from: .venv itself is about to go.
python=$("$python" -c 'import sys; print(sys._base_executable)')

stamp=.venv/.made-from
wanted=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0

bring_uv() {
    [ -x .tools/uv/bin/uv ] && return
    echo "Bringing uv into .tools (it is not on PATH)" >&2
    if ! "$python" -m venv .tools/uv >/dev/null 2>&1; then
        rm -rf .tools/uv
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        "$python" -m venv .tools/uv >/dev/null 2>&1 ||
            stop "Python's venv module does not work here. Install it (Debian, Ubuntu: apt-get install python3-venv) or install uv."
    fi
    .tools/uv/bin/python -m pip install -q --require-hashes -r deploy/uv-requirements.txt
}

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    bring_uv
    uv=.tools/uv/bin/uv
fi

echo "Making .venv from requirements.lock" >&2
# Compiled once, so that commands start fast where Python may not write compiled files later.
export UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=${UV_LINK_MODE:-copy} UV_COMPILE_BYTECODE=1
rm -rf .venv
"$uv" venv -q --python "$python" .venv
"$uv" pip install -q --python .venv/bin/python --require-hashes -r requirements.lock
"$uv" pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
printf '%s\n' "$wanted" > "$stamp"
