"""A model from its source: what is reported, what is refused and in which words."""

from __future__ import annotations

import json

import pytest

import calc
from calc.report import Report
from calc.tracing import TraceError, trace

LENET = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2),
        )
        self.head = nn.Linear(400, num_classes)

    def forward(self, x):
        return self.head(torch.flatten(self.body(x), 1))
"""

RESIDUAL = """
import torch.nn as nn
import torch.nn.functional as F

class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
    def forward(self, x):
        return F.relu(self.norm(self.conv(x)) + x)

model = nn.Sequential(Block(8), Block(8))
"""

TIED = """
from torch import nn

class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 16)
        self.out = nn.Linear(16, 100, bias=False)
        self.out.weight = self.embed.weight
    def forward(self, ids):
        return self.out(self.embed(ids))
"""


def test_rows_totals_and_shapes() -> None:
    """Every call in its order, with its path, shapes, parameters, multiply-adds, receptive field and bytes."""
    report = calc.trace(LENET, (2, 1, 28, 28))
    rows = {row.path or row.kind: row for row in report.rows}

    assert [row.kind for row in report.rows] == [
        "Conv2d", "Sigmoid", "AvgPool2d", "Conv2d", "Sigmoid", "AvgPool2d", "torch.flatten", "Linear",
    ]  # fmt: skip
    assert (report.params, report.trainable, report.output_shape) == (156 + 2416 + 4010, 6582, (2, 10))
    assert rows["body.3"].input_shapes == ((2, 6, 14, 14),)
    assert rows["body.3"].output_shape == (2, 16, 10, 10)
    assert rows["body.3"].macs == 2 * 240_000
    assert rows["body.3"].receptive_field == (14, 14)
    assert rows["body.3"].activation_bytes == 4 * 2 * 16 * 10 * 10
    assert rows["head"].receptive_field is None
    assert rows["head"].line == 16
    assert report.macs == 2 * (117_600 + 240_000 + 4000)


@pytest.mark.parametrize(
    ("source", "inputs", "entry", "output"),
    [
        (LENET, [(1, 28, 28)], None, "refused"),  # flatten(1) of a sample leaves its channels
        (LENET, [(4, 1, 28, 28)], "Net(num_classes=3)", (4, 3)),
        (LENET, ["float32[4, 1, 28, 28]"], "Net", (4, 10)),
        (RESIDUAL, [{"shape": (1, 8, 5, 5)}], None, (1, 8, 5, 5)),
        (TIED, ["int64[12, 4]"], None, (12, 4, 100)),
    ],
)
def test_inputs_and_entries(source: str, inputs: list[object], entry: str | None, output: object) -> None:
    """A shape or text; the model is found where it is plain, or as `entry` says."""
    if output == "refused":
        with pytest.raises(TraceError):
            trace(source, *inputs, entry=entry)
    else:
        assert trace(source, *inputs, entry=entry).output_shape == output


def test_a_shared_tensor_is_counted_once() -> None:
    """A tied weight belongs to the first that has it, and to the total once."""
    report = trace(TIED, "int64[12, 4]")

    assert report.params == 1600
    assert [row.params for row in report.rows] == [1600, 0]
    assert [name for name, _ in report.parameters] == ["embed.weight"]


def test_buffers_stand_apart() -> None:
    """What is saved and not learned."""
    report = trace(RESIDUAL, (1, 8, 5, 5))

    assert dict(report.buffers)["0.norm.running_mean"] == (8,)
    assert report.params == 2 * (8 * 8 * 9 + 16)
    assert [row.kind for row in report.rows[:4]] == ["Conv2d", "BatchNorm2d", "Tensor.add", "F.relu"]
    assert report.rows[-1].receptive_field == (5, 5)


WRONG = [
    # (source, input, sentence, line, path)
    (
        LENET,
        (1, 1, 32, 32),
        "Linear: input (=(1, 576)) must end in in_features (=400), and its last axis is 576 (line 16, in head); "
        "set in_features=576 in line 13.",
        16,
        "head",
    ),
    ("import torch\ntorch.foo(3)\n", (1,), "torch.foo is not known to this calculator yet (line 2).", 2, ""),
    (
        "from torch import nn\nmodel = nn.Sequential(nn.Foo())\n",
        (1,),
        "torch.nn.Foo is not known to this calculator yet (line 2).",
        2,
        "",
    ),
    ("import numpy as np\nx = np.zeros(3)\n", (1,), "numpy.zeros is not at hand here (line 2).", 2, ""),
    ("x = (\n", (1,), "the source is not valid Python: '(' was never closed (line 1).", 1, ""),
    (
        "from torch import nn\nclass A(nn.Module):\n    def __init__(self):\n        self.fc = nn.Linear(2, 2)\n",
        (1,),
        "A: fc is set before super().__init__() (line 4); call super().__init__() first in __init__.",
        4,
        "",
    ),
    (
        "from torch import nn\nmodel = nn.Sequential(nn.Linear(2, 2), nn.ReLU)\n",
        (1,),
        "Sequential takes modules, and got the class ReLU at place 1 (line 2); write ReLU(...).",
        2,
        "",
    ),
    ("x = 3\n", (1,), "the source defines no model; define a class of nn.Module, or assign one.", 0, ""),
    (
        "from torch import nn\nclass A(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n",
        (1,),
        "it is not plain how A(n) is made; say so, as in A(n=...).",
        0,
        "",
    ),
    (
        "from torch import nn\nclass A(nn.Module):\n    def forward(self, x):\n        return x if x.sum() else -x\n",
        (3,),
        "a branch on a tensor needs the numbers of a tensor of shape (), and only its shape is known here (line 4); "
        "sizes and branches must not depend on what the input holds.",
        4,
        "",
    ),
    (
        "from torch import nn\nclass A(nn.Module):\n    def forward(self, x):\n        return x.view(-1, 7)\n",
        (2, 3),
        "shape (-1, 7) does not fit 6 numbers, from (2, 3): 6 cannot be divided by 7 (line 4).",
        4,
        "",
    ),
]


@pytest.mark.parametrize(("source", "given", "sentence", "line", "path"), WRONG)
def test_what_is_wrong_is_said(source: str, given: tuple[int, ...], sentence: str, line: int, path: str) -> None:
    """The rule, the line, the module, and the way out where there is one."""
    with pytest.raises(TraceError) as caught:
        trace(source, given)

    assert (str(caught.value), caught.value.line, caught.value.path) == (sentence, line, path)


@pytest.fixture
def report() -> Report:
    return trace(LENET, (1, 1, 28, 28))


def test_the_report_as_text(report: Report) -> None:
    """Aligned columns, totals at the end."""
    lines = str(report).splitlines()

    assert lines[0].split() == [
        "Module",
        "Kind",
        "Input",
        "Output",
        "Parameters",
        "MACs",
        "Receptive",
        "field",
        "Bytes",
    ]
    assert lines[2].split()[:2] == ["body.0", "Conv2d"]
    assert "6,582" in lines[-1]


def test_the_report_as_json(report: Report) -> None:
    """Everything that is known."""
    found = json.loads(report.to("json"))

    assert found["params"] == 6582
    assert found["parameters"]["head.weight"] == [10, 400]
    assert found["rows"][0]["receptive_field"] == [5, 5]
    assert len(found["rows"]) == 8


def test_the_report_as_csv_markdown_and_latex(report: Report) -> None:
    """The same table."""
    assert report.to("csv").splitlines()[1] == (
        'body.0,Conv2d,"(1, 1, 28, 28)","(1, 6, 28, 28)",156,117600,5 × 5,18816'
    )
    assert report.to("markdown").splitlines()[2] == (
        "| body.0 | Conv2d | (1, 1, 28, 28) | (1, 6, 28, 28) | 156 | 117,600 | 5 × 5 | 18,816 |"
    )
    assert report.to("latex").splitlines()[4] == (
        r"body.0 & Conv2d & (1, 1, 28, 28) & (1, 6, 28, 28) & 156 & 117,600 & 5 $\times$ 5 & 18,816 \\"
    )
    with pytest.raises(calc.CalcError, match=r"^form \(='html'\) must be one of 'text', 'json'"):
        report.to("html")


def test_a_large_network_takes_no_memory() -> None:
    """Shapes alone: a layer of 40 billion weights is counted like any other."""
    source = "from torch import nn\nmodel = nn.Linear(200_000, 200_000)\n"

    assert trace(source, (8, 200_000)).params == 200_000**2 + 200_000
