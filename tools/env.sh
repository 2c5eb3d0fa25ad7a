#!/bin/sh
# Make the environments that the Makefile's words need, and redo nothing that is current.
#   env.sh uv              print the path of uv, bootstrapping it into the cache when the machine has none
#   env.sh app|dev|encoder|brain   print the path of that environment's Python, making it first
# Environments live outside the checkout (a bare `rasa test` would walk into them), one folder per lock:
# $NIGHTLIGHT_ENVS, else $XDG_CACHE_HOME/nightlight, else ~/.cache/nightlight.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
home=${NIGHTLIGHT_ENVS:-${XDG_CACHE_HOME:-$HOME/.cache}/nightlight}
say() { printf '%s\n' "nightlight: $*" >&2; }
digest() { cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-12; }

find_uv() {
  if [ -n "${NIGHTLIGHT_UV:-}" ]; then echo "$NIGHTLIGHT_UV"; return; fi
  if command -v uv >/dev/null 2>&1; then command -v uv; return; fi
  [ -x "$home/uv/bin/uv" ] && { echo "$home/uv/bin/uv"; return; }
  say "uv is not on this machine; putting it into $home/uv"
  python=$(command -v python3 || command -v python || true)
  [ -n "$python" ] || { say "no Python found. Install Python 3 (any 3.9 or newer) or uv, then type the command again."; exit 3; }
  mkdir -p "$home"
  "$python" -m venv "$home/uv" >&2 || { say "Python's venv module is missing. Install it (on Debian and Ubuntu: python3-venv) or install uv, then type the command again."; exit 3; }
  PIP_DISABLE_PIP_VERSION_CHECK=1 "$home/uv/bin/python" -m pip install --quiet --require-hashes -r "$root/requirements/uv.txt" >&2
  echo "$home/uv/bin/uv"
}

# $1: version such as 3.10. uv's own search, then pyenv's folders (its shims hide versions that are not selected),
# then a download by uv.
find_python() {
  found=$("$uv" python find --no-python-downloads "$1" 2>/dev/null || true)
  if [ -z "$found" ]; then
    for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
      [ -x "$candidate" ] && found=$candidate
    done
  fi
  if [ -z "$found" ]; then
    say "Python $1 is not on this machine; asking uv to fetch it"
    "$uv" python install "$1" >&2 && found=$("$uv" python find "$1")
  fi
  [ -n "$found" ] || { say "Python $1 could not be found or fetched. Install Python $1 (for example with pyenv: pyenv install $1), then type the command again."; exit 3; }
  echo "$found"
}

make_env() { # name, python version
  lock="$root/requirements/$1.txt"
  env="$home/$1-py$2-$(digest "$lock")"
  if [ ! -f "$env/.complete" ]; then
    uv=$(find_uv)
    python=$(find_python "$2")
    compile=--compile-bytecode; [ "$1" = brain ] && compile=
    say "making the $1 environment (Python $2) in $env; this happens once"
    "$uv" venv --quiet --clear --python "$python" "$env" >&2
    "$uv" pip sync --quiet --require-hashes $compile --python "$env/bin/python" "$lock" >&2 &
    wait_with_dots $!
    touch "$env/.complete"
  fi
  echo "$env/bin/python"
}

wait_with_dots() { # a process; one dot every three seconds, so that nobody wonders
  while kill -0 "$1" 2>/dev/null; do sleep 3; printf '.' >&2; done
  printf '\n' >&2
  wait "$1"
}

case "${1:-}" in
  uv) find_uv ;;
  app|dev|encoder) make_env "$1" 3.12 ;;
  brain) make_env brain 3.10 ;;
  *) say "usage: env.sh uv|app|dev|brain"; exit 2 ;;
esac
