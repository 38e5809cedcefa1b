"""Pools, stamps and upsampling with values: what the demos say, what they refuse, what stands on their pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from calc.demo import Demo
from calc.demos.pool import PoolingByHand
from calc.demos.transposed import TransposedByHand
from calc.demos.upsampling import PixelShuffleByHand, UpsamplingByHand
from calc.errors import CalcError
from calc.exercises.pooling_by_hand import CeilModeSize
from calc.keras import keras_layer
from calc.layers.window import places_ceil
from calc.values import pool, resample, transposed
from calc.values.convolve import flat
from site_tests.test_every_demo import untypeset
from site_tests.values import plain

PAGES = Path(__file__).parents[2] / "docs" / "en"

ONES = ((1, 1, 1),) * 3
FOUR = ((1, 1, 1, 1),) * 4


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def shown(html: str) -> str:
    return re.sub("<[^>]*>", " ", html)


def test_a_max_pool_says_what_it_keeps() -> None:
    """The window's numbers and the largest of them; where a cell goes, and whether it is kept."""
    demo = PoolingByHand(image=((1, 5, 0), (2, 6, -3)), stride=1)
    picture = demo.picture(untypeset)

    assert "Row 1, column 1: the largest of 1, 5, 2, 6 is 6." in picture
    assert "Row 2, column 2 holds 6: read by 2 windows, kept by 2." in picture
    assert "Row 2, column 3 holds −3: read by 1 window, kept by none." in picture
    assert picture.count('class="cell won"') == 1 + 1, "the cell, and the key of the legend"


def test_padding_cannot_win() -> None:
    """−∞ around negative numbers."""
    demo = PoolingByHand(image=((-5, -7), (-6, -8)), padding=1)

    assert plain(demo.pooled) == [[-5, -7], [-6, -8]]
    assert "Row 1, column 1: the largest of −5 is −5; 3 cells of padding cannot win." in demo.picture(untypeset)
    assert demo.picture(untypeset).count(">−∞<") == 12


def test_an_average_says_what_it_divides_by() -> None:
    """Padding counts or not; what hangs over beyond it never does."""
    with_padding = PoolingByHand(image=ONES, mode="average", padding=1)
    without = PoolingByHand(image=ONES, mode="average", padding=1, count_include_pad=False)
    hanging = PoolingByHand(image=FOUR, mode="average", kernel_size=3, stride=2, padding=1, ceil_mode=True)

    assert with_padding.pooled[0][0] == 0.25
    assert without.pooled[0][0] == 1
    assert with_padding.worked((0, 0)) == "1 / 4 = 0.25; padding counts with 3 zeros."
    assert without.worked((0, 0)) == "1 / 1 = 1; 3 cells of padding not counted."
    assert hanging.worked((2, 2)) == (
        "1 / 4 = 0.25; padding counts with 3 zeros, 5 cells beyond the padding never counted."
    )
    negative = PoolingByHand(image=((-2, 1), (0, 3)), mode="average")
    assert negative.worked((0, 0)) == "((−2) + 1 + 0 + 3) / 4 = 0.5."


def test_cells_that_no_window_reads_are_counted() -> None:
    """Of 5 × 5 cells under 2 × 2 windows nine; none when the last window may hang over."""
    assert "9 of 25" in shown(PoolingByHand().answer(untypeset))
    assert "Row 5, column 5 holds 5: no window reads it." in PoolingByHand().picture(untypeset)
    assert "0 of 25" in shown(PoolingByHand(ceil_mode=True).answer(untypeset))
    assert PoolingByHand(ceil_mode=True).on[1].reads(2) == (4, 5)


def test_a_single_window_has_two_steps() -> None:
    """What it reads, then what comes out."""
    words = re.findall("<li data-step=[^>]*>([^<]*)", PoolingByHand(image=((1, 2), (3, 4))).picture(untypeset))

    assert words == ["There is one window. It reads 4 cells.", "Row 1, column 1: the largest of 1, 2, 3, 4 is 4."]


CEIL = [
    # (cells, kernel, stride, padding, rounded up, what PyTorch makes)
    (4, 2, 3, 1, 3, 2),
    (3, 2, 2, 1, 3, 2),
    (2, 1, 2, 0, 2, 1),
    (5, 2, 2, 1, 4, 3),
    (1, 2, 2, 1, 2, 1),
]


@pytest.mark.parametrize(("n", "k", "s", "p", "rounded", "size"), CEIL)
def test_the_last_window_may_be_dropped(n: int, k: int, s: int, p: int, rounded: int, size: int) -> None:
    """As the page's table and the demo say, and nothing is said where nothing is dropped."""
    demo = PoolingByHand(image=((0,) * n,) * n, kernel_size=k, stride=s, padding=p, ceil_mode=True)

    assert -(-(n + 2 * p - k) // s) + 1 == rounded
    assert len(demo.pooled) == places_ceil(n, k, s, p, None) == size
    start = size * s
    assert (
        f"It would start at cell {start}, counted with the padding, where the image is over: {start} ≥ {n} + {p}."
        in (demo.steps(untypeset))
    )
    assert f"| {n} | {k} | {s} | {p} | {rounded} | {size} |" in page("pooling-by-hand")
    assert "dropped" not in PoolingByHand(ceil_mode=True).steps(untypeset)
    assert "dropped" not in PoolingByHand().steps(untypeset)


def test_the_figures_of_the_pooling_page() -> None:
    """The worked example, ties, negative borders, the window that is all padding."""
    text = page("pooling-by-hand")

    assert pool.max_pool(((1, 5), (2, 6)), 2) == (((6,),), ((3,),))
    assert pool.avg_pool(((1, 5), (2, 6)), 2) == ((14 / 4,),)
    assert "the largest of 1, 5, 2, 6 is 6; their mean is $`14/4 = 3.5`$" in text
    assert pool.winner(((7, 7), (7, 7)), pool.pool_axes((2, 2), 2), (0, 0)) == (0, 0)
    assert set(flat(pool.max_pool(((-5,) * 3,) * 3, 2, padding=1)[0])) == {-5}
    assert pool.max_pool((0,), 2, padding=1, dilation=2)[0] == (float("-inf"),)
    assert len(PoolingByHand(ceil_mode=True).pooled) == 3


def test_stamps_add_up() -> None:
    """What each input cell adds, what an output cell is made of, what is cut off."""
    picture = TransposedByHand(padding=1, output_padding=1).picture(untypeset)

    assert "The kernel is a stamp: 4 input cells leave their multiples of it." in picture
    assert "Row 1, column 2 holds 2: it adds 2 4 2; 4 8 4; 2 4 2; 3 of its 9 cells are cut off." in picture
    assert "Row 2, column 2: 1·1 + 2·1 + 3·1 + 4·1 = 10." in picture
    assert "Cut off by padding: 1·1 + 2·1 = 3." in picture
    assert picture.count('class="cell gained"') == 7 + 1
    lonely = TransposedByHand(image=((2,),), kernel=((3,),), stride=2, output_padding=1)
    assert plain(lonely.output) == [[6, 0], [0, 0]]
    assert "Row 2, column 2: no stamp reaches it, it is 0." in lonely.picture(untypeset)


def test_the_textbook_example() -> None:
    """Dive into Deep Learning, as the page works it out; overlaps of kernel 3 with stride 2."""
    demo = TransposedByHand(image=((0, 1), (2, 3)), kernel=((0, 1), (2, 3)), stride=1)

    assert plain(demo.output) == [[0, 0, 1], [0, 4, 6], [4, 12, 9]]
    assert demo.pairs((1, 1)) == [(0, 3), (1, 2), (2, 1), (3, 0)]
    assert r"0 \cdot 3 + 1 \cdot 2 + 2 \cdot 1 + 3 \cdot 0 = 4" in page("transposed-by-hand")
    parts = {
        len(transposed.parts((3, 3), transposed.stamp_axes((3, 3), (3, 3), 2), cell))
        for cell in ((1, 1), (1, 2), (2, 2))
    }
    assert parts == {1, 2, 4}
    inner = transposed.stamp_axes((4,), (4,), 2)
    assert {len(transposed.parts((4,), inner, (cell,))) for cell in range(2, 8)} == {2}


def test_what_keras_means_by_none() -> None:
    """5 cells, kernel 3, stride 2, 'same': 10 with None, 9 with 0, 10 with 1."""

    def size(extra: int | None) -> Any:
        given = {"filters": 1, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": extra}
        return keras_layer("Conv2DTranspose", **given)((1, 5, 5, 1))

    assert [size(extra)[1] for extra in (None, 0, 1)] == [10, 9, 10]
    assert "gives 10 with `output_padding=None`, 9 with 0 and 10 with 1" in page("transposed-by-hand")


def test_an_upsampled_cell_names_its_sources() -> None:
    """Copied, or mixed with weights; where the corners are kept and where not."""
    assert UpsamplingByHand(mode="nearest").worked((1, 2)) == "Row 2, column 3 copies row 1, column 2: 4."
    assert UpsamplingByHand().worked((0, 1)) == (
        "Row 1, column 2 lies at row 1, column 1.25 of the input: 0.75·0 + 0.25·4 = 1."
    )
    assert "Row 1, column 1 holds 0: 9 output cells have a part of it, with weights that add up to 4." in (
        UpsamplingByHand().picture(untypeset)
    )
    assert resample.interpolate((0, 4), 4, "linear") == (0, 1, 3, 4)
    kept = resample.interpolate((0, 4), 4, "linear", align_corners=True)
    assert [round(number, 4) for number in kept] == [0, 1.3333, 2.6667, 4]
    assert "become 0, 1, 3, 4 without it and 0, 1.3333, 2.6667, 4 with it" in page("transposed-by-hand")


def test_pixel_shuffle_only_moves() -> None:
    """Each output cell names the channel that it comes from; two images where there are channels for two."""
    assert "Row 2, column 1 is channel 3, row 1, column 1: 5." in PixelShuffleByHand().picture(untypeset)
    two = PixelShuffleByHand(channels=tuple(((number,),) for number in range(8)))
    assert plain(two.output) == [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]
    assert "Output 2, row 1, column 2 is channel 6, row 1, column 1: 5." in two.picture(untypeset)
    assert resample.pixel_unshuffle(two.output, 2) == two.channels


REFUSED: list[tuple[type[Demo], dict[str, Any], str]] = [
    (
        PoolingByHand,
        {"padding": 2},
        "PoolingByHand: padding (=2) must be at most half of kernel_size (=2); use at most 1.",
    ),
    (
        PoolingByHand,
        {"image": ((1, 2, 3, 4),), "kernel_size": 3},
        "PoolingByHand: kernel_size (=3) is too large: the padded image has 1 rows; "
        "use at most 1, or type a larger image.",
    ),
    (
        TransposedByHand,
        {"output_padding": 2},
        "TransposedByHand: output_padding (=2) must be less than stride (=2); use 1.",
    ),
    (
        TransposedByHand,
        {"image": ((1,),), "padding": 2},
        "TransposedByHand: padding (=2) cuts off everything; use at most 1.",
    ),
    (
        UpsamplingByHand,
        {"mode": "nearest", "align_corners": True},
        "UpsamplingByHand: align_corners (=True) must be False with mode='nearest'; use it with 'bilinear'.",
    ),
    (
        PixelShuffleByHand,
        {"upscale_factor": 3},
        "PixelShuffleByHand: upscale_factor (=3) needs a multiple of 9 channels, and there are 4; "
        "type 9 channels, an empty line between them.",
    ),
]


@pytest.mark.parametrize(("kind", "arguments", "sentence"), REFUSED)
def test_what_does_not_fit_is_refused(kind: type[Demo], arguments: dict[str, Any], sentence: str) -> None:
    """Word for word."""
    with pytest.raises(CalcError) as caught:
        kind(**arguments)

    assert str(caught.value) == sentence


def test_the_way_out_works() -> None:
    """The numbers that the sentences above offer are taken."""
    assert PoolingByHand(padding=1).pooled
    assert PoolingByHand(image=((1, 2, 3, 4),), kernel_size=1).pooled
    assert TransposedByHand(output_padding=1).output
    assert TransposedByHand(image=((1,),), padding=1).output[0] == (4,)
    for k in range(1, 5):
        for p in range(4):
            image = ((1,),)
            try:
                TransposedByHand(image=image, kernel=((1,) * k,) * k, padding=p)
            except CalcError as error:
                most = int(error.hint.rpartition(" ")[2])
                assert TransposedByHand(image=image, kernel=((1,) * k,) * k, padding=most).output


def test_an_exercise_knows_the_last_window_rule() -> None:
    """Rounding up alone is told what it forgot."""
    told = [CeilModeSize(variant=number).posed for number in range(50)]
    forgot = "The last window would start in the right padding, so it is dropped."

    assert any(forgot in posed.slips.values() and not posed.meets(wrong) for posed in told for wrong in posed.slips)
    assert any("so it stays" in posed.because for posed in told)
