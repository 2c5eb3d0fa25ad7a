"""Craving, lapse, crisis and service, one action at a time."""

import pytest

from actions import memory
from actions.craving import ActionFinishCraving, ValidateCravingForm
from actions.crisis import ActionCrisisStep, ActionSafety
from actions.guidance import ActionGiveGuidance
from actions.lapse import ActionAskLapseNaloxone, ActionFinishLapse, ValidateLapseForm
from actions.service import (
    ActionAnswerNo,
    ActionAnswerService,
    ActionAnswerYes,
    ActionDeleteMyData,
    ActionNoteFeedback,
    ActionSetName,
    ActionSetRegion,
    ActionTalkToHuman,
)
from actions.unclear import ActionAskWhich


@pytest.mark.parametrize(
    ("text", "rating"),
    [("8", 8), ("like a 7 maybe", 7), ("ten", 10), ("0", 0), ("7/10", None), ("11", None), ("no idea", None)],
)
async def test_a_rating_is_read_from_digits_and_words(say, text: str, rating: int | None) -> None:
    said = await say(ValidateCravingForm(), "inform", text=text, slots={"requested_slot": "craving_rating"})
    assert said.slots.get("craving_rating") == rating


async def test_talk_of_something_else_ends_the_form(say) -> None:
    said = await say(ValidateCravingForm(), "ask_find_meeting", slots={"requested_slot": "craving_rating"})
    assert said.slots["requested_slot"] is None
    after = await say(ActionFinishCraving(), "ask_find_meeting", slots={"flow_left": True})
    assert after.slots["topic"] == "ask_find_meeting"


async def test_an_aside_leaves_the_form_as_it_is(say) -> None:
    said = await say(ValidateCravingForm(), "bot_challenge", slots={"requested_slot": "craving_rating"})
    assert "requested_slot" not in said.slots


async def test_two_misses_end_the_form(say) -> None:
    slots = {"requested_slot": "craving_rating", "tries": 2}
    said = await say(ValidateCravingForm(), "out_of_scope", text="blah", slots=slots)
    assert said.slots["requested_slot"] is None


async def test_a_strong_craving_gets_the_warning_and_a_return_in_fifteen_minutes(say) -> None:
    said = await say(ActionFinishCraving(), "inform", slots={"craving_rating": 9})
    assert "naloxone" in said.text
    assert said.commands["remind"] == {"key": "craving", "after_s": 900, "payload": "/EXTERNAL_craving_due"}
    assert said.slots["pending"] == "craving_reach"


async def test_a_weak_craving_sets_no_timer(say) -> None:
    said = await say(ActionFinishCraving(), "inform", slots={"craving_rating": 2})
    assert "remind" not in said.commands


async def test_riding_it_out_ends_when_it_has_gone_down(say) -> None:
    slots = {"craving_rating": 3, "craving_last": 8, "craving_first": 8, "craving_round": 1}
    said = await say(ActionFinishCraving(), "inform", slots=slots)
    better = [t.text for t in memory.library().messages["craving"].parts["better"].say]
    assert said.texts[0] in better
    assert "remind" not in said.commands
    assert said.slots["craving_story"] == {"before": "8", "rating": "3"}


async def test_nobody_is_held_in_rounds_without_end(say) -> None:
    slots = {"craving_rating": 9, "craving_last": 9, "craving_first": 9, "craving_round": 3}
    said = await say(ActionFinishCraving(), "inform", slots=slots)
    assert "remind" not in said.commands


async def test_after_a_lapse_not_safe_means_the_emergency_number(say) -> None:
    slots = {"requested_slot": "lapse_safe"}
    said = await say(ValidateLapseForm(), "deny", slots=slots)
    assert said.slots["requested_slot"] is None
    after = await say(ActionFinishLapse(), "deny", slots={"lapse_safe": "no"})
    assert "911" in after.text
    assert after.commands["open_escalation"]["level"] == "danger"


async def test_after_a_lapse_the_tolerance_warning_stands_before_the_naloxone_question(say) -> None:
    said = await say(ActionAskLapseNaloxone(), "affirm")
    warned = next(i for i, text in enumerate(said.texts) if "kill you" in text or "stop your breathing" in text)
    asked = next(i for i, text in enumerate(said.texts) if text.endswith("?") and "naloxone" in text)
    assert warned < asked


async def test_somebody_who_leaves_the_lapse_talk_early_is_still_warned(say) -> None:
    said = await say(ActionFinishLapse(), "sleep_problems", slots={"flow_left": True, "lapse_safe": "yes"})
    assert "naloxone" in said.texts[0].lower()
    assert said.slots["topic"] == "sleep_problems"


async def test_danger_that_was_already_answered_gets_no_second_answer(say) -> None:
    said = await say(
        ActionSafety(), "suicide_risk", text="i want to die", safety_kind="suicide", safety_level="danger",
        answered_by_safety=True,
    )  # fmt: skip
    assert said.texts == []
    assert said.slots["crisis_kind"] == "suicide"


async def test_when_the_classifier_alone_is_unsure_the_number_comes_first_and_then_the_question(say) -> None:
    said = await say(ActionSafety(), "suicide_risk", text="mmh", confidence=0.5)
    assert said.text.index("911") < said.text.index("?")
    assert "/suicide_risk" in said.payloads
    assert said.commands == {}


async def test_danger_that_only_the_classifier_saw_gets_its_first_words_and_an_escalation(say) -> None:
    said = await say(ActionSafety(), "overdose_now", text="mmh")
    assert "911" in said.texts[0]
    assert "open_escalation" in said.commands


async def test_danger_leaves_an_open_form(say) -> None:
    slots = {"requested_slot": "craving_rating", "craving_rating": 4}
    said = await say(ActionSafety(), "suicide_risk", text="i want to die", slots=slots)
    assert said.slots["requested_slot"] is None


async def test_the_steps_of_an_overdose_follow_the_answers(say) -> None:
    slots = {"crisis_kind": "overdose_now", "crisis_who": "other"}
    first = await say(ActionCrisisStep(), "inform", slots=slots)
    steps = memory.kind_content("overdose_now").steps_for("other")
    assert first.slots["crisis_step"] == steps[0].id
    no = await say(ActionCrisisStep(), "deny", slots={**slots, **first.slots})
    assert no.slots["crisis_step"] == steps[0].choices[1].go


async def test_a_crisis_ends_when_the_person_turns_to_something_else(say) -> None:
    slots = {"crisis_kind": "suicide", "crisis_who": "self", "crisis_step": "distance"}
    said = await say(ActionCrisisStep(), "ask_find_meeting", slots=slots)
    assert said.slots["crisis_kind"] is None
    assert said.slots["topic"] == "ask_find_meeting"


async def test_a_timer_of_ours_does_not_speak_into_a_crisis(say) -> None:
    said = await say(ActionCrisisStep(), "EXTERNAL_craving_due", slots={"crisis_kind": "suicide"})
    assert said.texts == []


@pytest.mark.parametrize(("region", "number"), [("US", "911"), ("GB", "999"), ("AU", "000"), ("IE", "112")])
async def test_numbers_are_those_of_the_region(say, region: str, number: str) -> None:
    said = await say(ActionSafety(), "overdose_now", text="mmh", region=region)
    assert number in said.text


async def test_nobody_is_promised_when_nobody_is_there(say) -> None:
    said = await say(ActionTalkToHuman(), "talk_to_human", on_call=False)
    here = [t.text for t in memory.library().messages["talk_to_human"].parts["someone_on_call"].say]
    assert not any(text.split("{")[0] in said.text for text in here)


async def test_a_yes_to_one_offer_takes_it_and_to_several_asks_which(say) -> None:
    one = await say(ActionAnswerYes(), "affirm", slots={"offered": [{"title": "x", "payload": "/ask_triggers"}]})
    assert one.slots["topic"] == "ask_triggers"
    offers = [{"title": "a", "payload": "/ask_triggers"}, {"title": "b", "payload": "/ask_more"}]
    two = await say(ActionAnswerYes(), "affirm", slots={"offered": offers})
    assert two.payloads == ["/ask_triggers", "/ask_more"]


async def test_a_no_is_accepted(say) -> None:
    said = await say(ActionAnswerNo(), "deny", slots={"offered": [{"title": "x", "payload": "/ask_triggers"}]})
    assert said.texts
    assert said.slots["offered"] is None


async def test_a_name_is_kept_by_command(say) -> None:
    said = await say(ActionSetName(), "set_name", entities={"name": "Sam"})
    assert said.commands["set_person"] == {"name": "Sam"}
    assert "Sam" in said.text


async def test_a_country_is_kept_by_command_and_an_unknown_one_is_not(say) -> None:
    said = await say(ActionSetRegion(), "set_region", entities={"region": "IE"})
    assert said.commands["set_person"] == {"region": "IE"}
    other = await say(ActionSetRegion(), "set_region", entities={"region": "XX"})
    assert other.commands == {}


async def test_erasing_needs_a_second_word(say) -> None:
    asked = await say(ActionDeleteMyData(), "delete_my_data")
    assert asked.commands == {}
    done = await say(ActionDeleteMyData(), "delete_my_data", entities={"sure": "true"})
    assert "erase_me" in done.commands


async def test_an_unclear_message_is_asked_about_never_guessed_at(say) -> None:
    ranking = [{"name": "craving_now", "confidence": 0.3}, {"name": "sleep_problems", "confidence": 0.28}]
    said = await say(ActionAskWhich(), "nlu_fallback", ranking=ranking)
    assert said.payloads == ["/craving_now", "/sleep_problems"]


async def test_after_two_unclear_messages_the_bot_says_what_it_can_do(say) -> None:
    ranking = [{"name": "craving_now", "confidence": 0.3}, {"name": "sleep_problems", "confidence": 0.28}]
    said = await say(ActionAskWhich(), "nlu_fallback", ranking=ranking, slots={"unclear_count": 2})
    assert "/craving_now" not in said.payloads or "/sleep_problems" not in said.payloads


async def test_more_danger_in_the_middle_of_the_steps_goes_on_with_them(say) -> None:
    slots = {"crisis_kind": "overdose_now", "crisis_who": "other", "crisis_step": "breathing"}
    said = await say(ActionCrisisStep(), "overdose_now", text="not really breathing", slots=slots)
    assert said.slots["crisis_step"] == "breaths"


@pytest.mark.parametrize("intent", ["stopped_meetings", "sleep_problems", "chitchat", "out_of_scope", "nlu_fallback"])
async def test_while_a_body_is_in_danger_the_steps_are_not_left_for_other_talk(say, intent: str) -> None:
    slots = {"crisis_kind": "overdose_now", "crisis_who": "other", "crisis_step": "naloxone"}
    said = await say(ActionCrisisStep(), intent, slots=slots)
    assert said.slots["crisis_step"] == "naloxone", "an unclear answer: the same step is asked again"
    assert said.payloads


@pytest.mark.parametrize("intent", ["overdose_now", "suicide_risk", "medical_emergency", "harm_from_others"])
async def test_a_form_that_is_left_for_danger_answers_the_danger(say, intent: str) -> None:
    said = await say(ActionFinishCraving(), intent, text="mmh", slots={"flow_left": True})
    assert "911" in said.text
    assert "open_escalation" in said.commands


async def test_what_the_first_words_asked_is_answered_by_the_next_message(say) -> None:
    first = await say(ActionSafety(), "overdose_now", text="my friend wont wake up", safety_kind="overdose_now",
                      safety_level="danger", answered_by_safety=True)  # fmt: skip
    said = await say(ActionCrisisStep(), "deny", slots=first.slots)
    assert said.slots["crisis_step"] == "naloxone"


@pytest.mark.parametrize(
    ("step", "text", "leads_to"),
    [
        ("shout-and-shake", "she woke up", "awake"),
        ("shout-and-shake", "kind of, lips are grey", "naloxone"),
        ("breathing", "hes not breathing", "breaths"),
        ("breathing", "he is breathing", "on-their-side"),
        ("breaths", "ok how do i do that", "second-dose"),
        ("second-dose", "still nothing", "keep-going"),
        ("keep-going", "no change", "keep-going-on"),
        ("keep-going-on", "no", "keep-going"),
        ("keep-going", "his eyes are open", "on-their-side"),
        ("on-their-side", "hes gasping", "breaths"),
        ("naloxone", "the ambulance came", "crew"),
    ],
)
async def test_a_bystander_is_led_by_what_they_see(say, step: str, text: str, leads_to: str) -> None:
    slots = {"crisis_kind": "overdose_now", "crisis_who": "other", "crisis_step": step}
    said = await say(ActionCrisisStep(), "deny" if text == "no" else "nlu_fallback", text=text, slots=slots)
    steps = {s.id: s for s in memory.kind_content("overdose_now").steps_for("other")}
    assert said.texts[0] == steps[leads_to].words({"emergency": "911"})


async def test_nobody_is_laid_on_their_side_who_does_not_breathe(say) -> None:
    slots = {"crisis_kind": "overdose_now", "crisis_who": "other", "crisis_step": "shout-and-shake"}
    for _ in range(12):
        said = await say(ActionCrisisStep(), "deny", text="no", slots=slots)
        slots = {**slots, **said.slots}
        assert slots["crisis_step"] not in ("on-their-side", "stay", "crew")
    assert slots["crisis_kind"] == "overdose_now"


@pytest.mark.parametrize("text", ["sleepy", "kinda dizzy and cold", "nodding a bit"])
async def test_a_strange_body_after_using_is_not_safe(say, text: str) -> None:
    said = await say(ValidateLapseForm(), "sleep_problems", text=text, slots={"requested_slot": "lapse_safe"})
    assert said.slots["lapse_safe"] == "no"
    after = await say(ActionFinishLapse(), "sleep_problems", text=text, slots={"lapse_safe": "no"})
    assert after.slots["crisis_kind"] == "overdose_now"


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("got narcan in the truck", "ask_naloxone", "yes"),
        ("i have narcan", "ask_naloxone", "yes"),
        ("no dont have it", "deny", "no"),
        ("what is naloxone", "ask_naloxone", None),
    ],
)
async def test_naloxone_is_heard_however_it_is_said(say, text: str, intent: str, answer: str | None) -> None:
    said = await say(ValidateLapseForm(), intent, text=text, slots={"requested_slot": "lapse_naloxone"})
    assert said.slots.get("lapse_naloxone") == answer
    assert "flow_left" not in said.slots


async def test_a_partners_lapse_is_not_taken_for_ones_own(say) -> None:
    partner = {"person": "your partner"}
    said = await say(ValidateLapseForm(), "lapse_happened", text="my partner relapsed", entities=partner)
    assert said.slots["flow_left"] is True


async def test_who_does_not_want_to_give_a_number_is_helped_all_the_same(say) -> None:
    said = await say(ActionFinishCraving(), "deny", text="i dont do numbers", slots={"flow_left": True})
    assert "naloxone" in said.text
    assert "remind" in said.commands


async def test_the_number_that_is_told_is_that_of_the_new_country(say) -> None:
    said = await say(ActionSetRegion(), "set_region", entities={"region": "AU"}, region="US")
    assert "000" in said.text
    assert "911" not in said.text


async def test_a_bare_help_is_no_thank_you(say) -> None:
    said = await say(ActionNoteFeedback(), "answer_helpful", text="HELP", slots={"topic": "pain"})
    assert "911" in said.text
    assert said.commands == {}


@pytest.mark.parametrize("intent", ["pause", "goodbye", "stop_checkins"])
async def test_after_a_wish_for_quiet_no_timer_speaks(say, intent: str) -> None:
    said = await say(ActionAnswerService(), intent, slots={"craving_round": 1})
    assert said.commands["cancel_reminder"] == {"key": "craving"}


async def test_a_second_yes_erases(say) -> None:
    said = await say(ActionAnswerYes(), "affirm", slots={"pending": "erase"})
    assert "erase_me" in said.commands


async def test_asking_for_a_person_always_reaches_the_people(say) -> None:
    said = await say(ActionFinishCraving(), "talk_to_human", slots={"flow_left": True}, on_call=True)
    assert said.commands["open_escalation"]["kind"] == "asked_for_human"


@pytest.mark.parametrize("text", ["got out of jail today", "just left detox"])
async def test_after_a_break_the_lost_tolerance_comes_up(say, text: str) -> None:
    said = await say(ActionGiveGuidance(), "stressful_event", text=text)
    assert "naloxone" in said.text.lower()


@pytest.mark.parametrize("intent", ["loneliness", "craving_now", "sleep_problems", "isolating", "deny"])
async def test_talk_of_dying_is_not_left_for_other_feelings(say, intent: str) -> None:
    slots = {"crisis_kind": "suicide", "crisis_who": "self", "crisis_step": "person"}
    said = await say(ActionCrisisStep(), intent, text="alone", slots=slots)
    assert said.slots["crisis_step"] == "the-call"


async def test_a_bare_what_do_i_do_is_about_the_topic(say) -> None:
    said = await say(ActionGiveGuidance(), "ask_after_lapse", text="what do i do", slots={"topic": "isolating"})
    assert said.texts[0] in [t.text for t in memory.library().guidance["isolating"].more]


async def test_naloxone_is_never_refused(say) -> None:
    said = await say(ActionAnswerService(), "drug_seeking", text="where do i get it", slots={"topic": "ask_naloxone"})
    assert said.slots["topic"] == "ask_naloxone"


async def test_a_yes_that_names_the_craving_is_heard(say) -> None:
    offered = [
        {"title": "Reach a person", "payload": "/talk_to_human"},
        {"title": "Another idea", "payload": "/ask_more"},
    ]
    said = await say(ActionAnswerYes(), "affirm", text="yeah i want to use", slots={"offered": offered})
    assert said.slots["topic"] == "craving_now"
    assert "naloxone" in said.text


async def test_missed_doses_bring_up_the_lost_tolerance(say) -> None:
    said = await say(ActionGiveGuidance(), "stopped_meetings", text="i missed 3 days of methadone")
    assert "naloxone" in said.text.lower()


async def test_it_was_put_away_and_the_ride_begins(say) -> None:
    said = await say(ActionAskWhich(), "nlu_fallback", text="ok i flushed it", slots={"pending": "craving_moved"})
    assert said.texts[0] in [t.text for t in memory.library().messages["craving"].parts["ride"].say]


async def test_a_mothers_fear_is_asked_about_and_not_taken_for_her_own_wish(say) -> None:
    slots = {"topic": "helping_someone_else"}
    said = await say(ActionSafety(), "suicide_risk", text="what if he dies", slots=slots, confidence=0.99)
    assert said.commands == {}
    assert said.text.index("911") < said.text.index("?")


async def test_old_choices_are_closed_by_a_step_without_any(say) -> None:
    slots = {"crisis_kind": "minor", "crisis_step": "one-adult", "offered": [{"title": "I'm safe", "payload": "/x"}]}
    said = await say(ActionCrisisStep(), "nlu_fallback", text="my aunt i think", slots=slots)
    assert said.slots["offered"] is None


async def test_a_maybe_about_naloxone_is_no_yes(say) -> None:
    said = await say(ValidateLapseForm(), "affirm", text="maybe", slots={"requested_slot": "lapse_naloxone"})
    assert "lapse_naloxone" not in said.slots


async def test_a_plan_to_use_inside_talk_of_dying_stays_with_the_dying(say) -> None:
    slots = {"crisis_kind": "suicide", "crisis_who": "self"}
    said = await say(
        ActionSafety(), "about_to_use", text="its in front of me", slots=slots,
        safety_kind="about_to_use", safety_level="urgent", answered_by_safety=True,
    )  # fmt: skip
    assert said.slots["crisis_step"] == "not-use"
    assert "crisis_kind" not in said.slots
