"""The names of everything a person may mean, by topic; the same in the training data, the content and the tests."""

from __future__ import annotations

TOPICS: dict[str, tuple[str, ...]] = {
    "warning_signs": (
        "stressful_event",
        "denying_need_for_help",
        "compulsive_behavior",
        "intense_emotions",
        "out_of_control",
        "negative_thoughts_about_recovery",
        "stopped_meetings",
        "isolating",
    ),
    "states": (
        "craving_now",
        "about_to_use",
        "lapse_happened",
        "withdrawal_discomfort",
        "triggered_by_people_or_places",
        "underlying_mental_health",
        "painkiller_history",
        "pain",
        "loneliness",
        "sleep_problems",
        "celebrating_milestone",
        "feeling_ok",
    ),
    "questions": (
        "ask_why_relapse",
        "ask_warning_signs",
        "ask_relapse_rate",
        "ask_is_relapse_failure",
        "ask_brain_effects",
        "ask_tolerance",
        "ask_dual_diagnosis",
        "ask_withdrawal",
        "ask_medication_treatment",
        "ask_naloxone",
        "ask_find_help",
        "ask_find_meeting",
        "ask_aftercare",
        "ask_triggers",
        "helping_someone_else",
        "ask_after_lapse",
        "ask_painkillers_to_heroin",
    ),
    "crisis": ("overdose_now", "suicide_risk", "medical_emergency", "harm_from_others", "minor_disclosed"),
    "service": (
        "greet",
        "goodbye",
        "thanks",
        "affirm",
        "deny",
        "inform",
        "start_checkins",
        "stop_checkins",
        "change_checkin_time",
        "make_plan",
        "show_plan",
        "craving_coach",
        "talk_to_human",
        "set_region",
        "set_name",
        "set_language",
        "link_channel",
        "pause",
        "delete_my_data",
        "export_my_data",
        "ask_privacy",
        "ask_capabilities",
        "bot_challenge",
        "answer_helpful",
        "answer_not_helpful",
        "repeat",
        "start_over",
        "ask_more",
        "ask_why",
    ),
    "other": ("drug_seeking", "insult", "chitchat", "out_of_scope"),
}
GUIDANCE_TOPICS = ("warning_signs", "states", "questions")
INTENTS = frozenset(name for names in TOPICS.values() for name in names)

# The service answer of an intent has the intent's name, except here.
MESSAGE_OF_INTENT = {"craving_coach": "craving"}

# The words for a crisis belong to the safety screen; these are its files.
SAFETY_KIND_OF_INTENT = {
    "overdose_now": "overdose_now",
    "suicide_risk": "suicide",
    "medical_emergency": "medical_emergency",
    "harm_from_others": "harm_from_others",
    "minor_disclosed": "minor",
}

# Bare answers: they mean nothing without the question before them, so the bot never offers them as a reading.
NEVER_A_READING = frozenset(
    {"affirm", "deny", "inform", "repeat", "start_over", "answer_helpful", "answer_not_helpful"}
)

# After these the lost-tolerance warning and naloxone must come up, whatever else is said.
NEEDS_NALOXONE = frozenset(
    [
        "lapse_happened",
        "craving_now",
        "about_to_use",
        "ask_tolerance",
        "ask_after_lapse",
        "withdrawal_discomfort",
        "ask_withdrawal",
        "ask_naloxone",
    ]
)
