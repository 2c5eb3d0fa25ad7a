"""The safety screen: is this person, or somebody beside them, in danger? Needs no model, database or network."""

from bot.safety.content import load_content, load_screen, screen_of
from bot.safety.model import KINDS, Assessment, KindContent, Level, Rule, Step
from bot.safety.screen import Screen

__all__ = [
    "KINDS",
    "Assessment",
    "KindContent",
    "Level",
    "Rule",
    "Screen",
    "Step",
    "load_content",
    "load_screen",
    "screen_of",
]
