"""Keras layers on images and sequences: a batch axis, spatial axes, and channels last or first."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.keras.layer import KerasLayer
from calc.layer_base import Shape
from calc.layers.image import SPATIAL
from calc.sym import let


@dataclass(frozen=True)
class KerasImage(KerasLayer, ABC):
    """What layers on (N, *spatial, C) share, and on (N, C, *spatial) with `data_format="channels_first"`."""

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "weights", "cost", "memory", "keras")

    spatial: ClassVar[int]
    channel_symbol: ClassVar[str] = "C"

    @property
    def channels_last(self) -> bool:
        """Whether the channels are the last axis; layers without `data_format` know nothing else."""
        return getattr(self, "data_format", None) != "channels_first"

    def cells(self, x: Shape) -> Shape:
        """The spatial axes of an input."""
        return x[1:-1] if self.channels_last else x[2:]

    def channels(self, x: Shape) -> int:
        """The channels of an input."""
        return x[-1] if self.channels_last else x[1]

    def joined(self, x: Shape, channels: int, sizes: Iterator[int]) -> Shape:
        """The input's batch with other channels and spatial axes."""
        return (x[0], *sizes, channels) if self.channels_last else (x[0], channels, *sizes)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return self.joined(("N",), self.channel_symbol, iter(SPATIAL[self.spatial]))  # type: ignore[arg-type,return-value]

    def per_axis(self, name: str) -> tuple[int, ...]:
        """An argument as one number for each spatial axis."""
        value = self.argument(name)
        return value if isinstance(value, tuple) else (value,) * self.spatial

    def require_axes(self, *names: str) -> None:
        """Refuse a tuple that has not one number for each axis; Keras repeats none."""
        for name in names:
            value: Any = self.argument(name)
            if isinstance(value, tuple) and len(value) != self.spatial:
                first = value[0] if value else 1
                raise self.fault(
                    name,
                    f"must be one number or {self.spatial}, one for each axis, and has {len(value)}",
                    f"write {first} or {(first,) * self.spatial}",
                )

    def require_rank(self, x: Shape) -> None:
        """Refuse an input without batch axis, or with too many axes."""
        if len(x) != self.spatial + 2:
            axes = ", ".join(self.input_symbols(self.spatial + 2))
            raise self.fault(
                "input",
                f"must have {self.spatial + 2} axes, and has {len(x)}",
                f"write it as ({axes}); Keras always has a batch axis",
                value=x,
            )

    def require_full(self, x: Shape, first: int = 0) -> None:
        """Refuse an empty axis from axis `first` on."""
        for axis in range(first, len(x)):
            if x[axis] == 0:
                raise self.fault(
                    "input", f"must have at least 1 cell along axis {axis}", "give every axis its size", value=x
                )

    def named(self, axis: int, size: int) -> int:
        """The size of an output axis under its name, H_out."""
        return let(f"{SPATIAL[self.spatial][axis]}_out", size)
