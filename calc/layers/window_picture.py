"""The picture of a window over padded cells, for convolutions and pools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calc.layers.image import SPATIAL
from calc.picture import Axis, Spans, figure, mapping, sizes

LEGEND = {
    "data": "input",
    "pad": "padding",
    "over": "beyond the end (ceil_mode)",
    "unused": "never read",
    "first": "first place of the window",
    "second": "next place",
}


@dataclass(frozen=True)
class Window:
    """A window along one axis: size k, step s, taps d apart, over n cells and their padding."""

    n: int
    k: int
    s: int
    d: int
    before: int
    after: int
    count: int

    @property
    def padded(self) -> int:
        """Cells with the padding on both sides."""
        return self.before + self.n + self.after

    @property
    def end(self) -> int:
        """The padded cell after the last one that is read."""
        return self.taps(self.count - 1).stop

    def taps(self, place: int) -> range:
        """The padded cells that the window reads at one place."""
        start = place * self.s
        return range(start, start + self.d * (self.k - 1) + 1, self.d)

    def axis(self) -> Axis:
        """This window as an axis to draw: what it reads, and what it never reaches."""
        source = Spans(
            ("pad", min(self.before, self.end)),
            ("data", min(max(self.end - self.before, 0), self.n)),
            ("pad", min(max(self.end - self.before - self.n, 0), self.after)),
            ("unused", max(self.padded - self.end, 0)),
            ("over", max(self.end - self.padded, 0)),
        )
        target = Spans(("data", self.count))
        return Axis(source, target, self.count, self.taps, lambda place: range(place, place + 1))


def window_picture(windows: Sequence[Window], what: str) -> str:
    """The window at its first two places over the padded input, and the cells that it fills."""
    cells, padded, places = (sizes(getattr(window, name) for window in windows) for name in ("n", "padded", "count"))
    labels = (f"Padded input of {padded} cells with {what} at its first places.", f"Output of {places} cells.")
    source, target, kinds = mapping([window.axis() for window in windows], labels)
    input_text = f"{cells} cells" + (f", padded to {padded}" if padded != cells else "")
    legend = [(kind, text) for kind, text in LEGEND.items() if kind in kinds]
    return figure([(source, input_text), (target, f"{places} places")], _caption(windows, what), legend)


def _caption(windows: Sequence[Window], what: str) -> str:
    sentences = [f"Where {what} is read first, and where next."]
    for window, symbol in zip(windows, SPATIAL[len(windows)], strict=True):
        if window.before != window.after:
            sentences.append(f"Along {symbol} the padding is {window.before} before and {window.after} after.")
        spare = window.padded - window.end
        if spare > 0:
            kind = "padded " if window.padded > window.n else ""
            cells = f"{kind}cell is" if spare == 1 else f"{spare} {kind}cells are"
            sentences.append(f"Along {symbol} the last {cells} never read: no whole window fits there.")
        if spare < 0:
            sentences.append(f"Along {symbol} the last window hangs over the end by {-spare}.")
    if len(windows) == 3:
        depth = windows[0]
        sentences.append(
            f"Drawn is one of the {depth.n} slices along D; the window covers {depth.k} of them "
            f"and has {depth.count} places there."
        )
    return " ".join(sentences)
