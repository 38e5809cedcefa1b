"""Questions about tables of positions."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sqrt
from random import Random

import calc
from calc.exercise import Exercise, Posed
from calc.scene import digits
from calc.values import positions


@dataclass(frozen=True)
class OneEntry(Exercise):
    """Ask for one entry of a table of sines and cosines."""

    def pose(self, draw: Random) -> Posed:
        # Widths whose divisors are whole numbers: 10000^(2/4) = 100, 10000^(2/8) = 10.
        d, pair = draw.choice([(4, 1), (8, 1), (8, 2), (8, 3)])
        column = 2 * pair + draw.randint(0, 1)
        position = draw.randint(1, 30) * (10 if pair > 1 else 1)
        wave = positions.interleaved_waves(d)[column]
        other = "cos" if wave.function == "sin" else "sin"
        angle = position / wave.divisor
        squared = positions.Wave(pair, wave.divisor**2, wave.function)
        return Posed(
            f"Sine and cosine stand in turn, d = {d}. What is P[{position}, {column}], to four decimals "
            "(angles in radians)?",
            wave.at(position),
            f"Column {column} belongs to pair {pair} and is {'odd: a cosine' if column % 2 else 'even: a sine'}. The "
            f"divisor is 10000^(2·{pair}/{d}) = {digits(wave.divisor)}, and {wave.function}({position}/"
            f"{digits(wave.divisor)}) = {wave.function}({digits(angle)}) = {digits(wave.at(position))}.",
            {
                positions.Wave(pair, wave.divisor, other).at(position): "Even columns are sines, odd ones cosines.",
                squared.at(position): "The exponent is 2j/d with j the number of the pair, not of the column.",
            },
        )


@dataclass(frozen=True)
class SameDistance(Exercise):
    """Ask for the dot product of two positions."""

    def pose(self, draw: Random) -> Posed:
        first, apart, d = draw.randint(5, 60), draw.randint(1, 9), draw.choice([2, 4])
        rows = positions.interleaved(first + apart + 1, d)
        product = positions.products(rows, first)[first + apart]
        divisors = [wave.divisor for wave in positions.interleaved_waves(d)[::2]]
        listed = " + ".join(f"cos({apart}/{digits(each)})" if each != 1 else f"cos({apart})" for each in divisors)
        return Posed(
            f"Rows {first} and {first + apart} of a table of sines and cosines, d = {d}: what is their dot product, to "
            "four decimals?",
            product,
            f"Each pair gives sin a sin b + cos a cos b = cos(a − b), and only the distance {apart} is left: {listed} "
            f"= {digits(product)}.",
            {
                d / 2: "That is the product of a row with itself.",
                **({cos(apart): "That is the first pair; there is a second, with the divisor 100."} if d > 2 else {}),
            },
        )


@dataclass(frozen=True)
class LearnedTable(Exercise):
    """Ask for the parameters of learned positions."""

    def pose(self, draw: Random) -> Posed:
        d, most = draw.choice([256, 384, 512, 768, 1024]), draw.choice([128, 256, 512, 1024, 2048])
        length = draw.randint(10, 100)
        params = int(calc.layer("LearnedPositions", d_model=d, max_len=most).params)
        return Posed(
            f"A model with embeddings of {d} numbers learns positions for up to {most:,} tokens. How many parameters "
            f"are that? It reads sentences of {length} tokens.",
            params,
            f"A row for each position that can occur: {most:,} · {d:,} = {params:,}, however long the sentences are.",
            {
                length * d: "The table has a row for each position that can occur, not only for those that do.",
                0: "That holds for sines and cosines, which are computed.",
            },
        )


@dataclass(frozen=True)
class ScaledSum(Exercise):
    """Ask for one number of a scaled embedding plus its position."""

    def pose(self, draw: Random) -> Posed:
        d, number, position = draw.choice([4, 16, 64]), draw.randint(-9, 9) / 10, draw.randint(1, 6)
        wave = positions.interleaved_waves(d)[0]
        [[total, *_]] = positions.added(
            positions.embedded([[number] + [0.0] * (d - 1)], [0]), [positions.interleaved(position + 1, d)[position]]
        )
        root = digits(sqrt(d))
        return Posed(
            f"d = {d}. A token's embedding starts with {digits(number)}; it stands at position {position}, counted "
            "from 0. What is the first number that the original Transformer's first layer sees, to four decimals?",
            total,
            f"√{d} · ({digits(number)}) + sin({position}) = {root} · ({digits(number)}) + {digits(wave.at(position))} "
            f"= {digits(total)}.",
            {
                number + wave.at(position): f"The embedding is multiplied by √{d} = {root} first.",
                sqrt(d) * number + wave.at(position - 1): "You took 1 off: the position counts from 0 already.",
            },
        )
