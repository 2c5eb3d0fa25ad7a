"""Nothing a person may say is without examples, an answer, a rule and a test."""

from pathlib import Path

from bot.evaluation.coverage import coverage


def test_no_cell_of_the_coverage_table_is_empty(root: Path) -> None:
    assert {row.intent: row.gaps for row in coverage(root) if row.gaps} == {}
