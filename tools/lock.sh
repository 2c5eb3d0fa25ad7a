#!/bin/sh
# Compile the hash-pinned locks from requirements/*.in. No host is named in them.
set -eu
cd "$(dirname "$0")/.."
uv=$(sh tools/env.sh uv)
compile() { # name, python, more options
  name=$1 python=$2
  shift 2
  "$uv" pip compile "requirements/$name.in" --python-version "$python" --generate-hashes --no-header --no-annotate --quiet \
    --output-file "requirements/$name.txt" "$@"
}
compile uv 3.9 --universal
compile app 3.12 --universal
compile dev 3.12 --universal
compile encoder 3.12 --universal
compile weights 3.12 --no-deps
compile brain 3.10
