#!/bin/sh
# Compile the hash-pinned locks from requirements/*.in. No host is named in them.
set -eu
cd "$(dirname "$0")/.."
uv=$(sh tools/env.sh uv)
compile() { "$uv" pip compile "requirements/$1.in" --python-version "$2" --generate-hashes --no-header --no-annotate --quiet --output-file "requirements/$1.txt" $3; }
compile uv 3.9 --universal
compile app 3.12 --universal
compile dev 3.12 --universal
compile brain 3.10 ""
[ -s requirements/encoder.in ] && compile encoder 3.10 --no-deps
