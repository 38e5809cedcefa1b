"""What `import` gives in pasted source: stand-ins, a little of the standard library, and placeholders for the rest."""

from __future__ import annotations

import ast
import importlib
import types
from collections.abc import Callable
from typing import Any

from calc.absent import Absent
from calc.torch import namespace as torch_names
from calc.torch import tape, words
from calc.tracing.packages import namespace as package_names

STANDARD = words(
    "__future__ abc bisect collections contextlib copy dataclasses datetime decimal enum fractions functools heapq "
    "inspect itertools json keyword logging math numbers operator pprint random re statistics string textwrap types "
    "typing typing_extensions uuid warnings"
)
"""Modules of the standard library that are as they are."""


def _keras_names() -> dict[str, types.ModuleType]:
    # A model of PyTorch does without.
    from calc.keras_model.source import namespace

    return namespace()


FRAMEWORKS: dict[str, Callable[[], dict[str, types.ModuleType]]] = {
    "torch": torch_names.namespace,
    "keras": _keras_names,
    "tensorflow": _keras_names,
}
"""The frameworks that have a stand-in, and where its modules come from."""


def importer(tree: ast.Module) -> Callable[..., Any]:
    """`__import__` for a source: a package that is not at hand is a placeholder, or an ImportError where one is met."""
    met = [node for node in ast.walk(tree) if isinstance(node, ast.Try) and any(map(_meets_import, node.handlers))]
    spans = [(node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno) for node in met]

    def find(name: str, scope: Any = None, local: Any = None, wanted: Any = (), level: int = 0) -> Any:
        known = None if level else _known(name)
        if known is not None:
            return known if wanted else _known(name.partition(".")[0])
        line = tape.line_of_model()
        if any(first <= line <= last for first, last in spans):
            raise ImportError(f"{name} is not at hand here")
        if not wanted and not level and _known(name.partition(".")[0]) is not None:
            return _known(name.partition(".")[0])
        full = "." * level + name
        # Of a framework that is here a part is missing, not the whole.
        cause = f"{full} is not at hand here" if full.partition(".")[0] in FRAMEWORKS else ""
        return Absent(full if wanted else full.partition(".")[0] or full, cause=cause)

    return find


def _meets_import(handler: ast.ExceptHandler) -> bool:
    if any(isinstance(each, ast.Raise) for each in ast.walk(handler)):
        return False
    if handler.type is None:
        return True
    names = {each.id for each in ast.walk(handler.type) if isinstance(each, ast.Name)}
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def _known(name: str) -> Any:
    """A module that is at hand; None where it is not."""
    top = name.partition(".")[0]
    if top in FRAMEWORKS:
        return FRAMEWORKS[top]().get(name)
    if top in STANDARD:
        return importlib.import_module(name)
    return package_names().get(name)
