"""The contract that every layer and network keeps. A new one has to add nothing here but an example."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from calc import derive
from calc.calculators import CALCULATORS
from calc.expression import Guard, evaluate, full_symbol, holds, leaves, steps
from calc.fence import parse_fence
from calc.form import form
from calc.knob import knobs
from calc.layer_base import Layer, Shape, Shapes, Weight
from calc.layers.dense import Linear
from calc.layers.pool import MaxPool2d
from calc.spec import form_knobs
from calc.sym import Sym, let, node_of
from site_tests.examples import EXAMPLES
from site_tests.examples.example import made

PAGES = Path(__file__).parents[1] / "docs" / "en"

RUNS = [
    pytest.param(*made(kind, example), id=f"{name}-{number}")
    for name, kind in CALCULATORS.items()
    for number, example in enumerate(EXAMPLES.get(name, []))
]

Inputs: TypeAlias = "tuple[Shapes, ...]"


@pytest.mark.parametrize("name", CALCULATORS)
def test_layer_has_a_working_example(name: str) -> None:
    """Each layer has an example in `examples.py`, and it runs."""
    assert EXAMPLES.get(name), f"add {name} to site_tests/examples"
    for example in EXAMPLES[name]:
        layer, inputs = made(CALCULATORS[name], example)
        layer(*inputs)


@pytest.mark.parametrize("name", CALCULATORS)
def test_docstring_is_a_sentence(name: str) -> None:
    """The first line of a layer's docstring says in a sentence what it does."""
    first = (CALCULATORS[name].__doc__ or "").partition("\n")[0]

    assert re.fullmatch(r"[A-Z].*\w.*\.", first)
    assert "(self" not in first, "a dataclass without a docstring gets its signature"
    assert len(first.split()) >= 4


@pytest.mark.parametrize("name", CALCULATORS)
def test_every_knob_is_explained(name: str) -> None:
    """Each knob has a line of prose for a reader who has not met it."""
    for knob in knobs(CALCULATORS[name]):
        assert re.fullmatch(r"[a-z'].*[^.]", knob.about), knob.name
        assert len(knob.about.split()) >= 4 or knob.about.startswith(("channels of", "classes to")), knob.name


@pytest.mark.parametrize("name", CALCULATORS)
def test_symbols_are_distinct(name: str) -> None:
    """No two knobs share a symbol; an input axis shares one only with the knob that must equal it."""
    symbols = [knob.symbol for knob in form_knobs(CALCULATORS[name]) if knob.symbol]

    assert sorted(set(symbols)) == sorted(symbols)


@pytest.mark.parametrize("name", CALCULATORS)
def test_layer_has_a_page(name: str) -> None:
    """Each layer has a calculator on some page, and every knob is on the page or in the form.

    Layers of another framework may do with a line in its tables.
    """
    [(page, body), *_] = fences().get(name, [("", "")])
    if CALCULATORS[name].dialect and not page:
        assert any(f"`{name}`" in path.read_text(encoding="utf-8") for path in PAGES.rglob("*.md")), name
        return
    assert page, f"no page in docs/en has a fence ```calc {name}"
    spec = parse_fence(name, body)

    for knob in form_knobs(CALCULATORS[name]):
        assert f"`{knob.name}`" in page or f'name="{knob.name}"' in form(spec), knob.name


@cache
def fences() -> dict[str, list[tuple[str, str]]]:
    """Layer name to the pages that have a fence for it, with the fence's body."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(PAGES.rglob("*.md")):
        page = path.read_text(encoding="utf-8")
        for _, words, body in re.findall(r"^( *)```calc +([\w ]+)\n(.*?)^\1```$", page, flags=re.MULTILINE | re.DOTALL):
            found.setdefault(".".join(words.split()), []).append((page, body))
    return found


@pytest.mark.parametrize(("layer", "inputs"), RUNS)
def test_derivation_gives_the_plain_value(layer: Layer, inputs: Inputs) -> None:
    """Run on remembering integers, the layer's methods give the numbers that they give on plain ones."""
    run = derive.run(layer, *inputs)

    assert layer(*inputs) == derive.plain(run.out)
    assert (layer.params, layer.macs(*inputs)) == (int(run.params), int(run.macs))
    assert [each.shape for each in layer.weights_on(*inputs)] == [derive.plain(each.shape) for each in run.weights]
    assert [each.shape for each in layer.buffers()] == [derive.plain(each.shape) for each in run.remembered.buffers()]
    for step in run.derivation():
        assert step.value == evaluate(step.definition, {}), step.symbol


@pytest.mark.parametrize(("layer", "inputs"), RUNS)
def test_every_result_is_derived(layer: Layer, inputs: Inputs) -> None:
    """Each axis that changes, the parameters and the MACs have a line of their own in the derivation."""
    run = derive.run(layer, *inputs)
    derived = {step.symbol for step in run.derivation()}

    assert not int(run.params) or "params" in derived
    assert not layer.macs(*inputs) or "MACs" in derived
    for size in (size for out in run.outputs for size in out):
        named = [step.symbol for step in steps(node_of(size))]
        assert named or any(True for _ in leaves(node_of(size))), f"{size!r} came from nowhere"


@pytest.mark.parametrize(("layer", "inputs"), RUNS)
def test_formula_holds_for_other_numbers(layer: Layer, inputs: Inputs) -> None:
    """What the page prints is the rule itself, not a picture of one case: see `require_formula`."""
    require_formula(layer, *inputs)


def require_formula(layer: Layer, *inputs: Shapes, wanted: int = 12) -> None:
    """Put other numbers into the printed formulas and compare with the code run on those numbers.

    Numbers are drawn near the example's until enough of them pass the guards, the
    decisions that the run took on its way; with those the code may not refuse either.
    An operation that forgot its history keeps the example's number and is found out.
    """
    run = derive.run(layer, *inputs)
    rng = random.Random(f"{layer} {inputs[0] if len(inputs) == 1 else inputs}")
    symbols = leaf_values(run)
    tried = 0
    for _ in range(4000):
        numbers = {symbol: near(rng, value) for symbol, value in symbols.items()}
        if numbers == symbols or not all(holds(guard, numbers) for guard in decided(run.guards)):
            continue
        other = with_numbers(run.remembered, numbers)
        others: Any = put(run.remembered_inputs, numbers)
        weights = other.weights_on(*others)
        assert put(run.out, numbers) == other(*others), numbers
        assert [put(weight.shape, numbers) for weight in run.weights] == [weight.shape for weight in weights]
        assert put(run.params, numbers) == sum(weight.size for weight in weights), numbers
        assert put(run.macs, numbers) == other.macs(*others), numbers
        assert [put(cost.amount, numbers) for cost in run.costs] == [cost.amount for cost in other.costs(*others)]
        tried += 1
        if tried == wanted:
            return
    assert tried or len(symbols) <= 1, "no other numbers pass the guards"


@cache
def decided(guards: tuple[Guard, ...]) -> tuple[Guard, ...]:
    """Each decision once."""
    return tuple(dict.fromkeys(guards))


def leaf_values(run: derive.Run) -> dict[str, int]:
    """Every symbol that the reader gives a number for."""
    numbers = [*numbers_in(run.remembered), *numbers_in(run.remembered_inputs)]
    return {
        full_symbol(leaf): leaf.value for number in numbers if isinstance(number, Sym) for leaf in leaves(number.node)
    }


def numbers_in(value: object) -> Iterator[object]:
    """What a value is made of: the arguments of a layer, the parts of a tuple."""
    if isinstance(value, Layer):
        for knob in knobs(value):
            yield from numbers_in(getattr(value, knob.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from numbers_in(each)
    else:
        yield value


def near(rng: random.Random, value: int) -> int:
    return max(0, value + rng.choice([0, 0, 0, 0, 0, 1, -1, 2, 3, value]))


def with_numbers(layer: Layer, numbers: dict[str, int]) -> Layer:
    """The same layer with other numbers for its symbols, all of them plain."""
    return type(layer)(**{knob.name: put(getattr(layer, knob.name), numbers) for knob in knobs(layer)})


def put(value: object, numbers: dict[str, int]) -> object:
    """Other numbers in what remembers its expression; everything else as it is."""
    if isinstance(value, tuple):
        return tuple(put(item, numbers) for item in value)
    if isinstance(value, Layer):
        return with_numbers(value, numbers)
    return evaluate(value.node, numbers) if isinstance(value, Sym) else value


class Remembers(MaxPool2d):
    """Halve both axes: right, so that what follows is wrong only where it means to be."""

    def out(self, x: Shape) -> Shape:
        return (*x[:-2], *(let("half", n // 2) for n in x[-2:]))


class ForgetsByInt(MaxPool2d):
    """Halve both axes, but lose the history in `int`."""

    def out(self, x: Shape) -> Shape:
        return (*x[:-2], *(int(n) // 2 for n in x[-2:]))


class ForgetsByDivmod(MaxPool2d):
    """Halve both axes with an operation that remembering integers do not know."""

    def out(self, x: Shape) -> Shape:
        return (*x[:-2], *(let("half", divmod(n, 2)[0]) for n in x[-2:]))


class DecidesUnseen(MaxPool2d):
    """Round up or down by a decision that leaves no guard."""

    def out(self, x: Shape) -> Shape:
        return (*x[:-2], *(-(-n // 2) if int(n) % 2 else n - 1 for n in x[-2:]))


class ForgetsWeights(Linear):
    """Lose the history in a weight's shape."""

    def weights(self) -> Iterator[Weight]:
        yield Weight("weight", (self.out_features, int(self.in_features)))


@pytest.mark.parametrize("broken", [ForgetsByInt, ForgetsByDivmod, DecidesUnseen])
def test_a_forgotten_history_is_found_out(broken: type[Layer]) -> None:
    """The check of the formulas fails for an output that forgot where it came from."""
    require_formula(Remembers(kernel_size=2), (1, 3, 12, 9))

    with pytest.raises(AssertionError):
        require_formula(broken(kernel_size=2), (1, 3, 12, 9))


def test_a_forgotten_weight_is_found_out() -> None:
    """The check of the formulas fails for a weight's shape, too."""
    require_formula(Linear(6, 4), (2, 6))

    with pytest.raises(AssertionError):
        require_formula(ForgetsWeights(6, 4), (2, 6))


def test_guards_are_needed() -> None:
    """With ceil_mode the last-window rule decides: the formula of one case is wrong where its guard fails."""
    run = derive.run(MaxPool2d(kernel_size=2, stride=3, padding=1, ceil_mode=True), (1, 1, 4, 4))
    height = run.out[2]

    assert not all(holds(guard, {"H": 6, "W": 6}) for guard in run.guards)
    assert put(height, {"H": 6, "W": 6}) != run.layer((1, 1, 6, 6))[2]
