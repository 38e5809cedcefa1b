"""What normalisations share: a mean and a variance for each group of numbers, then a learned scale and shift."""

from __future__ import annotations

from collections.abc import Iterator

from calc.layer import Cost, Weight


def scale_and_shift(shape: tuple[int, ...], *, scale: bool, shift: bool) -> Iterator[Weight]:
    """The two learned tensors, which start as ones and zeros."""
    if scale:
        yield Weight("weight", shape, role="scale")
        if shift:
            yield Weight("bias", shape, role="shift")


def normalising(numbers: int, groups: int, *, scale: bool, shift: bool = True, centred: bool = True) -> Iterator[Cost]:
    """What it costs to normalise so many numbers in so many groups; nothing of it is a multiply-add."""
    if centred:
        yield Cost("add up each group for its mean", numbers, "addition")
    yield Cost("square the deviations and add up" if centred else "square and add up", numbers, "square")
    yield Cost("mean and variance of each group" if centred else "mean square of each group", groups, "root")
    yield Cost("subtract the mean, divide by the deviation" if centred else "divide by the root", numbers, "division")
    if scale:
        words = "multiply with the scale, add the shift" if shift else "multiply with the scale"
        yield Cost(words, numbers, "scaling")
