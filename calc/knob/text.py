"""Words that a reader types."""

from __future__ import annotations

from dataclasses import dataclass

from calc.knob.declare import Kind, Unfit


@dataclass(frozen=True)
class Text(Kind):
    """Any text of at most `most` characters; with `lines` it may have several lines.

    `empty` says in words what None stands for, where None is allowed.
    """

    most: int = 400
    lines: bool = False
    empty: str = ""

    def clean(self, value: object) -> str | None:
        if value is None and self.empty:
            return None
        if not isinstance(value, str):
            raise Unfit("must be text", "write it in quotes")
        if len(value) > self.most:
            raise Unfit(f"must have at most {self.most} characters, and has {len(value):,}", "leave some out")
        if not value.strip():
            raise Unfit("is empty", "type a word or two")
        return value

    def parse(self, text: str) -> str | None:
        return None if self.empty and not text.strip() else self.clean(text)


@dataclass(frozen=True)
class Source(Text):
    """Python source, which the page shows in an editor."""

    most: int = 100_000
    lines: bool = True
