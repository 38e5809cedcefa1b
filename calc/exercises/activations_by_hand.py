"""Questions about activation functions, softmax and cross-entropy."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from random import Random

from calc.exercise import Exercise, Posed
from calc.scene import digits
from calc.values.activations import FUNCTIONS
from calc.values.shares import cross_entropy, tempered


@dataclass(frozen=True)
class SlopeAtPoint(Exercise):
    """Ask for the slope of a function at a number."""

    def pose(self, draw: Random) -> Posed:
        name, x = draw.choice(["Sigmoid", "Tanh", "ELU"]), draw.choice([-1, 1]) * draw.randint(2, 30) / 10
        if name == "ELU":
            x = -abs(x)
        function = FUNCTIONS[name]
        value, slope = function.value(x), function.slope(x)
        worked = {
            "Sigmoid": f"σ′ = σ (1 − σ) with σ({digits(x)}) = {digits(value)}",
            "Tanh": f"tanh′ = 1 − tanh² with tanh({digits(x)}) = {digits(value)}",
            "ELU": f"Below 0 the slope is e^x, with x = {digits(x)}",
        }
        return Posed(
            f"What is the slope of {name} at x = {digits(x)}, to four decimals?",
            slope,
            f"{worked[name]}: {digits(slope)}.",
            {value: "That is the value; the slope is asked for."},
        )


@dataclass(frozen=True)
class ThroughLayers(Exercise):
    """Ask what is left of a gradient at most behind several sigmoids."""

    def pose(self, draw: Random) -> Posed:
        layers, scale = draw.randint(2, 7), draw.choice([100, 1000, 10_000])
        most = FUNCTIONS["Sigmoid"].slope(0.0)
        return Posed(
            f"A gradient of {scale:,} goes back through {layers} sigmoids, and all weights are 1. How much of it is "
            "left at most? Four decimals will do.",
            scale * most**layers,
            f"The slope of a sigmoid is {digits(most)} at most, so {scale:,} · {digits(most)}^{layers} = "
            f"{digits(scale * most**layers)}.",
            {
                scale * most: f"That is behind one of them; there are {layers}.",
                scale: "That would be with slopes of 1, as of ReLU above 0.",
            },
        )


@dataclass(frozen=True)
class HotShare(Exercise):
    """Ask for a share at a temperature."""

    def pose(self, draw: Random) -> Posed:
        low, gap, temperature = draw.randint(-3, 3), draw.randint(1, 5), draw.choice([0.5, 2, 4, 5])
        logits = (low + gap, low)
        share = tempered(logits, temperature)[0]
        return Posed(
            f"Two classes have the logits {digits(logits[0])} and {digits(logits[1])}. What is the share of the first "
            f"at temperature {digits(temperature)}, to four decimals?",
            share,
            f"Only the difference counts, divided by the temperature: 1 / (1 + e^(−{gap}/{digits(temperature)})) = "
            f"{digits(share)}.",
            {
                tempered(logits)[0]: "That is at temperature 1.",
                tempered(logits, 1 / temperature)[0]: "The logits are divided by the temperature, not multiplied.",
                1 - share: "That is the second class.",
            },
        )


@dataclass(frozen=True)
class LossOfUndecided(Exercise):
    """Ask for the cross-entropy of a network that knows nothing."""

    def pose(self, draw: Random) -> Posed:
        classes, logit = draw.choice([2, 3, 4, 5, 8, 10, 20, 50, 100, 1000]), draw.randint(-3, 3)
        loss = cross_entropy([[logit] * classes], [0])
        return Posed(
            f"A network gives each of {classes:,} classes the logit {digits(logit)}. What is the cross-entropy, in "
            "nats, to four decimals?",
            loss,
            f"Equal logits, whatever they are, give shares of 1/{classes:,}, and −ln(1/{classes:,}) = ln {classes:,} = "
            f"{digits(loss)}. A new network's loss starts near it.",
            {
                log(classes, 2): "That is in bits: the loss takes the natural logarithm.",
                log(classes, 10): "That is with the logarithm to the base ten; the loss takes the natural one.",
                **({exp(logit) * classes: "That is the sum of the powers, not the loss."} if classes > 3 else {}),
            },
        )
