"""What batch norm and instance norm share: each channel has a mean, a variance, a scale and a shift.

Source: PyTorch, `torch/nn/modules/batchnorm.py`, `_NormBase`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from calc.knob import Flag, Real, Whole, knob
from calc.layer_base import Cost, Shape, Weight
from calc.layers.image import ImageLayer
from calc.layers.norm import Normalization, normalizing, scale_and_shift
from calc.layers.sample_picture import Layout, together


@dataclass(frozen=True)
class FeatureNorm(Normalization, ImageLayer, ABC):
    """What batch and instance norm share: arguments, tensors, and how many numbers a channel needs."""

    has_mode: ClassVar[bool] = True

    num_features: int = knob(symbol="C", positional=True, kind=Whole(0), about="channels of the input")
    eps: float = knob(1e-5, kind=Real(0), about="added to the variance, so that nothing is divided by 0")
    momentum: float | None = knob(
        0.1, kind=Real(empty="plain average"), about="share of the new batch in the running mean and variance"
    )
    affine: bool = knob(True, kind=Flag(), about="whether each channel learns a scale and a shift")
    track_running_stats: bool = knob(
        True, kind=Flag(), about="whether a running mean and variance are kept, and used in eval mode"
    )
    bias: bool = knob(True, kind=Flag(), about="with affine, whether a shift is learned beside the scale")

    def check(self) -> None:
        if self.affine or self.track_running_stats:
            self.require_bounds("num_features")

    def learned(self) -> Iterator[Weight]:
        return scale_and_shift((self.num_features,), scale=self.affine, shift=self.bias)

    def stored(self) -> Iterator[Weight]:
        if self.track_running_stats:
            yield Weight("running_mean", (self.num_features,), role="running mean")
            yield Weight("running_var", (self.num_features,), role="running variance")
            yield Weight("num_batches_tracked", (), counter=True)

    @abstractmethod
    def channel_axis(self, rank: int) -> int:
        """Where the channels are in an input with `rank` axes."""

    @abstractmethod
    def averaged(self, x: Shape) -> int:
        """How many numbers share a mean."""

    def require_several(self, x: Shape, what: str, hint: str) -> None:
        """Refuse statistics of a single number: its deviation would be 0."""
        if self.averaged(x) == 1:
            raise self.fault("input", f"must have more than 1 {what} to take a variance of, and has 1", hint, value=x)

    def require_features(self, x: Shape) -> None:
        """Refuse another number of channels than declared."""
        axis = self.channel_axis(len(x))
        if x[axis] != self.num_features:
            raise self.fault(
                "input",
                f"must have num_features (={int(self.num_features)}) channels, and axis {axis} is {int(x[axis])}",
                f"set num_features={int(x[axis])} or give the input {int(self.num_features)} channels",
                value=x,
            )

    def costs(self, x: Shape) -> Iterator[Cost]:
        groups = prod(x[: self.channel_axis(len(x)) + 1]) if self.alone else x[self.channel_axis(len(x))]
        return normalizing(prod(x), groups, scale=self.affine, shift=self.bias)

    alone: ClassVar[bool]
    """Whether each sample is normalized by itself."""

    def picture(self, x: Shape) -> str:
        axis = self.channel_axis(len(x))
        layout = Layout(prod(x[:axis]), x[axis], prod(x[axis + 1 :]))
        samples, places = range(1 if self.alone else layout.samples), range(layout.columns)
        return together(
            layout,
            (samples, range(1), places),
            (samples, range(1, 2), places) if x[axis] > 1 else (range(1, 2), range(1), places),
            self.caption(x, layout),
            "mean and variance",
        )

    @abstractmethod
    def caption(self, x: Shape, layout: Layout) -> str:
        """The picture in words."""

    def center_and_scale(self) -> dict[str, Any]:
        """What is learned, as arguments of a Keras layer."""
        return {"epsilon": self.eps, "center": self.affine and self.bias, "scale": self.affine}
