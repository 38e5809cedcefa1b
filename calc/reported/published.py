"""What is published of the networks in a file, beside what their source has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from calc.markup import plain, quoted
from calc.model_catalogue import models
from calc.notation import grouped
from calc.tracing import trace

if TYPE_CHECKING:
    from calc.published_counts import Published

HEADS = ("Network", "Parameters", "MACs", "Published", "Difference")
NOWHERE = "no count that we know of"
SHORT = 20
RIGHT = ' style="text-align: right;"'


def published(file: str) -> str:
    """A table of every network that the file makes: counted by running it, and as others print it.

    Raises `LookupError` for a file that no network of the catalogue has.
    """
    found = [model for model in models().values() if model.file == file]
    if not found:
        files = ", ".join(dict.fromkeys(model.file for model in models().values()))
        raise LookupError(f"no network has the file {file!r}; there are {files}")
    rows = []
    for model in found:
        report = trace(model.source, *model.inputs, entry=model.entry)
        span = f' rowspan="{len(model.published)}"' if len(model.published) > 1 else ""
        name = f"{plain(model.name)}<br>{_called(model.entry)}"
        counts = "".join(f"<td{span}{RIGHT}>{grouped(count)}</td>" for count in (report.params, report.macs))
        said = list(_said(model.published, report.params)) or [f'<td colspan="2">{NOWHERE}</td>']
        said[0] = f"<td{span}>{name}</td>{counts}{said[0]}"
        rows += [f"<tr>{cells}</tr>" for cells in said]
    right = HEADS[1:3]
    titles = "".join(f'<th scope="col"{RIGHT if head in right else ""}>{head}</th>' for head in HEADS)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _called(entry: str) -> str:
    """The call as code; a long one within a span, where the style sheet lets it be broken."""
    code = f"<code>{plain(entry)}</code>"
    return code if len(entry) <= SHORT else f"<span>{code.replace('(', '(<wbr>')}</span>"


def _said(published: tuple[Published, ...], counted: int) -> Iterator[str]:
    for each in published:
        link = f'<a href="{quoted(each.url)}">{plain(each.by)}</a>'
        yield f"<td>{plain(each.printed)}<br>{link}</td><td>{_difference(each, counted)}</td>"


def _difference(each: Published, counted: int) -> str:
    """How far the published count is from ours, and why."""
    if each.agrees(counted):
        return "none" if each.place == 1 else "none, rounded"
    apart = each.count - counted
    return f"{'+' if apart > 0 else '−'}{grouped(abs(apart))}. {plain(each.why)}"
