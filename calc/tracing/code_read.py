"""What a piece of code binds, what its expressions are parts of, and what a value holds."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator
from typing import Any

from calc.absent import Absent
from calc.torch import words
from calc.torch.modules import Module

PARTS = words("children named_children modules named_modules parameters named_parameters get_submodule")


def bound(statement: ast.AST) -> Iterator[str]:
    """The names that a statement may bind."""
    for node in here(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (each.asname or each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            yield from node.names


def here(node: ast.AST) -> Iterator[ast.AST]:
    """What is run with the statement itself: no bodies of functions, no targets of comprehensions."""
    yield node
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
        inner: list[ast.AST] = [*getattr(node, "decorator_list", ())]
    elif isinstance(node, ast.comprehension):
        inner = [node.iter, *node.ifs]
    else:
        inner = list(ast.iter_child_nodes(node))
    for each in inner:
        yield from here(each)


def parts_of(value: ast.AST) -> Iterator[ast.AST]:
    """Expressions whose value may be a part of something: not what a model answers when it is called."""
    if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
        yield value
    elif isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute) and value.func.attr in PARTS:
            yield value.func.value
        elif isinstance(value.func, ast.Name) and value.func.id in words("enumerate list zip reversed iter next tuple"):
            for each in value.args:
                yield from parts_of(each)
    elif isinstance(value, (ast.Tuple, ast.List)):
        for each in value.elts:
            yield from parts_of(each)
    elif isinstance(value, ast.IfExp):
        yield from parts_of(value.body)
        yield from parts_of(value.orelse)


def fixed(value: Any) -> bool:
    """Whether a method cannot change this: numbers, texts, functions, modules, placeholders."""
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes, frozenset, range, type, Absent)):
        return True
    if isinstance(value, (types.ModuleType, types.FunctionType, types.BuiltinFunctionType)):
        return True
    if isinstance(value, tuple):
        return all(map(fixed, value))
    return type(value).__module__.startswith(("calc.", "argparse")) and not isinstance(value, Module)


def modules_in(value: Any, depth: int = 3) -> Iterator[Module]:
    """A module and its parts, or those in lists and dictionaries."""
    if isinstance(value, Module):
        yield from value.modules()
    elif depth and isinstance(value, (list, tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from modules_in(each, depth - 1)
