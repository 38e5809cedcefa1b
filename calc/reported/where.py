"""Where a model keeps its parameters, does its work and takes its memory: a bar for each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calc.markup import breakable, plain
from calc.notation import grouped
from calc.panels.table import both_sizes
from calc.reported.tree import Call, Node, Own, tree_of

if TYPE_CHECKING:
    from calc.report import Report

MOST = 12
"""So many parts can be taken in at a glance."""

WIDTH, HEIGHT = 100, 8


@dataclass(frozen=True)
class Share:
    """A part, or several that stand one behind the other: its name, what it is, and the three quantities."""

    name: str
    kind: str
    sums: tuple[int, int, int]
    first: str = ""
    """The path of the first of them."""

    last: str = ""
    parts: int = 1

    @property
    def form(self) -> tuple[object, ...]:
        """What equal parts share."""
        return (self.kind, self.sums)


def where(report: Report) -> str:
    """A sentence, then a line for each part with bars of its shares."""
    shares = shares_of(report)
    totals = (report.params, report.macs, report.new_bytes)
    if not any(totals):
        return '<p class="calc-quiet">There are neither parameters nor multiply-adds.</p>'
    columns = [at for at, total in enumerate(totals) if total]
    heads = "".join(f'<th scope="col">{HEADS[at]}</th>' for at in columns)
    most = [max(each.sums[at] for each in shares) for at in range(3)]
    body = "".join(_row(each, columns, totals, most) for each in shares)
    return (
        f'<p class="calc-finding">{in_words(shares, totals)}</p><table class="calc-where"><thead><tr>'
        f'<th scope="col">Part</th>{heads}</tr></thead><tbody>{body}</tbody></table>'
    )


HEADS = ("Parameters", '<span class="calc-macs">MACs</span><span class="calc-flops">FLOPs</span>', "Memory of outputs")


def shares_of(report: Report) -> list[Share]:
    """At most twelve parts, in the model's order; together they are the whole.

    A part that holds most of everything says little: its own parts stand in its place. All parts are opened as
    long as so many can be shown.
    """
    tree = tree_of(report)
    opened = {""}
    while True:
        found = _shares(tree, opened)
        wide = next((each for each in found if _dominates(each[0], tree)), None)
        if wide is not None:
            opened.add(wide[0].path)  # type: ignore[union-attr]
            continue
        further = opened | {each.path for each, _ in found if isinstance(each, Node)}
        if further == opened or len(_shares(tree, further)) > MOST:
            return _few(_merged([share for _, share in found if any(share.sums)]))
        opened = further


def _dominates(item: Node | Call | Own | None, tree: Node) -> bool:
    """Whether most of the parameters and most of the multiply-adds are in one module that has parts."""
    if not isinstance(item, Node) or len(item.items) < 1:
        return False
    pairs = [(item.params, tree.params), (item.macs, tree.macs)]
    return any(total for _, total in pairs) and all(2 * part > total for part, total in pairs if total)


def _shares(node: Node, opened: set[str]) -> list[tuple[Node | Call | Own | None, Share]]:
    found: list[tuple[Node | Call | Own | None, Share]] = []
    functions = Node(node.path, "")
    place = 0
    for each in node.items:
        if isinstance(each, Call) and not _is_part(each, node):
            place = place if functions.items else len(found)
            functions.items.append(each)
        elif isinstance(each, Node) and each.path in opened:
            found += _shares(each, opened)
        else:
            found.append((each, _share(each, node)))
    sums = (functions.params, functions.macs, functions.bytes)
    if any(sums):
        found.insert(place, (None, Share("", f"functions of {node.path or 'forward'}", sums)))
    return found


def _is_part(call: Call, node: Node) -> bool:
    return bool(call.row.path) and call.row.path != node.path


def _share(item: Node | Call | Own, node: Node) -> Share:
    path, kind = (
        (item.path, item.kind)
        if isinstance(item, Node)
        else (item.name, item.kind or "held by the model itself")
        if isinstance(item, Own)
        else (item.row.path, item.row.kind)
    )
    name = f"{node.path}.{path}" if isinstance(item, Own) and node.path else path
    return Share(name, kind, (item.params, item.macs, item.bytes), name, name)


def _merged(shares: Sequence[Share]) -> list[Share]:
    """A part that is called several times is one; its quantities are added."""
    found: dict[tuple[str, str], Share] = {}
    for each in shares:
        key = (each.name, each.kind)
        before = found.get(key)
        sums = tuple(map(sum, zip(before.sums, each.sums, strict=True))) if before else each.sums
        found[key] = Share(each.name, each.kind, sums, each.first, each.last)  # type: ignore[arg-type]
    return list(found.values())


def _few(shares: list[Share]) -> list[Share]:
    """Few enough: first equal ones in a row together, then those neighbours that matter least."""
    if len(shares) <= MOST:
        return shares
    together: list[Share] = []
    for each in shares:
        if together and together[-1].kind == each.kind and _per_part(together[-1]) == each.sums:
            together[-1] = _joined(together[-1], each)
        else:
            together.append(each)
    totals = [max(1, sum(each.sums[at] for each in together)) for at in range(3)]
    weights = [max(each.sums[at] / totals[at] for at in range(3)) for each in together]
    while len(together) > MOST:
        at = min(range(len(together) - 1), key=lambda at: weights[at] + weights[at + 1])
        together[at : at + 2] = [_joined(together[at], together[at + 1])]
        weights[at : at + 2] = [weights[at] + weights[at + 1]]
    return together


def _per_part(share: Share) -> tuple[int, ...]:
    return (
        tuple(each // share.parts for each in share.sums) if all(each % share.parts == 0 for each in share.sums) else ()
    )


def _joined(one: Share, other: Share) -> Share:
    parts = one.parts + other.parts
    kinds = {one.kind.rpartition(" × ")[2], other.kind.rpartition(" × ")[2]}
    kind = kinds.pop() if len(kinds) == 1 else ""
    sums = (one.sums[0] + other.sums[0], one.sums[1] + other.sums[1], one.sums[2] + other.sums[2])
    return Share("", kind, sums, one.first or one.kind, other.last or other.kind, parts)


def in_words(shares: Sequence[Share], totals: Sequence[int]) -> str:
    """The finding: where most of the parameters and of the multiply-adds are.

    Examples:
        >>> in_words([Share("a", "Conv2d", (10, 900, 4)), Share("b", "Linear", (90, 100, 1))], (100, 1000, 5))
        '90 % of the parameters are in <code>b</code>, 90 % of the multiply-adds in <code>a</code>.'
    """
    said = []
    for at, what in ((0, "the parameters"), (1, "the multiply-adds")):
        if totals[at]:
            most = max(shares, key=lambda each: each.sums[at])
            said.append((percent(most.sums[at], totals[at]), what, _title(most)))
    if not said:
        return "It has neither parameters nor multiply-adds."
    if len(said) == 2 and said[0][2] == said[1][2]:
        return f"{said[0][0]} of the parameters and {said[1][0]} of the multiply-adds are in {said[0][2]}."
    share, what, title = said[0]
    rest = "".join(f", {share} of {what} in {title}" for share, what, title in said[1:])
    return f"{share} of {what} are in {title}{rest}."


def percent(number: int, total: int) -> str:
    """A share, rounded half up to a tenth.

    Examples:
        >>> percent(894, 1000), percent(1, 3), percent(1, 100_000), percent(1, 1)
        ('89.4 %', '33.3 %', '< 0.1 %', '100 %')
    """
    if not number or not total:
        return "0 %"
    tenths = (2000 * number + total) // (2 * total)
    if not tenths:
        return "< 0.1 %"
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def _title(share: Share) -> str:
    if share.parts > 1:
        return f"<code>{breakable(share.first)}</code> … <code>{breakable(share.last)}</code>"
    return f"<code>{breakable(share.name)}</code>" if share.name else plain(f"the {share.kind}")


def _row(share: Share, columns: Sequence[int], totals: Sequence[int], most: Sequence[int]) -> str:
    if share.parts > 1:
        what = f"{share.parts} × {share.kind}" if share.kind else f"{share.parts} parts"
        name = f"{_title(share)}<small>{plain(what)}</small>"
    elif share.name:
        name = f"{_title(share)}<small>{plain(share.kind)}</small>"
    else:
        name = plain(share.kind)
    cells = "".join(_cell(share.sums[at], totals[at], at, share.sums[at] == most[at] > 0) for at in columns)
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def _cell(number: int, total: int, at: int, is_most: bool) -> str:
    length = WIDTH * number / total
    # What is there is seen, however small it is.
    drawn = f"{max(length, 0.6):.1f}" if number else "0"
    bar = (
        f'<svg class="calc-share" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{drawn}" height="{HEIGHT}"></rect></svg>'
    )
    exact = (grouped, _counts, both_sizes)[at](number)
    share = percent(number, total)
    said = f"<b>{plain(share)}</b>" if is_most else f"<span>{plain(share)}</span>"
    return f"<td>{bar}{said}<small>{exact}</small></td>" if number else "<td>–</td>"


def _counts(macs: int) -> str:
    """Multiply-adds or FLOPs; the head of the column says which."""
    return f'<span class="calc-macs">{grouped(macs)}</span><span class="calc-flops">{grouped(2 * macs)}</span>'
