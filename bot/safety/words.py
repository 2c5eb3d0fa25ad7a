"""What words.yml holds: named lists, shorthand, pictures, and the words whose misspellings count.

Plain values and the making of a normaliser from them. Loaded by `bot.safety.content`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.safety.characters import Characters
from bot.safety.normalise import Canon, Normaliser
from bot.safety.pattern import Parser
from bot.safety.vocabulary import Vocabulary


@dataclass(frozen=True)
class Words:
    """How people write.

    Attributes:
        lists: Name to phrases, used in phrases as <name>.
        spellings: Shorthand and slang spellings to plain words ("u": "you").
        joins: Two words to the one that stands for both ("i am": "im").
        pictures: Emoji to the word it shows.
        critical: Words whose misspellings are recognised.
        not_typos: Real words that look like misspellings of those, and are not.
    """

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    joins: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    critical: Sequence[str] = ()
    not_typos: Sequence[str] = ()

    @cached_property
    def parser(self) -> Parser:
        """Reads phrases in these words; one for all, so that each phrase is read once."""
        return Parser(self.lists, Canon(self.spellings, self.joins).words)

    def normaliser(self, keys: Iterable[str]) -> Normaliser:
        """A normaliser that knows the words that phrases ask for."""
        keys = set(keys)
        halves = {half for pair in self.joins for half in pair.split()}
        plain = {key for key in keys if not key.endswith("*") and key not in ("#", "##")} | halves | set(self.spellings)
        stems = {key[:-1] for key in keys if key.endswith("*")}
        vocabulary = Vocabulary(plain, stems, self.critical, self.not_typos)
        return Normaliser(Characters(self.pictures), vocabulary, self.spellings, self.joins)
