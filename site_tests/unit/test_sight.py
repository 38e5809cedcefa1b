"""What places of a map see, with and without maps that are made larger."""

from __future__ import annotations

import pytest

import calc
from calc.sight import Reading, Sight, reading


def spans(sight: Sight, count: int) -> list[tuple[int, int]]:
    return [sight.place(number) for number in range(count)]


def test_a_window_that_moves() -> None:
    """Three cells, two apart, from one before the first."""
    sight = Sight().through(Reading(2, 1, -1, 1))

    assert spans(sight, 3) == [(-1, 1), (1, 3), (3, 5)]
    assert (sight.width, sight.step) == (3, 2)


def test_a_map_made_larger() -> None:
    """Two neighbours look into the same cell, so three in a row see two cells, whichever they are."""
    larger = Sight().through(Reading(1, 2, -1, 0))
    window = larger.through(Reading(1, 1, -1, 1))

    assert spans(larger, 4) == [(0, 0), (0, 0), (1, 1), (1, 1)]
    assert spans(window, 4) == [(-1, 0), (0, 1), (0, 1), (1, 2)]
    assert window.width == 2


def test_places_may_see_differently_much() -> None:
    """Of three places of a map made larger four times, some lie in one cell and some in two."""
    larger = Sight().through(Reading(1, 4, -3, 0)).through(Reading(1, 1, -1, 1))

    assert [last - first + 1 for first, last in larger.spans] == [2, 1, 1, 2]
    assert larger.width == 2


def test_paths_that_meet() -> None:
    """A sum sees what both of its terms see."""
    narrow, wide = Sight(), Sight().through(Reading(1, 1, 0, 3))

    assert narrow.beside(wide).spans == wide.beside(narrow).spans == ((0, 3),)


READINGS = [
    # (layer, arguments, input, places that are read for the first four of the output)
    ("Conv2d", {"in_channels": 1, "out_channels": 1, "kernel_size": 3, "stride": 2, "padding": 1}, [(-1, 1), (1, 3)]),
    ("MaxPool2d", {"kernel_size": 2}, [(0, 1), (2, 3)]),
    ("ConvTranspose2d", {"in_channels": 1, "out_channels": 1, "kernel_size": 2, "stride": 2}, [(0, 0), (0, 0)]),
    ("Upsample", {"scale_factor": 3}, [(0, 0), (0, 0)]),
]


@pytest.mark.parametrize(("name", "arguments", "read"), READINGS)
def test_what_layers_read(name: str, arguments: dict[str, object], read: list[tuple[int, int]]) -> None:
    """The first two places along the first axis."""
    layer = calc.layer(name, **arguments)
    window = layer.window((1, 1, 12, 12))
    assert window is not None
    found = [reading(layer, 0, *window[0]).places(number) for number in range(2)]

    assert [(places[0], places[-1]) for places in found] == read
