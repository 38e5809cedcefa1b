"""Keras's normalizations: what is learned depends on the axis, what is computed on what the mean runs over.

Source: Keras documentation, normalization layers; Ioffe and Szegedy, 2015; Ba et
al., 2016; Wu and He, 2018; Zhang and Sennrich, 2019.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.layer import UNLEARNED, KerasLayer
from calc.knob import MOST_AXES, Flag, PerAxis, Real, Whole, knob
from calc.layer_base import Cost, Shape, Weight
from calc.layers.norm import normalizing
from calc.picture import chips, figure, sizes


@dataclass(frozen=True)
class Normalization(KerasLayer, ABC):
    """What these layers share: every axis keeps its size, and learned numbers belong to some axes."""

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "weights", "cost", "memory", "keras")

    def scaled(self, x: Shape, groups: int) -> Iterator[Cost]:
        """What it costs to normalize so many groups, for layers that may learn a factor and an offset."""
        scale, shift = self.argument("scale"), self.argument("center")
        yield from normalizing(prod(x), groups, scale=scale, shift=shift)
        if shift and not scale:
            yield Cost("add the shift", prod(x), "addition")

    def picture(self, x: Shape) -> str:
        parts = []
        for trained, caption in ((True, "changed by training"), (False, "moving averages: counted, not trained")):
            boxes = [(each.name, f"{each.size:,}") for each in self.build(x) if each.trainable is trained]
            if boxes or trained:
                words = ", ".join(f"{name} {size}" for name, size in boxes) or "nothing"
                parts.append((chips(boxes or [("nothing", "0")], f"{caption.capitalize()}: {words}."), caption))
        return figure(parts, f"The output is as large as the input: {sizes(x)}.", arrows=False)

    def axes(self, x: Shape, *, batch: bool = False) -> tuple[int, ...]:
        """The axes that `axis` names, counted from 0, in the order that Keras keeps them in."""
        named = self.argument("axis")
        if not x:
            raise self.fault("input", "must have a batch axis", "write (1, 64)", value=x)
        # Keras sorts them as they are written, so (1, -1) becomes -1, 1.
        ordered = tuple(sorted(named)) if isinstance(named, tuple) else (named,)
        for axis in ordered:
            if not -len(x) <= axis < len(x):
                where = f"must name axes from {-len(x)} to {len(x) - 1} of an input with {len(x)} axes"
                raise self.fault("axis", where, "write -1 for the last")
            if axis % len(x) == 0 and not batch:
                way_out = "write -1 for the last" if len(x) > 1 else "give the input a second axis"
                raise self.fault("axis", "must leave the batch axis out", way_out)
        counted = tuple(axis % len(x) for axis in ordered)
        if len(set(counted)) != len(counted):
            raise self.fault("axis", "must name each axis once", f"write {tuple(dict.fromkeys(counted))}")
        return counted

    def others(self, x: Shape) -> int:
        """How many places the other axes have."""
        named = self.axes(x, batch=True)
        return prod(size for axis, size in enumerate(x) if axis not in named)

    def require_some(self) -> None:
        """Refuse a tuple without axes."""
        if self.argument("axis") == ():
            raise self.fault("axis", "must name an axis", "write -1 for the last")


def axis_knob() -> int:
    """The argument `axis` of layers that take one axis."""
    return knob(-1, kind=Whole(None), about="axis whose numbers have a mean and learned numbers of their own")  # type: ignore[no-any-return]


def epsilon_knob(default: float) -> float:
    """The argument `epsilon`."""
    return knob(default, kind=Real(), about="small number added to the variance, so that nothing is divided by 0")  # type: ignore[no-any-return]


def scale_knob() -> bool:
    """The argument `scale`."""
    return knob(True, kind=Flag(), about="whether a factor gamma is learned")  # type: ignore[no-any-return]


def center_knob() -> bool:
    """The argument `center`."""
    return knob(True, kind=Flag(), about="whether an offset beta is learned")  # type: ignore[no-any-return]


@dataclass(frozen=True)
class BatchNormalization(Normalization):
    """Normalize each channel with its mean and variance over the batch and all places.

    Input and output (N, *), channels on `axis`. At inference the moving averages
    are used; Keras counts them as parameters that are not trained.
    """

    has_mode: ClassVar[bool] = True

    axis: int = axis_knob()
    momentum: float = knob(0.99, kind=Real(), about="share of the old moving averages that each step keeps")
    epsilon: float = epsilon_knob(1e-3)
    center: bool = center_knob()
    scale: bool = scale_knob()
    renorm: bool = knob(False, kind=Flag(), about="whether small batches are corrected by running statistics")

    def out(self, x: Shape, *, training: bool = False) -> Shape:
        self.axes(x)
        return x

    def costs(self, x: Shape) -> Iterator[Cost]:
        [axis] = self.axes(x)
        return self.scaled(x, x[axis])

    def build(self, x: Shape) -> Iterator[Weight]:
        [axis] = self.axes(x)
        shape = (x[axis],)
        if self.scale:
            yield Weight("gamma", shape, part="trained", role="scale")
        if self.center:
            yield Weight("beta", shape, part="trained", role="shift")
        yield Weight("moving_mean", shape, trainable=False, part="moving", role="running mean")
        yield Weight("moving_variance", shape, trainable=False, part="moving", role="running variance")
        if self.renorm:
            for name in ("moving_stddev", "renorm_mean", "renorm_stddev"):
                yield Weight(name, shape, trainable=False, part="moving")


@dataclass(frozen=True)
class LayerNormalization(Normalization):
    """Normalize each sample by itself, over one axis or several.

    Input and output (N, *). One factor and one offset are learned for each place along `axis`.
    """

    axis: int | tuple[int, ...] = knob(
        -1, kind=PerAxis(-MOST_AXES), about="axis or axes that the mean runs over, never the batch"
    )
    epsilon: float = epsilon_knob(1e-3)
    center: bool = center_knob()
    scale: bool = scale_knob()

    def out(self, x: Shape) -> Shape:
        self.require_some()
        # With nothing to learn Keras does not ask how long the axis is, so it may be the batch.
        self.axes(x, batch=not (self.center or self.scale))
        return x

    def costs(self, x: Shape) -> Iterator[Cost]:
        return self.scaled(x, self.others(x))

    def build(self, x: Shape) -> Iterator[Weight]:
        shape = tuple(x[axis] for axis in self.axes(x, batch=True))
        if self.scale:
            yield Weight("gamma", shape, role="scale")
        if self.center:
            yield Weight("beta", shape, role="shift")


@dataclass(frozen=True)
class GroupNormalization(Normalization):
    """Normalize the channels of each sample in groups, over all places.

    Input and output (N, *), channels on `axis`. One group is layer normalization over
    the whole sample, -1 is one group for each channel: instance normalization.
    """

    groups: int = knob(32, kind=Whole(None), about="how many groups the channels are cut into, -1 for one each")
    axis: int = axis_knob()
    epsilon: float = epsilon_knob(1e-3)
    center: bool = center_knob()
    scale: bool = scale_knob()

    def check(self) -> None:
        if self.groups < 1 and self.groups != -1:
            raise self.fault("groups", "must be at least 1, or -1 for one group for each channel", "try 1")

    def out(self, x: Shape) -> Shape:
        [axis] = self.axes(x)
        channels = x[axis]
        for place, size in enumerate(x):
            if place and size == 0:
                raise self.fault(
                    "input", f"must have at least 1 cell along axis {place}", "only the batch may be empty", value=x
                )
        if self.groups != -1 and (channels < self.groups or channels % self.groups != 0):
            raise self.fault(
                "groups",
                f"must divide the {int(channels)} channels, which are axis {axis}",
                "try 1, or -1 for one group for each channel",
            )
        return x

    def costs(self, x: Shape) -> Iterator[Cost]:
        [axis] = self.axes(x)
        return self.scaled(x, x[0] * (x[axis] if self.groups == -1 else self.groups))

    def build(self, x: Shape) -> Iterator[Weight]:
        [axis] = self.axes(x)
        if self.scale:
            yield Weight("gamma", (x[axis],), role="scale")
        if self.center:
            yield Weight("beta", (x[axis],), role="shift")


@dataclass(frozen=True)
class RMSNormalization(Normalization):
    """Divide each sample by the root of its mean square over the last axis, without taking a mean off first.

    Input and output (N, *). One factor is learned for each place along `axis`.
    """

    axis: int | tuple[int, ...] = knob(
        -1, kind=PerAxis(-MOST_AXES), about="axis or axes that the mean square runs over; the last ones"
    )
    epsilon: float = epsilon_knob(1e-6)

    def out(self, x: Shape) -> Shape:
        self.require_some()
        axes = self.axes(x)
        last = tuple(range(len(x) - len(axes), len(x)))
        if axes != last:
            raise self.fault(
                "axis",
                "must name the last axes in their order: Keras multiplies the scale along those whatever axis says",
                f"write {last if len(last) > 1 else -1}",
            )
        return x

    def costs(self, x: Shape) -> Iterator[Cost]:
        return normalizing(prod(x), self.others(x), scale=True, shift=False, centred=False)

    def build(self, x: Shape) -> Iterator[Weight]:
        yield Weight("scale", tuple(x[axis] for axis in self.axes(x)))


@dataclass(frozen=True)
class UnitNormalization(Normalization):
    """Divide by the length of the vector along an axis, so that it becomes 1; nothing is learned.

    Input and output (N, *).
    """

    panels: ClassVar[tuple[str, ...]] = UNLEARNED

    axis: int | tuple[int, ...] = knob(
        -1, kind=PerAxis(-MOST_AXES), about="axis or axes along which the length is measured"
    )

    def out(self, x: Shape) -> Shape:
        self.axes(x, batch=True)
        return x

    def costs(self, x: Shape) -> Iterator[Cost]:
        return normalizing(prod(x), self.others(x), scale=False, centred=False)

    def build(self, x: Shape) -> Iterator[Weight]:
        return iter(())
