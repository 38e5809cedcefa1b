"""Sentences for mistakes that are easy to make: what stands there, and what was meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from calc.errors import CalcError
from calc.torch import tape, words
from calc.torch.tensor import Tensor, tensors_in

MEETING = re.compile(r"do not go together|joined along axis|must have as many axes|matmul of|must be equally|stacked")
"""What is said of tensors that do not fit each other."""


def maker(tensor: Tensor) -> str:
    """Who made a tensor: the path of a module, or a function and the module that called it."""
    calls = tape.current.calls
    if not tensor.sources:
        return ""
    if tensor.sources[0] < 0:
        return "the input"
    if tensor.sources[0] >= len(calls):
        return ""
    call = calls[tensor.sources[0]]
    if call.module is not None:
        return call.path or call.kind
    return f"{call.kind} in line {call.line}" if call.line else call.kind


def with_makers(error: CalcError, tensors: Sequence[Tensor]) -> CalcError:
    """The error with the names of the modules that made tensors which do not fit each other."""
    if len(tensors) < 2 or not MEETING.search(error.rule):
        return error
    made = [maker(each) for each in tensors]
    if len(set(made)) < 2 or not all(made) or len(made) > 6:
        return error
    if len(made) == 2:
        first, second = (each if each == "the input" else f"made by {each}" for each in made)
        return CalcError(f"{error.rule}; the first is {first}, the second {second}", hint=error.hint)
    return CalcError(f"{error.rule}; they are made by {', '.join(made)}", hint=error.hint)


def not_a_tensor(kind: str, given: Sequence[Any]) -> CalcError:
    """A layer got something else than a tensor."""
    from calc.torch.modules import Module

    if not given:
        return CalcError(f"{kind} is called with nothing", hint="give it a tensor")
    value = given[0]
    if value is None:
        silent = tape.current.silent
        hint = f"{silent} returns nothing: end its forward with return" if silent else ""
        return CalcError(f"{kind} takes a tensor, and got None", hint=hint)
    if isinstance(value, Module):
        path = tape.current.paths.get(id(value)) or type(value).__name__
        return CalcError(f"{kind} takes a tensor, and got the module {path} itself", hint=f"call it: {path}(x)")
    held = tensors_in(value)
    if isinstance(value, (tuple, list)) and held:
        made = maker(held[0])
        made = "" if made == "the input" else made
        source = f", which {made} made" if made else ""
        take = "take its first entry, as in " + (f"x, _ = {made}(x)" if made else "x, _ = x")
        hint = take if isinstance(value, tuple) else "take one of them, or join them with torch.cat"
        return CalcError(f"{kind} takes a tensor, and got a {type(value).__name__} of {len(value)}{source}", hint=hint)
    return CalcError(f"{kind} takes a tensor, and got {type(value).__name__} {value!r:.40}")


def class_for_layer(kind: str) -> CalcError:
    """A class was called with a tensor, as if it were a layer."""
    return CalcError(
        f"{kind} is a class, and is made here with a tensor as an argument",
        hint=f"make it in __init__ and call it here, or write nn.{kind}(...)(x)",
    )


def without_forward(kind: type) -> CalcError:
    """A module that cannot be called; perhaps its `forward` stands in the wrong place or is misspelt."""
    made = getattr(vars(kind).get("__init__"), "__code__", None)
    inner = next((each for each in getattr(made, "co_consts", ()) if getattr(each, "co_name", "") == "forward"), None)
    if inner is not None:
        line = inner.co_firstlineno
        return CalcError(
            f"{kind.__name__} has no forward: the one in line {line} stands within __init__",
            hint="indent it as far as __init__",
        )
    near = words("foward forwad froward forwards forword farward fordward")
    like = [name for name in vars(kind) if name.lower().strip("_") in near]
    if like:
        return CalcError(
            f"{kind.__name__} has no forward, and has {like[0]}", hint=f"write forward instead of {like[0]}"
        )
    return CalcError(f"{kind.__name__} has no forward", hint="define forward(self, x)")
