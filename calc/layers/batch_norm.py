"""Batch norm: a mean and a variance for each channel, over all samples and places.

Source: PyTorch documentation, `torch.nn.BatchNorm1d` to `BatchNorm3d`; what is
refused is in `torch/nn/functional.py` and `aten/src/ATen/native/Normalization.cpp`.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from calc.layer_base import NoEquivalent, Shape
from calc.layers.feature_norm import FeatureNorm
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.sample_picture import Layout


@dataclass(frozen=True)
class BatchNorm(FeatureNorm, ABC):
    """Normalize each channel over the whole batch.

    Input (N, C, *spatial), output the same; in eval mode with the running statistics.
    """

    alone: ClassVar[bool] = False
    remarks: ClassVar[tuple[str, ...]] = (
        "PyTorch keeps the running mean and variance and a count of batches as buffers: saved, not parameters.",
        "Keras counts the running mean and variance as parameters that are not trained.",
        "Momentum is the share of the new batch in PyTorch, and the share of the old value in Keras.",
        "The defaults of ε differ: 1e-5 in PyTorch, 1e-3 in Keras.",
    )

    def out(self, x: Shape, *, training: bool = True) -> Shape:
        self._require_axes(x)
        by_batch = training or not self.track_running_stats
        if by_batch:
            wider = "use a larger batch or a larger map" if len(x) > 2 else "use a larger batch"
            self.require_several(
                x, "number in each channel", f"{wider}, or eval mode" if self.track_running_stats else wider
            )
        if self.eps < 0 or (by_batch and self.eps == 0):
            rule = "must be more than 0 for the statistics of a batch" if by_batch else "must not be negative"
            raise self.fault("eps", rule, "leave it out: it is then 1e-05")
        if prod(x) == 0:
            # Nothing to normalize: PyTorch then compares no sizes, but reads the first scale.
            if self.affine and self.num_features == 0:
                raise self.fault("num_features", "must be at least 1 for an empty input", "set affine=False")
        elif self.affine or self.track_running_stats:
            self.require_features(x)
        return x

    def _require_axes(self, x: Shape) -> None:
        ranks = (2, 3) if self.spatial == 1 else (self.spatial + 2,)
        if len(x) not in ranks:
            axes = ", ".join(("N", "C", *SPATIAL[self.spatial]))
            raise self.fault(
                "input",
                f"must have {' or '.join(map(str, ranks))} axes, and has {len(x)}",
                f"write it as {'(N, C) or ' if self.spatial == 1 else ''}({axes})",
                value=x,
            )

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "C", *SPATIAL[self.spatial])[:rank]

    def spatial_axes(self, rank: int) -> int:
        return rank - 2

    def channel_axis(self, rank: int) -> int:
        return 1

    def averaged(self, x: Shape) -> int:
        return x[0] * prod(x[2:])

    def caption(self, x: Shape, layout: Layout) -> str:
        over = (
            f"{layout.samples:,} samples × {layout.columns:,} places" if len(x) > 2 else f"{layout.samples:,} samples"
        )
        return (
            f"One mean and one variance for each of {x[1]:,} channels, over {self.averaged(x):,} numbers: {over}. "
            "In eval mode the running ones take their place."
        )

    def window(self, x: Shape) -> tuple[tuple[int, int], ...]:
        # In eval mode, with constants for statistics, each place is computed from itself alone.
        return ((1, 1),) * (len(x) - 2)

    def twin(self, x: Shape) -> tuple[Any, Shape]:
        from calc.keras import keras_layer  # there, other layers are made of PyTorch's

        if not self.track_running_stats:
            raise NoEquivalent("Keras's BatchNormalization always keeps running statistics.")
        if self.momentum is None:
            raise NoEquivalent("Keras's running statistics have no plain average: momentum is a number there.")
        if prod(x) == 0 or not self.num_features:
            raise NoEquivalent("Keras does not normalize an input without numbers.")
        kept = round(1 - self.momentum, 12)
        other = keras_layer("BatchNormalization", momentum=kept, **self.center_and_scale())
        return other, (x[0], *x[2:], self.num_features)


@dataclass(frozen=True)
class BatchNorm1d(BatchNorm):
    """Batch norm of features, or of channels along one axis: (N, C) or (N, C, L)."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class BatchNorm2d(BatchNorm):
    """Batch norm of images, as after most convolutions since 2015: (N, C, H, W)."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class BatchNorm3d(BatchNorm):
    """Batch norm of volumes or videos: (N, C, D, H, W)."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
