"""Image-like layers: inputs (N, C, *spatial) or (C, *spatial), arguments for each spatial axis."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import ClassVar

from calc.layer_base import Layer, Shape
from calc.sym import let

SPATIAL = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
"""Symbols of the axes that a window moves along."""

LETTERS = {1: "l", 2: "hw", 3: "dhw"}
"""The same as subscripts of arguments that differ from axis to axis."""


@dataclass(frozen=True)
class ImageLayer(Layer, ABC):
    """What layers on (N, C, *spatial) share; `spatial` is how many axes follow the channels."""

    spatial: ClassVar[int]

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        leading = ("N", self.channel_symbol)[-(rank - self.spatial) :]
        return (*leading, *SPATIAL[self.spatial])

    channel_symbol: ClassVar[str] = "C"

    def per_axis(self, name: str) -> tuple[int, ...]:
        """An argument as one number for each spatial axis."""
        value = getattr(self, name)
        if not isinstance(value, tuple):
            return (value,) * self.spatial
        if len(value) == 1:
            return value * self.spatial
        if len(value) != self.spatial:
            raise self.fault(
                name,
                f"must be one number or {self.spatial}, one for each axis, and has {len(value)}",
                f"write {value[0] if value else 1} or {(value[0] if value else 1,) * self.spatial}",
            )
        return value

    def one_or_all(self, name: str) -> int | tuple[int, ...]:
        """An argument as Keras takes it: one number, or exactly one for each axis."""
        value = getattr(self, name)
        return self.per_axis(name) if isinstance(value, tuple) else value

    def require_rank(self, x: Shape) -> None:
        """Refuse an input that is neither (C, *spatial) nor (N, C, *spatial)."""
        if len(x) not in (self.spatial + 1, self.spatial + 2):
            axes = ", ".join(SPATIAL[self.spatial])
            raise self.fault(
                "input",
                f"must have {self.spatial + 1} or {self.spatial + 2} axes, and has {len(x)}",
                f"write it as (C, {axes}) or (N, C, {axes})",
                value=x,
            )

    def require_channels(self, x: Shape, name: str) -> None:
        """Refuse an input whose channel axis is not as long as the argument `name` says."""
        expected, found = getattr(self, name), x[-self.spatial - 1]
        if found != expected:
            raise self.fault(
                "input",
                f"must have {name} (={int(expected)}) channels, and axis {len(x) - self.spatial - 1} is {int(found)}",
                f"set {name}={int(found)} or give the input {int(expected)} channels",
                value=x,
            )

    def require_cells(self, x: Shape, first: int) -> None:
        """Refuse an empty axis from axis `first` on; only the batch may be empty."""
        for axis in range(first, len(x)):
            if x[axis] == 0:
                raise self.fault(
                    "input",
                    f"must have at least 1 cell along axis {axis}",
                    "only the batch may be empty",
                    value=x,
                )

    def named(self, axis: int, size: int) -> int:
        """The size of an output axis under its name, H_out."""
        return let(f"{SPATIAL[self.spatial][axis]}_out", size)
