"""Convolution demos at settings of all kinds: their PyTorch code prints what it says, what lights up is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import redirect_stdout
from html import unescape
from io import StringIO
from random import Random
from typing import Any

import pytest

from calc.demo import Demo
from calc.demos.convolution import ConvolutionByHand
from calc.demos.convolution_channels import ConvolutionChannels
from calc.demos.convolution_text import ConvolutionOverText
from calc.demos.learn_kernel import LearnKernel
from calc.errors import CalcError
from site_tests.parity.test_demo_code import said
from site_tests.test_every_demo import untypeset

SEEDS = 120


def _matrix(draw: Random, rows: int, columns: int) -> Any:
    def entry() -> float:
        return draw.choice((draw.randint(-9, 9), round(draw.uniform(-3, 3), 2)))

    return tuple(tuple(entry() for _ in range(columns)) for _ in range(rows))


def _sized(draw: Random, rows: int, columns: int) -> Any:
    return _matrix(draw, draw.randint(1, rows), draw.randint(1, columns))


def _by_hand(draw: Random) -> dict[str, Any]:
    return {
        "image": _sized(draw, 8, 8),
        "kernel": _sized(draw, 5, 5),
        "stride": draw.choice((1, 2, (2, 1), 4, (1,))),
        "padding": draw.choice((0, 1, 2, (0, 2), "same", 4)),
        "dilation": draw.choice((1, 1, 2, (1, 3), 4)),
        "flip": draw.random() < 0.3,
    }


def _channels(draw: Random) -> dict[str, Any]:
    inputs = draw.randint(1, 4)
    image, kernel = ((draw.randint(1, most), draw.randint(1, most)) for most in (5, 3))
    return {
        "image": tuple(_matrix(draw, *image) for _ in range(inputs)),
        "kernels": tuple(_matrix(draw, *kernel) for _ in range(inputs * draw.randint(1, 2))),
        "bias": draw.choice((None, (1,), (1, -2))),
        "groups": draw.choice((1, inputs)),
        "stride": draw.randint(1, 4),
        "padding": draw.randint(0, 2),
    }


def _text(draw: Random) -> dict[str, Any]:
    return {
        "sentence": " ".join(draw.choice(("the", "a", "cat", "&", "<b>", '"sat"')) for _ in range(draw.randint(2, 10))),
        "kernel_size": draw.randint(1, 5),
        "padding": draw.choice(("valid", "same", "causal")),
        "dilation": draw.randint(1, 4),
        "stride": draw.randint(1, 3),
        "channels": draw.randint(1, 4),
        "filters": draw.randint(1, 3),
        "seed": draw.randint(0, 99),
    }


def _learning(draw: Random) -> dict[str, Any]:
    target = _sized(draw, 3, 3)
    return {
        "image": draw.choice((_sized(draw, 8, 10), ((0,) * 4,) * 4, ((1,) * 4,) * 4, ((1e6,) * 4,) * 4)),
        "target": target,
        "start": draw.choice((None, _matrix(draw, len(target), len(target[0])))),
        "lr": draw.choice((0, 0.001, 0.01, 0.03, 0.1, 1, 10)),
        "steps": draw.randint(1, 30),
        "seed": draw.randint(0, 9),
    }


DRAWN: list[tuple[type[Demo], Callable[[Random], dict[str, Any]]]] = [
    (ConvolutionByHand, _by_hand),
    (ConvolutionChannels, _channels),
    (ConvolutionOverText, _text),
    (LearnKernel, _learning),
]


def demos(kind: type[Demo], draw: Callable[[Random], dict[str, Any]]) -> list[Demo]:
    """The demos that these draws make; what does not fit is refused and left out."""
    made = []
    for seed in range(SEEDS):
        try:
            made.append(kind(**draw(Random(seed))))
        except CalcError:
            continue
    return made


@pytest.mark.parametrize(("kind", "draw"), DRAWN, ids=lambda each: getattr(each, "__name__", ""))
def test_the_code_prints_what_it_says(kind: type[Demo], draw: Callable[[Random], dict[str, Any]]) -> None:
    """Line for line, at every setting that is not refused; most are not."""
    made = demos(kind, draw)
    assert len(made) > SEEDS / 4
    for demo in made:
        source = unescape(re.sub("<[^>]*>", "", demo.panel("torch", untypeset)))
        output = StringIO()
        with redirect_stdout(output):
            exec(compile(source, kind.__name__, "exec"), {"__name__": "__main__"})
        assert output.getvalue().splitlines() == said(source), demo


@pytest.mark.parametrize(("kind", "draw"), DRAWN, ids=lambda each: getattr(each, "__name__", ""))
def test_what_lights_up_is_drawn(kind: type[Demo], draw: Callable[[Random], dict[str, Any]]) -> None:
    """At least two steps, each about cells of the picture; and nothing too heavy for a page."""
    for demo in demos(kind, draw):
        picture = demo.panel("picture", untypeset)
        cells = set(re.findall('data-cell="([^"]*)"', picture))
        steps = re.findall('<li data-step="([^"]*)" data-lights="([^"]*)">([^<]*)</li>', picture)
        notes = re.findall('<li data-note="([^"]*)" data-lights="([^"]*)">([^<]*)</li>', picture)

        assert len(steps) > 1, demo
        assert len(steps) + len(notes) == picture.count("<li data-"), demo
        assert len({(cell, words) for cell, _, words in steps}) == len(steps), demo
        for cell, lights, words in steps + notes:
            assert {cell, *lights.split()} <= cells, demo
            assert words.endswith("."), words
        assert sum(len(demo.panel(name, untypeset)) for name in demo.panels) < 150_000, demo
