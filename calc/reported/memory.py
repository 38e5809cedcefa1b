"""What inference and training have to hold: numbers that can be told exactly, and what is left out said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from calc.markup import plain
from calc.notation import grouped
from calc.panels.table import both_sizes, table
from calc.units import bytes_of, exact

if TYPE_CHECKING:
    from calc.report import Report

STATES = {"SGD": 0, "SGD with momentum": 1, "Adam": 2}
"""How many numbers an optimizer keeps for each that is trained."""

OPTIMIZERS = tuple(STATES)

OUTPUTS = (
    '<p class="calc-quiet">Training holds the output of every call until the way back, each piece of memory once: '
    "views of it, such as a flatten, and calls that write over their input take none. At inference an output is let "
    "go after the last call that reads it; a name in the code that still holds it keeps it longer.</p>"
)

AUTOGRAD = (
    '<p class="calc-quiet">Autograd’s own choice differs: it drops outputs that no gradient needs, such as that of a '
    "sum, and keeps numbers that are no output, such as the places of a max pool’s maxima or a dropout’s mask. On "
    "the convolutional networks and Transformers at hand it kept from 0.5 to 1.3 times as much as the outputs take; of "
    "an LSTM, whose gates at each step are no output, 3.5 times. Not counted: memory that a call needs only while it "
    "runs, convolutions’ workspaces among it, what the allocator rounds up, and the context of a graphics card.</p>"
)

ONE_FORMAT = (
    '<p class="calc-quiet">Trained in one format throughout; mixed precision keeps a float32 copy of the parameters '
    "and of the optimizer’s state beside the float16 ones.</p>"
)


@dataclass(frozen=True)
class Line:
    """What is held: how many numbers, and the bytes at inference and in training."""

    what: str
    numbers: int | None
    inference: int
    training: int


def memory(report: Report, optimizer: str, larger: Report | None = None) -> str:
    """A line for everything that is held, and totals; `larger` is the run with one more sample."""
    lines = list(held(report, optimizer))
    sums = [sum(each.inference for each in lines), sum(each.training for each in lines)]
    rows = [
        (plain(each.what), "" if each.numbers is None else grouped(each.numbers), *map(_size, _both(each)))
        for each in lines
    ]
    head = ("What is held", "Numbers", "Inference", f"Training with {plain(optimizer)}")
    quiet = OUTPUTS + AUTOGRAD + (ONE_FORMAT if report.dtype in ("float16", "bfloat16") else "")
    return f"{table(head, rows, ('Total', '', *map(_size, sums)))}{_further(report, larger, optimizer)}{quiet}"


def held(report: Report, optimizer: str) -> Iterator[Line]:
    """Everything that is held."""
    trained, state = report.trainable, STATES[optimizer] * report.trainable
    width = bytes_of(1, report.dtype)
    yield Line("Parameters", report.params, report.params * width, report.params * width)
    if report.buffers and report.buffer_bytes:
        numbers = sum(prod(shape) for _, shape in report.buffers)
        yield Line("Buffers", numbers, report.buffer_bytes, report.buffer_bytes)
    yield Line("Gradients, one for each trained parameter", trained, 0, trained * width)
    if state:
        what = "Adam: its two running means" if optimizer == "Adam" else "Momentum: a running mean of the gradients"
        yield Line(what, state, 0, state * width)
    yield Line("Input", None, report.input_bytes, report.input_bytes)
    known = report.fullest or not any(row.new_bytes for row in report.rows)
    least = report.fullest if known else max((row.new_bytes for row in report.rows), default=0)
    what = "inference, the most that is still to be read at once" if known else "inference, the largest"
    yield Line(f"Outputs of calls: {what}; training, all", None, least, report.new_bytes_in_training)


def inference_bytes(report: Report) -> int:
    """The least that one call has to hold."""
    return sum(each.inference for each in held(report, "SGD"))


def training_bytes(report: Report, optimizer: str) -> int:
    """Parameters, gradients, the optimizer's state, buffers, input, and the outputs of all calls."""
    return sum(each.training for each in held(report, optimizer))


def _further(report: Report, larger: Report | None, optimizer: str) -> str:
    if larger is None:
        return ""
    training = training_bytes(larger, optimizer) - training_bytes(report, optimizer)
    inference = inference_bytes(larger) - inference_bytes(report)
    if min(training, inference) < 0:
        return ""
    return (
        f"<p>One more sample in the batch takes <b>{both_sizes(training)}</b> more in training and "
        f"<b>{both_sizes(inference)}</b> more at inference.</p>"
    )


def _both(line: Line) -> tuple[int, int]:
    return line.inference, line.training


def _size(size: int) -> str:
    if not size:
        return "–"
    return both_sizes(size) + exact(size)
