"""Which model a source is about, where nobody says so.

In this order: what the script assigned, what it called, what its own trial functions make,
and what its outermost class makes. A class that others use as a part is not the model.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from calc.absent import Absent
from calc.errors import CalcError
from calc.torch import tape, words
from calc.torch.modules import Module
from calc.tracing.entry_made import configured, constructions, needed, unclear, without_arguments
from calc.tracing.pasted import FUTURE, Pasted


def entry_of(found: Pasted, entry: str | None) -> tuple[Module, str]:
    """The model, and a sentence about it where there was a choice."""
    if entry:
        return _made(entry, found), ""
    assigned = _assigned(found)
    whole = {name: model for name, model in assigned.items() if model._modules}
    classes = _outermost(found)
    if not whole and not assigned and not classes:
        raise nothing_found(found, "the source defines no model", "define a class of nn.Module, or assign one")
    if whole or (assigned and not classes):
        return _chosen(whole or assigned, found)
    called = [each for each in tape.current.asked if isinstance(each.module, tuple(classes.values()))]
    called = called or _tried(found, classes)
    if called:
        model, name = called[-1].module, type(called[-1].module).__name__
        return model, _note(f"{name}, as line {called[-1].line} calls it", classes, name)
    return _by_class(found, classes)


def _made(entry: str, found: Pasted) -> Module:
    """The model that an expression makes."""
    made = evaluated(entry, found)
    if isinstance(made, type) and issubclass(made, Module):
        made = without_arguments(made.__name__, made)
    if isinstance(made, Absent):
        made._refuse()
    if not isinstance(made, Module):
        raise CalcError(f"entry (={entry!r}) must make an nn.Module, and makes {type(made).__name__}", knob="entry")
    model: Module = made
    return model


def evaluated(entry: str, found: Pasted) -> Any:
    """The value of an expression in the source's scope."""
    try:
        return eval(compile(entry, tape.SOURCE, "eval", FUTURE), found.scope)
    except SyntaxError:
        raise CalcError(f"entry (={entry!r}) must be an expression", knob="entry", hint="write Net()") from None
    except NameError as error:
        names = [each.name for each in found.tree.body if isinstance(each, (ast.ClassDef, ast.FunctionDef))]
        known = f"the source defines {_some(names)}" if names else ""
        raise CalcError(f"entry (={entry!r}): {error}", knob="entry", hint=known) from None


def nothing_found(found: Pasted, sentence: str, hint: str) -> CalcError:
    """No model at all: what was left out may be the reason, first of all where a layer is made."""
    kept = [each for each in found.left if not isinstance(each.statement, (ast.Import, ast.ImportFrom))]
    making = [each for each in kept if _speaks_of_layers(each.statement, found)]
    if found.left:
        return (making or kept or found.left)[0].reason
    return CalcError(sentence, knob="entry", hint=hint)


def _speaks_of_layers(statement: ast.stmt, found: Pasted) -> bool:
    """Whether a statement calls a class of modules, or something of `nn`."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if isinstance(node.func.value, ast.Name) and node.func.value.id in ("nn", "layers", "keras"):
                return True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            made = found.scope.get(node.func.id)
            if isinstance(made, type) and issubclass(made, Module):
                return True
    return False


def _assigned(found: Pasted) -> dict[str, Module]:
    """Models under the names that the script gave them; parts of others and losses left out."""
    held = {
        name: value
        for name, value in found.scope.items()
        if isinstance(value, Module) and not type(value).__name__.endswith("Loss")
    }
    parts = {id(part) for model in held.values() for part in model.modules() if part is not model}
    parts |= {id(part) for value in found.scope.values() for part in _listed(value)}
    return {name: model for name, model in held.items() if id(model) not in parts}


def _listed(value: Any) -> Iterator[Module]:
    """Modules in lists that the script still has: building blocks, mostly."""
    for each in value if isinstance(value, (list, tuple)) else ():
        if isinstance(each, Module):
            yield from each.modules()


def _chosen(models: dict[str, Module], found: Pasted) -> tuple[Module, str]:
    """Of several models the one that is assigned last."""
    different = {id(model): name for name, model in models.items()}
    name = max(different.values(), key=lambda each: _last_line(each, found.tree))
    return models[name], _note(name, different.values(), name)


def _last_line(name: str, tree: ast.Module) -> int:
    stored = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    return max(stored, default=0)


def _note(taken: str, choice: Any, name: str) -> str:
    others = [each for each in choice if each != name]
    if not others:
        return f"Model: {taken}." if taken != name else ""
    return f"Model: {taken}. There {'is' if len(others) == 1 else 'are'} also {_some(others)}."


def _some(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _classes(found: Pasted) -> dict[str, type[Module]]:
    """The source's own classes of modules, in its order."""
    own = [node.name for node in ast.walk(found.tree) if isinstance(node, ast.ClassDef)]
    held = {name: found.scope.get(name) for name in own}
    return {name: each for name, each in held.items() if isinstance(each, type) and issubclass(each, Module)}


def _outermost(found: Pasted) -> dict[str, type[Module]]:
    """Classes that no other class makes or is made of; all of them where each uses another."""
    classes = _classes(found)
    bodies = {node.name: node for node in ast.walk(found.tree) if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    used: set[str] = set()
    for name in classes:
        reached: set[str] = set()
        _reach(bodies[name], bodies, reached, classes)
        used |= {each for each in reached if each != name and not issubclass(classes.get(each, Module), classes[name])}
    outer = {name: each for name, each in classes.items() if name not in used}
    losses = {name for name in outer if "loss" in name.lower() or "criterion" in name.lower()}
    outer = {name: each for name, each in outer.items() if name not in losses} or outer
    return outer or classes


def _reach(node: ast.AST, bodies: dict[str, Any], reached: set[str], classes: dict[str, Any]) -> None:
    """The names that a class or function uses, and those that the functions among them use."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in bodies and each.id not in reached and bodies[each.id] is not node:
            reached.add(each.id)
            if each.id not in classes:
                _reach(bodies[each.id], bodies, reached, classes)


def _tried(found: Pasted, classes: dict[str, type[Module]]) -> list[tape.Asked]:
    """The first call of a model by a function without arguments that nobody calls, such as `test()`."""
    for node in found.tree.body:
        if not isinstance(node, ast.FunctionDef) or _makes(node, found, classes) or needed(found.scope.get(node.name)):
            continue
        function = found.scope.get(node.name)
        if not callable(function) or isinstance(function, Absent) or not _mentions_input(node):
            continue
        running = tape.current
        before, running.most_asked = len(running.asked), len(running.asked) + 1
        try:
            function()
        except (Exception, SystemExit, tape.Enough):
            # A trial is only looked at; what is wrong with it is not what is asked.
            running.failed = None
        finally:
            running.most_asked = tape.MOST_ASKED
            running.running.clear()
        called = [each for each in running.asked[before:] if isinstance(each.module, tuple(classes.values()))]
        if called:
            return called
    return []


def _mentions_input(node: ast.AST) -> bool:
    made = words("rand randn ones zeros randint rand_like empty Tensor FloatTensor LongTensor tensor")
    return any(isinstance(each, ast.Attribute) and each.attr in made for each in ast.walk(node))


def _makes(node: ast.FunctionDef, found: Pasted, classes: dict[str, type[Module]]) -> bool:
    """Whether a function returns a model: it has a `return` and speaks of a class, itself or through another."""
    if not any(isinstance(each, ast.Return) and each.value is not None for each in ast.walk(node)):
        return False
    bodies = {each.name: each for each in ast.walk(found.tree) if isinstance(each, (ast.ClassDef, ast.FunctionDef))}
    reached: set[str] = set()
    _reach(node, bodies, reached, _classes(found))
    return bool(reached & set(classes))


def _by_class(found: Pasted, classes: dict[str, type[Module]]) -> tuple[Module, str]:
    """What the last outermost class makes: as the source writes it somewhere, or without arguments."""
    order = sorted(classes, key=lambda name: -_defined(name, found.tree))
    for name in order:
        makers = [
            node.name
            for node in found.tree.body
            if isinstance(node, ast.FunctionDef)
            and _makes(node, found, {name: classes[name]})
            and callable(found.scope.get(node.name))
            and not needed(found.scope[node.name])
        ]
        for call in () if makers else constructions(name, found):
            text = ast.unparse(call)
            try:
                made: Any = eval(compile(text, tape.SOURCE, "eval", FUTURE), found.scope)
            except Exception:
                # With names that only its function knows; another one may do.
                continue
            if isinstance(made, Module):
                return made, _note(f"{text}, as in line {call.lineno}", classes, name)
        if not needed(classes[name]):
            return classes[name](), _note(name, classes, name)
        for maker in makers:
            made = found.scope[maker]()
            if isinstance(made, Module):
                return made, _note(f"{maker}()", makers, maker)
        with_settings = configured(name, classes[name], found)
        if with_settings is not None:
            return with_settings
    raise unclear(order[0], classes[order[0]])


def _defined(name: str, tree: ast.Module) -> int:
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == name]
    return max((node.lineno for node in classes), default=0)
