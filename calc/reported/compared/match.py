"""Which module of one model is which of the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from calc.reported.compared.parts import ModuleOf, merged

Match = tuple[str | None, str | None]
"""The path of a module in A and in B; None where it is not. Of a module that only one has, its parts are not listed."""

Children = dict[str, list[str]]


def matched(one: Mapping[str, ModuleOf], other: Mapping[str, ModuleOf]) -> list[Match]:
    """All modules in order, matched by their names.

    Numbered ones, the members of a list, are matched by their classes: a layer that is put
    between others moves those behind it, and makes no others of them.
    """
    return list(_below("", "", (one, other), (_children(one), _children(other))))


def without_parts(modules: Mapping[str, ModuleOf]) -> set[str]:
    """The paths of modules that have no parts."""
    return set(modules) - set(_children(modules))


def _children(modules: Mapping[str, ModuleOf]) -> Children:
    found: Children = {}
    for path in modules:
        if path:
            found.setdefault(path.rpartition(".")[0], []).append(path)
    return found


def _below(
    one: str, other: str, both: tuple[Mapping[str, ModuleOf], ...], children: tuple[Children, Children]
) -> Iterator[Match]:
    yield one, other
    names = [
        [path.rpartition(".")[2] for path in held.get(path, [])]
        for held, path in zip(children, (one, other), strict=True)
    ]
    paths = [
        dict(zip(each, held.get(path, []), strict=True))
        for each, held, path in zip(names, children, (one, other), strict=True)
    ]
    if all(name.isdigit() for each in names for name in each):
        kinds = [
            [modules[found[name]].kind for name in each]
            for modules, found, each in zip(both, paths, names, strict=True)
        ]
        pairs: Iterable[Match] = _aligned(names, kinds)
    else:
        pairs = [(name if name in paths[0] else None, name if name in paths[1] else None) for name in merged(*names)]
    for a, b in pairs:
        if a is not None and b is not None:
            yield from _below(paths[0][a], paths[1][b], both, children)
        else:
            yield paths[0][a] if a is not None else None, paths[1][b] if b is not None else None


def _aligned(names: Sequence[Sequence[str]], kinds: Sequence[Sequence[str]]) -> Iterator[Match]:
    """Two lists, so that members of one class stand beside each other; what is left over pairwise."""
    one, other = kinds
    # What is alike at both ends needs no search, which takes long where a list repeats one class.
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest = min(len(one), len(other)) - start
    end = next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)
    inner = SequenceMatcher(None, one[start : len(one) - end], other[start : len(other) - end], autojunk=False)
    yield from zip(names[0][:start], names[1][:start], strict=True)
    for word, *bounds in inner.get_opcodes():
        left, right = (
            list(each[start + low : start + high])
            for each, (low, high) in zip(names, (bounds[:2], bounds[2:]), strict=True)
        )
        if word == "replace" and len(left) != len(right):
            yield from ((each, None) for each in left)
            yield from ((None, each) for each in right)
        else:
            yield from zip_longest(left, right)
    yield from zip(names[0][len(one) - end :], names[1][len(other) - end :], strict=True)
