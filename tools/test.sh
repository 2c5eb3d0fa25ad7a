#!/bin/sh
# The tests in their parts:  lint | fast | rasa | all.  Makes what is missing; ends with pytest's own closing lines.
set -eu
cd "$(dirname "$0")/.."
export PYTHONTZPATH= RASA_TELEMETRY_ENABLED=false
dev=$(sh tools/env.sh dev)
bin=$(dirname "$dev")
elsewhere="--ignore=tests/nlu --ignore=tests/brain --ignore=tests/actions"
say() { printf '\n== %s\n' "$*"; }

lint() {
  say "ruff, mypy, import rules"
  "$bin/ruff" check --quiet .
  "$bin/mypy" --no-error-summary
  "$bin/lint-imports" --no-cache >/dev/null || "$bin/lint-imports" --no-cache
}

fast() {
  say "everything that needs no Rasa"
  "$dev" -m pytest -q -p no:cacheprovider -n auto -m "not rasa and not browser and not slow" tests $elsewhere
}

outside() {
  say "a real browser, the slow ones, and the app with its brain"
  "$dev" -m pytest -q -p no:cacheprovider -m "browser or slow or rasa" tests $elsewhere
}

inside() {
  say "inside the brain (Python 3.10; the warnings of its pinned libraries are not ours)"
  "$NIGHTLIGHT_BRAIN_PYTHON" -m pytest -q -p no:cacheprovider -W ignore tests/nlu tests/brain tests/actions
}

case "${1:-all}" in
  lint) lint ;;
  fast) fast ;;
  rasa) inside; outside ;;
  all) lint; fast; inside; outside ;;
  *) echo "usage: test.sh lint|fast|rasa|all" >&2; exit 2 ;;
esac
