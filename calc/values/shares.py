"""Softmax with a temperature, entropy and cross-entropy: numbers as shares, and what a share costs.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html;
G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a Neural Network", 2015,
https://arxiv.org/abs/1503.02531, section 2, for the temperature.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log, nan

from calc.values.matrix import Rows, Vector, softmax


def tempered(logits: Sequence[float], temperature: float = 1.0) -> Vector:
    """Softmax of the logits divided by a temperature; at 0 and at infinity what it comes near to.

    At 0 the largest logits share everything equally; at infinity all do.

    Examples:
        >>> tempered((2.0, 2.0, 0.0), 0.0)
        (0.5, 0.5, 0.0)
    """
    if temperature == 0:
        largest = max(logits)
        winners = [float(logit == largest) for logit in logits]
        return tuple(each / sum(winners) for each in winners)
    return softmax([logit / temperature for logit in logits])


def log_softmax(scores: Sequence[float]) -> Vector:
    """The logarithms of the softmax; the largest is taken off first, so that no exponential overflows."""
    largest = max(scores)
    total = log(sum(exp(score - largest) for score in scores))
    return tuple(score - largest - total for score in scores)


def entropy(shares: Sequence[float]) -> float:
    """How undecided shares are, in nats: 0 where one has everything, ln n where all n are equal."""
    return -sum(share * log(share) for share in shares if share) + 0.0


def cross_entropy(
    logits: Rows,
    target: Sequence[int],
    *,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    ignore_index: int = -100,
) -> float:
    """What the softmax of each row gives its target, as a loss: `F.cross_entropy` for class numbers.

    Rows whose target is `ignore_index` do not count, in the mean's divisor either; with nothing
    left the mean is nan. `label_smoothing` moves that share of the target evenly to all classes.
    `reduction` is "mean" or "sum".
    """
    losses = []
    for row, wanted in zip(logits, target, strict=True):
        if wanted != ignore_index:
            logs = log_softmax(row)
            even = sum(logs) / len(logs)
            losses.append(-(1 - label_smoothing) * logs[wanted] - (label_smoothing * even if label_smoothing else 0))
    if reduction == "sum":
        return float(sum(losses))
    return sum(losses) / len(losses) if losses else nan


def powers(logits: Sequence[float], temperature: float) -> Vector:
    """What softmax divides by their sum, as it stands in the formula; infinite where a double cannot hold it."""
    return tuple(_power(logit / temperature) for logit in logits)


def _power(x: float) -> float:
    try:
        return exp(x)
    except OverflowError:
        return inf
