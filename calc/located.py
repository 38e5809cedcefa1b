"""What is wrong with a model, where it is, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterator
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


def located(error: Exception, running: tape.Tape, line: int = 0) -> TraceError:
    """The error with the innermost line of the source that led to it."""
    if isinstance(error, TraceError):
        return error
    line = line or line_of(error)
    path = running.failed or ""
    inside = modules_of(error)
    made_line = inside[-1].__dict__.get("_made_line", 0) if inside else 0
    rule, hint = (error.rule, error.hint) if isinstance(error, CalcError) else (told(error), "")
    if made_line and made_line != line and hint.startswith("set "):
        hint = f"{hint} in line {made_line}"
    knob = error.knob if isinstance(error, CalcError) else ""
    return TraceError(rule, knob=knob, hint=hint, line=line, path=path, made_line=made_line)


def told(error: Exception) -> str:
    """An error of Python's own, as Python says it."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
