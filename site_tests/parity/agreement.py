"""Does `calc` say what PyTorch says? The comparison, apart from where PyTorch's answer comes from.

The live tests ask the real PyTorch, `unit/test_recorded.py` a recording of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

import calc
from calc.derive import tensors
from calc.knob import knobs
from site_tests.parity.configs import Case
from site_tests.parity.stricter import stricter

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
    outputs: tuple[Shape, ...] | None = None
    macs: int | None = None
    message: str = ""


def calc_answer(case: Case) -> Answer:
    """The answer of `calc`. Any other exception than `CalcError` is an error of ours and goes through."""
    try:
        layer = calc.layer(case.layer, **case.arguments)
    except calc.CalcError as error:
        require_sentence(case, error)
        return Answer("construct", message=str(error))
    weights = tuple((weight.name, weight.shape) for weight in layer.weights())
    try:
        outputs = tensors(layer(case.input, **case.call))
        macs = layer.macs(case.input) if not case.call else None
    except calc.CalcError as error:
        require_sentence(case, error)
        return Answer("forward", weights, message=str(error))
    return Answer("", weights, outputs, macs)


def require_sentence(case: Case, error: calc.CalcError) -> None:
    """Every refusal reads `Layer: argument (=value) rule; hint.` and names the knob at fault."""
    text = str(error)
    pattern = re.fullmatch(r"(\w+): (\w+) \(=(.*?)\) (must|needs|spans|takes|cuts|is) (.+?); (.+)\.", text)
    assert pattern is not None, text
    assert (pattern[1], pattern[2]) == (case.layer, error.knob), text
    assert error.knob in {*case.arguments, "input", "output_size"} | _defaults(case.layer), text
    assert not re.search(r"Sym|\.\.|;;|  ", text), text


def _defaults(layer: str) -> set[str]:
    return {each.name for each in knobs(calc.LAYERS[layer])}


def disagreement(case: Case, theirs: Answer) -> str:
    """What differs, in words; empty where both agree or where `calc` is stricter on purpose."""
    ours = calc_answer(case)
    if ours.refused != theirs.refused:
        allowed = ours.refused and theirs.refused != "construct" and stricter(case)
        return "" if allowed else f"{case}: calc {ours} but PyTorch {theirs}"
    for name in ("weights", "outputs", "macs"):
        our, their = getattr(ours, name), getattr(theirs, name)
        if None not in (our, their) and our != their:
            return f"{case}: {name} are {our} but in PyTorch {their}"
    return ""
