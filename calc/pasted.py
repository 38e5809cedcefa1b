"""Source that somebody pasted, run with stand-ins in place of the frameworks that it imports."""

from __future__ import annotations

import builtins
import importlib
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from calc.errors import CalcError
from calc.torch import namespace as torch_names
from calc.torch import tape, words
from calc.torch.namespace import Stand

STANDARD = words(
    "__future__ abc collections contextlib copy dataclasses enum functools inspect itertools "
    "logging math numbers operator random re string sys time types typing typing_extensions "
    "warnings"
)
"""Modules of the standard library that models import."""


class TraceError(CalcError):
    """A model that cannot run: `line` of the source, `path` of the module that was running."""

    def __init__(self, rule: str, *, hint: str = "", line: int = 0, path: str = "") -> None:
        self.line = line
        self.path = path
        where = f" (line {line}{f', in {path}' if path else ''})" if line else ""
        super().__init__(f"{rule}{where}", hint=hint)


def executed(source: str) -> dict[str, Any]:
    """The names that the source defines."""
    try:
        code = compile(source, tape.SOURCE, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise TraceError(f"the source is not valid Python: {error.msg}", line=error.lineno or 0) from None
    scope: dict[str, Any] = {"__name__": "model", "__builtins__": {**vars(builtins), "__import__": _import}}
    with _registered():
        exec(code, scope)
    return scope


def _keras_names() -> dict[str, types.ModuleType]:
    # A model of PyTorch does without.
    from calc.keras_model.source import namespace

    return namespace()


FRAMEWORKS: dict[str, Callable[[], dict[str, types.ModuleType]]] = {
    "torch": torch_names.namespace,
    "keras": _keras_names,
    "tensorflow": _keras_names,
}
"""What may be imported besides the standard library, and where its modules come from."""


@contextmanager
def _registered() -> Iterator[None]:
    """Dataclasses ask for the module that they stand in."""
    before = sys.modules.get("model")
    sys.modules["model"] = Stand("model")
    try:
        yield
    finally:
        if before is None:
            sys.modules.pop("model", None)
        else:
            sys.modules["model"] = before


def _import(name: str, scope: Any = None, local: Any = None, wanted: Any = (), level: int = 0) -> Any:
    """`import torch` and what models need of the standard library; anything else is named."""
    top = name.partition(".")[0]
    if top in FRAMEWORKS and not level:
        known = FRAMEWORKS[top]()
        if name not in known:
            raise CalcError(f"{name} is not known to this calculator yet")
        return known[name] if wanted else known[top]
    if top in STANDARD and not level:
        module = importlib.import_module(name)
        return module if wanted else sys.modules[top]
    raise CalcError(
        f"import of {'.' * level}{name} is not possible here",
        hint="paste what is used of it, or leave the import out",
    )


def located(error: Exception, running: tape.Tape) -> TraceError:
    """The error with the innermost line of the source that led to it."""
    line, step = 0, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == tape.SOURCE:
            line = step.tb_lineno
        step = step.tb_next
    path = running.failed or ""
    if isinstance(error, CalcError):
        return TraceError(error.rule, hint=error.hint, line=line, path=path)
    return TraceError(f"{type(error).__name__}: {error}", line=line, path=path)
