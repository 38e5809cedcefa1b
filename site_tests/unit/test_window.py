"""Window arithmetic for one axis: tables with the reason for each row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import calc
from calc.layers.window import places, places_ceil, places_same, reach, spread

PLACES = [
    # (n, k, s, p, d, expected)
    (224, 7, 2, 3, 1, 112),  # ResNet's first layer
    (227, 11, 4, 0, 1, 55),  # AlexNet as printed needs 227 ...
    (224, 11, 4, 0, 1, 54),  # ... 224 without padding gives 54
    (224, 11, 4, 2, 1, 55),  # torchvision pads 224 by 2
    (28, 5, 1, 2, 1, 28),  # odd k = 2m + 1 with m on each side keeps the size
    (28, 4, 1, 2, 1, 29),  # an even k cannot
    (7, 2, 2, 0, 1, 3),  # the division is floored, the last cell is never read
    (8, 3, 2, 0, 1, 3),  # strides that "do not fit" are no error
    (10, 3, 1, 0, 2, 6),  # dilation 2 makes k = 3 reach over 5
    (5, 5, 1, 0, 1, 1),
    (5, 5, 100, 0, 1, 1),  # a stride larger than the input
    (4, 3, 1, 0, 3, -2),  # does not fit: layers refuse what is below 1
]


@pytest.mark.parametrize(("n", "k", "s", "p", "d", "expected"), PLACES)
def test_places_floor(n: int, k: int, s: int, p: int, d: int, expected: int) -> None:
    """A window that does not fit whole is dropped."""
    assert expected == places(n, k, s, p, d)


CEIL = [
    # (n, k, s, p, expected, naive): the last-window rule takes one off where the window would start in the padding
    (4, 2, 3, 1, 2, 3),
    (3, 2, 2, 1, 2, 3),
    (2, 1, 2, 0, 1, 2),
    (5, 2, 2, 1, 3, 4),
    (1, 2, 2, 1, 1, 2),
    # and here it does not
    (5, 2, 2, 0, 3, 3),
    (7, 3, 2, 0, 3, 3),
    (6, 3, 2, 0, 3, 3),
    (4, 5, 2, 0, 1, 1),  # ceil_mode makes a kernel legal that exceeds the input
]


@pytest.mark.parametrize(("n", "k", "s", "p", "expected", "naive"), CEIL)
def test_places_ceil(n: int, k: int, s: int, p: int, expected: int, naive: int) -> None:
    """With ceil_mode the last window may hang over the end, but may not start in the right padding."""
    assert expected == places_ceil(n, k, s, p, 1)
    assert naive == -(-(n + 2 * p - k) // s) + 1
    layer = calc.layer("MaxPool1d", kernel_size=k, stride=s, padding=p, ceil_mode=True)
    assert (1, 1, expected) == layer((1, 1, n))


def windows() -> Iterator[tuple[int, int, int, int, int]]:
    for n in range(1, 10):
        for k in range(1, 5):
            for s in range(1, 5):
                for p in range(k // 2 + 1):
                    for d in range(1, 4):
                        yield n, k, s, p, d


def test_places_are_those_that_one_can_count() -> None:
    """The formula counts the starts of whole windows on the padded cells."""
    for n, k, s, p, d in windows():
        starts = [start for start in range(0, n + 2 * p, s) if start + d * (k - 1) < n + 2 * p]

        assert max(places(n, k, s, p, d), 0) == len(starts)


def test_ceil_places_are_those_that_one_can_count() -> None:
    """With ceil_mode also a start counts whose window hangs over, as long as it is not in the right padding."""
    for n, k, s, p, d in windows():
        total = n + 2 * p
        starts = [start for start in range(0, n + p, s) if start - s + d * (k - 1) + 1 < total or start == 0]

        if d * (k - 1) + 1 <= total:
            assert places_ceil(n, k, s, p, d) == len(starts), (n, k, s, p, d)


def test_padding_in_total_gives_the_same() -> None:
    """With p the total over both sides the course formula ⌊(n + p − k + s) / s⌋ is the same number."""
    for n, k, s, p, _ in windows():
        assert places(n, k, s, p, 1) == (n + 2 * p - k + s) // s


def test_same_keeps_the_size() -> None:
    """padding="same" has as many places as cells, even for an even kernel."""
    for n, k, _, _, d in windows():
        assert n == places_same(n, k, d)


def test_spread_undoes_places() -> None:
    """A transposed convolution leads back to the size, up to what the floor dropped: output_padding chooses which."""
    for n, k, s, p, d in windows():
        count = places(n, k, s, p, d)
        if count >= 1:
            dropped = (n + 2 * p - reach(k, d)) % s

            assert n == spread(count, k, s, p, d, dropped)


SPREAD = [
    # (n, k, s, p, d, op, expected)
    (5, 3, 2, 1, 1, 0, 9),  # the two sizes that a stride of 2 leaves to choose from
    (5, 3, 2, 1, 1, 1, 10),
    (4, 4, 2, 1, 1, 0, 8),  # DCGAN's doubling
    (7, 2, 2, 0, 1, 0, 14),  # U-Net's up-convolution
    (1, 4, 1, 0, 1, 0, 4),
    (3, 2, 4, 0, 1, 0, 10),  # stride beyond the kernel: cells that no stamp touches
]


@pytest.mark.parametrize(("n", "k", "s", "p", "d", "op", "expected"), SPREAD)
def test_spread(n: int, k: int, s: int, p: int, d: int, op: int, expected: int) -> None:
    """(n − 1) s − 2p + d (k − 1) + op + 1, as PyTorch documents it."""
    assert expected == spread(n, k, s, p, d, op) == (n - 1) * s - 2 * p + d * (k - 1) + op + 1


@pytest.mark.parametrize(("op", "fits"), [(0, True), (1, True), (2, True), (3, False)])
def test_output_padding_is_less_than_stride_or_dilation(op: int, fits: bool) -> None:
    """One of the two is enough."""
    layer = calc.layer(
        "ConvTranspose1d", in_channels=1, out_channels=1, kernel_size=3, stride=2, dilation=3, output_padding=op
    )

    if fits:
        assert (1, 1, 13 + op) == layer((1, 1, 4))
    else:
        with pytest.raises(calc.CalcError, match=r"must be less than stride \(=2\) or dilation \(=3\); use at most 2"):
            layer((1, 1, 4))
