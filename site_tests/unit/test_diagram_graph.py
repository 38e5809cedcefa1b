"""What a diagram shows is what the report says: each wire, each row, and nothing else."""

from __future__ import annotations

import pytest

from calc.reported.drawing.call_tree import Part
from calc.reported.drawing.graph import Graph
from calc.reported.drawing.level import MANY, MOST
from site_tests.unit.diagrams import NAMES, calls_of, drawings, overview, report_of


def holders(name: str, part: Part, graph: Graph) -> dict[int, int]:
    """The box in which each row stands; the end of the model is a row, too."""
    held = {row: at for at, box in enumerate(graph.boxes) for row in box.rows}
    held |= {box.outside: at for at, box in enumerate(graph.boxes) if box.outside is not None}
    if part is calls_of(name).root:
        held[len(report_of(name).rows)] = len(graph.boxes) - 1
    return held


def depends(name: str) -> set[int]:
    """The rows that an input reaches, or that have learned numbers behind them."""
    found: set[int] = set()
    rows = report_of(name).rows
    for at, row in enumerate(rows):
        sources = {wire.source for wire in report_of(name).wires if wire.target == at and wire.source < at}
        if (
            row.params
            or row.macs
            or row.kind in ("InputLayer", "Embedding")
            or any(s < 0 or s in found for s in sources)
        ):
            found.add(at)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_wire_of_the_report_is_drawn_and_no_other(name: str) -> None:
    """Collapsed by box, the wires of the report are the edges of each drawing."""
    rows = report_of(name).rows
    for part, graph in drawings(name):
        held = holders(name, part, graph)
        stop = len(rows) + 1 if part is calls_of(name).root else part.stop
        expected = set()
        for wire in report_of(name).wires:
            if wire.source >= wire.target:
                continue
            source, target = held.get(wire.source), held.get(wire.target)
            leaves = part.start <= wire.source < part.stop <= wire.target and part is not calls_of(name).root
            if leaves and source is not None:
                expected.add((source, len(graph.boxes) - 1))
            elif part.start <= wire.target < stop and None not in (source, target) and source != target:
                expected.add((source, target))

        assert expected == set(graph.edges)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_stands_in_one_box(name: str) -> None:
    """What is left out depends on no input and learns nothing."""
    rows, needed = report_of(name).rows, depends(name)
    for part, graph in drawings(name):
        drawn = [row for box in graph.boxes for row in box.rows]
        within = {at for at in range(part.start, part.stop) if not rows[at].sums_up}

        assert len(drawn) == len(set(drawn))
        assert within & needed <= set(drawn)
        assert sum(box.params for box in graph.boxes) == sum(row.params for row in rows[part.start : part.stop])


@pytest.mark.parametrize("name", NAMES)
def test_a_box_stands_after_those_that_it_reads(name: str) -> None:
    for _, graph in drawings(name):
        assert all(source < target for source, target in graph.edges)


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_can_be_taken_in(name: str) -> None:
    """The overview has few boxes, and the inside of a module not many."""
    for _, graph in drawings(name):
        assert len(graph.boxes) <= MOST
    assert len(overview(name).boxes) <= MANY + 4


def kinds(graph: Graph, at: int) -> list[str]:
    return [graph.boxes[source].kind for source in graph.sources(at)]


def inside(name: str, path: str) -> Graph:
    return next(graph for part, graph in drawings(name) if part.path == path)


def test_the_skips_of_u_net() -> None:
    """Each of the four concatenations reads a block of the way down, and what rises to it."""
    graph = overview("U-Net")
    joins = [at for at, box in enumerate(graph.boxes) if box.role == "join"]
    read = [[graph.boxes[source].path for source in graph.sources(at)] for at in joins]

    assert read == [[f"down.{3 - level}", f"rise.{level}"] for level in range(4)]
    assert [graph.edges[graph.sources(at)[0], at] for at in joins] == [
        [(1, 512, 32, 32)], [(1, 256, 64, 64)], [(1, 128, 128, 128)], [(1, 64, 256, 256)]
    ]  # fmt: skip


def test_the_branches_of_an_inception_block() -> None:
    """Four branches begin at the input and end in one concatenation."""
    graph = inside("GoogLeNet", "stage3.0")
    (join,) = (at for at, box in enumerate(graph.boxes) if box.role == "join")

    assert len(graph.sources(join)) == 4
    assert len(graph.readers(0)) == 4
    assert kinds(graph, join) == ["Conv2d"] * 4


def test_the_shortcut_of_a_residual_block() -> None:
    """The sum reads the block's input, or what a convolution makes of it where the size changes."""
    same, smaller = inside("ResNet-18", "stages.0.0"), inside("ResNet-18", "stages.1.0")
    joins = [next(at for at, box in enumerate(graph.boxes) if box.role == "join") for graph in (same, smaller)]

    assert 0 in same.sources(joins[0])
    assert [smaller.boxes[at].path for at in smaller.sources(joins[1])] == ["stages.1.0.conv2", "stages.1.0.shortcut.0"]
    assert same.boxes[joins[0]].more == ["ReLU"]


def test_equal_blocks_are_drawn_once() -> None:
    """Six encoders are one box, and so are the six decoders, which read the encoders' end."""
    graph = overview("Transformer base")
    counts = {box.kind: box.count for box in graph.boxes if box.role == "module"}
    encoder, decoder = (next(at for at, box in enumerate(graph.boxes) if box.kind == kind) for kind in counts)

    assert counts == {"Encoder": 6, "Decoder": 6}
    assert encoder in graph.sources(decoder)


def test_a_module_that_is_called_again() -> None:
    """Its numbers are counted once, and a tied matrix is said to be shared."""
    graph = overview("tied")
    block = next(box for box in graph.boxes if box.kind == "Block")
    head = graph.boxes[-2]

    assert (block.count, block.params) == (3, 32 * 32 + 32 + 64)
    assert (head.kind, head.params, head.shared) == ("Linear", 0, True)


def test_equal_modules_side_by_side_are_one_box() -> None:
    head = next(box for box in overview("heads").boxes if box.kind == "Head")

    assert (head.count, head.beside) == (6, True)


def test_a_loop_over_time_is_one_box() -> None:
    cell = next(box for box in overview("cell").boxes if box.kind == "GRUCell")

    assert cell.count == 30


def test_a_layer_of_keras_is_a_box() -> None:
    """Batch norm and ReLU are written into the box before them."""
    graph = overview("keras")

    assert [(box.kind, box.more) for box in graph.boxes] == [
        ("input", []), ("Conv2D", []), ("Conv2D", ["BatchNormalization"]), ("Add", ["ReLU"]),
        ("GlobalAveragePooling2D", []), ("Dense", []), ("output", []),
    ]  # fmt: skip


def test_a_convolution_with_its_norm_and_activation_is_drawn_as_a_convolution() -> None:
    """Though a Sequential holds them."""
    graph = overview("units")
    units = [box for box in graph.boxes if box.path.startswith("units.")]

    assert {(box.kind, *box.more) for box in units} == {("Conv2d", "BatchNorm2d", "ReLU")}
    assert sum(box.count for box in units) == 9
