"""What there is to say of a descent: numbers of any size, and what a learning rate does."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from calc.scene import digits
from calc.values.matrix import Vector

BOUND = 1_000_000
"""The descent is stopped once the loss is so many times that of the start."""

FEW = 3
"""Of more weights than that not all are written out."""

EXACT = 1e-12
"""An error so small is none: what is left of it is rounding."""

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def figures(number: float) -> str:
    """A number with four decimals, or where it is too small or too large for that, with a power of ten.

    Examples:
        >>> figures(0.25), figures(0.0000123), figures(-45678901.0)
        ('0.25', '1.23·10⁻⁵', '−4.568·10⁷')
    """
    if number in (0, inf) or 1e-3 <= abs(number) < 1e5:
        return digits(number)
    mantissa, _, power = f"{number:.3e}".partition("e")
    return f"{digits(float(mantissa), 3)}·10{str(int(power)).translate(RAISED)}"


def listed(numbers_: Sequence[float]) -> str:
    """A kernel or a gradient in a sentence."""
    return f"({', '.join(figures(number) for number in numbers_)})"


def verdict(rate: float, bends: Sequence[tuple[float, Vector, float]], stopped: bool) -> str:
    """What a rate does with the error.

    `bends` are the directions of the kernel that do not disturb each other, the
    steepest first: its curvature (0 where the image does not show it), the direction,
    and how far the start is from the target along it.
    """
    steepest, direction, _ = bends[0]
    if not steepest:
        return "The image is 0 everywhere, so no output depends on the kernel: there is nothing to learn from."
    if rate == 0:
        return "A rate of 0 leaves the kernel as it is."
    name, times = figures(rate), 1 - rate * steepest
    steep = listed(direction) if len(direction) <= FEW else "the steepest direction"
    if abs(abs(times) - 1) < 5e-5:
        return f"The rate {name} is the limit itself: along {steep} the error stays as large as it is."
    if abs(times) > 1:
        along = f"along {steep} the error is multiplied by {figures(times)} at each step"
        if all(abs(off) < EXACT or abs(1 - rate * bend) < 1 for bend, _, off in bends):
            return (
                f"The rate {name} is too large: {along}. This start happens to have no error along it, so the loss may "
                "fall all the same; almost any other start diverges."
            )
        end = " It is stopped at a million times the first loss." if stopped else ""
        return f"The rate {name} is too large: {along}, so it grows, and the loss with it.{end}"
    seen = [1 - rate * bend for bend, *_ in bends if bend]
    said = f"The rate {name} is stable: at each step what is left of the error shrinks, to at most "
    said += f"{digits(max(map(abs, seen)))} of what it was."
    if times < 0:
        said += f" Along {steep} it changes its sign each time: a step goes too far, the next comes back."
    blind = len(bends) - len(seen)
    if blind:
        many, those = ("one direction", "it") if blind == 1 else (f"{blind} directions", "them")
        said += f" The image does not show {many} of the kernel: along {those} the kernel stays as it began."
    return said
