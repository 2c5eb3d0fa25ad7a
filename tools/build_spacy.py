"""Builds Nightlight's spaCy pipeline from the word lists: tokens, lemmas, and the names of what people talk about.

    python tools/build_spacy.py [models/spacy/nightlight-1] [--lookups build/lookups]

Writes models/spacy/nightlight-<version>, which config.yml names under SpacyNLP. Runs in the brain's environment, so
that the pipeline is written by the spaCy that reads it. Nothing is learnt and no statistical model is used.

Lemmas are baked in when the unpacked package spacy-lookups-data is given. None of our components reads them and they
take 15 MB of memory, so the usual build goes without.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.lookups import Lookups

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bot.nlu.words import FOLDER, terms

VERSION = "1"
LABELS = ("substance", "treatment", "person", "place", "time", "region")


def main() -> int:
    """Read the words, build, write, and show one sentence read."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path, nargs="?", default=Path("models/spacy") / f"nightlight-{VERSION}")
    parser.add_argument("--lookups", type=Path, help="folder that spacy-lookups-data was unpacked to")
    args = parser.parse_args()
    nlp = build(_lemmas(args.lookups))
    if args.output.exists():
        shutil.rmtree(args.output)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(args.output)
    print(f"{args.output}: {', '.join(nlp.pipe_names)}; {len(nlp.get_pipe('entity_ruler').patterns)} patterns")
    doc = nlp("my po said subs or rehab after i used last night")
    print([(entity.text, entity.label_, entity.ent_id_) for entity in doc.ents])
    return 0


def build(lemmas: dict[str, str] | None) -> Language:
    """A blank English pipeline with our entity ruler, and lemmas if there are any."""
    nlp = spacy.blank("en")
    nlp.meta.update(name="nightlight", version=f"{VERSION}.0.0", license="Apache-2.0")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER", "ent_id_sep": "||"})
    ruler.add_patterns(list(_patterns()))
    if lemmas:
        lookups = Lookups()
        lookups.add_table("lemma_lookup", lemmas)
        nlp.add_pipe("lemmatizer", config={"mode": "lookup"}).initialize(lookups=lookups)
    return nlp


def _patterns() -> Iterator[dict[str, str]]:
    for label in LABELS:
        for value, forms in terms(FOLDER / f"{label}.yml").items():
            for form in forms:
                yield {"label": label, "pattern": form, "id": value}
                if label == "person" and not form.startswith("my "):
                    yield {"label": label, "pattern": f"my {form}", "id": value}


def _lemmas(folder: Path | None) -> dict[str, str] | None:
    found = sorted(folder.rglob("en_lemma_lookup.json.gz")) if folder else []
    if not found:
        return None
    with gzip.open(found[0], "rt", encoding="utf-8") as file:
        return dict(json.load(file))


if __name__ == "__main__":
    sys.exit(main())
