"""Questions about one step of a recurrent cell, and about many."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log
from random import Random

import calc
from calc.exercise import Exercise, Posed
from calc.scene import digits
from calc.values.cells import Weights, lstm_cell, sigmoid
from calc.worked import dot_text


def _tenth(draw: Random, low: float, high: float) -> float:
    """A number with one decimal that is not 0."""
    return next(number for number in iter(lambda: round(draw.uniform(low, high), 1), None) if number)


@dataclass(frozen=True)
class ForgetGate(Exercise):
    """Ask for the forget gate of an LSTM with one unit."""

    def pose(self, draw: Random) -> Posed:
        x, h, w, u, b = (_tenth(draw, low, 1.5) for low in (0.3, 0.3, -1.5, -1.5, 0.3))
        cell = Weights(((0,), (w,), (0,), (0,)), ((0,), (u,), (0,), (0,)), (0, b, 0, 0))
        [gate] = lstm_cell((x,), (h,), (0,), cell).f
        total = w * x + u * h + b
        worked = f"{dot_text([(w, x), (u, h)])} + {digits(b)} = {digits(total)}"
        return Posed(
            f"An LSTM with one unit reads x = {digits(x)} in the state h = {digits(h)}. The forget gate's weights are "
            f"{digits(w)} for x and {digits(u)} for h, its biases add up to {digits(b)}. What is f, to four decimals?",
            gate,
            f"The sum is {worked}, and σ({digits(total)}) = 1 / (1 + e^{digits(-total)}) = {digits(gate)}.",
            {
                total: "That is the sum; the gate is its σ.",
                sigmoid(total - b): "You left the bias out.",
                sigmoid(total - u * h): "You left the state out: the gate sees x and h.",
                2 * sigmoid(2 * total) - 1: "That is the tanh; gates are σ, from 0 to 1.",
            },
        )


@dataclass(frozen=True)
class UpdatedState(Exercise):
    """Ask what a GRU's update gate leaves of the old state."""

    def pose(self, draw: Random) -> Posed:
        z, old, new = (draw.randint(1, 4) / 5, _tenth(draw, -0.9, 0.9), _tenth(draw, -0.9, 0.9))
        state = (1 - z) * new + z * old
        return Posed(
            f"In PyTorch's GRU the update gate of a unit is z = {digits(z)}, the candidate n = {digits(new)}, and the "
            f"state before h = {digits(old)}. What is the new state?",
            state,
            f"(1 − z)·n + z·h = {dot_text([(1 - z, new), (z, old)])} = {digits(state)}.",
            {
                z * new + (1 - z) * old: "You have z the other way round: in PyTorch and Keras z says how much stays.",
                new: "That is the candidate; z of the old state stays.",
            },
        )


@dataclass(frozen=True)
class StepsToFade(Exercise):
    """Ask after how many steps a repeated factor falls below a bound."""

    def pose(self, draw: Random) -> Posed:
        weight, power = draw.choice([0.5, 0.6, 0.7, 0.8, 0.9, 0.95]), draw.randint(1, 4)
        bound = 10.0**-power
        steps = ceil(log(bound) / log(weight))
        return Posed(
            f"At every step a gradient is multiplied with w = {weight}. After how many steps is it for the first time "
            f"smaller than {digits(bound)} of what it was?",
            steps,
            f"w^t is smaller than {digits(bound)} where t is greater than ln {digits(bound)} / ln {weight} = "
            f"{log(bound) / log(weight):.2f}: {weight}^{steps - 1} = {digits(weight ** (steps - 1), 6)}, "
            f"{weight}^{steps} = {digits(weight**steps, 6)}.",
            {
                steps - 1: "One step too few: there it is still above.",
                steps + 1: "It is below one step earlier.",
            },
        )


@dataclass(frozen=True)
class SharedWeights(Exercise):
    """Ask for the parameters of a recurrent layer that reads a sentence."""

    def pose(self, draw: Random) -> Posed:
        kind, gates = draw.choice([("RNN", 1), ("GRU", 3), ("LSTM", 4)])
        words, n, m = draw.randint(5, 30), draw.choice([16, 32, 50, 64]), draw.choice([8, 10, 20, 32])
        params = calc.layer(kind, input_size=n, hidden_size=m).params
        products = gates * (n * m + m * m)
        times = f"{gates} · " if gates > 1 else ""
        return Posed(
            f"PyTorch's nn.{kind}({n}, {m}) reads a sentence of {words} words. How many parameters has it?",
            params,
            f"{times}({n}·{m} + {m}·{m} + 2·{m}) = {params:,}, with two biases, however many words there are.",
            {
                params * words: "The weights are shared: they do not grow with the number of words.",
                products + gates * m: "That is with one bias for each gate and unit; PyTorch keeps two.",
                products: "You left the biases out.",
                **(
                    {n * m + m * m + 2 * m: f"That is one of {gates} sets: each gate has its own."} if gates > 1 else {}
                ),
            },
        )
