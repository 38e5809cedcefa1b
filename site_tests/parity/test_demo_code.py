"""The PyTorch code that demos show, run: it prints what the comment below it says."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from html import unescape
from io import StringIO

import pytest

from calc.calculators import DEMOS
from calc.render import render
from calc.spec import Spec
from site_tests.test_every_demo import specs, untypeset

CODED = [spec for spec in specs() if "torch" in (spec.panels or DEMOS[spec.layer].panels)]


def code_of(spec: Spec) -> str:
    """The source as a reader copies it."""
    return unescape(re.sub("<[^>]*>", "", render(spec, untypeset)["torch"]))


def said(source: str) -> list[str]:
    """What the comments say that each `print` prints: the lines below it, or the rest of its own."""
    lines = source.splitlines()
    told: list[str] = []
    for number, line in enumerate(lines):
        if line.lstrip().startswith("print("):
            beside = re.search(r"\)  # (.*)", line)
            below = []
            for after in lines[number + 1 :]:
                if not after.startswith("#"):
                    break
                below.append(after.removeprefix("#").removeprefix(" "))
            told += [beside[1]] if beside else below
    return told


@pytest.mark.parametrize("spec", CODED, ids=lambda spec: spec.layer)
def test_the_code_prints_what_it_says(spec: Spec) -> None:
    """Line for line."""
    source = code_of(spec)
    output = StringIO()
    with redirect_stdout(output):
        exec(compile(source, spec.layer, "exec"), {"__name__": "__main__"})

    assert said(source), "nothing is printed"
    assert output.getvalue().splitlines() == said(source)


SETTINGS = [
    # (demo, fields as they are typed): what the pages' own settings leave out
    ("PoolingByHand", {"mode": "average", "padding": "1", "kernel_size": "3", "stride": "2", "ceil_mode": "True"}),
    ("PoolingByHand", {"mode": "average", "padding": "1", "count_include_pad": "False", "image": "-1 2.5\n0 3"}),
    ("PoolingByHand", {"padding": "1", "ceil_mode": "True", "image": "-1 -2.5\n-4 -3"}),
    ("TransposedByHand", {"stride": "3", "padding": "1", "output_padding": "2", "image": "-1 0.5 2"}),
    ("UpsamplingByHand", {"mode": "nearest", "scale_factor": "3", "image": "1 2 3"}),
    ("UpsamplingByHand", {"scale_factor": "3", "align_corners": "True", "image": "0 -1 1\n6 0 8"}),
    ("UpsamplingByHand", {"image": "1.1 3.3\n1.8 1.7"}),
    ("PixelShuffleByHand", {"upscale_factor": "2", "channels": "\n\n".join("12345678")}),
    ("ReceptiveField", {"layers": "3 1 2\n1 2 1\n4 3 3"}),
]


@pytest.mark.parametrize(("demo", "typed"), SETTINGS)
def test_other_settings_print_what_they_say(demo: str, typed: dict[str, str]) -> None:
    """Borders, remainders that are no whole numbers, and zeros that were nearly below zero."""
    default = next(spec for spec in specs() if spec.layer == demo)
    test_the_code_prints_what_it_says(Spec(demo, "", {**default.fields, **typed}))
