"""What the page answers by itself is what Python answers, to the letter, or nothing."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from calc.calculators import CALCULATORS
from calc.render import render
from calc.replay import DRAWN, trace_of, weight
from calc.replay.left import LEFT
from calc.spec import Spec
from site_build.typeset import typeset
from site_tests.pages.replayed import (
    Evaluator,
    accepted,
    built,
    differences,
    edited,
    fences,
    neighbours,
    specs,
)

EDITS = int(os.environ.get("REPLAYED_EDITS", "8"))
"""Random edits of each calculator."""

HEAVIEST = 4_000
"""Bytes that a trace may take in a compressed page; most take about a thousand."""


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    """One process for all."""
    made = Evaluator()
    with made.process:
        yield made
        made.process.kill()


@pytest.mark.parametrize("name", specs())
def test_an_answer_is_pythons(evaluator: Evaluator, name: str) -> None:
    """Random edits, several fields at once and odd texts among them: each panel that the page fills in equals
    Python's, and what Python refuses is not answered."""
    rng = Random(name)
    edits = [edited(specs()[name].fields, rng) for _ in range(EDITS)]

    wrong, _ = differences(evaluator, name, built(name)[1], edits)

    assert wrong == []


@pytest.mark.parametrize("name", specs())
def test_what_the_page_is_built_with_is_answered(evaluator: Evaluator, name: str) -> None:
    """Every panel but drawings has a trace, and for the page's own fields it gives the page's own panels."""
    baked, trace = built(name)

    [answer] = evaluator(trace, baked, [dict(specs()[name].fields)])

    assert answer == {panel: html for panel, html in baked.items() if panel not in DRAWN}


def test_an_ordinary_edit_is_answered_in_whole(evaluator: Evaluator) -> None:
    """Of the edits that a reader is likely to try, one number at a time, nine of ten; prints which are not."""
    became, left = Counter[str](), []
    for name, spec in specs().items():
        (baked, trace), edits = built(name), list(neighbours(spec))
        answers = evaluator(trace, baked, edits)
        whole = sum(answer is not None and len(answer) == len(trace["panels"]) for answer in answers)
        became += Counter(whole=whole, part=len(edits) - whole - answers.count(None), declined=answers.count(None))
        if whole < len(edits):
            left.append(f"{name}: {whole} of {len(edits)}")
    print(dict(became), *left, sep="\n")

    assert became["whole"] > 9 * (became["part"] + became["declined"]), became


def test_a_trace_is_light() -> None:
    """Prints what each takes."""
    weights = {name: weight(built(name)[1]) for name in specs()}
    print(*(f"{size:6,} B {name}" for name, size in sorted(weights.items(), key=lambda item: item[1])), sep="\n")

    assert max(weights.values()) < HEAVIEST
    assert sum(weights.values()) / len(weights) < 1_250


def test_every_calculator_is_replayed_or_named() -> None:
    """Layers, blocks and networks have a trace; of everything else it is said why it is left to Python."""
    named = [name for names in LEFT.values() for name in names]
    used = {name for _, name, _ in fences()}

    assert len(named) == len(set(named))
    assert {name for name in used if name not in CALCULATORS} == set(named)


def test_what_is_left_to_python_has_no_trace() -> None:
    """A demo's page carries none."""
    spec = Spec("SubsequentMask", "", {"size": "5", "convention": "True may be attended"})

    assert trace_of(spec, render(spec, typeset), typeset) is None


def answered(evaluator: Evaluator, name: str, **changed: str) -> dict[str, str] | None:
    """What the page shows of a calculator where these fields are others."""
    baked, trace = built(name)
    [answer] = evaluator(trace, baked, [{**specs()[name].fields, **changed}])
    return answer


def test_numbers_beyond_a_double_are_exact(evaluator: Evaluator) -> None:
    """2^53 + 1 is no double."""
    fields = {"in_features": "999999937", "out_features": "999999929", "input": "999999893, 999999937"}
    answer = answered(evaluator, "dense#linear", **fields)
    spec = specs()["dense#linear"]

    assert answer is not None
    assert answer["result"] == render(Spec(spec.layer, "", {**spec.fields, **fields}), typeset)["result"]
    assert max(map(len, re.findall(r"[\d,]+", answer["result"]))) > len(f"{2**53:,}")


@pytest.mark.parametrize(
    "text", ["", "x", "3.0", "-1", "03", "+3", "1e1", "1,000", "10000000000", "٣", "3;", "3\n", "True"]
)
def test_what_is_no_number_of_the_page_is_left_to_python(evaluator: Evaluator, text: str) -> None:
    """Even where Python reads it; it may know more ways to write a number."""
    assert answered(evaluator, "convolution#conv2d", padding=text) is None


def test_blanks_around_a_number_do_no_harm(evaluator: Evaluator) -> None:
    """As little as they do in Python."""
    assert answered(evaluator, "convolution#conv2d", padding=" 4 ") == answered(
        evaluator, "convolution#conv2d", padding="4"
    )


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("convolution#conv2d", {"groups": "5"}),
        ("convolution#conv2d", {"kernel_size": "4000"}),
        ("convolution#conv2d", {"stride": "0"}),
        ("dense#linear", {"in_features": "7"}),
        ("lenet#lenet5", {"input": "1, 2, 28, 28"}),
        ("attention#multiheadattention", {"num_heads": "7"}),
    ],
)
def test_what_breaks_a_rule_is_left_to_python(evaluator: Evaluator, name: str, changed: dict[str, str]) -> None:
    """The sentence that says so is Python's."""
    spec = specs()[name]

    assert not accepted(spec, {**spec.fields, **changed})
    assert answered(evaluator, name, **changed) is None


@pytest.mark.parametrize("size", [999, 1000, 999_999, 1_000_000])
def test_a_comma_is_given_room(evaluator: Evaluator, size: int) -> None:
    """KaTeX draws a formula lower where a number in it has a comma."""
    answer = answered(evaluator, "convolution#conv2d", out_channels=str(size))
    spec = specs()["convolution#conv2d"]
    panels = render(Spec(spec.layer, "", {**spec.fields, "out_channels": str(size)}), typeset)

    assert answer is not None
    assert answer == {name: html for name, html in panels.items() if name not in DRAWN}
