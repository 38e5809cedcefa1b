"""Words that a reader types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from calc.knob.declare import Kind, Unfit

CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Text(Kind):
    """Any text of at most `most` characters; with `lines` it may have several lines.

    `empty` says in words what None stands for, where None is allowed.
    """

    most: int = 400
    lines: bool = False
    empty: str = ""
    wanted: str = "type a word or two"

    def clean(self, value: object) -> str | None:
        if value is None and self.empty:
            return None
        if not isinstance(value, str):
            raise Unfit("must be text", "write it in quotes")
        if len(value) > self.most:
            raise Unfit(f"must have at most {self.most} characters, and has {len(value):,}", "leave some out")
        if not value.strip():
            raise Unfit("is empty", self.wanted)
        if not self.lines and CONTROL.search(value):
            raise Unfit("must have no control characters", "delete what cannot be seen, or type it anew")
        return value

    def parse(self, text: str) -> str | None:
        return None if self.empty and not text.strip() else self.clean(text)


@dataclass(frozen=True)
class Example:
    """Source that a reader can choose to begin with: where it is kept, and what goes into the fields beside it."""

    name: str
    group: str
    file: str
    """Its name among the site's `assets/models`, without `.py`."""

    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source(Text):
    """Python source, which the page shows in an editor, with `examples` to choose from."""

    longest: ClassVar[int] = 100_000
    most: int = longest
    lines: bool = True
    wanted: str = "paste the code of a model"
    examples: Callable[[], Sequence[Example]] = tuple
