"""What every competitor is asked, and what `calc` says to it: the measure of what counts as the right number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import calc

CONTROL = "kernel_size"


@dataclass(frozen=True)
class Question:
    """A convolution by the fields of its form; those that are not named keep their defaults."""

    input: str = "1, 3, 10, 10"
    in_channels: str = "3"
    out_channels: str = "16"
    kernel_size: str = "5"
    stride: str = "1"
    padding: str = "2"
    dilation: str = "1"
    groups: str = "1"

    def _layer(self) -> Any:
        fields = {name: _whole(text) for name, text in vars(self).items() if name != "input"}
        return calc.layer("Conv2d", **fields)

    def facts(self) -> list[tuple[str, str]]:
        """The numbers, by the names that stand beside them on every page."""
        conv = self._layer()
        return [("Output shape", str(conv(_whole(self.input)))), ("Parameters", f"{conv.params:,}")]

    def last(self, thousands: str) -> str:
        """How the formula of the parameters ends."""
        return "= " + self.facts()[1][1].replace(",", thousands)


def _whole(text: str) -> int | tuple[int, ...]:
    first, *rest = map(int, text.split(","))
    return (first, *rest) if rest else first


BAKED = Question()
"""The page as it is opened."""
EDITED = replace(BAKED, kernel_size="7")
"""The edit that the page proposes."""
UNEVEN = replace(BAKED, kernel_size="7, 5")
"""An edit that the trace of the page does not hold, as its sides were alike: only Python can answer."""
