"""Questions about learning a kernel."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from calc.exercise import Exercise, Posed
from calc.exercises.convolution_by_hand import rows_text
from calc.scene import digits
from calc.values.convolve import correlate, flat
from calc.values.descent import descend, directions, gradient
from calc.worked import dot_text


@dataclass(frozen=True)
class KernelGradient(Exercise):
    """Ask for the gradient of the squared error with respect to one weight."""

    def pose(self, draw: Random) -> Posed:
        image = (tuple(draw.randint(-2, 3) for _ in range(4)),)
        target = (tuple(draw.randint(-2, 2) for _ in range(2)),)
        kernel = ((target[0][0] + draw.choice((-2, -1, 1, 2)), target[0][1] + draw.choice((-1, 0, 1))),)
        wanted = correlate(image, target)
        output = correlate(image, kernel)
        which = draw.randint(0, 1)
        slope = flat(gradient(image, kernel, wanted))[which]
        errors = [one - other for one, other in zip(flat(output), flat(wanted), strict=True)]
        pairs = list(zip(errors, image[0][which:], strict=False))
        return Posed(
            f"The image is {rows_text(image)}, the kernel {rows_text(kernel)}; {rows_text(wanted)} is the wanted "
            f"output. The loss is the sum of the squared errors. What is its derivative with respect to the kernel's "
            f"{('first', 'second')[which]} weight?",
            slope,
            f"The output is {rows_text(output)}, so the errors are {rows_text((tuple(errors),))}. Each is multiplied "
            f"with the cell under that weight: 2 · ({dot_text(pairs)}) = {digits(slope)}.",
            {
                slope / 2: "The derivative of a square has a factor of 2.",
                -slope: "The error is output minus wanted, not the other way round.",
                flat(gradient(image, kernel, wanted))[1 - which]: "That is the other weight's.",
            },
        )


@dataclass(frozen=True)
class KernelStep(Exercise):
    """Ask for a weight after a step of gradient descent."""

    def pose(self, draw: Random) -> Posed:
        weight = draw.randint(-9, 9) / 10
        rate = draw.choice((0.01, 0.02, 0.05, 0.1))
        cells = tuple(float(draw.randint(1, 4)) for _ in range(3))
        target = draw.choice((-2.0, 2.0, 3.0))
        image = (cells,)
        taken = descend(image, correlate(image, ((target,),)), ((weight,),), rate, 1).steps
        [[after]], [[slope]] = taken[1].kernel, taken[0].gradient
        return Posed(
            f"A kernel of one weight is {digits(weight)}; at the cells {', '.join(map(digits, cells))} the outputs "
            f"{', '.join(digits(target * cell) for cell in cells)} are wanted. What is the weight after one step of "
            f"gradient descent with rate {rate} on the sum of squared errors?",
            after,
            f"The gradient is 2 · (w − {digits(target)}) · (sum of squared cells) = {digits(slope)}, and "
            f"{digits(weight)} − {rate} · ({digits(slope)}) = {digits(after)}.",
            {
                weight + rate * slope: "A step goes against the gradient.",
                weight - rate * slope / 2: "The derivative of a square has a factor of 2.",
                weight - rate * slope / 3: "The loss is a sum here, not a mean.",
            },
        )


@dataclass(frozen=True)
class LargestRate(Exercise):
    """Ask for the largest stable learning rate."""

    def pose(self, draw: Random) -> Posed:
        side = draw.randint(2, 40)
        across = draw.randint(1, side - 1)
        [(steepest, _), (other, _)] = directions(((side, across), (across, side)))
        steepest = round(steepest)
        second = rows_text(((side, across), (across, side)))
        return Posed(
            f"The second derivatives of a loss with respect to two weights, in rows, are {second}. "
            "Below which learning rate does gradient descent converge from any start?",
            2 / steepest,
            f"Along (1, 1) the curvature is {side} + {across} = {steepest}, the largest: 2 / {steepest} = "
            f"{digits(2 / steepest)}.",
            {
                1 / steepest: "With 1/λ a step leads straight to the minimum along that direction; it may go further.",
                2 / side: "The two weights are not independent: take the steepest direction, not one weight.",
                2 / round(other): "That is the flattest direction.",
            },
        )
