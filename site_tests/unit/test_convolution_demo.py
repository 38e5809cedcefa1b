"""Convolution demos: the notes' own examples, the sentences of steps and notes, sizes in both notations, refusals."""

from __future__ import annotations

import re
from html import unescape
from random import Random
from typing import Any

import pytest

from calc.demo import Demo
from calc.demos.convolution import ConvolutionByHand
from calc.demos.convolution_channels import ConvolutionChannels
from calc.demos.convolution_text import ConvolutionOverText
from calc.errors import CalcError
from calc.values.convolve import sizes
from site_tests.test_every_demo import untypeset


def said(demo: Demo, kind: str = "step") -> list[str]:
    """What the steps or the notes of the picture say."""
    picture = demo.panel("picture", untypeset)
    return [unescape(each) for each in re.findall(f"<li data-{kind}=[^>]*>([^<]*)</li>", picture)]


def lit(demo: Demo, cell: str) -> list[str]:
    """The cells that light up with a cell."""
    picture = demo.panel("picture", untypeset)
    [lights] = re.findall(f'<li data-(?:step|note)="{re.escape(cell)}" data-lights="([^"]*)"', picture)
    return sorted(lights.split())


def words(demo: Demo, panel: str) -> str:
    """A panel without its marks; of code nothing else is left."""
    return unescape(re.sub("<[^>]*>", "" if panel == "torch" else " ", demo.panel(panel, untypeset)))


def test_the_notes_own_example() -> None:
    """0 … 8 under 0 1 2 3: each output with its four products."""
    demo = ConvolutionByHand()

    assert said(demo) == [
        "Output row 1, column 1: 0·0 + 1·1 + 3·2 + 4·3 = 19.",
        "Output row 1, column 2: 1·0 + 2·1 + 4·2 + 5·3 = 25.",
        "Output row 2, column 1: 3·0 + 4·1 + 6·2 + 7·3 = 37.",
        "Output row 2, column 2: 4·0 + 5·1 + 7·2 + 8·3 = 43.",
    ]
    assert lit(demo, "y-0-1") == ["k-0-0", "k-0-1", "k-1-0", "k-1-1", "x-0-1", "x-0-2", "x-1-1", "x-1-2"]


def test_the_other_way_round() -> None:
    """An input cell says and lights the outputs that it goes into; a weight the cells that it is multiplied with."""
    demo = ConvolutionByHand()

    assert (
        "The 4 in row 2, column 2 goes into 4 outputs: "
        "times 3 into 19, times 2 into 25, times 1 into 37, times 0 into 43." in said(demo, "note")
    )
    assert "The 8 in row 3, column 3 goes into 1 output: times 3 into 43." in said(demo, "note")
    assert "Weight 3, the same at every place: it is multiplied with these cells." in said(demo, "note")
    assert lit(demo, "x-2-2") == ["k-1-1", "y-1-1"]
    assert lit(demo, "k-1-1") == ["x-1-1", "x-1-2", "x-2-1", "x-2-2"]


def test_dilation_leaves_holes_dark() -> None:
    """Only the cells under a weight light up, and none between."""
    demo = ConvolutionByHand(dilation=2)

    assert said(demo)[0] == "Output row 1, column 1: 0·0 + 2·1 + 6·2 + 8·3 = 38."
    assert lit(demo, "y-0-0") == ["k-0-0", "k-0-1", "k-1-0", "k-1-1", "x-0-0", "x-0-2", "x-2-0", "x-2-2"]
    assert len(said(demo)) > 1, "a single output is gone through with its weights"


def test_padding_is_told_from_the_image() -> None:
    """Zeros outside are cells of their own; a step says how many it reads."""
    demo = ConvolutionByHand(padding=1)

    assert said(demo)[0] == "Output row 1, column 1: 0·0 + 0·1 + 0·2 + 0·3 = 0. 3 of the 4 cells are padding."
    assert said(demo)[1].endswith("2 of the 4 cells are padding.")
    assert "x--1--1" in lit(demo, "y-0-0")
    assert "This 0 of the padding goes into 1 output: times 0 into 0." in said(demo, "note")


def test_cells_that_are_never_read() -> None:
    """What a stride leaves over is marked, counted and says so."""
    demo = ConvolutionByHand(stride=2, image=((1, 2, 3, 4, 5),) * 5)

    assert "Never read 9" in " ".join(words(demo, "answer").split())
    assert "The 5 in row 1, column 5 is never read: the window does not reach it or steps over it." in said(
        demo, "note"
    )
    assert "cell unused" in demo.panel("picture", untypeset)


def test_a_turned_kernel() -> None:
    """With `flip` it is what mathematics calls a convolution; the picture shows the turned kernel."""
    demo = ConvolutionByHand(flip=True)

    assert said(demo)[0] == "Output row 1, column 1: 0·3 + 1·2 + 3·1 + 4·0 = 5."
    assert "kernel, turned by 180°" in words(demo, "picture")
    assert "cross-correlation" in words(ConvolutionByHand(), "answer")
    assert "cross-correlation" not in words(demo, "answer")
    assert "kernel.flip(0, 1)" in words(demo, "torch")


BOTH = [
    # padding, per side, in all
    (0, "0 per side", "p_h = 0"),
    (2, "2 per side", "p_h = 4"),
    ((0, 2), "(0, 2) per side", "p_w = 4"),
]


@pytest.mark.parametrize(("padding", "side", "total"), BOTH)
def test_padding_in_both_notations(padding: Any, side: str, total: str) -> None:
    """C3 and C4: per side and in all, with the same size at the end of both lines."""
    demo = ConvolutionByHand(padding=padding, stride=2)
    lines = re.findall(r"_\{\\text\{out\}\}.*?</li>", demo.panel("derivation", untypeset))

    assert side in words(demo, "answer")
    assert total in words(demo, "derivation")
    found = [re.findall(r"\{\} = (\d+)\\;\\;\((p[^)]*)\)", line)[0] for line in lines]
    for (one, per_side), (other, in_all) in zip(found[::2], found[1::2], strict=True):
        assert one == other
        assert per_side.endswith(r"\text{per}\;\text{side}")
        assert in_all.endswith(r"\text{in}\;\text{all}")


def test_same_pads_unevenly() -> None:
    """An even kernel keeps the size with one zero more below and on the right, which 2p cannot say."""
    demo = ConvolutionByHand(padding="same")

    assert "0, 1; 0, 1" in words(demo, "answer")
    assert "per" not in words(demo, "derivation")
    assert "F.pad(image[None, None], (0, 1, 0, 1))" in words(demo, "torch")
    assert len(said(demo)) == 9


def test_channels_are_summed() -> None:
    """The notes' two channels, and the bias once."""
    demo = ConvolutionChannels()

    assert said(demo)[0] == (
        "Output channel 1, row 1, column 1: input 1 gives 0·0 + 1·1 + 3·2 + 4·3 = 19; "
        "input 2 gives 1·1 + 2·2 + 4·3 + 5·4 = 37. 19 + 37 + bias 1 = 57."
    )
    assert len(said(demo)) == 8
    assert "18" in words(demo, "answer")


def test_groups_keep_channels_apart() -> None:
    """With 2 groups the same four kernels make four outputs, each of one input; missing biases are 0."""
    demo = ConvolutionChannels(groups=2)

    assert list(demo.output[0]) == [(20, 26), (38, 44)]  # 19 25; 37 43 with a bias of 1
    assert list(demo.output[1]) == [(26, 36), (56, 66)]  # 27 37; 57 67 with a bias of -1
    assert sizes(demo.output) == (4, 2, 2)
    assert list(demo.added) == [1, -1, 0, 0]
    assert said(demo)[-1] == (
        "Output channel 4, row 2, column 2: input 2 gives 5·2 + 6·3 + 8·4 + 9·5 = 105. 105 + bias 0 = 105."
    )
    assert said(demo, "note")[0] == (
        "The 0 in row 1, column 1 of input 1 goes into output channels 1, 2, at 1 place of each."
    )


def test_text_moves_along_one_axis() -> None:
    """E2: a place is three words with all of their vectors; equal words have equal vectors."""
    demo = ConvolutionOverText()

    assert demo.vectors[0] == demo.vectors[4]
    assert said(demo)[0].startswith('Place 1, kernel 1 reads "the", "cat", "sat": ')
    assert "1 axis" in words(demo, "answer")
    assert sorted({cell[:3] for cell in lit(demo, "y-1-0") if cell[0] == "x"}) == ["x-1", "x-2", "x-3"]
    assert len([cell for cell in lit(demo, "y-1-0") if cell[0] == "x"]) == 9


def test_causal_sees_nothing_later() -> None:
    """All padding stands in front, and no output reads a word behind its own, whatever the dilation."""
    for dilation in (1, 2, 4):
        demo = ConvolutionOverText(padding="causal", dilation=dilation)
        assert (demo.axis.before, demo.axis.after) == (2 * dilation, 0)
        assert demo.axis.places == 6
        assert all(max(demo.axis.reads(place)) == place for place in range(6))
    assert said(demo)[-1].endswith('Nothing later than "mat" is seen.')


def test_same_sees_later_words() -> None:
    """And the step says which."""
    demo = ConvolutionOverText(padding="same")

    assert said(demo)[0].endswith('"cat" comes later than "the".')
    assert "later" not in said(demo)[-1]


REFUSED = [
    (
        ConvolutionByHand,
        {"padding": (1, 2, 3)},
        "ConvolutionByHand: padding (=(1, 2, 3)) must be one number, or two: for rows and for columns; try (1, 2).",
    ),
    (ConvolutionByHand, {"stride": (1, 0)}, "ConvolutionByHand: stride (=(1, 0)) must be at least 1; try 1."),
    (ConvolutionByHand, {"dilation": 9}, "ConvolutionByHand: dilation (=9) must be at most 4; try 4."),
    (
        ConvolutionByHand,
        {"dilation": 3},
        "ConvolutionByHand: dilation (=3) makes the kernel span 4 rows, and the padded image has 3; try 1.",
    ),
    (
        ConvolutionByHand,
        {"image": ((1, 2),)},
        "ConvolutionByHand: kernel (='2 × 2') has 2 rows, and the padded image has 1; "
        "leave out weights, or add padding.",
    ),
    (
        ConvolutionByHand,
        {"image": ((1,) * 8,) * 8, "kernel": ((1,) * 5,) * 5, "padding": 2},
        "ConvolutionByHand: kernel (='5 × 5') makes 1,600 products, more than the 900 that can be gone through; "
        "set a larger stride or less padding.",
    ),
    (
        ConvolutionChannels,
        {"groups": 3},
        "ConvolutionChannels: groups (=3) must divide the number of the image's channels, 2; try 2.",
    ),
    (
        ConvolutionChannels,
        {"kernels": (((1,),),) * 3},
        "ConvolutionChannels: kernels (='3 matrices') must be 2 matrices, one for each channel, or a multiple of that, "
        "and are 3; add or leave out some.",
    ),
    (
        ConvolutionChannels,
        {"bias": (1, 2, 3)},
        "ConvolutionChannels: bias (=(1, 2, 3)) has 3 numbers, more than there are output channels, 2; leave some out.",
    ),
    (
        ConvolutionChannels,
        {"image": ((((1,) * 5,) * 5,) * 2), "kernels": (((1,),),) * 8, "padding": 2},
        "ConvolutionChannels: kernels (='8 matrices') make 324 outputs, more than the 200 that can be gone through; "
        "set a larger stride or less padding.",
    ),
    (
        ConvolutionOverText,
        {"sentence": "word"},
        "ConvolutionOverText: sentence (='word') must have 2 to 10 words, and has 1; write a few more.",
    ),
    (
        ConvolutionOverText,
        {"dilation": 4},
        "ConvolutionOverText: dilation (=4) makes the kernel span 9 words, and there are 6; "
        "try 1, or set padding to same.",
    ),
    (
        ConvolutionOverText,
        {"sentence": "two words"},
        "ConvolutionOverText: kernel_size (=3) is more words than there are, 2; "
        "set padding to same, or write more words.",
    ),
]


@pytest.mark.parametrize(("kind", "fields", "text"), REFUSED)
def test_refusals(kind: type[Demo], fields: dict[str, Any], text: str) -> None:
    """What does not fit, word for word."""
    with pytest.raises(CalcError) as caught:
        kind(**fields)
    assert str(caught.value) == text


def test_the_heaviest_pictures_stay_light() -> None:
    """The most that the bounds allow, with entries of four decimals."""
    draw = Random(1)

    def drawn(rows: int, columns: int) -> Any:
        return tuple(tuple(round(draw.uniform(-2, 2), 4) for _ in range(columns)) for _ in range(rows))

    heavy = [
        ConvolutionByHand(image=drawn(8, 8), kernel=drawn(3, 3), padding=2),
        ConvolutionChannels(image=tuple(drawn(5, 5) for _ in range(4)), kernels=tuple(drawn(3, 3) for _ in range(8))),
        ConvolutionOverText(sentence="word " * 10, kernel_size=5, padding="same", channels=4, filters=3),
    ]
    for demo in heavy:
        assert sum(len(demo.panel(name, untypeset)) for name in demo.panels) < 150_000
