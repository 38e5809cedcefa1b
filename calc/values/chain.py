"""A chain of small layers, with and without a connection that skips each; and a learning rate that warms up.

A layer multiplies by w and applies tanh, or nothing: F(h) = f(w h). Without the skip a step is
h -> F(h), with it h -> h + F(h).

Sources: K. He et al., "Deep Residual Learning for Image Recognition", 2015,
https://arxiv.org/abs/1512.03385; K. He et al., "Identity Mappings in Deep Residual Networks",
2016, https://arxiv.org/abs/1603.05027; The Annotated Transformer for the rate.
"""

from __future__ import annotations

from math import tanh

from calc.values.matrix import Vector


def signals(x: float, w: float, layers: int, *, bent: bool, skip: bool) -> Vector:
    """What is behind each layer, x first: layers + 1 numbers.

    Examples:
        >>> signals(1.0, 0.5, 2, bent=False, skip=False)
        (1.0, 0.5, 0.25)
        >>> signals(1.0, 0.5, 2, bent=False, skip=True)
        (1.0, 1.5, 2.25)
    """
    passed = [x]
    for _ in range(layers):
        made = tanh(w * passed[-1]) if bent else w * passed[-1]
        passed.append(made + passed[-1] * skip)
    return tuple(passed)


def slopes(x: float, w: float, layers: int, *, bent: bool, skip: bool) -> Vector:
    """The derivative of each layer's output by its own input."""
    made = signals(x, w, layers, bent=bent, skip=skip)[:-1]
    return tuple(w * (1 - tanh(w * h) ** 2 if bent else 1.0) + skip for h in made)


def gradients(x: float, w: float, layers: int, *, bent: bool, skip: bool) -> Vector:
    """The derivative of the last output by what is behind each layer, x first: 1 at the end.

    Examples:
        >>> gradients(1.0, 0.5, 2, bent=False, skip=True)
        (2.25, 1.5, 1.0)
    """
    back = [1.0]
    for slope in reversed(slopes(x, w, layers, bent=bent, skip=skip)):
        back.append(back[-1] * slope)
    return tuple(reversed(back))


def noam_rate(step: int, model_size: int, factor: float = 1.0, warmup: int = 4000) -> float:
    """The learning rate of the original Transformer: it grows for `warmup` steps, then falls with 1 / sqrt(step).

    Step 0 counts as step 1, which keeps 0 from being raised to a negative power.

    Examples:
        >>> noam_rate(0, 512) == noam_rate(1, 512)
        True
        >>> round(noam_rate(4000, 512), 7)
        0.0006988
    """
    step = max(step, 1)
    return factor * float(model_size**-0.5 * min(step**-0.5, step * warmup**-1.5))
