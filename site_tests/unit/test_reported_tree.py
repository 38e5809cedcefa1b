"""The tree of a traced model's modules, and the table that shows it: every line sums up what is in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from math import prod

import pytest

from calc.model_catalogue import models
from calc.report import Report
from calc.reported.rows import AT_ONCE, rows
from calc.reported.tree import Call, Node, Own, tree_of
from calc.tracing import trace

TIED = """
from torch import nn

class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 16)
        self.block = nn.Linear(16, 16)
        self.scale = nn.Parameter(__import__("torch").zeros(3))
        self.aux = nn.Linear(7, 2)
        self.out = nn.Linear(16, 100, bias=False)
        self.out.weight = self.embed.weight
    def forward(self, ids):
        x = self.block(self.block(self.embed(ids)))
        return self.out(x + 1)
"""

LISTS = """
from torch import nn

class Down(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(2, 2, 3, padding=1) for _ in range(2))
        self.heads = nn.ModuleList(nn.Conv2d(2, 2, 1) for _ in range(2))
        self.pool = nn.MaxPool2d(2)
    def forward(self, x):
        for conv in self.convs:
            x = self.pool(conv(x))
        for head in self.heads:
            x = head(x)
        return x
"""


def report_on(name: str) -> Report:
    """The run of a network of the catalogue."""
    model = models()[name]
    return trace(model.source, *model.inputs, entry=model.entry)


def nodes(node: Node) -> list[Node]:
    """A module and all below it that hold calls."""
    return [node, *(found for part in node.parts for found in nodes(part))]


@pytest.mark.parametrize("name", models())
def test_every_module_adds_up(name: str) -> None:
    """The root has the report's totals, each module those of its parameters by name and of the rows below it."""
    report = report_on(name)
    tree = tree_of(report)

    assert (tree.params, tree.macs, tree.bytes) == (report.params, report.macs, report.new_bytes)
    for node in nodes(tree):
        below = [row for row in report.rows if f"{row.path}.".startswith(f"{node.path}.") or not node.path]
        assert node.macs == sum(row.macs for row in below)
        assert node.bytes == sum(row.new_bytes for row in below)
        assert node.params == sum(each.params for each in node.items) + sum(row.params for row in node.whole)


def test_resnet_by_its_parameters_names() -> None:
    """Where nothing is shared, a module has the parameters whose names begin with its path."""
    report = report_on("ResNet-50")
    for node in nodes(tree_of(report)):
        within = f"{node.path}." if node.path else ""
        assert node.params == sum(prod(shape) for name, shape in report.parameters if name.startswith(within))


def test_what_is_shared_called_again_or_not_called() -> None:
    """A tied matrix counts once; a second call counts nothing; parameters without a call stand by their names."""
    report = trace(TIED, "int64[1, 4]")
    tree = tree_of(report)
    calls = [(each.row.path, each.params, each.again, each.row.reused) for each in tree.calls()]

    assert calls == [
        ("embed", 1600, False, 0),
        ("block", 272, False, 0),
        ("block", 0, True, 272),
        ("", 0, False, 0),
        ("out", 0, False, 1600),
    ]
    assert [(each.name, each.kind, each.params) for each in tree.items if isinstance(each, Own)] == [
        ("scale", "", 3),
        ("aux", "Linear", 16),
    ]
    shown = rows(report)
    assert shown.count("again: its parameters are counted above") == 1
    assert "shares 1,600 parameters with a row above" in shown
    assert "held by the module itself" in shown
    assert "not called" in shown


def test_a_list_whose_calls_alternate_with_others_is_no_module() -> None:
    """Calls stay in their order where a ModuleList is not gone through at one go."""
    items = tree_of(trace(LISTS, (1, 2, 8, 8))).items
    names = [each.row.path if isinstance(each, Call) else each.path for each in items if not isinstance(each, Own)]

    assert names == ["convs.0", "pool", "convs.1", "pool", "heads"]


class Outline(HTMLParser):
    """The lines of a table of modules: how deep each is, its cells, and whether it is seen at first."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[int, bool, str, list[str]]] = []
        self.details: list[tuple[str, bool]] = []
        self.spans = 0
        self.closed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            self.details.append((given["data-path"] or "", "open" in given))
        if tag == "summary" or (tag == "div" and "class" not in given):
            above = self.details[:-1] if tag == "summary" else self.details
            path = self.details[-1][0] if tag == "summary" else ""
            self.lines.append((len(above), all(is_open for _, is_open in above), path, []))
        if tag in ("div", "summary"):
            self.closed = "class" in given
        if tag == "span" and self.lines and not self.closed:
            self.spans += 1
            self.lines[-1][3].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self.details.pop()
        if tag == "span":
            self.spans = max(0, self.spans - 1)

    def handle_data(self, data: str) -> None:
        if self.spans:
            self.lines[-1][3][-1] += data


def outline(report: Report) -> list[tuple[int, bool, str, list[str]]]:
    """The lines of the table, read from its HTML."""
    parsed = Outline()
    parsed.feed(re.sub(r"<i>.*?</i>", "", rows(report)))
    return parsed.lines


@pytest.mark.parametrize("name", models())
def test_the_table_folds_to_the_totals(name: str) -> None:
    """At every depth the lines that are shown come to the line above them, in parameters and in multiply-adds."""
    report = report_on(name)
    lines = outline(report)

    def number(cell: str) -> int:
        return int(cell.replace(",", "") or 0)

    for column, total in ((2, report.params), (3, report.macs)):
        assert sum(number(cells[column]) for depth, _, _, cells in lines if depth == 0) == total
        for at, (depth, _, path, cells) in enumerate(lines):
            inner = []
            for deeper, _, _, below in lines[at + 1 :]:
                if deeper <= depth:
                    break
                if deeper == depth + 1:
                    inner.append(number(below[column]))
            if path:
                # A layer of the reader's own, made of functions, learns itself.
                own = sum(row.params for row in report.rows if row.sums_up and row.path == path)
                assert sum(inner) + (own if column == 2 else 0) == number(cells[column])
    assert all(len(cells) == 6 for _, _, _, cells in lines)
    assert sum(seen for _, seen, _, _ in lines) <= max(AT_ONCE, len(tree_of(report).items))


@pytest.mark.parametrize("name", ["ResNet-152", "DenseNet-121", "GPT-2"])
def test_a_line_is_short(name: str) -> None:
    """At most 250 characters of HTML for each line, whatever the network."""
    report = report_on(name)

    assert len(rows(report)) <= 250 * len(outline(report))


def test_functions_are_written_as_code_has_them() -> None:
    """Operators as signs, methods with a dot, with the line that the page can jump to."""
    shown = rows(report_on("ViT-B/16"))

    assert "<code>+</code>" in shown
    assert "<code>.flatten()</code>" in shown
    assert "<code>torch.cat</code>" in shown
    assert re.search(r'<small data-line="(\d+)">line \1</small>', shown)
