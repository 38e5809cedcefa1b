"""What `calc` costs in CPython: its import, and how the cost of summing up a network grows with its layers."""

from __future__ import annotations

import math
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import calc
from calc.knob import Whole, knob
from calc.layer_base import Layer
from calc.layers.dense import Linear
from calc.network import Sequential
from site_tests.bench.figures import Figure, Target, number, table
from site_tests.bench.parts import Outcome
from site_tests.bench.turns import by_turns

IMPORTS = 20
"""Fresh interpreters for each statement."""
LAYERS = (10, 100, 1_000, 10_000)
STATEMENTS = {
    "empty": "pass",
    "import calc": "import calc",
    "first layer": "import calc; calc.layer('Linear', in_features=2, out_features=3)",
}
SOURCE = "from torch import nn\nmodel = nn.Sequential(*[nn.Linear(64, 64) for _ in range({})])\n"
CHAIN = (
    "from torch import nn\n\n\nclass Chain(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    "        self.layers = nn.ModuleList([nn.Linear(64, 64) for _ in range({})])\n\n    def forward(self, x):\n"
    "        for layer in self.layers:\n            x = x + layer(x).relu()\n        return x\n\n\nmodel = Chain()\n"
)


@dataclass(frozen=True)
class Stack(Sequential):
    """Dense layers, one after another: a network of the package's own kind, as long as one likes."""

    made_for: ClassVar[str] = "give N and 64"

    depth: int = knob(1, symbol="n", kind=Whole(most=100_000), about="how many layers")

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return [(str(at), Linear(64, 64)) for at in range(self.depth)]


def summed_up(depth: int) -> tuple[object, ...]:
    """What a page says of a network: shape, parameters, multiply-adds, a row for each layer."""
    stack = Stack(depth)
    return stack((1, 64)), stack.params, stack.macs((1, 64)), stack.rows((1, 64))


def run(runs: int) -> Outcome:
    """Both tables."""
    outcome = Outcome("The package in CPython")
    _add_imports(outcome)
    _add_growth(outcome, runs)
    return outcome


def _add_imports(outcome: Outcome) -> None:
    taken: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(IMPORTS):
        for name, statement in STATEMENTS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True)
            taken[name].append((time.perf_counter() - start) * 1000)
    figures = {name: Figure(tuple(values)) for name, values in taken.items()}
    empty = figures["empty"].median
    rows = [(name, figure.text(), f"{number(figure.median - empty)} ms") for name, figure in figures.items()]
    outcome.tables.append(table((f"fresh Python, {IMPORTS} times", "in all", "beyond an empty one"), rows))
    slowest = table(("import", "µs by itself"), [(name, str(taken)) for taken, name in slowest_imports()])
    outcome.tables.append(slowest)
    outcome.targets.append(Target("import calc", figures["import calc"].median - empty, 30, " ms"))
    outcome.data["import"] = {name: figure.data() for name, figure in figures.items()}


def slowest_imports(most: int = 8) -> list[tuple[int, str]]:
    """What takes longest by itself among all that `import calc` loads, in microseconds."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import calc"], check=True, stderr=subprocess.PIPE, text=True
    )
    return sorted(
        ((int(own), name) for own, name in re.findall(r"import time: +(\d+) \| +\d+ \| +(\S+)", done.stderr)),
        reverse=True,
    )[:most]


def _add_growth(outcome: Outcome, runs: int) -> None:
    subjects: dict[str, Callable[[int], Callable[[], object]]] = {
        "calc.network.Sequential": lambda count: lambda: summed_up(count),
        "calc.trace, Sequential": lambda count: lambda: calc.trace(SOURCE.format(count), (1, 64)),
        "calc.trace, residual": lambda count: lambda: calc.trace(CHAIN.format(count), (1, 64)),
        "the same, as Markdown": lambda count: lambda: calc.trace(SOURCE.format(count), (1, 64)).to("markdown"),
    }
    rows = []
    for name, made in subjects.items():
        times = by_turns([made(count) for count in LAYERS], runs)
        exponent = growth(LAYERS[1:], times[1:])
        rows.append((name, *(f"{number(each * 1000)} ms" for each in times), f"{exponent:.2f}"))
        outcome.data[name] = {"layers": LAYERS, "seconds": times, "exponent": exponent}
    outcome.tables.append(table(("layers", *(f"{count:,}" for count in LAYERS), "exponent"), rows))


def growth(counts: Sequence[int], times: Sequence[float]) -> float:
    """The exponent e of the best fit of time = c · count^e, by least squares of the logarithms; 1 is linear."""
    xs, ys = [math.log(each) for each in counts], [math.log(each) for each in times]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    across = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return across / sum((x - mean_x) ** 2 for x in xs)
