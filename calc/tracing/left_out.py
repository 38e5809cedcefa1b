"""What a statement that cannot be run here might have changed, had it been run.

A statement is left out only where nothing that is counted can depend on it: the names that it
may bind or change have no value afterwards, and a model that it may change stops everything.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Mapping
from typing import Any

from calc.absent import Absent
from calc.torch import words
from calc.torch.modules import Module
from calc.torch.tensor import Tensor
from calc.tracing.code_read import PARTS, bound, fixed, here, modules_in, parts_of

REBUILDING = words(
    "add_module register_module register_parameter register_buffer append extend insert pop update clear setdefault "
    "requires_grad_ set_submodule reset_classifier resize_token_embeddings __setattr__ __delattr__ __setitem__"
)
"""Methods that give a model other parts, or let training change others."""

READING = words(
    "items keys values get copy index count join format split strip startswith endswith lower upper exists tolist"
)
"""Methods that leave a container as it is."""

VALUES = words("data grad training")
"""Attributes that change numbers alone."""

CHANGING = words("replace convert prune quantize fuse modify inject lora peft surgery expand adapt insert add patch")
"""Words in the name of a function of another package that may put other parts into a model."""


class Changes:
    """The roots of what a statement may change: names of the scope, whose values are looked at."""

    def __init__(self, scope: Mapping[str, Any], tree: ast.Module) -> None:
        self.scope = scope
        self.functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        self.found: dict[str, ast.AST] = {}
        self.bound: set[str] = set()
        self._seen: set[tuple[str, tuple[str, ...]]] = set()
        self._looked: frozenset[str] = frozenset()
        self.parts: dict[int, ast.AST] = {}
        """Modules that are changed within something that holds them."""

    def of(self, statement: ast.AST) -> dict[str, ast.AST]:
        """Names whose values may be changed, each with the code that may do it."""
        self.bound |= set(bound(statement))
        self._read(statement, {})
        return self.found

    def _read(self, statement: ast.AST, inner: dict[str, set[str]], local: frozenset[str] = frozenset()) -> None:
        aliases = dict(inner)
        nodes = list(here(statement))
        for node in nodes:
            # A name for a part of a model is as good as the model itself.
            if isinstance(node, (ast.Assign, ast.For)):
                value = node.value if isinstance(node, ast.Assign) else node.iter
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                roots = set().union(*(self._roots(each, aliases, local) for each in parts_of(value)))
                stored = [each for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
                for name in (each.id for each in stored):
                    aliases[name] = aliases.get(name, set()) | roots
        for node in nodes:
            if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
                if not (isinstance(node, ast.Attribute) and node.attr in VALUES):
                    self._mark(self._roots(node.value, aliases, local), node)
            elif isinstance(node, ast.Call):
                self._call(node, aliases, local)

    def _roots(self, node: ast.AST, aliases: dict[str, set[str]], local: frozenset[str]) -> set[str]:
        answered = False
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
            if isinstance(node, ast.Attribute) and node.attr in VALUES:
                return set()
            if isinstance(node, ast.Call):
                answered |= not (isinstance(node.func, ast.Attribute) and node.func.attr in PARTS)
                node = node.func
            else:
                node = node.value
        if not isinstance(node, ast.Name):
            return set()
        own = set() if node.id in local else {node.id}
        roots = aliases[node.id] | (own & set(self.scope)) if node.id in aliases else own
        # What a model answers is no part of it.
        return {each for each in roots if not (answered and isinstance(self.scope.get(each), Module))}

    def _mark(self, roots: set[str], node: ast.AST) -> None:
        for each in roots:
            self.found.setdefault(each, node)

    def _call(self, node: ast.Call, aliases: dict[str, set[str]], local: frozenset[str]) -> None:
        given = [*node.args, *(each.value for each in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            roots = self._roots(node.func.value, aliases, local)
            name = node.func.attr
            for each in roots:
                held = self.scope.get(each)
                if isinstance(held, Module):
                    direct = isinstance(node.func.value, ast.Name) and node.func.value.id == each
                    if self._rebuilds(name, given, direct=direct):
                        self._mark({each}, node)
                elif isinstance(held, Tensor):
                    if name.endswith("_"):
                        self._mark({each}, node)
                elif name not in READING and not fixed(held):
                    self._mark({each}, node)
                    self._look_into(held, name)
            callee = self._callee(node.func)
        elif isinstance(node.func, ast.Name) and node.func.id in ("setattr", "delattr") and node.args:
            self._mark(self._roots(node.args[0], aliases, local), node)
            return
        elif isinstance(node.func, ast.Name) and node.func.id in ("globals", "locals", "exec"):
            plain = (type, types.FunctionType, types.ModuleType)
            self._mark({name for name, value in self.scope.items() if not isinstance(value, plain)}, node)
            return
        elif isinstance(node.func, ast.Name):
            function = self.functions.get(node.func.id)
            if function is not None and node.func.id not in local:
                self._enter(function, node, aliases, local)
                return
            callee = node.func.id if isinstance(self.scope.get(node.func.id), Absent) else None
        else:
            callee = None
        if callee is None:
            return
        for value in given:
            for root in self._roots(value, aliases, local):
                held = self.scope.get(root)
                if isinstance(held, Module):
                    if any(word in callee.lower() for word in CHANGING):
                        self._mark({root}, node)
                elif not fixed(held) and not isinstance(held, Tensor):
                    self._mark({root}, node)

    def _look_into(self, held: Any, name: str) -> None:
        """A method of an object of the reader's own, a trainer perhaps, that gives a model it holds other parts."""
        function = self.functions.get(name)
        if function is None or not function.args.args or type(held).__module__ != "model":
            return
        first = function.args.args[0].arg
        for node in ast.walk(function):
            part: ast.AST | None = None
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, (ast.Store, ast.Del))
                and node.attr not in VALUES
            ):
                part = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REBUILDING:
                part = node.func.value
            while isinstance(part, (ast.Attribute, ast.Subscript)):
                inner = part.value
                if isinstance(part, ast.Attribute) and isinstance(inner, ast.Name) and inner.id == first:
                    self.parts |= {id(each): node for each in modules_in(getattr(held, "__dict__", {}).get(part.attr))}
                part = inner

    def _callee(self, func: ast.Attribute) -> str | None:
        """The name of a method of something that is not at hand."""
        node: ast.AST = func
        while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
            node = node.func if isinstance(node, ast.Call) else node.value
        absent = isinstance(node, ast.Name) and isinstance(self.scope.get(node.id), Absent)
        return func.attr if absent else None

    def _rebuilds(self, name: str, given: list[ast.expr], *, direct: bool) -> bool:
        """Whether a method of a model may give it other parts; one of the reader's own is looked into."""
        if name in REBUILDING or (direct and any(word in name.lower() for word in CHANGING)):
            return True
        if name == "apply":
            function = self.functions.get(given[0].id) if given and isinstance(given[0], ast.Name) else None
            return function is None or self._changes_its_first(function)
        own = self.functions.get(name)
        return own is not None and name != "forward" and self._changes_its_first(own)

    def _changes_its_first(self, function: ast.FunctionDef) -> bool:
        if not function.args.args or function.name in self._looked:
            return False
        first = function.args.args[0].arg
        inside = Changes({**self.scope, first: Module()}, ast.Module([], []))
        inside.functions, inside._looked = self.functions, self._looked | {function.name}
        inside._read(ast.Module(function.body, []), {})
        return first in inside.found

    def _enter(
        self, function: ast.FunctionDef, node: ast.Call, aliases: dict[str, set[str]], local: frozenset[str]
    ) -> None:
        """The body of a function of the reader's own, with what it is given."""
        names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        given: dict[str, set[str]] = {each: set() for each in names}
        for name, value in zip(names, node.args, strict=False):
            given[name] = self._roots(value, aliases, local)
        for each in node.keywords:
            if each.arg:
                given[each.arg] = self._roots(each.value, aliases, local)
        key = (function.name, tuple(sorted(f"{name}:{root}" for name, roots in given.items() for root in roots)))
        if key in self._seen:
            return
        self._seen.add(key)
        wide = {name for each in ast.walk(function) if isinstance(each, ast.Global) for name in each.names}
        self.bound |= wide
        own = frozenset((*names, *(name for each in function.body for name in bound(each)))) - wide
        whole = ast.Module(function.body, [])
        self._read(whole, given, own)


def changed_by(statement: ast.AST, scope: Mapping[str, Any], tree: ast.Module) -> tuple[set[str], dict[str, ast.AST]]:
    """The names that have no value once a statement is left out, and the models that it may change."""
    changes = Changes(scope, tree)
    touched = changes.of(statement)
    models = {name: node for name, node in touched.items() if isinstance(scope.get(name), Module)}
    for name, node in touched.items():
        if isinstance(scope.get(name), (list, tuple, dict)):
            changes.parts |= {id(each): node for each in modules_in(scope[name])}
    for name, value in scope.items():
        if isinstance(value, Module) and name not in models:
            hit = next((changes.parts[id(each)] for each in value.modules() if id(each) in changes.parts), None)
            models |= {name: hit} if hit is not None else {}
    same = {id(scope[name]) for name in touched if name in scope and not fixed(scope[name])}
    others = {name for name, value in scope.items() if id(value) in same}
    lost = (changes.bound | others | {name for name in touched if name in scope}) - set(models)
    return {name for name in lost if not isinstance(scope.get(name), types.ModuleType)}, models
