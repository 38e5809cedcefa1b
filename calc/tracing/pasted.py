"""Source that somebody pasted, run with stand-ins in place of the packages that it imports.

It is run statement by statement, as a script is. One that needs what is not at hand here, a
data set or a picture, is left out and noted; what it would have made or changed has no value
afterwards, so that no number can rest on it.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from calc.absent import Absent, AbsentError, absent_in
from calc.errors import CalcError
from calc.torch import tape, words
from calc.torch.namespace import Stand
from calc.tracing.imported import importer
from calc.tracing.left_out import changed_by
from calc.tracing.located import TraceError, line_of, located, modules_of, told
from calc.tracing.pasted_text import ready

__all__ = ["Pasted", "TraceError", "executed", "located", "run"]

NOT_HERE = words("open input breakpoint help")
"""Functions of Python that reach out of a script."""

FUTURE = __import__("__future__").annotations.compiler_flag
"""Annotations are not looked at: they may speak of anything."""


@dataclass
class Pasted:
    """What running a source gave."""

    tree: ast.Module
    scope: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    """What was left out."""


@dataclass
class Left:
    """A statement that was left out: what it needed, and where that began."""

    statement: ast.stmt
    reason: TraceError
    cause: str


def executed(source: str) -> dict[str, Any]:
    """The names that the source defines."""
    return run(source).scope


def run(source: str, *, given: bool = False) -> Pasted:
    """Run the source; what cannot be run here is left out where nothing can depend on it.

    With an input `given`, so is a call of a model that fails with an input of the script's own.
    """
    text = ready(source)
    try:
        tree = ast.parse(text, tape.SOURCE)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise TraceError(f"the source is not valid Python: {getattr(error, 'msg', error)}", line=line) from None
    hidden = {name: Absent(name) for name in NOT_HERE}
    known = {**vars(builtins), **hidden, "print": _silent, "__import__": importer(tree)}
    found = Pasted(tree, {"__name__": "model", "__builtins__": known})
    with _registered():
        for statement in _statements(tree.body):
            try:
                _run_one(statement, found, given=given)
            except SystemExit:
                found.notes.append(f"The script ends in line {statement.lineno}.")
                break
    if found.left:
        found.notes.append(_said(found.left))
    return found


def _run_one(statement: ast.stmt, found: Pasted, *, given: bool) -> None:
    try:
        code = compile(ast.Module([statement], []), tape.SOURCE, "exec", FUTURE, dont_inherit=True)
    except SyntaxError as error:
        line = error.lineno or 0
        raise TraceError(f"the source is not valid Python: {error.msg}", line=line) from None
    AbsentError.latest = None
    try:
        exec(code, found.scope)
        if AbsentError.latest is not None:
            # The script caught it and went on as it would not where everything is at hand.
            raise AbsentError.latest
    except tape.Enough as enough:
        _leave_out(statement, AbsentError(str(enough)), found)
    except Exception as error:
        reason = _absence(error)
        if reason is None and given and tape.current.failed and isinstance(error, CalcError):
            reason = AbsentError(error.rule, hint=error.hint)
        if reason is None:
            raise
        _leave_out(statement, reason, found, error)


def _absence(error: Exception) -> AbsentError | None:
    """Why a statement cannot be run here, if that is the reason; None where the source is at fault."""
    if isinstance(error, AbsentError):
        return error
    held = absent_in(error)
    if held is not None:
        return AbsentError(held._rule, cause=held._cause)
    inside = bool(modules_of(error))
    strange = type(getattr(error, "obj", None)).__module__.startswith("calc.") and isinstance(error, AttributeError)
    outside = isinstance(error, (OSError, ImportError)) or (isinstance(error, NameError) or strange) and not inside
    return AbsentError(told(error)) if outside else None


def _leave_out(statement: ast.stmt, why: AbsentError, found: Pasted, error: Exception | None = None) -> None:
    lost, models = changed_by(statement, found.scope, found.tree)
    for name, node in models.items():
        line = getattr(node, "lineno", statement.lineno)
        raise TraceError(
            f"{name} may be changed in line {line}, and that cannot be run here: {why.cause}",
            hint="leave the line out, or write what it does without",
            line=line,
        )
    reason = located(why, tape.current, line_of(error) if error else statement.lineno)
    tape.current.failed = None
    found.left.append(Left(statement, reason, why.cause))
    imported = isinstance(statement, (ast.Import, ast.ImportFrom))
    for name in lost:
        rule = f"{name} is not known here, since line {statement.lineno} is left out: {why.cause}"
        found.scope[name] = Absent(name, why.rule if imported else rule, why.cause)


def _said(left: list[Left]) -> str:
    """One sentence for all statements that were left out."""
    runs: list[list[int]] = []
    for each in left:
        first, last = each.statement.lineno, each.statement.end_lineno or each.statement.lineno
        if runs and first <= runs[-1][1] + 2:
            runs[-1][1] = max(last, runs[-1][1])
        else:
            runs.append([first, last])
    spans = [f"{first}" if first == last else f"{first} to {last}" for first, last in runs]
    one = len(runs) == 1 and runs[0][0] == runs[0][1]
    causes = list(dict.fromkeys(each.cause for each in left))
    ending = " is not at hand here"
    away = [each.removesuffix(ending) for each in causes if each.endswith(ending)]
    why = [f"{listed(away)} {'is' if len(away) == 1 else 'are'} not at hand here"] if away else []
    why += [each for each in causes if not each.endswith(ending)]
    more = f", and {len(why) - 3} more" if len(why) > 3 else ""
    return (
        f"{'Line' if one else 'Lines'} {listed(spans)} {'is' if one else 'are'} left out: {'; '.join(why[:3])}{more}."
    )


def listed(names: list[str]) -> str:
    """Names with commas, the last with "and"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements one by one: those under `if __name__ == "__main__":`, too, and each name of an import."""
    for each in body:
        if isinstance(each, ast.If) and _is_main(each.test):
            yield from _statements(each.body)
        elif isinstance(each, ast.Import):
            yield from (ast.copy_location(ast.Import([name]), each) for name in each.names)
        elif isinstance(each, ast.ImportFrom) and each.module != "__future__":
            for name in each.names:
                yield ast.copy_location(ast.ImportFrom(each.module, [name], each.level), each)
        else:
            yield each


def _is_main(test: ast.expr) -> bool:
    named = [each.id for each in ast.walk(test) if isinstance(each, ast.Name)]
    return named == ["__name__"] and isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq)


def _silent(*values: Any, **options: Any) -> None:
    """`print`: the values are looked at as if they were written."""
    for each in values:
        if isinstance(each, Absent):
            each._refuse()


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
