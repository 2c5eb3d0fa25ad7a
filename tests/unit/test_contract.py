"""The contract between app and brain survives the wire."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as some

from bot.turns import Choice, Command, Context, Message, Reply, TurnRequest, TurnResult, Understood

words = some.text(max_size=60)
replies = some.builds(
    Reply, words, some.lists(some.builds(Choice, words, words), max_size=3).map(tuple), some.none() | words
)


@given(words, some.none() | words, some.dictionaries(words, words, max_size=3))
def test_a_request_comes_back_as_it_was(text: str, payload: str | None, state: dict[str, str]) -> None:
    request = TurnRequest(Message(text, payload), Context(now="2026-11-25T02:10:00-05:00"), state)
    assert TurnRequest.from_json(json.loads(json.dumps(request.to_json()))) == request


@given(some.lists(replies, max_size=3).map(tuple))
def test_a_result_comes_back_as_it_was(said: tuple[Reply, ...]) -> None:
    seen = Understood("greet", 0.5, (("thanks", 0.25),), ({"entity": "name", "value": "Sam"},))
    result = TurnResult(said, {"version": 1}, (Command("remind", {"after_s": 900}),), seen)
    assert TurnResult.from_json(json.loads(json.dumps(result.to_json()))) == result
