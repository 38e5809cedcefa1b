"""What is wrong with a model, where it is, and what would mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from types import FrameType

from calc.errors import CalcError
from calc.torch import tape
from calc.torch.modules import Module


class TraceError(CalcError):
    """A model that cannot run.

    `line` is where the source was when it failed, `path` the module that was running, and
    `made_line` where that module is made; 0 and "" where they are not known.
    """

    def __init__(
        self, rule: str, *, knob: str = "", hint: str = "", line: int = 0, path: str = "", made_line: int = 0
    ) -> None:
        self.line = line
        self.path = path
        self.made_line = made_line
        where = f" (line {line}{f', in {path}' if path else ''})" if line else ""
        super().__init__(f"{rule}{where}", knob=knob, hint=hint)


def frames_of(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    """What was running when it happened, outermost first, each with its line."""
    step = error.__traceback__
    while step is not None:
        yield step.tb_frame, step.tb_lineno
        step = step.tb_next


def line_of(error: BaseException) -> int:
    """The innermost line of the source that led to an error; 0 where there is none."""
    lines = [line for frame, line in frames_of(error) if frame.f_code.co_filename == tape.SOURCE]
    return lines[-1] if lines else 0


def modules_of(error: BaseException) -> list[Module]:
    """The modules whose methods were running, outermost first."""
    held = [frame.f_locals.get("self") for frame, _ in frames_of(error)]
    return list({id(each): each for each in held if isinstance(each, Module)}.values())


def _is_keras(value: object) -> bool:
    return any(each.__module__ == "calc.keras_model.graph" for each in type(value).__mro__)


def located(error: Exception, running: tape.Tape, line: int = 0) -> TraceError:
    """The error with the innermost line of the source that led to it."""
    if isinstance(error, TraceError):
        return error
    line = line or line_of(error)
    inside = modules_of(error)
    module = inside[-1] if inside else None
    path = (running.failed or "") if line else ""
    if path and inside and not running.paths:
        # Called by the script itself, before the model has paths of its own.
        path = next((name for name, each in inside[0].named_modules() if each is inside[-1]), path)
    made_line = module.__dict__.get("_made_line", 0) if module is not None else 0
    layers = [each for each in (frame.f_locals.get("self") for frame, _ in frames_of(error)) if _is_keras(each)]
    if len(layers) > 1 and type(layers[0]).__name__ == "Sequential" and layers[-1] is not layers[0]:
        # A layer in a list is called where the list begins: its own line says more.
        line = made_line = layers[-1].__dict__.get("_made_line", 0) or line
    rule, hint = (error.rule, error.hint) if isinstance(error, CalcError) else (told(error), meant(error))
    if made_line and made_line != line:
        hint = re.sub(r"^(set \w+=[^ ,;]+)", rf"\1 in line {made_line}", hint)
    lost = re.match(r"Linear: input \(=\((\d+),\)\) must end in in_features \(=(\d+)\)", rule)
    if lost and int(lost[1]) % int(lost[2]) == 0:
        hint = "keep the batch axis, with flatten(1) instead of flatten()"
    # What a layer calls its own argument is no field of a form.
    knob = error.knob if isinstance(error, CalcError) and not line else ""
    return TraceError(rule, knob=knob, hint=hint, line=line, path=path, made_line=made_line)


def told(error: Exception) -> str:
    """An error of Python's own, as Python says it."""
    if isinstance(error, RecursionError):
        return "the model calls itself without end"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def meant(error: Exception) -> str:
    """What a name that is not known may have been meant to be."""
    if isinstance(error, NameError) and error.name:
        held: dict[str, object] = {}
        for frame, _ in frames_of(error):
            if frame.f_code.co_filename == tape.SOURCE:
                held = {**frame.f_globals, **frame.f_locals}
        owner = held.get("self")
        if isinstance(owner, Module) and hasattr(owner, error.name):
            return f"write self.{error.name}"
        near = get_close_matches(error.name, [name for name in held if not name.startswith("_")], 1, 0.6)
        return f"perhaps {near[0]} is meant" if near else ""
    if isinstance(error, AttributeError) and isinstance(error.obj, Module) and error.name:
        own = error.obj.__dict__
        known = [*own.get("_modules", ()), *own.get("_parameters", ()), *(each for each in own if each[0] != "_")]
        near = get_close_matches(error.name, known, 1, 0.6)
        return f"perhaps {near[0]} is meant" if near else ""
    return ""
