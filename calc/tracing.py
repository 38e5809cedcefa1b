"""A model from its source: run on shapes alone, and reported call by call."""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from calc.errors import CalcError
from calc.knob import Extents, Unfit
from calc.live_model import is_live, report_of_live
from calc.report import Report, report_of
from calc.torch import tape
from calc.torch.dtypes import FLOAT, NAMED
from calc.torch.modules import Module
from calc.torch.namespace import Stand, namespace
from calc.torch.sights import at_start
from calc.torch.tensor import Tensor

STANDARD = [
    "__future__",
    "abc",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "enum",
    "functools",
    "inspect",
    "itertools",
    "logging",
    "math",
    "numbers",
    "operator",
    "random",
    "re",
    "string",
    "sys",
    "time",
    "types",
    "typing",
    "typing_extensions",
    "warnings",
]
"""Modules of the standard library that models import."""


class TraceError(CalcError):
    """A model that cannot run: `line` of the source, `path` of the module that was running."""

    def __init__(self, rule: str, *, hint: str = "", line: int = 0, path: str = "") -> None:
        self.line = line
        self.path = path
        where = f" (line {line}{f', in {path}' if path else ''})" if line else ""
        super().__init__(f"{rule}{where}", hint=hint)


def trace(
    source: Any, *inputs: Any, entry: str | None = None, framework: str = "torch", training: bool = False
) -> Report:
    """Run PyTorch source on shapes and report what it does.

    An input is a shape, or text such as `"int64[12, 4]"`. `entry` is the expression that
    makes the model, such as `"Net(num_classes=10)"`; it may be left out where the source
    defines one model that needs no arguments, or assigns one. Nothing but shapes is
    worked out: no weights are made, and a network of any size takes a moment.

    Where PyTorch is installed, a live `nn.Module` may stand in place of the source.

    The source is run as Python code: give this function only source that you would run.

    Raises `TraceError` with the line and the path of the module where the model cannot run.

    Examples:
        >>> report = trace("from torch import nn\\nmodel = nn.Linear(3, 5)", (2, 3))
        >>> report.output_shape, report.params, report.macs
        ((2, 5), 20, 30)
    """
    if framework != "torch":
        raise CalcError(f"framework (={framework!r}) must be 'torch'", knob="framework")
    if is_live(source):
        return report_of_live(source, [tensor_of(each) for each in inputs], training=training)
    running = tape.start()
    try:
        scope = _executed(source)
        model = _model(scope, source, entry)
        model.train(training)
        running.paths.update({id(module): path for path, module in model.named_modules()})
        running.calls.clear()
        given = [at_start(tensor_of(each)) for each in inputs]
        output = model(*given)
    except (TraceError, KeyboardInterrupt, MemoryError):
        raise
    except Exception as error:
        raise _located(error, running) from error
    return report_of(model, running, given, output)


def tensor_of(given: Any) -> Tensor:
    """An input as it is described: a shape, `"int64[12, 4]"`, or `{"shape", "dtype"}`."""
    dtype = FLOAT
    if isinstance(given, dict):
        dtype, given = NAMED[given.get("dtype", "float32")], given["shape"]
    elif isinstance(given, str):
        name, bracket, rest = given.partition("[")
        if bracket and name.strip():
            if name.strip() not in NAMED:
                raise CalcError(
                    f"input (={given!r}) must name a kind of numbers", knob="input", hint="write int64[12, 4]"
                )
            dtype, given = NAMED[name.strip()], rest.rstrip("] ")
        try:
            given = Extents().parse(given) if given.strip() else ()
        except Unfit as unfit:
            raise CalcError(f"input (={given!r}) {unfit.rule}", knob="input", hint=unfit.hint) from None
    return Tensor(given, dtype)


def _executed(source: str) -> dict[str, Any]:
    """The names that the source defines."""
    try:
        code = compile(source, tape.SOURCE, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise TraceError(f"the source is not valid Python: {error.msg}", line=error.lineno or 0) from None
    scope: dict[str, Any] = {"__name__": "model", "__builtins__": {**vars(builtins), "__import__": _import}}
    with _registered():
        exec(code, scope)
    return scope


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
    known = namespace()
    top = name.partition(".")[0]
    if top == "torch" and not level:
        if name not in known:
            raise CalcError(f"{name} is not known to this calculator yet")
        return known[name] if wanted else known["torch"]
    if top in STANDARD and not level:
        module = importlib.import_module(name)
        return module if wanted else sys.modules[top]
    raise CalcError(
        f"import of {'.' * level}{name} is not possible here",
        hint="paste what is used of it, or leave the import out",
    )


def _model(scope: dict[str, Any], source: str, entry: str | None) -> Module:
    """The model: what `entry` makes, the last one that was assigned, or the last class that needs no arguments."""
    if entry:
        try:
            made: Any = eval(compile(entry, tape.SOURCE, "eval"), scope)
        except SyntaxError:
            raise CalcError(f"entry (={entry!r}) must be an expression", knob="entry", hint="write Net()") from None
        if isinstance(made, type) and issubclass(made, Module):
            made = made()
        if not isinstance(made, Module):
            raise CalcError(f"entry (={entry!r}) must make an nn.Module, and makes {type(made).__name__}", knob="entry")
        model: Module = made
        return model
    assigned = [value for value in scope.values() if isinstance(value, Module)]
    if assigned:
        return assigned[-1]
    classes = [
        scope[node.name]
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and isinstance(scope.get(node.name), type)
    ]
    models = [each for each in classes if issubclass(each, Module)]
    if not models:
        raise CalcError("the source defines no model", knob="entry", hint="define a class of nn.Module, or assign one")
    try:
        plain: Module = models[-1]()
    except TypeError as error:
        name = models[-1].__name__
        raise CalcError(
            f"it is not plain how {name} is made: {error}", knob="entry", hint=f"say so, as in {name}(10)"
        ) from None
    return plain


def _located(error: Exception, running: tape.Tape) -> TraceError:
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
