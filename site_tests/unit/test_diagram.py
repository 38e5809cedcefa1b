"""The diagram's HTML: as a browser writes it, only what the page lets through, complete and not too long."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import calc
from calc.reported.drawing.diagram import diagram
from site_tests.unit.diagrams import HEAD, NAMES, drawings, overview, report_of
from site_tests.unit.test_markup import written_back

TAGS = {"p", "b", "small", "div", "figure", "figcaption", "details", "summary", "ul", "li", "svg", "g", "rect", "path",
        "text", "title"}  # fmt: skip
ATTRIBUTES = re.compile("class|role|tabindex|aria-[a-z]+|data-[a-z]+|x|y|width|height|rx|d|viewBox")


@pytest.mark.parametrize("name", NAMES)
def test_it_is_written_as_a_browser_writes_it(name: str) -> None:
    html = diagram(report_of(name))

    assert html == written_back(html)


@pytest.mark.parametrize("name", NAMES)
def test_only_what_the_page_lets_through(name: str) -> None:
    html = diagram(report_of(name))
    tags = re.findall(r"<([a-z]+)([^>]*)>", html)

    assert {tag for tag, _ in tags} <= TAGS
    for _, attributes in tags:
        assert all(ATTRIBUTES.fullmatch(each) for each in re.findall(r"([\w-]+)=\"", attributes))


@pytest.mark.parametrize("name", NAMES)
def test_equal_reports_give_equal_diagrams_of_readable_length(name: str) -> None:
    html = diagram(report_of(name))

    assert html == diagram(replace(report_of(name)))
    assert len(html) < 150_000


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_stands_in_the_page_with_its_words(name: str) -> None:
    """The overview and each inside: as many drawings as graphs, each said in words, each box with its path."""
    html = diagram(report_of(name))
    graphs = [graph for _, graph in drawings(name)]

    assert html.count('<svg class="calc-svg" role="img" aria-label="') == len(graphs)
    assert html.count("<details") == len(graphs) - 1
    assert html.count('<path class="wire"') == sum(len(graph.edges) for graph in graphs)
    for graph in graphs:
        for box in graph.boxes:
            assert not box.path or f'data-path="{box.path}"' in html


def test_words_of_a_small_network() -> None:
    """Box by box: what it is, what it reads, what it puts out."""
    html = diagram(report_of("tied"))
    said = re.search(r'aria-label="([^"]*)"', html)

    assert said is not None
    assert said[1] == (
        "Net: input puts out 7; words Embedding reads input and puts out 7 × 32; block 3 × Block reads words Embedding "
        "and puts out 7 × 32; head Linear reads block 3 × Block and puts out 7 × 100; output reads head Linear."
    )


def test_shapes_stand_where_they_change() -> None:
    """Without the batch that all have, which the caption names."""
    html = diagram(report_of("LeNet-5"))
    shapes = re.findall(r'<text class="wire-shape"[^>]*>([^<]*)</text>', html)

    assert shapes == ["1 × 28 × 28", "6 × 28 × 28", "6 × 14 × 14", "16 × 10 × 10", "400", "120", "84", "10"]
    assert "without the batch of 1, wherever it changes." in html


def test_a_shape_that_a_view_changes_is_shown_as_it_arrives() -> None:
    """The caption says nothing of a batch where the last one is another."""
    source = "class Net(nn.Module):\n    def forward(self, x):\n        return torch.relu(x.view(6, 8)).sum()\n"
    html = diagram(calc.trace(HEAD + source, "2, 3, 8"))

    assert "6 × 8" in html
    assert "without the batch" not in html


def test_an_input_that_nothing_reads_is_named() -> None:
    html = diagram(report_of("unused"))

    assert "Nothing reads input 2 (2, 7)." in html
    assert len(overview("unused").boxes) == 3


def test_a_live_model_has_no_diagram() -> None:
    """Its report does not say who reads what."""
    assert diagram(replace(report_of("one"), wires=())) == (
        "<p>There is no diagram of this model: which call reads what is known only where a model runs from its "
        "source.</p>"
    )


def test_a_tangle_is_not_drawn() -> None:
    """Each call reads all before it."""
    lines = "".join(f"        made.append(torch.cat(made, 1)[:, :{at + 2}].softmax(1))\n" for at in range(130))
    source = f"class Net(nn.Module):\n    def forward(self, x):\n        made = [x]\n{lines}        return made[-1]\n"

    assert diagram(calc.trace(HEAD + source, "2, 2")) == (
        "<p>There is no diagram of this model: with all its modules closed it still has 132 boxes, wired in more ways "
        "than a drawing shows. The rows of the table have every call.</p>"
    )


def test_equal_modules_are_drawn_once_and_named() -> None:
    html = diagram(report_of("GoogLeNet"))

    assert html.count("<details") == 1
    assert "Inside stage3.0 · <b>Inception</b>" in html
    assert "<small>also stage3.1, stage4.0, stage4.1, stage4.2 and 4 more (sizes differ)</small>" in html


def test_a_sequential_says_what_it_holds() -> None:
    """Its class alone would say nothing."""
    assert "2 × (Conv2d, ReLU)" in diagram(report_of("U-Net"))
