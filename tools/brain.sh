#!/bin/sh
# Make the brain's environment and its trained model if anything they are made of has changed; print the settings
# (shell `export` lines) that tell the app where they are. Progress goes to stderr.
set -eu
cd "$(dirname "$0")/.."
say() { printf '%s\n' "nightlight: $*" >&2; }
digest() { { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-12; }
python=$(sh tools/env.sh brain)
export RASA_TELEMETRY_ENABLED=false PYTHONTZPATH=

inputs() { find data domain.yml config.yml bot/nlu bot/brain/without_tensorflow.py tools/build_spacy.py tools/build_encoder.py \
  -type f ! -name '*.pyc' | LC_ALL=C sort; }
stamp=$( { cat $(inputs); cat requirements/brain.txt requirements/encoder.txt; } | digest)
model="models/brain-$stamp.tar.gz"

if [ ! -f "$model" ]; then
  mkdir -p models
  sh tools/words.sh "$python"
  say "training the brain (about a minute; once for each change of data/ or config.yml)"
  "$python" -m bot.brain train --out "models/brain-$stamp" >models/train.log 2>&1 &
  job=$!
  while kill -0 $job 2>/dev/null; do sleep 3; printf '.' >&2; done
  printf '\n' >&2
  wait $job || { say "training failed; the end of models/train.log:"; tail -n 20 models/train.log >&2; exit 3; }
  say "trained: $model"
fi
printf 'export NIGHTLIGHT_BRAIN_PYTHON="%s" NIGHTLIGHT_BRAIN_MODEL="%s"\n' "$python" "$PWD/$model"
