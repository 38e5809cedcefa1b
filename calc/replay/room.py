"""The room that KaTeX makes for the comma of a large number.

A comma reaches below the line, so a formula with one is lower, its brackets may be
larger and its fractions stand elsewhere: lengths in styles and sizes in class names.
Each formula is typeset with and without the commas, and where the two differ the page
chooses between them; where they differ in more than that, it leaves the number to Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from calc.replay.numerals import MARKS, Way, mark, mark_number, mark_of, written

MOST_GROUPS = 3
"""A place in a formula where more kinds of numbers matter than these is left to Python."""

SOURCE = re.compile(r"<annotation .*?</annotation>", re.S)
"""Where the formula's own TeX stands in its HTML."""

PLACE = re.compile(r"\ue000(\d+) ([^\ue001]*)\ue001")
"""A mark taken out of HTML: its number, and the way in which it was written."""


@dataclass(frozen=True)
class Choice:
    """Texts of which a place in a formula has one, as commas want it.

    `groups` are numbers of marks; bit i of the index into `texts` says whether any of
    the group i has a comma.
    """

    groups: tuple[tuple[int, ...], ...]
    texts: tuple[str, ...]

    def chosen(self, commas: Collection[int]) -> str:
        """The text where these marks have commas."""
        bits = (any(number in commas for number in group) << place for place, group in enumerate(self.groups))
        return self.texts[sum(bits)]


class Uneven(Exception):
    """A formula that commas change in more than its lengths."""


def roomy(tex: str, styles: Mapping[int, str], typeset: Callable[[str], str]) -> list[str | Choice]:
    """A formula with marks as HTML with marks, in pieces.

    `styles` says how each mark's number is written; those in the style "," have commas
    once they are large enough. Raises `Uneven`.
    """
    order = list(dict.fromkeys(mark_number(found) for found in MARKS.finditer(tex)))
    places = {number: place for place, number in enumerate(order)}
    renumbered = MARKS.sub(lambda found: mark(places[mark_number(found)]), tex)

    def back(piece: str | Choice) -> str | Choice:
        if isinstance(piece, str):
            return PLACE.sub(lambda found: Way(tuple(found[2].split("|"))).write(mark_of(order[int(found[1])])), piece)
        return Choice(tuple(tuple(order[place] for place in group) for group in piece.groups), piece.texts)

    return list(map(back, _roomy(renumbered, tuple(styles[number] for number in order), typeset)))


@cache
def _roomy(tex: str, styles: tuple[str, ...], typeset: Callable[[str], str]) -> list[str | Choice]:
    """The same for marks numbered from 0, with the marks taken out; equal formulas are many."""
    varying = [number for number, style in enumerate(styles) if style == ","]

    def drawn(commas: Collection[int]) -> list[str]:
        return _parts(typeset(MARKS.sub(lambda found: _with_commas(found, commas), tex)), styles)

    without, alone = drawn(()), {number: drawn((number,)) for number in varying}
    if any(len(parts) != len(without) for parts in alone.values()):
        raise Uneven(tex)
    found: list[str | Choice] = []
    for place, text in enumerate(without):
        groups: dict[str, list[int]] = {}
        for number in varying:
            if alone[number][place] != text:
                groups.setdefault(alone[number][place], []).append(number)
        if len(groups) > MOST_GROUPS:
            raise Uneven(tex)
        firsts = _subsets([group[0] for group in groups.values()])
        texts = tuple(drawn(commas)[place] for commas in firsts) if groups else ()
        found.append(Choice(tuple(map(tuple, groups.values())), texts) if groups else text)
    for commas in _tried(varying, found):
        if drawn(commas) != [each if isinstance(each, str) else each.chosen(commas) for each in found]:
            raise Uneven(tex)
    return found


def _with_commas(found: re.Match[str], commas: Collection[int]) -> str:
    number = mark_number(found)
    return Way(("x",)).write(mark_of(number)) if number in commas else mark(number)


def _parts(html: str, styles: Sequence[str]) -> list[str]:
    """HTML with its marks taken out, cut around the values of attributes."""
    sources = [found.span() for found in SOURCE.finditer(html)]
    taken, at = "", 0
    for found in MARKS.finditer(html):
        way, start, end = written(found, styles[mark_number(found)])
        if any(first <= start < last for first, last in sources):
            way = Way(("x",))
        taken += f"{html[at:start]}\ue000{mark_number(found)} {'|'.join(way.names)}\ue001"
        at = end
    return re.split(r'(?<==)("[^"]*")', taken + html[at:])


def _subsets(numbers: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All choices of some of them, in the order of the binary numbers that they stand for."""
    for bits in range(2 ** len(numbers)):
        yield tuple(number for place, number in enumerate(numbers) if bits >> place & 1)


def _tried(varying: Sequence[int], pieces: Sequence[str | Choice]) -> Iterator[tuple[int, ...]]:
    """With which commas the formula is typeset to see that the choices are right."""
    if len(varying) <= 4:
        yield from _subsets(varying)
        return
    yield tuple(varying)
    for number in varying:
        yield tuple(each for each in varying if each != number)
    if any(isinstance(each, Choice) and len(each.groups) > 1 for each in pieces):
        yield from combinations(varying, 2)
