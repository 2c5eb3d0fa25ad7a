"""From a file to a guidance entry, a service message or the sources: what each may hold, and what it must.

Not here: the voice and the reading grade (`check`); a file may be well formed and still not fit to be said.
"""

from __future__ import annotations

import hashlib
import re
from types import MappingProxyType

from bot.library.intents import GUIDANCE_TOPICS, INTENTS
from bot.library.model import Guidance, Option, Part, Review, ServiceMessage, Source, Text
from bot.library.nodes import Place

TIMES = frozenset({"morning", "day", "evening", "night"})
REACH = frozenset({"crisis", "overdose", "treatment", "peer", "family", "none"})
TAGS = frozenset({"article", "article+correction", "clinical"})
ABOUT_THE_PERSON = frozenset({"name", "duration", "substance", "treatment", "person", "place", "helpline", "emergency"})
OF_SERVICE = ABOUT_THE_PERSON | {"first", "second", "region_name", "rating", "before"}
TITLE_LENGTH = 32
SHORT_LENGTH = 300
READING_LENGTH = 60

# key: how many texts at least, how many of them with neither placeholder nor time of day
_LISTS = {
    "reflect": (5, 3),
    "helps": (4, 2),
    "step_now": (4, 2),
    "ask": (3, 2),
    "short": (4, 2),
    "why": (2, 2),
    "more": (4, 2),
}
_GUIDANCE_KEYS = (
    *("id", "topic", "title", "audience", "choices", "reach", "naloxone", "sources", "tag", "correction"),
    *("reviewed", "expires_on"),
    *_LISTS,
)
_MESSAGE_KEYS = ("say", "short", "choices", "parts", "readings", "titles", "words", "reach", "sources", "reviewed")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def text_id(entry: str, key: str, words: str) -> str:
    """The lasting id of a wording: the same words in the same list have the same id, in every release."""
    return hashlib.blake2b(f"{entry}/{key}/{words}".encode(), digest_size=5).hexdigest()


def read_guidance(place: Place, topic: str, name: str) -> Guidance:
    """One file of content/guidance/<topic>/; complaints go to the place's problems."""
    found = place.fields(_GUIDANCE_KEYS)
    own_id = found["id"].text()
    if own_id and own_id != name:
        found["id"].complain(f"must be '{name}', as the file is called")
    if found["topic"].one_of(GUIDANCE_TOPICS) != topic:
        found["topic"].complain(f"must be '{topic}', as the folder is called")
    lists = {key: _guidance_list(found[key], name, key) for key in _LISTS}
    return Guidance(
        id=name,
        topic=topic,
        title=found["title"].text(),
        audience=found["audience"].one_of({"self", "someone_else"}),
        choices=_options(found["choices"], 2),
        reach=found["reach"].one_of(REACH),
        naloxone=found["naloxone"].flag(),
        sources=tuple(item.text() for item in found["sources"].items(1)),
        tag=found["tag"].one_of(TAGS),
        correction=found["correction"].text_or_nothing(),
        reviewed=_review(found["reviewed"]),
        expires_on=found["expires_on"].day(),
        path=place.path,
        **lists,
    )


def _guidance_list(place: Place, entry: str, key: str) -> tuple[Text, ...]:
    least, free = _LISTS[key]
    found = _texts(place, entry, key, ABOUT_THE_PERSON, least)
    if sum(not text.placeholders and not text.when for text in found) < free:
        place.complain(f"needs at least {free} texts with neither a placeholder nor 'when'")
    if key == "short":
        _keep_short(place, found)
    return found


def _keep_short(place: Place, texts: tuple[Text, ...]) -> None:
    for item, text in zip(place.items(), texts, strict=True):
        if len(text.text) > SHORT_LENGTH:
            item.complain(f"has {len(text.text)} characters; {SHORT_LENGTH} at most")


def _texts(place: Place, entry: str, key: str, known: frozenset[str], least: int) -> tuple[Text, ...]:
    return tuple(_text(item, entry, key, known) for item in place.items(least))


def _text(item: Place, entry: str, key: str, known: frozenset[str]) -> Text:
    when: tuple[str, ...] = ()
    short: str | None = None
    if item.is_text:
        words = item.text()
    else:
        found = item.fields(["text"], ["when", "short"])
        words = found["text"].text()
        when = tuple(w.one_of(TIMES) for w in found["when"].items(1)) if "when" in found else ()
        short = found["short"].text() if "short" in found else None
    if short and len(short) > SHORT_LENGTH:
        item.complain(f"'short' has {len(short)} characters; {SHORT_LENGTH} at most")
    names = _placeholders(item, words, known) | _placeholders(item, short or "", known)
    return Text(text_id(entry, key, words), words, when, names, short, item.path, item.line)


def _placeholders(item: Place, words: str, known: frozenset[str]) -> frozenset[str]:
    names = frozenset(_PLACEHOLDER.findall(words))
    for name in sorted(names - known):
        item.complain(f"{{{name}}} is not a placeholder; there are {', '.join(sorted(known))}")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", words)):
        item.complain("has a brace that belongs to no placeholder")
    return names


def _options(place: Place, least: int = 0, most: int = 3) -> tuple[Option, ...]:
    return tuple(_option(item) for item in place.items(least, most))


def _option(item: Place) -> Option:
    found = item.fields(["title", "to"], ["with"])
    title, to = found["title"].text(), found["to"].text()
    if len(title) > TITLE_LENGTH:
        found["title"].complain(f"has {len(title)} characters; {TITLE_LENGTH} at most")
    if to and to not in INTENTS:
        found["to"].complain(f"'{to}' is not an intent")
    values = {k: v.text() for k, v in found["with"].entries().items()} if "with" in found else {}
    return Option(title, to, MappingProxyType(values), item.path, item.line)


def _review(place: Place) -> Review | None:
    if place.is_nothing:
        return None
    found = place.fields(["by", "on"])
    return Review(found["by"].text(), found["on"].day())


def read_message(place: Place, name: str) -> ServiceMessage:
    """One file of content/messages/."""
    found = place.fields(["id"], _MESSAGE_KEYS)
    if found["id"].text() != name:
        found["id"].complain(f"must be '{name}', as the file is called")
    if not {"say", "parts", "words"} & found.keys():
        place.complain("needs 'say', 'parts' or 'words'")
    if "say" in found and "short" not in found:
        place.complain("needs 'short' beside 'say'")
    short = _texts(found["short"], name, "short", OF_SERVICE, 1) if "short" in found else ()
    if short:
        _keep_short(found["short"], short)
    return ServiceMessage(
        id=name,
        say=_texts(found["say"], name, "say", OF_SERVICE, 1) if "say" in found else (),
        short=short,
        choices=_options(found["choices"]) if "choices" in found else (),
        parts=MappingProxyType({k: _part(p, name, k) for k, p in _entries(found, "parts").items()}),
        readings=_phrases(found, "readings", READING_LENGTH),
        titles=_phrases(found, "titles", TITLE_LENGTH),
        words=MappingProxyType({k: p.text() for k, p in _entries(found, "words").items()}),
        reach=found["reach"].one_of(REACH) if "reach" in found else "crisis",
        sources=tuple(item.text() for item in found["sources"].items()) if "sources" in found else (),
        reviewed=_review(found["reviewed"]) if "reviewed" in found else None,
        path=place.path,
    )


def _entries(found: dict[str, Place], key: str) -> dict[str, Place]:
    return found[key].entries() if key in found else {}


def _part(place: Place, entry: str, name: str) -> Part:
    """A part is a list of texts, or `say` with `choices` (as many as there are regions, at most six)."""
    if place.is_list:
        return Part(_part_texts(place, entry, name))
    found = place.fields(["say"], ["choices"])
    choices = _options(found["choices"], 1, 6) if "choices" in found else ()
    return Part(_part_texts(found["say"], entry, name), choices)


def _part_texts(place: Place, entry: str, name: str) -> tuple[Text, ...]:
    texts = _texts(place, entry, f"parts.{name}", OF_SERVICE, 2)
    for item, text in zip(place.items(), texts, strict=True):
        if len(text.text) > SHORT_LENGTH and not text.short:
            item.complain(f"has {len(text.text)} characters; give it a 'short' of {SHORT_LENGTH} at most")
    return texts


def _phrases(found: dict[str, Place], key: str, longest: int) -> MappingProxyType[str, str]:
    phrases = {}
    for intent, place in _entries(found, key).items():
        phrases[intent] = place.text()
        if intent not in INTENTS:
            place.complain(f"'{intent}' is not an intent")
        if len(phrases[intent]) > longest:
            place.complain(f"has {len(phrases[intent])} characters; {longest} at most")
    return MappingProxyType(phrases)


def read_sources(place: Place) -> dict[str, Source]:
    """content/sources.yml: every source by its key."""
    return {key: _source(key, item) for key, item in place.fields(["sources"])["sources"].entries().items()}


def _source(key: str, item: Place) -> Source:
    found = item.fields(["kind", "title", "shown", "checked_on"], ["quality", "paragraph", "url"])
    paragraph = str(found["paragraph"].node.value) if "paragraph" in found else ""
    if "paragraph" in found and not paragraph.isdigit():
        found["paragraph"].complain("must be a whole number")
    return Source(
        id=key,
        kind=found["kind"].one_of({"article", "clinical", "registry"}),
        title=found["title"].text(),
        shown=found["shown"].text(),
        checked_on=found["checked_on"].day(),
        quality=found["quality"].one_of({"confirmed", "secondary"}) if "quality" in found else None,
        paragraph=int(paragraph) if paragraph.isdigit() else None,
        url=found["url"].text() if "url" in found else None,
    )
