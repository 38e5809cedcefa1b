"""Every call in the tree of the modules, to be folded and unfolded.

A row of a network with hundreds of calls must be short: what can be said once, the labels of the
numbers among it, the style sheet says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from calc.markup import breakable, plain, quoted
from calc.notation import grouped
from calc.report_forms import shape_text
from calc.reported.tree import Call, Node, Own, relative, tree_of
from calc.units import BINARY, fitting

if TYPE_CHECKING:
    from calc.report import Report, TraceRow

AT_ONCE = 25
"""So many rows are shown before a reader opens one."""

SIGNS = {
    "add": "+", "sub": "−", "mul": "×", "div": "÷", "matmul": "@", "pow": "**", "neg": "−", "__getitem__": "[ ]",
    "add_": "+=", "sub_": "−=", "mul_": "×=", "div_": "÷=",
}  # fmt: skip
"""Methods that are written as signs."""

HEAD = ("Module or function", "Output shape", "Parameters", "<b>MACs</b><i>FLOPs</i>", "Receptive field", "Memory")
"""The columns; each cell below says its own again, to those who do not see the columns."""

QUIET = (
    '<p class="calc-quiet">Memory is what the output newly takes: a view of numbers that are there takes none, nor '
    "does a call that writes over its input. A module’s own line sums up what is in it.</p>"
)


def rows(report: Report) -> str:
    """The tree, and the totals below it."""
    tree = tree_of(report)
    shown = _opened(tree)
    fields = any(row.receptive_field for row in report.rows)
    head = "".join(f"<span>{each}</span>" for each in HEAD)
    body = "".join(_item(each, tree, shown, report) for each in tree.items)
    total = _cells("<span>Total</span>", shape_text(report.output_shape), report.params, report.macs, None, tree.bytes)
    without = "" if fields else " calc-tree-no-field"
    return (
        f'<div class="calc-tree{without}"><div class="calc-tree-head" aria-hidden="true">{head}</div>{body}'
        f'<div class="calc-tree-total">{total}</div></div>{QUIET}'
    )


def function_name(kind: str) -> str:
    """A function as code has it.

    Examples:
        >>> function_name("Tensor.add"), function_name("Tensor.view"), function_name("torch.cat")
        ('+', '.view()', 'torch.cat')
    """
    if not kind.startswith("Tensor."):
        return kind
    method = kind.removeprefix("Tensor.")
    return SIGNS.get(method, f".{method}()" if method not in ("T", "mT") else f".{method}")


def _opened(tree: Node) -> set[str]:
    """The modules that are open at first: level by level, as long as few rows are seen."""
    opened: set[str] = set()
    level, seen = tree.parts, len(tree.items)
    while level:
        seen += sum(len(each.items) for each in level)
        if seen > AT_ONCE:
            break
        opened |= {each.path for each in level}
        level = [part for each in level for part in each.parts]
    return opened


def _item(item: Node | Call | Own, within: Node, opened: set[str], report: Report) -> str:
    if isinstance(item, Own):
        what = "<small>not called</small>" if item.kind else "<small>held by the module itself</small>"
        name = f"<span><code>{breakable(item.name)}</code> {plain(item.kind)}{' ' if item.kind else ''}{what}</span>"
        return f"<div>{_cells(name, '', item.params, 0, None, 0)}</div>"
    if isinstance(item, Call):
        return f"<div>{_cells(_name(item, within), *_numbers(item.row, item))}</div>"
    last = item.last
    name = f"<span><code>{breakable(relative(item.path, within.path))}</code> {plain(item.kind)}</span>"
    said = _cells(name, *_numbers(last, item)) if last else name
    inner = "".join(_item(each, item, opened, report) for each in item.items)
    is_open = ' open=""' if item.path in opened else ""
    return f'<details data-path="{quoted(item.path)}"{is_open}><summary>{said}</summary>{inner}</details>'


def _numbers(row: TraceRow, counted: Node | Call) -> tuple[str, int, int, tuple[int, ...] | None, int]:
    return shape_text(row.output_shape), counted.params, counted.macs, row.receptive_field, counted.bytes


def _name(call: Call, within: Node) -> str:
    row = call.row
    is_function = row.kind.startswith(("torch.", "F.", "Tensor."))
    said = (
        f"<code>{plain(function_name(row.kind))}</code>"
        if is_function or not row.path
        else f"<code>{breakable(relative(row.path, within.path))}</code> {plain(row.kind)}"
    )
    line = f' <small data-line="{row.line}">line {row.line}</small>' if row.line else ""
    return f"<span>{said}{line}{''.join(_remarks(call))}</span>"


def _remarks(call: Call) -> Iterator[str]:
    if call.again and call.row.reused:
        yield " <small>again: its parameters are counted above</small>"
    elif call.row.reused:
        yield f" <small>shares {grouped(call.row.reused)} parameters with a row above</small>"


def _cells(name: str, shape: str, params: int, macs: int, field: tuple[int, ...] | None, size: int) -> str:
    # What is nothing stands empty; the style sheet draws a dash.
    cost = f"<b>{grouped(macs)}</b><i>{grouped(2 * macs)}</i>" if macs else ""
    seen = " × ".join(map(str, field)) if field else ""
    memory = fitting(size, BINARY) if size else ""
    return (
        f"{name}<span>{plain(shape)}</span><span>{grouped(params) if params else ''}</span><span>{cost}</span>"
        f"<span>{seen}</span><span>{memory}</span>"
    )
