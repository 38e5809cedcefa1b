"""What differs between two variants of a model, matched by the paths of their modules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from calc.markup import plain
from calc.notation import grouped
from calc.panels.table import table
from calc.report_forms import shape_text
from calc.reported.compared.match import matched, without_parts
from calc.reported.compared.parts import ModuleOf, merged, modules_of

if TYPE_CHECKING:
    from calc.report import Report

MOST_ROWS = 200
"""A longer list is cut; its head says how many there are."""


@dataclass(frozen=True)
class Difference:
    """A module, or several alike, that one of the two lacks or has in another form."""

    path: str
    a: tuple[str, ...] = ()
    b: tuple[str, ...] = ()
    """What it is in each, a line for each thing; () where it is not."""

    now: str = ""
    """Its path in B, where it is another one."""

    alike: tuple[str, ...] = ()
    """The paths of others that differ in the same way."""


def changes(a: Report, b: Report) -> str:
    """The differences as a table; a sentence where there are none, or where the two are different networks."""
    one, other = modules_of(a), modules_of(b)
    alike, few, many = kinship(one, other)
    if 2 * alike < few:
        return (
            f'<p class="calc-quiet">By place and class the two have {_counted(alike, "module")} in common, where the '
            f"smaller one has {grouped(few)} and the other {grouped(many)}: they are different networks. Two variants "
            "of one network are listed here module by module.</p>"
        )
    found = differences(one, other)
    if not found:
        return f'<p class="calc-verdict">Module by module the two are the same: {_counted(few, "module")}.</p>'
    rows = [(_named(each), _side(each.a), _side(each.b)) for each in found[:MOST_ROWS]]
    rest = len(found) - MOST_ROWS
    more = f'<p class="calc-quiet">And {grouped(rest)} more.</p>' if rest > 0 else ""
    listed = table(("Module", "A", "B"), rows)
    return f'<p class="calc-verdict">{plain(summary(found))}</p><div class="calc-changes">{listed}</div>{more}'


def summary(found: Sequence[Difference]) -> str:
    """How many differences there are of each sort."""
    gone = sum(1 + len(each.alike) for each in found if not each.b)
    new = sum(1 + len(each.alike) for each in found if not each.a)
    changed = sum(1 + len(each.alike) for each in found if each.a and each.b)
    said = []
    if changed:
        said.append(f"{_counted(changed, 'module')} changed")
    if gone:
        said.append(f"{_counted(gone, 'module')} only in A")
    if new:
        said.append(f"{_counted(new, 'module')} only in B")
    parts = " A module that only one has stands for its parts, too." if gone or new else ""
    return f"{', '.join(said)}; the others are equal.{parts}"


def kinship(one: Mapping[str, ModuleOf], other: Mapping[str, ModuleOf]) -> tuple[int, int, int]:
    """How many modules without parts are matched and of one class, and how many each model has, the smaller first."""
    leaves = without_parts(one), without_parts(other)
    alike = sum(
        a in leaves[0] and b in leaves[1] and one[a].kind == other[b].kind
        for a, b in matched(one, other)
        if a is not None and b is not None
    )
    few, many = sorted(map(len, leaves))
    return alike, few, many


def differences(one: Mapping[str, ModuleOf], other: Mapping[str, ModuleOf]) -> list[Difference]:
    """Every difference in the order of the modules; what follows from another one is left out.

    A module whose output has another shape only because its input has is no difference of its own.
    """
    found = []
    for a, b in matched(one, other):
        if b is None:
            found.append(Difference(a or "", a=tuple(_whole(one, a or ""))))
        elif a is None:
            found.append(Difference(b, b=tuple(_whole(other, b))))
        else:
            told = list(_told_apart(one[a], other[b]))
            if told:
                sides = (tuple(was for was, _ in told), tuple(now for _, now in told))
                found.append(Difference(a, *sides, now=b if b != a else ""))
    return _folded(found)


def _told_apart(one: ModuleOf, other: ModuleOf) -> Iterator[tuple[str, str]]:
    """What differs in a module, as it is in A and in B."""
    if one.kind != other.kind and one.path:
        yield one.kind, other.kind
    for name in merged(one.tensors, other.tensors):
        before, after = one.tensors.get(name), other.tensors.get(name)
        if before != after:
            yield (
                f"{name} {shape_text(before)}" if before is not None else f"no {name}",
                f"{name} {shape_text(after)}" if after is not None else f"no {name}",
            )
    if one.functions != other.functions:
        yield ", ".join(one.functions) or "no functions", ", ".join(other.functions) or "no functions"
    if len(one.calls) != len(other.calls):
        yield f"called {_times(len(one.calls))}", f"called {_times(len(other.calls))}"
    for was, now in zip(one.calls, other.calls, strict=False):
        if was.output_shape != now.output_shape and was.input_shapes == now.input_shapes:
            yield f"output {shape_text(was.output_shape)}", f"output {shape_text(now.output_shape)}"
            break


def _whole(modules: Mapping[str, ModuleOf], path: str) -> Iterator[str]:
    """A module that only one has: its class, and what it and its parts learn."""
    inside = [each for name, each in modules.items() if name == path or name.startswith(f"{path}.")]
    parameters, macs = sum(each.params for each in inside), sum(each.macs for each in inside)
    yield modules[path].kind
    if parameters:
        yield _counted(parameters, "parameter")
    if macs:
        yield f"{grouped(macs)} MACs"


def _folded(found: Sequence[Difference]) -> list[Difference]:
    """Those that differ in the same way, and in nothing but numbers of their paths, as one."""
    kinds: dict[object, Difference] = {}
    for each in found:
        kind = (re.sub(r"\b[0-9]+\b", "0", each.path), each.a, each.b)
        first = kinds.get(kind)
        kinds[kind] = replace(first, alike=(*first.alike, each.path)) if first else each
    return list(kinds.values())


def _named(each: Difference) -> str:
    name = plain(each.path) or "the model itself"
    if each.alike:
        name += f"<small>{grouped(len(each.alike))} alike, to {plain(each.alike[-1])}</small>"
    elif each.now:
        name += f"<small>{plain(each.now)} in B</small>"
    return name


def _side(said: Sequence[str]) -> str:
    if not said:
        return '<span class="calc-none">–</span>'
    return "".join(f"<div>{plain(each)}</div>" for each in said)


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _counted(number: int, word: str) -> str:
    return f"{grouped(number)} {word}{'' if number == 1 else 's'}"
