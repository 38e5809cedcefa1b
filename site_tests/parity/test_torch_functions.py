"""The stand-in for PyTorch against PyTorch itself: expressions, evaluated by both."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import torch

from calc.torch.namespace import namespace
from calc.torch.tensor import Tensor
from site_tests.parity import torch_expressions, torch_module_expressions

TENSORS = {
    "x": ((2, 3, 4), "float32"),
    "y": ((3, 1), "float32"),
    "z": ((2, 4, 5), "float32"),
    "image": ((2, 6, 8, 9), "float32"),
    "row": ((4,), "float32"),
    "one": ((), "float32"),
    "square": ((4, 4), "float32"),
    "ids": ((2, 5), "int64"),
    "small": ((3,), "int64"),
    "mask": ((2, 3, 4), "bool"),
    "empty": ((0, 4), "float32"),
    "half": ((2, 3, 4), "float16"),
    "double": ((4,), "float64"),
    "byte": ((4,), "uint8"),
}


def by_torch(expression: str) -> Any:
    """What PyTorch says: shapes and kinds, or that it refuses."""
    made = {
        name: torch.ones(shape, dtype=getattr(torch, dtype)) if dtype != "bool" else torch.ones(shape).bool()
        for name, (shape, dtype) in TENSORS.items()
    }
    scope = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, **made}
    try:
        with torch.no_grad():
            return described(eval(expression, scope), torch.Tensor)
    except Exception:
        return "refused"


def by_calc(expression: str) -> Any:
    """What the stand-in says."""
    known = namespace()
    kinds = vars(known["torch"])
    made = {name: Tensor(shape, kinds[dtype]) for name, (shape, dtype) in TENSORS.items()}
    for name in ("small", "ids", "byte", "row"):
        made[name].values = [1] * made[name].numel()  # type: ignore[attr-defined]
    scope = {"torch": known["torch"], "nn": known["torch.nn"], "F": known["torch.nn.functional"], **made}
    try:
        return described(eval(expression, scope), Tensor)
    except Exception:
        return "refused"


def described(answer: Any, tensor: type) -> Any:
    """Tensors as shape and kind, everything else as it is."""
    if isinstance(answer, tensor):
        return [list(answer.shape), str(answer.dtype)]
    if isinstance(answer, (tuple, list)):
        return [described(each, tensor) for each in answer]
    return str(answer) if "dtype" in type(answer).__name__.lower() else answer


@pytest.mark.parametrize("expression", torch_expressions.EXPRESSIONS + torch_module_expressions.EXPRESSIONS)
def test_both_say_the_same(expression: str) -> None:
    """Shape and kind of what comes out, or that it is refused."""
    assert by_calc(expression) == by_torch(expression)


@pytest.mark.parametrize("seed", range(300))
def test_any_index(seed: int) -> None:
    """Numbers, ranges, None, `...`, lists and masks mixed, in and out of bounds."""
    draw = Random(seed)
    parts = [
        draw.choice(["0", "-1", "2", ":", "1:", ":2", "::2", "1:3", "None", "...", "[0, 1]", "small", "[0, 5]", "-2:"])
        for _ in range(draw.randint(1, 4))
    ]
    expression = f"image[{', '.join(parts)}]"

    ours, theirs = by_calc(expression), by_torch(expression)
    # Positions in a list are values: whether they are within bounds is not looked at.
    assert ours == theirs or ("[0, 5]" in parts and theirs == "refused"), expression


@pytest.mark.parametrize("seed", range(300))
def test_any_broadcast(seed: int) -> None:
    """Shapes that go together and shapes that do not."""
    draw = Random(seed)
    one, other = ([draw.choice([1, 1, 2, 3]) for _ in range(draw.randint(0, 4))] for _ in range(2))
    sign = draw.choice(["+", "*", ">", "@"])
    expression = f"torch.zeros({one}) {sign} torch.zeros({other})"

    assert by_calc(expression) == by_torch(expression), expression
