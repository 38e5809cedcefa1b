"""The picture of a window over padded cells, for convolutions and pools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calc.layers.image import SPATIAL
from calc.picture import Line, Spans, figure, grid, sizes

LEGEND = {
    "data": "input",
    "pad": "padding",
    "over": "beyond the end (ceil_mode)",
    "unused": "never read",
    "first": "first place of the window",
    "second": "next place",
}


@dataclass(frozen=True)
class Axis:
    """A window along one axis: size k, step s, taps d apart, over n cells and their padding."""

    n: int
    k: int
    s: int
    d: int
    before: int
    after: int
    count: int

    def taps(self, place: int) -> range:
        """The padded cells that the window reads at one place."""
        start = place * self.s
        return range(start, start + self.d * (self.k - 1) + 1, self.d)

    def read(self) -> Line:
        """The padded input along this axis, cut into what the window reads and what it never reaches."""
        padded = self.before + self.n + self.after
        end = (self.count - 1) * self.s + self.d * (self.k - 1) + 1
        kinds = Spans(
            ("pad", min(self.before, end)),
            ("data", min(max(end - self.before, 0), self.n)),
            ("pad", min(max(end - self.before - self.n, 0), self.after)),
            ("unused", max(padded - end, 0)),
            ("over", max(end - padded, 0)),
        )
        return Line(kinds, self.taps(0) if self.count else (), self.taps(1) if self.count > 1 else ())

    def written(self) -> Line:
        """The output along this axis."""
        return Line(Spans(("data", self.count)), range(min(1, self.count)), range(1, min(2, self.count)))


def window_picture(axes: Sequence[Axis], what: str) -> str:
    """The window at its first two places over the padded input, and the cells that it fills."""
    symbols = SPATIAL[len(axes)]
    rows, columns = ([None, *axes] if len(axes) == 1 else list(axes))[-2:]
    assert columns is not None
    one = Line(Spans(("data", 1)), range(1), range(1))
    read = grid(rows.read() if rows else one, columns.read(), _described(axes, what))
    written = grid(
        rows.written() if rows else one, columns.written(), f"Output of {sizes(a.count for a in axes)} cells."
    )
    input_text = f"{sizes(a.n for a in axes)} cells"
    if any(a.before or a.after for a in axes):
        input_text += f", padded to {sizes(a.before + a.n + a.after for a in axes)}"
    used = _kinds_in(axes)
    caption = _caption(axes, symbols, what)
    legend = [(kind, text) for kind, text in LEGEND.items() if kind in used]
    return figure([(read, input_text), (written, f"{sizes(a.count for a in axes)} places")], caption, legend)


def _kinds_in(axes: Sequence[Axis]) -> set[str]:
    kinds = {"data", "first"}
    for axis in axes:
        line = axis.read()
        kinds |= {line.kinds[index] for index in line.shown() if index is not None}
        if axis.count > 1:
            kinds.add("second")
    return kinds


def _described(axes: Sequence[Axis], what: str) -> str:
    return f"Padded input of {sizes(a.before + a.n + a.after for a in axes)} cells with {what} at its first places."


def _caption(axes: Sequence[Axis], symbols: Sequence[str], what: str) -> str:
    sentences = [f"Where {what} is read first, and where next."]
    for axis, symbol in zip(axes, symbols, strict=True):
        spare = axis.before + axis.n + axis.after - ((axis.count - 1) * axis.s + axis.d * (axis.k - 1) + 1)
        if spare > 0:
            cells = "padded cell is" if spare == 1 else f"{spare} padded cells are"
            sentences.append(f"Along {symbol} the last {cells} never read: no whole window fits there.")
        if spare < 0:
            sentences.append(f"Along {symbol} the last window hangs over the end by {-spare}.")
    if len(axes) == 3:
        depth = axes[0]
        sentences.append(
            f"Drawn is one of the {depth.n} slices along D; the window covers {depth.k} of them "
            f"and has {depth.count} places there."
        )
    return " ".join(sentences)
