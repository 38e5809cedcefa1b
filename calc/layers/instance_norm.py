"""Instance norm: a mean and a variance for each channel of each sample.

Source: PyTorch documentation, `torch.nn.InstanceNorm1d` to `InstanceNorm3d`; what is
refused is in `torch/nn/modules/instancenorm.py` and `aten/src/ATen/native/Normalization.cpp`.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from calc.knob import Flag, Real, knob
from calc.layer_base import NoEquivalent, Shape
from calc.layers.feature_norm import FeatureNorm
from calc.layers.image import LETTERS
from calc.layers.sample_picture import Layout


@dataclass(frozen=True)
class InstanceNorm(FeatureNorm, ABC):
    """Normalize each channel of each sample by itself.

    Input (N, C, *spatial) or (C, *spatial), output the same. Nothing is learned unless asked for.
    """

    alone: ClassVar[bool] = True
    remarks: ClassVar[tuple[str, ...]] = (
        "Keras has no layer of that name: it is its group norm with one channel in each group, groups=-1.",
        "PyTorch learns nothing here unless affine=True; Keras learns a scale and a shift unless told otherwise.",
    )

    momentum: float | None = knob(
        0.1, kind=Real(empty="0"), about="share of the new batch in the running mean and variance"
    )
    affine: bool = knob(False, kind=Flag(), about="whether each channel learns a scale and a shift")
    track_running_stats: bool = knob(
        False, kind=Flag(), about="whether a running mean and variance are kept, and used in eval mode"
    )

    def out(self, x: Shape, *, training: bool = True) -> Shape:
        self.require_rank(x)
        if self.affine:
            self.require_features(x)
        if training or not self.track_running_stats:
            wider = "use a larger map"
            self.require_several(
                x, "place in each channel", f"{wider}, or eval mode" if self.track_running_stats else wider
            )
        batch = 1 if len(x) == self.spatial + 1 else x[0]
        if prod(x) == 0 and self.affine and batch * self.num_features == 0:
            raise self.fault("input", "must not be empty for a learned scale", "set affine=False", value=x)
        # Of an empty batch PyTorch takes the mean, and one channel of nothing fits any number of them.
        nothing = prod(x) == 0 and (not training or (batch == 0 and x[self.channel_axis(len(x))] == 1))
        if self.track_running_stats and not nothing:
            self.require_features(x)
        return x

    def channel_axis(self, rank: int) -> int:
        return rank - self.spatial - 1

    def averaged(self, x: Shape) -> int:
        return prod(x[-self.spatial :])

    def caption(self, x: Shape, layout: Layout) -> str:
        return (
            f"One mean and one variance for each of {layout.samples:,} samples × {layout.rows:,} channels, "
            f"over {layout.columns:,} places."
        )

    def window(self, x: Shape) -> None:
        # Each place depends on the mean of its whole map.
        return None

    def twin(self, x: Shape) -> tuple[Any, Shape]:
        from calc.keras import keras_layer  # there, other layers are made of PyTorch's

        if self.track_running_stats:
            raise NoEquivalent("Keras has no instance norm with running statistics.")
        if prod(x) == 0:
            raise NoEquivalent("Keras does not normalize an input without numbers.")
        other = keras_layer("GroupNormalization", groups=-1, **self.center_and_scale())
        return other, (1, *x[-self.spatial :], x[-self.spatial - 1])


@dataclass(frozen=True)
class InstanceNorm1d(InstanceNorm):
    """Instance norm along one axis: (N, C, L) or (C, L)."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class InstanceNorm2d(InstanceNorm):
    """Instance norm of images, as in style transfer: (N, C, H, W) or (C, H, W)."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class InstanceNorm3d(InstanceNorm):
    """Instance norm of volumes: (N, C, D, H, W) or (C, D, H, W)."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
