"""Questions about dropout."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from calc.exercise import Exercise, Posed
from calc.scene import digits
from calc.values.dropout import dropout, factor, masks, spread, thinned_networks


@dataclass(frozen=True)
class DroppedSum(Exercise):
    """Ask for the sum of what comes out of one draw."""

    def pose(self, draw: Random) -> Posed:
        numbers = tuple(draw.randint(1, 9) for _ in range(6))
        p = draw.choice([0.2, 0.5, 0.6, 0.75])
        [mask] = masks(6, 0.5, 1, draw.randrange(10**6))
        mask = mask if any(mask) else (True, *mask[1:])
        made = dropout(numbers, mask, p)
        bare = sum(number for number, stays in zip(numbers, mask, strict=True) if stays)
        places = [str(place) for place, stays in enumerate(mask, 1) if stays]
        named = f"position {places[0]} is" if len(places) == 1 else f"positions {', '.join(places)} are"
        times = factor(p)
        return Posed(
            f"{', '.join(map(str, numbers))} goes through dropout in training, p = {digits(p)}, and {named} kept. "
            "What is the sum of what comes out?",
            round(sum(made), 9),
            f"The survivors add up to {bare}, and each is multiplied by 1 / (1 − {digits(p)}) = {digits(times)}: "
            f"{digits(sum(made))}.",
            {
                bare: "The survivors are scaled, too: by 1 / (1 − p).",
                round(bare / p, 9): "That divides by p: what is divided by is the share that is kept, 1 − p.",
            },
        )


@dataclass(frozen=True)
class CountThinned(Exercise):
    """Ask how many thinned networks there are."""

    def pose(self, draw: Random) -> Posed:
        first, second = draw.randint(2, 7), draw.randint(2, 7)
        units = first + second
        return Posed(
            f"A network has hidden layers of {first} and {second} units, with dropout behind each. How many thinned "
            "networks can be drawn, the whole one and the empty one among them?",
            thinned_networks(units),
            f"Each of the {units} units is in or out: 2^{units} = {thinned_networks(units)}.",
            {
                thinned_networks(first)
                + thinned_networks(second): "Each choice in one layer goes with every choice in "
                "the other: multiply, 2^n for all units together.",
                2 * units: "Two ways for each unit, but they are multiplied, not added.",
            },
        )


@dataclass(frozen=True)
class MeanSpread(Exercise):
    """Ask for the standard deviation of the mean over some draws."""

    def pose(self, draw: Random) -> Posed:
        number, p = draw.randint(2, 12), draw.choice([0.1, 0.2, 0.5, 0.8, 0.9])
        draws = draw.choice([4, 9, 16, 25, 100, 400])
        solution = spread(number, p, draws)
        one = spread(number, p, 1)
        return Posed(
            f"The number {number} is sent through dropout with p = {digits(p)} {draws} times. What is the standard "
            "deviation of the mean of these results, to four decimals?",
            solution,
            f"One result is 0 or {digits(number * factor(p))}, with the deviation {number} · √({digits(p)} / "
            f"{digits(1 - p)}) = {digits(one)}; the mean of {draws} has {digits(one)} / √{draws} = {digits(solution)}.",
            {
                one: "That is the deviation of one result; the mean of n results has 1/√n of it.",
                one / draws: "It shrinks with the root of the number of draws.",
            },
        )
