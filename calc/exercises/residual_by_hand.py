"""Questions about connections that skip a layer."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from calc.exercise import Exercise, Posed
from calc.scene import digits
from calc.values import chain


def _weight(draw: Random) -> float:
    return draw.choice([-1, 1]) * draw.randint(1, 9) / 10


@dataclass(frozen=True)
class SkippedGradient(Exercise):
    """Ask for the gradient through linear layers with skips."""

    def pose(self, draw: Random) -> Posed:
        w, layers = _weight(draw), draw.randint(2, 6)
        skipped, plain = (chain.gradients(1.0, w, layers, bent=False, skip=skip)[0] for skip in (True, False))
        return Posed(
            f"Each of {layers} layers multiplies by {digits(w)}, and a skip goes around each of them. What is the "
            "derivative of the end by the input, to four decimals?",
            skipped,
            f"A layer with its skip makes h + w h = (1 + w) h, so the factor is {digits(1 + w)}, and "
            f"({digits(1 + w)})^{layers} = {digits(skipped)}.",
            {
                plain: "That is without skips.",
                1 + plain: "The skip goes around each layer, not around all of them at once.",
                1 + w: "That is one layer.",
            },
        )


@dataclass(frozen=True)
class SkippedSignal(Exercise):
    """Ask for the signal behind two layers with tanh and skips."""

    def pose(self, draw: Random) -> Posed:
        x, w = draw.randint(1, 20) / 10, _weight(draw)
        first, second = chain.signals(x, w, 2, bent=True, skip=True)[1:]
        plain = chain.signals(x, w, 2, bent=True, skip=False)[-1]
        return Posed(
            f"x = {digits(x)}. Two layers compute tanh({digits(w)} · h) each, and a skip adds h. What comes out, to "
            "four decimals?",
            second,
            f"h₁ = {digits(x)} + tanh({digits(w * x)}) = {digits(first)}, and h₂ = {digits(first)} + "
            f"tanh({digits(w * first)}) = {digits(second)}.",
            {
                first: "That is behind the first layer.",
                plain: "That is without the skips.",
                x + plain: "That is one skip around both layers.",
            },
        )


@dataclass(frozen=True)
class PathsThroughSkips(Exercise):
    """Ask how many paths lead through a stack of residual blocks."""

    def pose(self, draw: Random) -> Posed:
        layers = draw.randint(3, 20)
        # At w = 1 every path through linear layers counts 1.
        paths = int(chain.gradients(1.0, 1.0, layers, bent=False, skip=True)[0])
        return Posed(
            f"A stack of {layers} layers has a skip around each. In how many ways can a signal go from the input to "
            "the end?",
            paths,
            f"At each layer it goes through or past it: 2^{layers} = {paths:,}. It is what (1 + w)^{layers} counts at "
            "w = 1.",
            {
                2 * layers: "At each layer there are two ways, and they are multiplied.",
                layers + 1: "That is how many different lengths the ways have.",
                layers: "There are two ways at each layer.",
            },
        )
