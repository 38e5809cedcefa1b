"""Does `calc` say what the framework says? The comparison, apart from where the framework's answer comes from.

The live tests ask the real PyTorch and the real Keras, `unit/test_recorded.py` a recording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import calc
from calc.knob import knobs
from calc.tensor import tensors
from site_tests.parity.configs import Case
from site_tests.parity.stricter import stricter
from site_tests.parity.stricter_keras import stricter as stricter_than_keras

Shape: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """What a framework makes of a configuration.

    `refused` is "construct", "forward" or "". The weights are known unless the
    construction was refused, the outputs and MACs only if nothing was; MACs are
    None where the framework's counter does not count the layer.
    """

    refused: str
    weights: tuple[tuple[str, Shape], ...] | None = None
    outputs: tuple[Shape | None, ...] | None = None
    macs: int | None = None
    buffers: tuple[tuple[str, Shape], ...] | None = None
    trainable: tuple[bool, ...] | None = None
    message: str = ""


def calc_answer(case: Case) -> Answer:
    """The answer of `calc`. Any other exception than `CalcError` is an error of ours and goes through."""
    try:
        layer = calc.layer(case.layer, **case.arguments)
    except calc.CalcError as error:
        require_sentence(case, error)
        return Answer("construct", message=str(error))
    keras = layer.dialect == "keras"
    weights = None if keras else pairs(layer.weights())
    buffers = pairs(layer.buffers())
    try:
        outputs = tensors(called(layer, case))
        macs = layer.macs(**inputs_of(case), **mode_of(layer, case)) if not case.call else None
    except calc.CalcError as error:
        require_sentence(case, error)
        return Answer("forward", weights, buffers=buffers, message=str(error))
    if not keras:
        return Answer("", weights, outputs, macs, buffers)
    made = layer.weights()
    return Answer("", pairs(made), outputs, macs, None, tuple(weight.trainable for weight in made))


def pairs(weights: Iterable[calc.Weight]) -> tuple[tuple[str, Shape], ...]:
    """Names and shapes alone."""
    return tuple((weight.name, weight.shape) for weight in weights)


def inputs_of(case: Case) -> dict[str, Any]:
    """The input shapes under the names that the call has for them."""
    if isinstance(case.input, dict):
        return case.input
    return {calc.LAYERS[case.layer].required_inputs()[0].name: case.input}


def called(layer: calc.Layer, case: Case) -> Any:
    """The layer's answer to a configuration's call."""
    return layer(**inputs_of(case), **case.call, **mode_of(layer, case))


def mode_of(layer: calc.Layer, case: Case) -> dict[str, bool]:
    """Whether the layer is training, for layers to which that makes a difference."""
    return {"training": case.training} if layer.has_mode else {}


def require_sentence(case: Case, error: calc.CalcError) -> None:
    """Every refusal reads `Layer: argument (=value) rule; hint.` and names the knob at fault.

    An argument that is missing has no value.
    """
    text = str(error)
    pattern = re.fullmatch(r"([\w.]+): (\w+)(?: \(=.*?\))? (must|needs|spans|takes|cuts|is|has) (.+?); (.+)\.", text)
    assert pattern is not None, text
    assert pattern[2] == error.knob, text
    if pattern[1] == case.layer:  # the others are of a layer within the layer
        ports = {port.name for port in calc.LAYERS[case.layer].inputs}
        assert error.knob in {*case.arguments, *case.call} | ports | _defaults(case.layer), text
    assert not re.search(r"Sym|\.\.|;;|  ", text), text


def _defaults(layer: str) -> set[str]:
    return {each.name for each in knobs(calc.LAYERS[layer])}


def disagreement(case: Case, theirs: Answer) -> str:
    """What differs, in words; empty where both agree or where `calc` is stricter on purpose."""
    ours = calc_answer(case)
    keras = case.layer.startswith("keras.")
    name = "Keras" if keras else "PyTorch"
    if ours.refused != theirs.refused:
        differs = stricter_than_keras if keras else stricter
        allowed = ours.refused and theirs.refused != "construct" and differs(case)
        return "" if allowed else f"{case}: calc {ours} but {name} {theirs}"
    for part in ("weights", "outputs", "macs", "buffers", "trainable"):
        our, their = getattr(ours, part), getattr(theirs, part)
        if None not in (our, their) and our != their:
            return f"{case}: {part} are {our} but in {name} {their}"
    return ""
