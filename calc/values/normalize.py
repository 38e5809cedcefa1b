"""Normalisation on values: which numbers share a mean, the four steps, running statistics.

A tensor is nested tuples, (samples, channels, *places); a matrix is (samples, features).
Variances divide by the number of cells and `eps` stands within the root, as in PyTorch;
only PyTorch's running variance divides by one less.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html, LayerNorm,
GroupNorm, InstanceNorm1d, RMSNorm; https://keras.io/api/layers/normalization_layers/.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

from calc.values.matrix import Vector
from calc.values.nested import Cell, Nested, at_cell, cells, filled, shape_of

__all__ = [
    "DOUBLE_EPS",
    "Normalized",
    "annotated_layer_norm",
    "batch_norm",
    "group_norm",
    "instance_norm",
    "keras_batch_norm",
    "layer_norm",
    "mean",
    "moved",
    "normalized",
    "rms_norm",
    "sharing",
    "variance",
]

Sharing: TypeAlias = Callable[[Cell], Cell]

DOUBLE_EPS = 2.0**-52
"""What `eps=None` stands for in `nn.RMSNorm` with doubles."""


def mean(numbers: Sequence[float]) -> float:
    """The sum, divided by how many there are."""
    return sum(numbers) / len(numbers)


def variance(numbers: Sequence[float], *, unbiased: bool = False) -> float:
    """The mean square of the distances from the mean; `unbiased` divides by one less. nan where that is 0.

    Examples:
        >>> variance((1, 2, 3, 4)), variance((1, 3, 5), unbiased=True)
        (1.25, 4.0)
    """
    middle, count = mean(numbers), len(numbers) - unbiased
    return sum((number - middle) ** 2 for number in numbers) / count if count else float("nan")


def sharing(kind: str, shape: Sequence[int], num_groups: int = 1, axes: int = 1) -> Sharing:
    """For each cell the name of its group: cells with one name share a mean.

    `kind` is "batch", "layer", "RMS", "group" or "instance"; `num_groups` is for "group",
    `axes` says how many of the last axes a layer or RMS norm goes over.

    Examples:
        >>> [sharing("group", (1, 4), num_groups=2)((0, channel)) for channel in range(4)]
        [(0, 0), (0, 0), (0, 1), (0, 1)]
    """
    if kind == "batch":
        return lambda cell: cell[1:2]
    if kind in ("layer", "RMS"):
        return lambda cell: cell[: len(shape) - axes]
    if kind == "instance":
        return lambda cell: cell[:2]
    each = shape[1] // num_groups
    return lambda cell: (cell[0], cell[1] // each)


@dataclass(frozen=True)
class Normalized:
    """A tensor through the four steps.

    `members` are the cells of each group; `means` and `variances` are kept by group,
    `scaled` is the tensor before gamma and beta.
    """

    members: dict[Cell, list[Cell]]
    means: dict[Cell, float]
    variances: dict[Cell, float]
    scaled: Nested
    output: Nested


def normalized(
    x: Nested,
    group: Sharing,
    learned: Sharing,
    weight: Nested = None,
    bias: Nested = None,
    eps: float = 1e-5,
    *,
    centred: bool = True,
) -> Normalized:
    """Mean, variance, normalise, scale and shift; `learned` says at which place a cell's gamma and beta stand.

    Without `centred`, as in RMS norm, 0 stands for the mean, so the variance is the mean square.
    """
    shape = shape_of(x)
    members: dict[Cell, list[Cell]] = {}
    for cell in cells(shape):
        members.setdefault(group(cell), []).append(cell)
    values = {name: [at_cell(x, cell) for cell in own] for name, own in members.items()}
    means = {name: mean(own) if centred else 0.0 for name, own in values.items()}
    variances = {name: mean([(number - means[name]) ** 2 for number in own]) for name, own in values.items()}

    def hat(cell: Cell) -> float:
        name = group(cell)
        root = sqrt(variances[name] + eps)
        distance = float(at_cell(x, cell) - means[name])
        # Without eps a group of equal numbers is 0 / 0, which PyTorch answers with nan.
        return distance / root if root else float("nan")

    scaled = filled(shape, hat)

    def affine(cell: Cell) -> float:
        gamma = 1 if weight is None else at_cell(weight, learned(cell))
        beta = 0 if bias is None else at_cell(bias, learned(cell))
        return float(at_cell(scaled, cell) * gamma + beta)

    return Normalized(members, means, variances, scaled, filled(shape, affine))


def _by_channel(cell: Cell) -> Cell:
    return cell[1:2]


def layer_norm(x: Nested, axes: int = 1, weight: Nested = None, bias: Nested = None, eps: float = 1e-5) -> Nested:
    """`F.layer_norm` over the last `axes`; weight and bias have the shape of these.

    Examples:
        >>> [round(number, 4) for number in layer_norm((0, 1, 2, 3))]
        [-1.3416, -0.4472, 0.4472, 1.3416]
    """
    group = sharing("layer", shape_of(x), axes=axes)
    return normalized(x, group, lambda cell: cell[-axes:], weight, bias, eps).output


def rms_norm(x: Nested, axes: int = 1, weight: Nested = None, eps: float | None = None) -> Nested:
    """`F.rms_norm` over the last `axes`: no mean is taken off, and nothing is added."""
    group = sharing("RMS", shape_of(x), axes=axes)
    small = DOUBLE_EPS if eps is None else eps
    return normalized(x, group, lambda cell: cell[-axes:], weight, None, small, centred=False).output


def group_norm(
    x: Nested, num_groups: int, weight: Sequence[float] | None = None, bias: Nested = None, eps: float = 1e-5
) -> Nested:
    """`F.group_norm`: some channels of one sample together; weight and bias by channel."""
    group = sharing("group", shape_of(x), num_groups)
    return normalized(x, group, _by_channel, weight, bias, eps).output


def instance_norm(
    x: Nested, weight: Sequence[float] | None = None, bias: Sequence[float] | None = None, eps: float = 1e-5
) -> Nested:
    """`F.instance_norm`: one channel of one sample."""
    return normalized(x, sharing("instance", shape_of(x)), _by_channel, weight, bias, eps).output


def moved(old: Sequence[float], new: Sequence[float], share: float) -> Vector:
    """A running statistic after one more batch, of which `share` is taken.

    Examples:
        >>> moved((0, 8), (10, 0), 0.25)
        (2.5, 6.0)
    """
    return tuple((1 - share) * before + share * now for before, now in zip(old, new, strict=True))


def of_channels(x: Nested, statistic: Callable[[list[float]], float]) -> Vector:
    """A statistic of each channel over all samples and places."""
    shape = shape_of(x)
    places = [cells((shape[0], 1, *shape[2:]))] * shape[1]
    return tuple(
        statistic([at_cell(x, (cell[0], channel, *cell[2:])) for cell in own]) for channel, own in enumerate(places)
    )


def by_statistics(
    x: Nested, means: Vector, variances: Vector, weight: Nested = None, bias: Nested = None, eps: float = 1e-5
) -> Nested:
    """Batch norm at inference: each channel with a mean and a variance that are given."""

    def output(cell: Cell) -> float:
        channel = cell[1]
        gamma, beta = weight[channel] if weight else 1, bias[channel] if bias else 0
        return float((at_cell(x, cell) - means[channel]) / sqrt(variances[channel] + eps) * gamma + beta)

    return filled(shape_of(x), output)


def batch_norm(
    x: Nested,
    running_mean: Vector | None = None,
    running_var: Vector | None = None,
    weight: Sequence[float] | None = None,
    bias: Sequence[float] | None = None,
    training: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> dict[str, Nested]:
    """`nn.BatchNorm1d` and the others: output, running_mean and running_var after the call.

    In training the batch's own statistics are used, and `momentum` is the share of the
    batch in the running ones. Raises `ValueError` as PyTorch does where a channel has a
    single number in training.
    """
    count = shape_of(x)[1]
    kept = (running_mean or (0.0,) * count, running_var or (1.0,) * count)
    if not training:
        output = by_statistics(x, *kept, weight, bias, eps)
        return {"output": output, "running_mean": kept[0], "running_var": kept[1]}
    require_several(shape_of(x))
    return {
        "output": normalized(x, sharing("batch", shape_of(x)), _by_channel, weight, bias, eps).output,
        "running_mean": moved(kept[0], of_channels(x, mean), momentum),
        "running_var": moved(kept[1], of_channels(x, lambda own: variance(own, unbiased=True)), momentum),
    }


def refusal(shape: Sequence[int]) -> str:
    """What PyTorch says where a channel has a single number in training."""
    return f"Expected more than 1 value per channel when training, got input size torch.Size({list(shape)})"


def require_several(shape: Sequence[int]) -> None:
    """Raise where each channel has a single number."""
    if len(cells((shape[0], *shape[2:]))) == 1:
        raise ValueError(refusal(shape))


def keras_batch_norm(
    x: Nested,
    moving_mean: Vector,
    moving_variance: Vector,
    gamma: Sequence[float] | None = None,
    beta: Sequence[float] | None = None,
    training: bool = False,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
) -> dict[str, Nested]:
    """Keras's `BatchNormalization`, channels in the second axis.

    Its momentum is the share of what was there before, and its moving variance takes the batch's as it is.
    """
    if not training:
        output = by_statistics(x, moving_mean, moving_variance, gamma, beta, epsilon)
        return {"output": output, "moving_mean": moving_mean, "moving_variance": moving_variance}
    return {
        "output": normalized(x, sharing("batch", shape_of(x)), _by_channel, gamma, beta, epsilon).output,
        "moving_mean": moved(moving_mean, of_channels(x, mean), 1 - momentum),
        "moving_variance": moved(moving_variance, of_channels(x, variance), 1 - momentum),
    }


def annotated_layer_norm(row: Sequence[float], a_2: Vector, b_2: Vector, eps: float = 1e-6) -> Vector:
    """The `LayerNorm` of The Annotated Transformer: divides by n − 1, and eps stands outside of the root.

    Examples:
        >>> [round(number, 4) for number in annotated_layer_norm((0, 1, 2, 3), (1,) * 4, (0,) * 4)]
        [-1.1619, -0.3873, 0.3873, 1.1619]
    """
    middle, deviation = mean(row), sqrt(variance(row, unbiased=True))
    return tuple(a * (x - middle) / (deviation + eps) + b for x, a, b in zip(row, a_2, b_2, strict=True))
