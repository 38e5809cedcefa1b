"""Words that a reader types."""

from __future__ import annotations

from dataclasses import dataclass

from calc.knob.declare import Kind, Unfit


@dataclass(frozen=True)
class Text(Kind):
    """Any text of at most `most` characters; with `lines` it may have several lines."""

    most: int = 400
    lines: bool = False

    def clean(self, value: object) -> str:
        if not isinstance(value, str):
            raise Unfit("must be text", "write it in quotes")
        if len(value) > self.most:
            raise Unfit(f"must have at most {self.most} characters, and has {len(value):,}", "leave some out")
        if not value.strip():
            raise Unfit("is empty", "type a word or two")
        return value

    def parse(self, text: str) -> str:
        return self.clean(text)
