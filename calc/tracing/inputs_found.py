"""What a model is called with, where nobody says so: from what the script does, or from its first layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from calc.absent import AbsentError, absent_within
from calc.errors import CalcError
from calc.report import described
from calc.torch import tape
from calc.torch.modules import Module
from calc.torch.tensor import Tensor, tensors_in
from calc.tracing.inputs_guessed import Guess, forward_names, guesses
from calc.tracing.located import located

MOST_TRIES = 160
"""How many inputs are tried before a reader is asked."""


@dataclass
class Inputs:
    """What to call a model with, and a sentence about where it is from."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    tensors: tuple[Tensor, ...] = ()
    """The tensors among them, before a model changes a list that it is given."""

    def __post_init__(self) -> None:
        self.tensors = tensors_in((self.args, self.kwargs))


def inputs_of(model: Module, run: Callable[[Inputs], Any]) -> tuple[Inputs, Any]:
    """The first input that the model takes, and what it makes of it; `run` calls the model."""
    for found in _said(model):
        return found, run(found)
    first: Exception | None = None
    tried: list[str] = []
    answers: list[tuple[Inputs, Any]] = []

    def attempt(guess: Guess) -> Exception | None:
        found = Inputs(tuple(Tensor(shape, dtype) for shape, dtype in guess))
        text = "; ".join(map(described, found.tensors))
        found.note = f"Input tried: {text}; the source does not say."
        tried.append(text)
        try:
            answers.append((found, run(found)))
        except Exception as error:
            return error
        return None

    for guess in guesses(model, attempt):
        error = attempt(guess)
        if error is None:
            return answers[-1]
        first = first or error
        if not _of_shapes(error) or len(tried) >= MOST_TRIES:
            break
    if first is not None and not _of_shapes(first):
        raise first
    raise _unknown(model, first, tried) from first


def _of_shapes(error: Exception) -> bool:
    """Whether another input might do: the source itself may be at fault, or need what is not at hand."""
    shapely = isinstance(error, (CalcError, ValueError, IndexError, ZeroDivisionError))
    return shapely and not isinstance(error, AbsentError)


def _said(model: Module) -> Iterator[Inputs]:
    """What the source says: a call of the model, of its like or of its first layer, or a shape given to a summary."""
    running = tape.current
    own = type(model) if type(model).__module__ == "model" else None
    first = next((part for part in model.modules() if not part._modules), model)
    start = next(iter(model._modules.values()), model)
    for asked in (
        [each for each in running.asked if each.module is model],
        [each for each in running.described if each.module is model],
        [each for each in running.asked if own and isinstance(each.module, own)],
        [each for each in running.described if own and isinstance(each.module, own)],
        [each for each in running.asked if each.module in (start, first)],
    ):
        for each in asked:
            held = tensors_in((each.args, each.kwargs))
            if held and absent_within((each.args, each.kwargs)) is None:
                text = "; ".join(map(described, held))
                note = f"Input found: {text}, from line {each.line}."
                yield Inputs(tape.fresh(each.args), tape.fresh(each.kwargs), note)
    example = model.__dict__.get("example_input_array", model._buffers.get("example_input_array"))
    if tensors_in(example):
        given = tape.fresh(example) if isinstance(example, tuple) else (tape.fresh(example),)
        text = "; ".join(map(described, tensors_in(example)))
        yield Inputs(given, {}, f"Input found: {text}, the model's example_input_array.")


def _unknown(model: Module, first: Exception | None, tried: list[str]) -> CalcError:
    """Nothing fits: what was tried, and what came of it."""
    names = ", ".join(forward_names(model)) or "x"
    name = type(model).__name__
    if first is None:
        return CalcError(
            f"the input of {name} is not plain", knob="input", hint="write its shape, as in 1, 3, 224, 224"
        )
    why = located(first, tape.current)
    return CalcError(
        f"no input was found that {name}.forward({names}) takes: with {tried[0]}, {why.rule}",
        knob="input",
        hint="write the shape that it is made for, as in 1, 3, 224, 224",
    )
