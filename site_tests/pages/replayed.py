"""Calculators as the pages have them, answered by the page's own script; for the tests of what it answers."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from textwrap import dedent
from typing import Any

from calc.calculators import CALCULATORS
from calc.fence import parse_fence
from calc.render import render
from calc.replay import trace_of
from calc.spec import FieldErrors, Spec
from site_build.typeset import typeset

PAGES = Path(__file__).parents[2] / "docs" / "en"

ODD = ("", " ", "0", "03", "+3", "1e3", "3.0", "-1", "−1", "1,000", "True", "None", "²", "٣", "9" * 40, "2, 2", "(3,)")
"""What may stand in a field that is no number as the page takes it."""


def fences() -> Iterator[tuple[str, str, str]]:
    """The page, the calculator's name and the body of every fence."""
    for page in sorted(PAGES.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for words, body in re.findall(r"^ *```calc ([\w ]+)\n(.*?)^ *```", text, re.M | re.S):
            yield page.stem, ".".join(words.split()), dedent(body)


@cache
def specs() -> dict[str, Spec]:
    """Every calculator of a layer, block or network."""
    found = {}
    for page, name, body in fences():
        if name in CALCULATORS:
            spec = parse_fence(name, body)
            found[f"{page}#{spec.id}"] = spec
    return found


@cache
def built(name: str) -> tuple[dict[str, str], dict[str, Any]]:
    """A calculator's panels, and its trace as the page has it."""
    spec = specs()[name]
    baked = render(spec, typeset)
    trace = trace_of(spec, baked, typeset)
    assert trace is not None
    read: dict[str, Any] = json.loads(json.dumps(trace))
    return baked, read


class Evaluator:
    """The page's script in a Node process."""

    def __init__(self) -> None:
        command = ["node", str(Path(__file__).with_name("replay.mjs"))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(
        self, trace: Any, baked: Mapping[str, str], edits: list[dict[str, str]]
    ) -> list[dict[str, str] | None]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"trace": trace, "baked": baked, "edits": edits}) + "\n")
        self.process.stdin.flush()
        answers: list[dict[str, str] | None] = json.loads(self.process.stdout.readline())
        return answers


def edited(fields: Mapping[str, str], rng: Random) -> dict[str, str]:
    """A reader's edit: mostly a number by a little, at times several fields, or something odd."""
    new = dict(fields)
    for name in rng.sample(list(new), min(len(new), rng.choice((1, 1, 1, 2, 3)))):
        numbers = [int(each) for each in re.findall(r"\d+", new[name])]
        if not numbers or rng.random() < 0.1:
            new[name] = rng.choice((*ODD, "False", fields[name]))
            continue
        at = rng.randrange(len(numbers))
        size = numbers[at]
        numbers[at] = rng.choice(
            (size + 1, max(0, size - 1), size * 2, rng.choice((0, 1, 2, 3, 64, 999, 1000)), rng.randrange(10**9))
        )
        if len(new) > 1 and rng.random() < 0.2:
            _along(new, name, size, numbers[at], rng)
        blank = rng.choice(("", "", "", " "))
        new[name] = f"{blank},{blank or ' '}".join(
            map(str, numbers if rng.random() < 0.9 else numbers[:1] * len(numbers))
        )
    return new


def _along(fields: dict[str, str], name: str, size: int, other: int, rng: Random) -> None:
    """Change the same number in another field too: channels of an input go with those of a layer."""
    same = [each for each, text in fields.items() if each != name and re.search(rf"\b{size}\b", text)]
    if same:
        each = rng.choice(same)
        fields[each] = re.sub(rf"\b{size}\b", str(other), fields[each], count=1)


def differences(
    evaluator: Evaluator, name: str, trace: Any, edits: list[dict[str, str]]
) -> tuple[list[str], Counter[str]]:
    """What the page would show and Python would not; and what became of each edit."""
    spec, baked = specs()[name], built(name)[0]
    wrong, became = [], Counter[str]()
    for fields, answer in zip(edits, evaluator(trace, baked, edits), strict=True):
        became[
            "declined" if answer is None else "whole" if len(answer) == len(built(name)[1]["panels"]) else "part"
        ] += 1
        if answer is None:
            continue
        changed = {key: text for key, text in fields.items() if text != spec.fields[key]}
        try:
            panels = render(Spec(spec.layer, spec.id, fields, spec.panels), typeset)
        except FieldErrors as refused:
            wrong.append(f"{changed} is refused: {refused}")
            continue
        wrong += [f"{changed}: {panel}" for panel, html in answer.items() if html != panels[panel]]
    return wrong, became


def accepted(spec: Spec, fields: Mapping[str, str]) -> bool:
    """Whether Python takes these fields."""
    try:
        Spec(spec.layer, spec.id, fields, spec.panels).build()
    except FieldErrors:
        return False
    return True


def neighbours(spec: Spec) -> Iterator[dict[str, str]]:
    """What a reader is likely to try: each number a little more or less, twice or half; each other choice."""
    for field, text in spec.fields.items():
        if not re.fullmatch(r"\s*\d+(\s*,\s*\d+)*\s*", text):
            continue
        sizes = [int(each) for each in text.split(",")]
        for at, size in enumerate(sizes):
            for other in sorted({size - 1, size + 1, size + 2, size * 2, size // 2} - {size, -1}):
                fields = {**spec.fields, field: ", ".join(map(str, [*sizes[:at], other, *sizes[at + 1 :]]))}
                if accepted(spec, fields):
                    yield fields
