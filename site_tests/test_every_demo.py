"""The contract that every demo and exercise keeps."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random

import pytest

from calc.calculators import DEMOS
from calc.demo import Demo
from calc.errors import CalcError
from calc.exercise import Exercise
from calc.exercises import EXERCISES
from calc.fence import parse_fence
from calc.knob import knobs
from calc.render import render
from calc.spec import Spec
from calc.widget import widget
from site_tests.unit.test_markup import written_back

PAGES = Path(__file__).parents[1] / "docs" / "en"


def untypeset(tex: str) -> str:
    """Formulas as their TeX: how they are typeset is tested elsewhere."""
    return f"<i>{tex}</i>"


@cache
def fences() -> dict[str, list[tuple[str, str]]]:
    """For each demo the pages that have it, with the fence's body."""
    found: dict[str, list[tuple[str, str]]] = {}
    for page in sorted(PAGES.rglob("*.md")):
        for name, body in re.findall(r"^```calc (\w+)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            found.setdefault(name, []).append((page.name, body))
    return found


def specs() -> list[Spec]:
    """Every demo with its defaults, and as the pages declare it."""
    return [parse_fence(name, body) for name in DEMOS for body in ["", *(text for _, text in fences().get(name, []))]]


@pytest.mark.parametrize("name", DEMOS)
def test_it_says_what_it_is(name: str) -> None:
    """A docstring, prose on every knob, a heading, titles that are methods."""
    kind = DEMOS[name]

    assert re.fullmatch(r"(Show|Ask) .*\w\.", (kind.__doc__ or "").partition("\n")[0])
    assert kind.heading
    assert kind.panels == tuple(kind.titles)
    assert set(kind.stages) <= set(kind.panels)
    for knob in knobs(kind):
        assert re.fullmatch(r"[a-z'].*[^.]", knob.about), knob.name
        assert not knob.required, f"{knob.name}: a demo starts with values of its own"


@pytest.mark.parametrize("name", DEMOS)
def test_it_stands_on_a_page(name: str) -> None:
    """Someone can find it."""
    assert fences().get(name), f"no page has a fence for {name}"


@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.layer)
def test_every_panel_is_filled(spec: Spec) -> None:
    """Each says something; each drawing has its text equivalent; and the same fields give the same panels."""
    panels = render(spec, untypeset)

    assert panels == render(spec, untypeset)
    for name, html in panels.items():
        assert re.sub("<[^>]*>", "", html).strip(), name
        drawings = re.findall("<svg [^>]*>", html)
        assert all('aria-hidden="true"' in each or re.search('aria-label="[^"]{10,}"', each) for each in drawings), name
        assert "style=" not in html, "a strict content policy forbids it"
        assert (
            not re.search(r"\bnan\b|Error|object at", re.sub("<[^>]*>", " ", html))
            or "nan" in DEMOS[spec.layer].__doc__
        )


@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.layer)
def test_steps_speak_of_cells_that_are_there(spec: Spec) -> None:
    """A step or a note names cells of its picture, says a sentence, and no two steps are the same."""
    panels = render(spec, untypeset)
    for name in DEMOS[spec.layer].stages:
        cells = set(re.findall('data-cell="([^"]*)"', panels[name]))
        said = re.findall('<li data-(step|note)="([^"]*)" data-lights="([^"]*)">([^<]*)</li>', panels[name])
        steps = [each for each in said if each[0] == "step"]

        assert len(steps) > 1, name
        assert len(said) == panels[name].count("<li data-"), f"{name}: a step holds plain words"
        for _, cell, lights, words in said:
            assert {cell, *lights.split()} <= cells, f"{name}: {sorted({cell, *lights.split()} - cells)}"
            assert re.fullmatch(r".{10,}[.?!]", words), words
        assert len({(cell, words) for _, cell, _, words in steps}) == len(steps), name
    for name in set(panels) - set(DEMOS[spec.layer].stages):
        assert "data-step" not in panels[name], f"{name} has steps and is no stage"


@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.layer)
def test_a_panel_is_written_as_a_browser_writes_it(spec: Spec) -> None:
    """So that the page paints only what differs."""
    for name, html in render(spec, lambda tex: "<i></i>").items():
        assert html == written_back(html), name


@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.layer)
def test_fields_can_be_read_back(spec: Spec) -> None:
    """What stands in the form gives the values that wrote it."""
    made, _ = spec.build()
    for knob in knobs(made):
        assert knob.kind.write(getattr(made, knob.name)) == spec.fields[knob.name] or getattr(
            made, knob.name
        ) == knob.kind.clean(knob.kind.parse(spec.fields[knob.name])), knob.name


@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.layer)
def test_it_is_not_too_heavy(spec: Spec) -> None:
    """A page with three of them stays readable on a slow line."""
    assert len(widget(spec, untypeset)) < 150_000


@pytest.mark.parametrize("name", DEMOS)
def test_bounds_are_refused_in_a_sentence(name: str) -> None:
    """One less than the least and one more than the most name the knob, the value and the rule."""
    kind: type[Demo] = DEMOS[name]
    for knob in knobs(kind):
        for bound, beyond, rule in ((knob.kind.low(), -1, "at least"), (knob.kind.high(), 1, "at most")):
            if bound is not None:
                with pytest.raises(CalcError, match=rule) as caught:
                    kind(**{knob.name: bound + beyond})
                assert caught.value.knob == knob.name
                assert str(caught.value).startswith(f"{name}: {knob.name} (={bound + beyond!r}) must be {rule}")


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_accepted_and_nothing_else(name: str) -> None:
    """For fifty draws: the question differs now and then, its solution is right, slips and neighbours are not."""
    kind: type[Exercise] = EXERCISES[name]
    questions = set()
    for variant in range(50):
        posed = kind(variant=variant).posed
        questions.add(posed.question)

        assert posed.question.endswith((".", "?"))
        assert posed.because.endswith(".")
        assert posed.meets(posed.solution)
        assert posed == kind(variant=variant).pose(Random(variant))
        for wrong, words in posed.slips.items():
            assert words.endswith("."), words
            if not posed.meets(wrong):
                assert posed.remark(wrong) in posed.slips.values()
        assert "calc-right" in kind(variant=variant, answer=posed.solution).verdict(untypeset)
        assert "calc-wrong" in kind(variant=variant, answer=posed.solution + 1).verdict(untypeset)
        assert "calc-right" not in kind(variant=variant).verdict(untypeset)
    assert len(questions) > 10
