"""A wrong trace is caught by the comparison with Python; and what the page's script may know."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import pytest

from calc.expression import OPERATIONS, RELATIONS
from calc.replay.numerals import STYLES
from site_tests.pages.replayed import Evaluator, built, differences, edited, neighbours, specs

SCRIPT = Path(__file__).parents[2] / "docs" / "en" / "assets" / "js" / "replay.js"
TRIED = ("convolution#conv2d", "pooling#maxpool2d", "lenet#lenet5", "attention#multiheadattention", "dense#linear")


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    """One process for all."""
    made = Evaluator()
    with made.process:
        yield made
        made.process.kill()


def another_operation(trace: Any, rng: Random) -> None:
    """An operation that is another one."""
    node = rng.choice([node for node in trace["nodes"] if node[0] in OPERATIONS])
    node[0] = {
        "+": "-",
        "-": "+",
        "*": "+",
        "floor": "ceil",
        "ceil": "floor",
        "exact": "*",
        "mod": "gcd",
        "gcd": "mod",
    }[node[0]]


def another_constant(trace: Any, rng: Random) -> None:
    """A constant that is off by one."""
    rng.choice([node for node in trace["nodes"] if node[0] == "c" and node[1] < 10**6])[1] += 1


def another_field(trace: Any, rng: Random) -> None:
    """A number that is taken from another field."""
    typed = [node for node in trace["nodes"] if node[0] == "x"]
    one, other = rng.sample(typed, 2)
    one[1:] = other[1:]


def no_guards(trace: Any, rng: Random) -> None:
    """Every decision forgotten."""
    for run in trace["runs"]:
        run["guards"] = []
    for panel in trace["panels"].values():
        panel["forms"] = [[form[0], [], *form[2:]] for form in panel["forms"]]


def a_guard_less(trace: Any, rng: Random) -> None:
    """One decision forgotten, wherever it is asked."""
    at = rng.choice(trace["runs"][0]["guards"])
    trace["guards"][at] = [*trace["guards"][at][:1], 0, 0, int(trace["guards"][at][0] == "==")]


def another_hole(trace: Any, rng: Random) -> None:
    """Two numbers of a panel in each other's place."""
    holes = trace["panels"][rng.choice(sorted(trace["panels"]))]["holes"]
    numbers = [hole for hole in holes if len(hole) == 4 and not isinstance(hole[3], list)]
    if len({hole[3] for hole in numbers}) > 1:
        one = rng.choice(numbers)
        other = rng.choice([hole for hole in numbers if hole[3] != one[3]])
        one[3], other[3] = other[3], one[3]


def a_hole_less(trace: Any, rng: Random) -> None:
    """A number that stays as it was built."""
    holes = rng.choice([panel["holes"] for panel in trace["panels"].values() if len(panel["holes"]) > 1])
    gap, length, *_ = holes.pop(at := rng.randrange(len(holes) - 1))
    holes[at][0] += gap + length


def a_hole_moved(trace: Any, rng: Random) -> None:
    """A number that is put a character too early."""
    rng.choice(list(chain.from_iterable(panel["holes"] for panel in trace["panels"].values())))[0] -= 1


def another_way(trace: Any, rng: Random) -> None:
    """Numbers without commas, or in other units."""
    way = rng.choice([way for way in trace["ways"] if way[0] in "gbmxt"])
    way[0] = {"g": "t", "t": "g", "b": "m", "m": "b", "x": "g"}[way[0]]


def another_room(trace: Any, rng: Random) -> None:
    """A formula with room for a comma where there is none, and none where there is one."""
    for way in trace["ways"]:
        if way[0] == "c":
            way[1:] = way[:0:-1]


def another_form(trace: Any, rng: Random) -> None:
    """A panel of one run shown for another."""
    for panel in trace["panels"].values():
        for form in panel["forms"][1:]:
            form[0] = 0
            form[1] = []
        panel["forms"].reverse()


FAULTS: tuple[Callable[[Any, Random], None], ...] = (
    another_operation,
    another_constant,
    another_field,
    no_guards,
    a_guard_less,
    another_hole,
    a_hole_less,
    a_hole_moved,
    another_way,
    another_room,
    another_form,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_wrong_trace_is_caught(evaluator: Evaluator, fault: Callable[[Any, Random], None]) -> None:
    """Each kind of fault, in several calculators, is seen by the edits that the right trace passes."""
    rng, caught = Random(fault.__name__), []
    for name in TRIED:
        spec = specs()[name]
        edits = [dict(spec.fields), *neighbours(spec), *(edited(spec.fields, rng) for _ in range(30))]
        # Not every fault does harm: what is asked twice may be forgotten once.
        faulty = (_faulty(fault, name, rng) for _ in range(4))
        if any(differences(evaluator, name, trace, edits)[0] for trace in faulty if trace != built(name)[1]):
            caught.append(name)

    assert len(caught) >= 2, f"{fault.__name__} is seen in {caught} alone"


def _faulty(fault: Callable[[Any, Random], None], name: str, rng: Random) -> Any:
    trace = deepcopy(built(name)[1])
    fault(trace, rng)
    return trace


def exported() -> dict[str, list[str]]:
    """The names in the script's tables."""
    code = f"import({json.dumps(SCRIPT.as_uri())}).then(script => console.log(JSON.stringify(Object.fromEntries("
    code += "['operations', 'relations', 'written'].map(name => [name, Object.keys(script[name])])))))"
    done = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True)
    tables: dict[str, list[str]] = json.loads(done.stdout)
    return tables


def test_the_script_knows_the_operations_of_python_and_no_others() -> None:
    """The tables of both sides have the same names."""
    tables = exported()

    assert set(tables["operations"]) == {*OPERATIONS, "scaled"}
    assert set(tables["relations"]) == {"<", "=="} <= set(RELATIONS)
    assert set(tables["written"]) == {*STYLES.values(), "x", "k", "p"}


NUMBERS = [*range(-7, 8), 10**9, 2**53 + 1, -(2**53) - 1, 10**30]


def test_each_operation_gives_what_python_gives() -> None:
    """Beyond 2^53, below zero, and with a divisor below zero."""
    pairs = [(a, b) for a in NUMBERS for b in NUMBERS]
    code = (
        f"import({json.dumps(SCRIPT.as_uri())}).then(({{ operations, relations }}) => {{"
        f"const pairs = {json.dumps([[str(a), str(b)] for a, b in pairs])}.map(pair => pair.map(BigInt));"
        "const done = (of, a, b) => { try { return String(of(a, b)); } catch { return null; } };"
        "const all = Object.entries({ ...operations, ...relations }).filter(([name]) => name !== 'scaled');"
        "console.log(JSON.stringify(Object.fromEntries(all.map(([name, of]) =>"
        "[name, pairs.map(([a, b]) => done(of, a, b))]))));})"
    )
    answers = json.loads(subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True).stdout)

    for name, found in answers.items():
        of = OPERATIONS.get(name) or RELATIONS[name]
        for (a, b), answer in zip(pairs, found, strict=True):
            try:
                expected = str(of(a, b)).lower()
            except ZeroDivisionError:
                expected = None
            assert answer == expected, f"{a} {name} {b}"


def test_the_script_knows_nothing_of_neural_networks() -> None:
    """No word of the field stands in it."""
    words = (
        r"conv|pool|layer|kernel|stride|padding|dilation|channel|weight|bias|param|mac|flop|torch|keras|network|neur"
    )
    words += r"|tensor|shape|batch|lstm|gru|attention|dropout|embed|norm|relu|softmax"

    assert re.findall(rf"\b\w*(?:{words})\w*", SCRIPT.read_text(encoding="utf-8"), re.I) == []
