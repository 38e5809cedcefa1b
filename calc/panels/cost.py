"""What one call costs, and what the layer takes in memory.

Counts are shown as multiply-adds and as FLOPs, bytes in powers of 1024 and of 1000;
the switch in a panel's title says which of the two is seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from calc.derive import Run
from calc.markup import plain
from calc.network import Network
from calc.notation import TEX, grouped, write
from calc.panels.table import Typeset, both_counts, both_sizes, table
from calc.sym import node_of
from calc.units import DTYPES, bytes_of, exact

Ways: TypeAlias = "tuple[tuple[str, str], ...]"
"""The ways in which a panel can be read, each with its title; the first one unless the reader says otherwise."""

COUNTS: Ways = (("macs", "MACs"), ("flops", "FLOPs"))
UNITS: Ways = (("binary", "KiB, MiB"), ("decimal", "KB, MB"))

SWITCHES: Mapping[str, Ways] = {"cost": COUNTS, "memory": UNITS}
"""The panels of a layer that can be read in two ways."""

TRAINED_IN = ("float32", "float16")
"""The formats that layers are trained in; int8 is for inference."""

TRAINING = (
    '<p class="calc-quiet">Trained in one format throughout; mixed precision keeps a float32 copy of the parameters '
    "and of Adam’s state beside the float16 ones. The backward pass needs at least the outputs, often the inputs "
    "too.</p>"
)


def cost(run: Run, typeset: Typeset) -> str:
    """What one call costs, what is counted, and what is left out."""
    rows = [
        (
            plain(each.what),
            typeset(write(node_of(each.amount), TEX)),
            both_counts(each.amount) if each.unit == "MAC" else f"{grouped(each.amount)} {each.unit}s",
        )
        for each in run.costs
    ]
    listed = table(("Work in one call", "Formula", "How often"), rows) if rows else ""
    return (
        f'{listed}<p class="calc-quiet">Counted: <b>{both_counts(run.macs)}</b>. One MAC multiplies two numbers '
        "and adds the product to a sum: 2 FLOPs. Biases, comparisons and functions of single numbers are listed, "
        "not counted.</p>"
    )


@dataclass(frozen=True)
class Holding:
    """Numbers that memory must hold; `training` ones only while the layer is trained, by the optimizer named."""

    what: str
    numbers: int
    counters: int = 0
    training: bool = False
    optimizer: str = ""

    def bytes(self, dtype: str) -> int:
        """How much it takes; counters are int64 whatever the format."""
        return bytes_of(self.numbers, dtype) + 8 * self.counters


def holdings(run: Run) -> list[Holding]:
    """Everything that is held: parameters, buffers, gradients, the optimizer's state, outputs."""
    params, trained = run.params, run.trainable
    found = [Holding("Parameters", params)] if params else []
    if buffers := run.remembered.buffers():
        counters = sum(each.size for each in buffers if each.counter)
        found.append(Holding("Buffers", sum(each.size for each in buffers) - counters, counters))
    if trained:
        found += [
            Holding("Gradients, one for each trained parameter", trained, training=True),
            Holding("SGD with momentum: its running mean", trained, training=True, optimizer="SGD with momentum"),
            Holding("Adam: its two running means", 2 * trained, training=True, optimizer="Adam"),
        ]
    return [*found, Holding(*_outputs(run))]


def _outputs(run: Run) -> tuple[str, int]:
    if isinstance(run.layer, Network):
        return "Activations: the output of every layer", sum(prod(row.out) for row in run.layer.leaves(*run.inputs))
    return "Activations: the output", sum(prod(shape) for shape in run.outputs)


def memory(run: Run, typeset: Typeset) -> str:
    """The bytes of everything that is held, in each number format, and of training as a whole."""
    held = holdings(run)
    formats = formats_by_width()
    head = ("What is held", *(" or ".join(names) for names in formats.values()))
    rows = [(each.what, *(_bytes([each], names[0], each.training) for names in formats.values())) for each in held]
    totals = []
    for optimizer in ("plain SGD", "SGD with momentum", "Adam") if run.trainable else ():
        # Plain SGD keeps nothing beside the gradients.
        kept = [each for each in held if each.optimizer in ("", optimizer)]
        totals.append((f"Trained with {optimizer}", *(_bytes(kept, names[0], True) for names in formats.values())))
    return table(head, [*rows, *totals]) + (TRAINING if totals else "")


def formats_by_width() -> dict[int, list[str]]:
    """The number formats by their bytes: those of one width take the same memory."""
    widths: dict[int, list[str]] = {}
    for dtype, width in DTYPES.items():
        if width <= DTYPES["float32"]:
            widths.setdefault(width, []).append(dtype)
    return widths


def _bytes(held: Sequence[Holding], dtype: str, training: bool) -> str:
    if training and dtype not in TRAINED_IN:
        return "–"
    size = sum(each.bytes(dtype) for each in held)
    return both_sizes(size) + exact(size)
