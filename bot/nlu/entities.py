"""Tells Rasa what a message names: substances, treatments, people, places, times, amounts.

Responsible for: Rasa entities with a canonical value, from the spaCy pipeline that tools/build_spacy.py made and from
amounts. Persons are turned to the second person ("my sponsor" -> "your sponsor"), ready to be said back.
Not here: the words (bot/nlu/words), and what an action makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.amounts import Amounts, Found
from bot.nlu.words import FOLDER, read

# "a friend of his", "your doctor": somebody, but not one of this person's own
NOT_MINE = frozenset({"a", "an", "his", "her", "their", "your", "our", "some", "any", "no", "another"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityReader(GraphComponent, EntityExtractorMixin):
    """Adds entities `{entity, value, start, end, text}`; a duration also has whole `days`.

    Config: none. Needs SpacyNLP before it for the named things; amounts are read without.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityReader:
        """Make the component."""
        return cls()

    def __init__(self) -> None:
        """Read the words for amounts, once."""
        self._amounts = Amounts(read(FOLDER / "amounts.yml"))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what each message names to it."""
        for message in messages:
            if text := message.get(TEXT):
                entities = [self._entity(text, found) for found in self._found(text, message.get(SPACY_DOCS[TEXT]))]
                message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(entities), add_to_output=True)
        return messages

    def _found(self, text: str, doc: Any | None) -> list[Found]:
        amounts = self._amounts.find(text)
        # "9 in the evening" is a clock time, not also "evening"
        named = [one for one in _named(doc) if not any(_inside(one, other) for other in amounts)]
        return sorted(amounts + named, key=lambda one: (one.start, one.label))

    @staticmethod
    def _entity(text: str, found: Found) -> dict[str, Any]:
        entity = {
            ENTITY_ATTRIBUTE_TYPE: found.label,
            ENTITY_ATTRIBUTE_VALUE: found.value,
            ENTITY_ATTRIBUTE_START: found.start,
            ENTITY_ATTRIBUTE_END: found.end,
            "text": text[found.start : found.end],
        }
        return entity if found.days is None else {**entity, "days": found.days}


def _named(doc: Any | None) -> Iterator[Found]:
    for span in doc.ents if doc is not None else ():
        before = doc[span.start - 1].lower_ if span.start else ""
        if not (span.label_ == "person" and before in NOT_MINE):
            yield Found(span.label_, span.start_char, span.end_char, span.ent_id_)


def _inside(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end
