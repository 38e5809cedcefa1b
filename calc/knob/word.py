"""True or False, and one of a few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from calc.knob.declare import Kind, Unfit


@dataclass(frozen=True)
class Flag(Kind):
    """True or False; `empty` says in words what None stands for, where None is allowed."""

    empty: str = ""

    def clean(self, value: object) -> bool | None:
        if isinstance(value, bool) or (value is None and self.empty):
            return value
        raise Unfit("must be True or False", "write True or False")

    def parse(self, text: str) -> bool | None:
        if self.empty and text.strip() in ("", "None"):
            return None
        if text.strip().lower() in ("true", "false"):
            return text.strip().lower() == "true"
        raise Unfit("must be True or False", "type True or False")


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words; `empty` says in words what None stands for, where None is allowed."""

    words: tuple[str, ...]
    empty: str = ""

    def clean(self, value: object) -> str | None:
        if isinstance(value, str) or (value is None and self.empty):
            return value
        raise Unfit(f"must be one of {listed(self.words)}", f"try {self.words[0]!r}")

    def parse(self, text: str) -> str | None:
        if self.empty and text.strip() in ("", "None"):
            return None
        word = text.strip().strip("'\"")
        if word in self.words:
            return word
        raise Unfit(
            f"must be one of {listed(self.words)}",
            did_you_mean(word, self.words) or f"try {self.words[0]}",
        )


def listed(words: Iterable[str]) -> str:
    """Words in quotes with commas between."""
    return ", ".join(repr(word) for word in words)


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A hint with the nearest word; nothing where none is near."""
    near = get_close_matches(word.lower(), list(words), n=1)
    return f"try {near[0]}" if near else ""
