"""The drawing of a receptive field: a cone of cells, map over map, and squares on the image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from calc.picture import svg
from calc.scene import at
from calc.values import field

HIGH, GAP = 20, 30
LEFT = 70
WIDEST, NARROWEST, WIDTH = 26, 4.4, 520
"""A cell's width, and that of the drawing where cells may choose theirs."""

SIDE = 190
"""Of the square that holds the image and the field."""


class Cone:
    """The maps one above the other, each place in the middle of what it sees."""

    def __init__(self, layers: Sequence[field.Layer]) -> None:
        self.layers = layers
        self.fields = field.fields(layers)
        self.widths = field.widths(layers)
        self.seen = [set(places) for places in reversed(field.seen(layers))]

    @cached_property
    def cell(self) -> float:
        """The width of a cell of the input."""
        return min(WIDEST, max(NARROWEST, round(WIDTH / self.widths[0], 1)))

    def is_seen(self, number: int, place: int) -> bool:
        """Whether the cell at the top sees a place of a map."""
        return place in self.seen[number]

    def holes(self) -> Iterator[tuple[int, int]]:
        """The places between the first and the last that are not seen."""
        for number, width in enumerate(self.widths):
            yield from ((number, place) for place in range(width) if not self.is_seen(number, place))

    def middle(self, number: int) -> int:
        """The place of a map nearest to the middle of those that are seen."""
        return min(self.seen[number], key=lambda place: abs(2 * place - self.widths[number] + 1))

    def below(self, number: int, place: int) -> list[str]:
        """The names of a place and of all that it sees."""
        maps = field.seen(self.layers[:number], place)
        return [at("m", number - step, each) for step, places in enumerate(maps) for each in places]

    def above(self, place: int) -> list[str]:
        """The names of all places that see a cell of the input and are seen from the top."""
        names, current = [], {place} & self.seen[0]
        for number, layer in enumerate(self.layers, 1):
            current = {each for each in self.seen[number] if current & set(field.reads(layer, each))}
            names += [at("m", number, each) for each in sorted(current)]
        return names

    def sees(self, number: int, place: int) -> tuple[int, int]:
        """The first and the last cell of the input that a place of a map sees."""
        size, jump = self.fields[number]
        return place * jump, place * jump + size - 1

    def paths(self) -> list[int]:
        """For each cell of the input, on how many ways through the windows it comes to the top."""
        counts = {0: 1}
        for layer in reversed(self.layers):
            below: dict[int, int] = {}
            for place, count in counts.items():
                for read in field.reads(layer, place):
                    below[read] = below.get(read, 0) + count
            counts = below
        return [counts.get(place, 0) for place in range(self.widths[0])]

    def svg(self, label: str) -> str:
        """The drawing."""
        paths, most = self.paths(), max(self.paths())
        body = ""
        for number, width in enumerate(self.widths):
            y = self._top(number)
            body += (
                f'<g data-cell="{at("r", number)}"><rect class="cell data" x="1" y="{y}" width="{LEFT - 12}" '
                f'height="{HIGH}" rx="3"></rect><text x="{LEFT / 2 - 5:g}" y="{y + 14}">'
                f"{f'layer {number}' if number else 'input'}</text></g>"
            )
            for place in range(width):
                shade = "" if number else self._shade(place, paths[place] / most)
                body += self._cell(number, place, shade)
        height = self._top(0) + HIGH + 1
        return svg(round(LEFT + self.widths[0] * self.cell + 1, 1), height, label, body)

    def _top(self, number: int) -> int:
        return 1 + (len(self.layers) - number) * (HIGH + GAP)

    def _middle(self, number: int, place: int) -> float:
        """Where a place's middle is drawn."""
        first, last = self.sees(number, place)
        return LEFT + (first + last + 1) / 2 * self.cell

    def _cell(self, number: int, place: int, shade: str) -> str:
        y, wires = self._top(number), ""
        seen = self.is_seen(number, place)
        if number and seen:
            reads = field.reads(self.layers[number - 1], place)
            start = f"M{self._middle(number, place):g} {y + HIGH}"
            ends = dict.fromkeys((reads[0], reads[-1]))
            lines = "".join(f"{start}L{self._middle(number - 1, end):g} {y + HIGH + GAP}" for end in ends)
            wires = f'<path class="wire thin" d="{lines}"></path>'
        box = self._box(number, place)
        return (
            f'<g data-cell="{at("m", number, place)}">{wires}'
            f'<rect class="cell {"data" if seen else "pad"}" {box}></rect>{shade}</g>'
        )

    def _box(self, number: int, place: int) -> str:
        # Places that look far apart stand far apart, so there is room for them.
        wide = max(min(self.cell * self.fields[number].jump, WIDEST) - 2, 3)
        x = self._middle(number, place) - wide / 2
        return f'x="{x:g}" y="{self._top(number)}" width="{wide:g}" height="{HIGH}" rx="2"'

    def _shade(self, place: int, share: float) -> str:
        return f'<rect class="warm" {self._box(0, place)} fill-opacity="{share * 0.6:.2f}"></rect>' if share else ""


def squares(fields: Sequence[int], image: int) -> str:
    """The image and, around its middle, what a place of each map sees; the cells are called `r-0`, `r-1`, ….

    Where a field is larger than the image, the drawing is scaled so that the field fits.
    """
    largest = max(image, *fields)

    def box(size: int) -> str:
        side = max(size / largest * SIDE, 2)
        return f'x="{1 + (SIDE - side) / 2:.1f}" y="{1 + (SIDE - side) / 2:.1f}" width="{side:.1f}" height="{side:.1f}"'

    body = f'<rect class="cell data" {box(image)}></rect>'
    # The largest first, so that the smaller ones lie above it and can be pointed at.
    for number, size in reversed(list(enumerate(fields))):
        body += f'<g data-cell="{at("r", number)}"><rect class="frame" {box(size)}></rect></g>'
    words = f"Image of {image} × {image}; fields of {', '.join(f'{size} × {size}' for size in fields)}."
    return svg(SIDE + 2, SIDE + 2, words, body)
