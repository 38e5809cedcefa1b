"""What the demos of sliding windows share: cells and their names, padding, sizes, bounds along each axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from calc.demo import Demo
from calc.markup import plain
from calc.scene import at
from calc.stage import Stop
from calc.values.convolve import Axis
from calc.values.matrix import Matrix, Rows

MOST = 4
"""The largest stride, padding or dilation: more does not fit a picture."""


LIGHT = {"products": 900, "outputs": 200}
"""More of them would make a list of steps that is too heavy for a page."""


def too_much(**made: int) -> str:
    """What there is too much of to be gone through, and how much would do; nothing where all of it is light."""
    for what, count in made.items():
        if count > LIGHT[what]:
            return f"{count:,} {what}, more than the {LIGHT[what]} that can be gone through"
    return ""


def require_axes(demo: Demo, name: str) -> None:
    """Refuse a stride, padding or dilation beyond its bounds, or for more axes than rows and columns."""
    value = getattr(demo, name)
    if isinstance(value, str):
        return
    given = value if isinstance(value, tuple) else (value,)
    if len(given) > 2:
        raise demo.fault(name, "must be one number, or two: for rows and for columns", f"try {given[:2]}")
    least = 0 if name == "padding" else 1
    for number in given:
        if not least <= number <= MOST:
            bound = f"at least {least}" if number < least else f"at most {MOST}"
            raise demo.fault(name, f"must be {bound}", f"try {min(max(number, least), MOST)}")


def cell_name(row: int, column: int) -> str:
    """A cell's place in words, counted from 1."""
    return f"row {row + 1}, column {column + 1}"


def padded(image: Rows, on: Sequence[Axis]) -> Matrix:
    """The image with the zeros around it."""
    rows, columns = on
    return tuple(
        tuple(
            image[row][column] if rows.holds(row) and columns.holds(column) else 0
            for column in range(-columns.before, columns.cells + columns.after)
        )
        for row in range(-rows.before, rows.cells + rows.after)
    )


def kinds(on: Sequence[Axis]) -> Callable[[int, int], str]:
    """The class of each cell of the padded image: padding, data, or data that no window reads."""
    rows, columns = on
    read = [{cell for place in range(axis.places) for cell in axis.reads(place)} for axis in on]

    def kind(row: int, column: int) -> str:
        y, x = row - rows.before, column - columns.before
        if not (rows.holds(y) and columns.holds(x)):
            return "pad"
        return "data" if y in read[0] and x in read[1] else "unused"

    return kind


def under(name: str, on: Sequence[Axis], place: Sequence[int]) -> list[str]:
    """The names of the cells that a window reads."""
    return [at(name, y, x) for y in on[0].reads(place[0]) for x in on[1].reads(place[1])]


def outside(on: Sequence[Axis], place: Sequence[int]) -> int:
    """How many of the cells that a window reads are padding."""
    return sum(not (on[0].holds(y) and on[1].holds(x)) for y in on[0].reads(place[0]) for x in on[1].reads(place[1]))


def padding_remark(count: int, of: int) -> str:
    """What to say where a window hangs over the edge."""
    if not count:
        return ""
    return f" {count} of the {of} cells {'is' if count == 1 else 'are'} padding."


def per_axis(value: Any) -> Any:
    """What was set for both axes: a number, a word, or two numbers."""
    return value if isinstance(value, (int, str)) or len(value) == 2 else value * 2


def pair(rows: int, columns: int) -> str:
    """An argument for both axes as Python writes it: one number where they are equal."""
    return str(rows) if rows == columns else f"({rows}, {columns})"


def padding_text(on: Sequence[Axis]) -> tuple[str, str]:
    """Per side and in all, so that nobody mixes them."""
    total = [axis.before + axis.after for axis in on]
    in_all = f"{total[0]} in all" if total[0] == total[1] else f"{total[0]} rows and {total[1]} columns in all"
    if any(axis.before != axis.after for axis in on):
        (top, bottom), (left, right) = ((axis.before, axis.after) for axis in on)
        return f"{top}, {bottom}; {left}, {right}", f"above, below; left, right: {in_all}"
    sides = pair(on[0].before, on[1].before)
    return f"{sides} per side", f"{in_all} along each axis" if total[0] == total[1] else in_all


def size_lines(on: Sequence[Axis]) -> Iterator[tuple[str, ...]]:
    """The output's size, with the padding per side and with all of it, which is the same; once for equal axes."""
    names = [("H", "h"), ("W", "w")] if len(on) == 2 else [("L", "l")]
    alike = len(set(on)) == 1
    for axis, (name, index) in zip(on[:1] if alike else on, names, strict=False):
        n, k, s, d = axis.cells, axis.taps, axis.stride, axis.dilation
        total = axis.before + axis.after
        size = " = ".join(rf"{name}_{{\text{{out}}}}" for name, _ in (names if alike else [(name, index)]))
        yield (rf"k'_{index}", rf"d\,(k_{index} - 1) + 1", rf"{d} \cdot ({k} - 1) + 1", str(axis.span))
        if axis.before == axis.after:
            yield (
                size,
                rf"\left\lfloor \frac{{{name} + 2p - k'_{index}}}{{s}} \right\rfloor + 1",
                rf"\left\lfloor \frac{{{n} + 2 \cdot {axis.before} - {axis.span}}}{{{s}}} \right\rfloor + 1",
                rf"{axis.places}\;\;(p = {axis.before}\;\text{{per}}\;\text{{side}})",
            )
        yield (
            size,
            rf"\left\lfloor \frac{{n_{index} + p_{index} - k'_{index} + s_{index}}}{{s_{index}}} \right\rfloor",
            rf"\left\lfloor \frac{{{n} + {total} - {axis.span} + {s}}}{{{s}}} \right\rfloor",
            rf"{axis.places}\;\;(p_{index} = {total}\;\text{{in}}\;\text{{all}})",
        )


def labelled(label: str, drawing: str) -> str:
    """A drawing under its name."""
    return f'<div><span class="calc-part-caption">{plain(label)}</span>{drawing}</div>'


def stacked(drawings: Iterable[str]) -> str:
    """Drawings above each other."""
    return f'<div class="calc-stacked">{"".join(drawings)}</div>'


def beside(drawings: Iterable[str]) -> str:
    """Drawings beside each other."""
    return f'<div class="calc-beside">{"".join(drawings)}</div>'


def two(stops: Iterable[Stop], notes: Iterable[Stop]) -> tuple[list[Stop], list[Stop]]:
    """The steps and the notes of a picture; where there is a single step, the notes become steps as well."""
    steps, asides = list(stops), list(notes)
    return (steps, asides) if len(steps) > 1 else ([*steps, *asides], [])
