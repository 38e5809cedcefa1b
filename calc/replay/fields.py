"""What the fields of a form must hold for a trace to speak of them; the page reads them in the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from calc.derive import Run
from calc.replay.graph import Leaves
from calc.spec import Spec
from calc.sym import Sym, plain_number

Wanted: TypeAlias = "Mapping[str, Any]"
"""For each field the text that it must keep; or how many numbers it takes, and whether they must be equal."""

NUMBERS = re.compile(r" *(0|[1-9][0-9]{0,9})( *, *(0|[1-9][0-9]{0,9}))* *")


def typed(fields: Mapping[str, str]) -> dict[str, list[int]]:
    """The fields that hold numbers, with them."""
    return {name: list(map(int, text.split(","))) for name, text in fields.items() if NUMBERS.fullmatch(text)}


def fits(wanted: Wanted, fields: Mapping[str, str]) -> bool:
    """Whether the fields hold what is wanted of them."""
    numbers = typed(fields)
    return all(
        fields[name] == kept if isinstance(kept, str) else name in numbers and _fits(kept, numbers[name])
        for name, kept in wanted.items()
    )


def _fits(kept: list[int], numbers: list[int]) -> bool:
    count, *alike = kept
    return len(numbers) == count and (not alike or len(set(numbers)) == (1 if alike[0] else count))


def wanted(spec: Spec, done: Run) -> tuple[Wanted, Leaves]:
    """What a run wants of each field, and where its leaves were typed in."""
    leaves: Leaves = {}
    fields: dict[str, Any] = dict(spec.fields)
    given = dict(zip((port.name for port in done.layer.required_inputs()), done.remembered_inputs, strict=True))
    for name, text in spec.fields.items():
        numbers = list(_flat(given[name] if name in given else _argument(done.remembered, name)))
        leaves |= dict.fromkeys((id(each.node) for each in numbers if isinstance(each, Sym)), None)
        if not NUMBERS.fullmatch(text) or not all(isinstance(each, Sym) for each in numbers):
            continue
        alike = len({plain_number(each) for each in numbers})
        if text.count(",") + 1 != len(numbers) or (name not in given and 1 < alike < len(numbers)):
            continue
        leaves |= {id(each.node): (name, place) for place, each in enumerate(numbers)}
        # Numbers for several axes share a symbol as long as they are equal.
        fields[name] = [len(numbers)] if name in given or len(numbers) == 1 else [len(numbers), int(alike == 1)]
    return fields, leaves


def _argument(layer: Any, path: str) -> Any:
    for name in path.split("."):
        layer = getattr(layer, name, None)
    return layer


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for each in value:
            yield from _flat(each)
    else:
        yield value
