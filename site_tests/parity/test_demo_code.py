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
