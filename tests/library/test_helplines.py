"""The right number, open now, confirmed, and never an expired one."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library import Library, read_library, spoken
from bot.library.helplines import PURPOSES
from bot.library.numbers import safety_numbers

from .conftest import CONTENT, TODAY

LIBRARY = read_library(CONTENT, TODAY)[0]
DUBLIN, NEW_YORK = ZoneInfo("Europe/Dublin"), ZoneInfo("America/New_York")
SATURDAY_NIGHT = datetime(2026, 11, 28, 2, 0, tzinfo=DUBLIN)
WEDNESDAY_NOON = datetime(2026, 11, 25, 12, 0, tzinfo=DUBLIN)


@pytest.mark.parametrize(
    ("region", "purpose", "at", "channel", "says"),
    [
        ("US", "crisis", SATURDAY_NIGHT, "web", "988 Suicide & Crisis Lifeline, call or text 988"),
        ("US", "overdose", SATURDAY_NIGHT, "web", "SafeSpot, call 1-800-972-0590"),
        ("US", "treatment", SATURDAY_NIGHT, "sms",
         "SAMHSA National Helpline, call 1-800-662-4357 or text your ZIP code to 435748"),
        ("US", "veterans", SATURDAY_NIGHT, "web", "Veterans Crisis Line, call 988, then press 1 or text 838255"),
        ("US", "youth", SATURDAY_NIGHT, "web", "Childhelp, call or text 1-800-422-4453"),
        ("US", "poison", SATURDAY_NIGHT, "web", "Poison Help, call 1-800-222-1222"),
        ("CA", "overdose", SATURDAY_NIGHT, "web", "NORS overdose line, call or text 1-888-688-6677"),
        ("GB", "crisis", SATURDAY_NIGHT, "web", "Samaritans, call 116 123"),
        ("GB", "crisis", SATURDAY_NIGHT, "sms", "Shout, text 85258"),
        ("GB", "peer", SATURDAY_NIGHT, "web", "FRANK, call 0300 123 6600"),
        ("IE", "treatment", WEDNESDAY_NOON, "web", "HSE Drugs & Alcohol Helpline, call 1800 459 459"),
        ("IE", "treatment", SATURDAY_NIGHT, "web", "Samaritans, call 116 123"),
        ("AU", "treatment", SATURDAY_NIGHT, "web", "National Alcohol and Other Drug Hotline, call 1800 250 015"),
        ("INT", "overdose", SATURDAY_NIGHT, "web", "Find a Helpline, findahelpline.com"),
        ("FR", "crisis", SATURDAY_NIGHT, "web", "Find a Helpline, findahelpline.com"),
        ("US", "meetings", SATURDAY_NIGHT, "web", "NA meeting search, na.org/meetingsearch"),
    ],
)  # fmt: skip
def test_the_best_open_line(library: Library, region: str, purpose: str, at: datetime, channel: str, says: str) -> None:
    line = library.helpline(region, purpose, at, channel)
    assert line is not None
    assert spoken(line) == says


def test_hours_are_those_of_the_line_not_of_the_person(library: Library) -> None:
    in_new_york = datetime(2026, 11, 25, 6, 0, tzinfo=NEW_YORK)  # 11:00 in Dublin
    line = library.helpline("IE", "treatment", in_new_york)
    assert line is not None
    assert line.id == "ie-hse"


@pytest.mark.parametrize(
    ("hour", "minute", "open_now"), [(9, 59, False), (10, 0, True), (16, 59, True), (17, 0, False)]
)
def test_office_hours_to_the_minute(library: Library, hour: int, minute: int, open_now: bool) -> None:
    line = library.helpline("IE", "treatment", WEDNESDAY_NOON.replace(hour=hour, minute=minute))
    assert line is not None
    assert (line.id == "ie-hse") is open_now


def test_an_unconfirmed_number_is_kept_and_never_given(library: Library) -> None:
    unconfirmed = {line.id for region in library.regions.values() for line in region.lines if line.mark == "U"}
    assert {"us-domestic-violence", "us-trevor-text", "ie-text-about-it"} <= unconfirmed
    line = library.helpline("US", "domestic_violence", SATURDAY_NIGHT)
    assert line is not None
    assert line.id == "us-988"


def test_expired_lines_are_not_given_and_emergency_numbers_stay(library: Library) -> None:
    last = datetime(2027, 2, 22, 23, 59, tzinfo=NEW_YORK)
    assert library.helpline("US", "crisis", last) is not None
    assert library.helpline("US", "crisis", last + timedelta(minutes=1)) is None
    assert library.emergency("US") == "911"


@pytest.mark.parametrize(
    ("region", "number"), [("US", "911"), ("CA", "911"), ("GB", "999"), ("IE", "112 or 999"), ("AU", "000")]
)
def test_emergency_numbers(library: Library, region: str, number: str) -> None:
    assert library.emergency(region) == number


def test_somewhere_unknown_the_emergency_number_is_in_words(library: Library) -> None:
    assert library.emergency("FR") == library.emergency("INT")
    assert "local emergency number" in library.emergency("INT")


@given(
    region=st.sampled_from(["US", "CA", "GB", "IE", "AU", "INT", "ZZ"]),
    purpose=st.sampled_from(sorted(PURPOSES)),
    hours=st.integers(0, 24 * 89),
    channel=st.sampled_from(["web", "telegram", "sms", "terminal"]),
)
def test_before_expiry_there_is_always_a_line_and_it_may_be_shown(
    region: str, purpose: str, hours: int, channel: str
) -> None:
    at = datetime(2026, 11, 25, tzinfo=DUBLIN) + timedelta(hours=hours)
    line = LIBRARY.helpline(region, purpose, at, channel)
    assert line is not None
    assert line.mark in {"C", "S"}
    assert line.expires_on > at.date()
    assert line.hours is None or line.hours.hold(at)


def test_a_line_that_takes_only_texts_says_so_in_the_safety_words(library: Library) -> None:
    at = datetime(2026, 11, 25, 2, 10, tzinfo=ZoneInfo("Europe/London"))
    numbers = safety_numbers(library, "GB", at, "sms")
    line = library.helpline("GB", "crisis", at, "sms")
    assert line is not None
    assert numbers["suicide_line"] == (line.call or f"{line.text} (text)")
    assert numbers["emergency"] == "999"
