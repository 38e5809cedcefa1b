"""Two models in figures: what each comes to, and how far one is from the other, in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calc.markup import plain
from calc.notation import grouped
from calc.panels.table import table
from calc.report_forms import input_text, shape_text
from calc.reported.memory import inference_bytes, training_bytes
from calc.units import BINARY, bytes_of, fitting

if TYPE_CHECKING:
    from calc.report import Report


@dataclass(frozen=True)
class Figure:
    """A number that two models have each; of bytes `binary` is true."""

    name: str
    a: int
    b: int
    binary: bool = False
    note: str = ""


def totals(a: Report, b: Report, optimizer: str) -> str:
    """The answer: a sentence, then every figure of both, and how far they are apart."""
    head = ("Of one call", _named("A", a), _named("B", b), "B compared with A")
    shapes = [
        (name, *(plain(each) for each in pair), "equal" if pair[0] == pair[1] else "differs")
        for name, pair in (
            ("Input", (_given(a), _given(b))),
            ("Output shape", (shape_text(a.output_shape), shape_text(b.output_shape))),
        )
    ]
    counted = [
        (_labelled(each), _cell(each.a, each.binary), _cell(each.b, each.binary), _apart(each))
        for each in figures(a, b, optimizer)
    ]
    notes = [f"{letter}: {each}" for letter, report in (("A", a), ("B", b)) for each in report.notes]
    said = "".join(f"<li>{plain(each)}</li>" for each in notes)
    listed = f'<ul class="calc-notes">{said}</ul>' if notes else ""
    verdict = f'<p class="calc-verdict">{plain(in_words(a, b, optimizer))}</p>'
    return f'{verdict}<div class="calc-totals">{table(head, [*shapes, *counted])}</div>{listed}'


def figures(a: Report, b: Report, optimizer: str) -> Iterator[Figure]:
    """What is compared."""
    yield Figure("Parameters", a.params, b.params)
    if (a.params, b.params) != (a.trainable, b.trainable):
        yield Figure("Trained parameters", a.trainable, b.trainable)
    yield Figure("MACs", a.macs, b.macs, note="twice as many FLOPs")
    for name, note, size in (
        ("Memory of the parameters", "", lambda report: bytes_of(report.params, report.dtype)),
        ("Memory of what calls put out", "in training", lambda report: report.new_bytes_in_training),
        ("Memory for inference", "the least", inference_bytes),
        ("Memory for training", optimizer, lambda report: training_bytes(report, optimizer)),
    ):
        yield Figure(name, size(a), size(b), True, note)
    yield Figure("Calls", len(a.rows), len(b.rows), note="of modules without parts, and of functions")
    yield Figure("Depth", depth(a), depth(b), note="most calls with multiply-adds on one way through")


def in_words(a: Report, b: Report, optimizer: str) -> str:
    """The comparison as two sentences or three."""
    training = compared(training_bytes(a, optimizer), training_bytes(b, optimizer), "less", "much")
    said = [
        f"Compared with A, B has {compared(a.params, b.params)} parameters and {compared(a.macs, b.macs)} "
        f"multiply-adds, and needs {training} memory for training with {optimizer}."
    ]
    if a.inputs != b.inputs:
        said.append(f"They are given different inputs: A {_given(a)}, B {_given(b)}.")
    if a.output_shape == b.output_shape:
        said.append(f"Both give {shape_text(a.output_shape)}.")
    else:
        said.append(f"A gives {shape_text(a.output_shape)}, B gives {shape_text(b.output_shape)}.")
    return " ".join(said)


def compared(a: int, b: int, less: str = "fewer", many: str = "many") -> str:
    """How many more or fewer `b` is, as what stands before a noun.

    Examples:
        >>> compared(200, 230), compared(200, 150), compared(200, 200)
        ('15 % more', '25 % fewer', 'just as many')
        >>> compared(200, 1086), compared(1000, 186), compared(1_000_000, 1_000_004)
        ('5.4 times as many', 'only 18.6 % of the', '4 more')
        >>> compared(0, 7), compared(7, 0), compared(0, 0)
        ('7 more', 'no', 'just as many')
    """
    if a == b:
        return f"just as {many}"
    if not b:
        return "no"
    if not a:
        return f"{grouped(b)} more"
    if b >= 2 * a:
        return f"{_tenths(10 * b, a)} times as {many}"
    if a > 2 * b:
        return f"only {_tenths(1000 * b, a)} % of the"
    apart = _tenths(1000 * abs(b - a), a)
    return f"{f'{apart} %' if apart != '0' else grouped(abs(b - a))} {'more' if b > a else less}"


def _tenths(numerator: int, denominator: int) -> str:
    """So many tenths, rounded half up."""
    whole, tenth = divmod((2 * numerator + denominator) // (2 * denominator), 10)
    return f"{grouped(whole)}.{tenth}" if tenth else grouped(whole)


def depth(report: Report) -> int:
    """The most calls with multiply-adds that stand one behind the other; it is what the 50 of ResNet-50 counts."""
    read: list[list[int]] = [[] for _ in range(len(report.rows) + 1)]
    for wire in report.wires:
        read[wire.target].append(wire.source)
    reached: list[int] = []
    for row, sources in zip(report.rows, read, strict=False):
        before = max((reached[each] for each in sources if each >= 0), default=0)
        reached.append(before + (row.macs > 0))
    return max(reached, default=0)


def _given(report: Report) -> str:
    return ", ".join(map(input_text, report.inputs))


def _named(letter: str, report: Report) -> str:
    kind = report.modules[0][1] if report.modules else ""
    return f"{letter}<small>{plain(kind)}</small>" if kind else letter


def _labelled(figure: Figure) -> str:
    return f"{plain(figure.name)}<small>{plain(figure.note)}</small>" if figure.note else plain(figure.name)


def _cell(number: int, binary: bool) -> str:
    if not binary:
        return grouped(number)
    return f"{fitting(number, BINARY)}<small>{grouped(number)} B</small>" if number >= 1024 else f"{number} B"


def _apart(figure: Figure) -> str:
    if figure.a == figure.b:
        return "equal"
    apart = abs(figure.b - figure.a)
    sign = "+" if figure.b > figure.a else "−"
    shown = fitting(apart, BINARY) if figure.binary else grouped(apart)
    if not figure.a:
        return f"{sign}{shown}"
    if figure.b >= 2 * figure.a:
        ratio = f"× {_tenths(10 * figure.b, figure.a)}"
    else:
        percent = _tenths(1000 * apart, figure.a)
        ratio = f"{sign}{percent} %" if percent != "0" else f"{sign}0.1 % at most"
    return f"{ratio}<small>{sign}{shown}</small>"
