"""Every rule proves itself: what it must hear, and what it must leave alone."""

from __future__ import annotations

import pytest

from bot.safety import Level, Rule, Screen
from tests.safety.cases import BENT, proofs

HEARD = list(proofs("must_match"))
LEFT = list(proofs("must_not_match"))


@pytest.mark.parametrize(("rule", "text"), [p[1:] for p in HEARD], ids=[p[0] for p in HEARD])
def test_a_rule_hears(screen: Screen, rule: Rule, text: str) -> None:
    seen = screen.assess(text)
    assert rule.name in seen.because
    assert seen.level >= rule.level


@pytest.mark.parametrize(("rule", "text"), [p[1:] for p in LEFT], ids=[p[0] for p in LEFT])
def test_a_rule_leaves_alone(screen: Screen, rule: Rule, text: str) -> None:
    assert rule.name not in screen.assess(text).because


@pytest.mark.parametrize("way", sorted(BENT))
def test_writing_letters_another_way_changes_nothing(screen: Screen, way: str) -> None:
    bent = [(text, BENT[way](text)) for _, _, text in HEARD]
    changed = [(plain, other) for plain, other in bent if screen.assess(plain) != screen.assess(other)]
    assert not changed


@pytest.mark.parametrize("pieces", [2, 3])
def test_a_message_sent_in_pieces_is_judged_whole(screen: Screen, pieces: int) -> None:
    missed = []
    for name, rule, text in HEARD:
        words = text.split(" ")
        if len(words) < pieces or rule.level < Level.URGENT:
            continue
        cut = [" ".join(words[len(words) * i // pieces : len(words) * (i + 1) // pieces]) for i in range(pieces)]
        seen = [screen.assess(part, cut[:at]).level for at, part in enumerate(cut)]
        if max(seen) < rule.level:
            missed.append((name, text))
    assert not missed


WRAPPED = (
    "/{}",
    "/inform {}",
    '/inform{{"text": "{}"}}',
    '{{"message": "{}", "sender": "x"}}',
    "<div><b>{}</b></div>",
    "<p>{}",
    "<script>{}</script>",
    "{{{{ {} }}}}",
    "'; DROP TABLE people; -- {}",
    "=HYPERLINK({})",
)


@pytest.mark.parametrize("wrapper", WRAPPED)
def test_a_prefix_does_not_hide_danger(screen: Screen, wrapper: str) -> None:
    missed = []
    for name, rule, text in HEARD:
        if rule.level >= Level.URGENT and screen.assess(wrapper.format(text)).level < rule.level:
            missed.append((name, text))
    assert not missed
