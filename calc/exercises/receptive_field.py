"""Questions about receptive fields."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from calc.exercise import Exercise, Posed
from calc.values.field import Layer, fields


def listed(layers: list[Layer]) -> str:
    """Layers in words."""
    return ", then ".join(f"kernel {k} with stride {s}" + (f" and dilation {d}" if d > 1 else "") for k, s, d in layers)


@dataclass(frozen=True)
class FieldOfStack(Exercise):
    """Ask how many cells one cell behind three layers sees."""

    def pose(self, draw: Random) -> Posed:
        layers = [Layer(draw.randint(2, 5), draw.randint(1, 2), draw.choice((1, 1, 2))) for _ in range(3)]
        found = fields(layers)
        worked = "; ".join(
            f"{before.size} + ({k} − 1){f'·{d}' if d > 1 else ''}·{before.jump} = {after.size}, jump {after.jump}"
            for (k, _, d), before, after in zip(layers, found, found[1:], strict=False)
        )
        jumpless = 1 + sum((k - 1) * d for k, _, d in layers)
        return Posed(
            f"Three layers: {listed(layers)}. How many cells of the input does one cell of the last map see along an "
            "axis?",
            found[-1].size,
            f"From r = 1 and j = 1: {worked}.",
            {
                float(
                    jumpless
                ): "That leaves out the strides: behind a stride of 2 a kernel's cells lie twice as far apart.",
                float(sum(k for k, _, _ in layers)): "That is the sum of the kernels: neighbouring windows overlap.",
            },
        )


@dataclass(frozen=True)
class LayersToSee(Exercise):
    """Ask how many layers of 3 × 3 see a given part of the input."""

    def pose(self, draw: Random) -> Posed:
        layers, kernel = draw.randint(2, 60), draw.choice((3, 5))
        size = fields([Layer(kernel)] * layers)[-1].size
        return Posed(
            f"Convolutions of {kernel} × {kernel} with stride 1 are stacked. How many does it take until one cell sees "
            f"{size} × {size} cells of the input?",
            layers,
            f"Each adds {kernel - 1}: 1 + {layers}·{kernel - 1} = {size}.",
            {
                float(-(-size // kernel)): "That is the field divided by the kernel: neighbouring windows overlap.",
                float(size - 1): f"Each layer adds {kernel - 1} cells, not one.",
            },
        )
