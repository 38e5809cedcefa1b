"""The ways that tensors take through a model: what is written in place, called by name, or made before."""

from __future__ import annotations

import pytest

from calc.report import Report
from calc.tracing import TraceError, trace


def net(body: str, made: str = "pass", before: str = "") -> str:
    """A model with one dense layer `a`."""
    lines = body.strip().replace("\n", "\n        ")
    return (
        f"import torch\nfrom torch import nn\nimport torch.nn.functional as F\n{before}\nclass Net(nn.Module):\n"
        f"    def __init__(self):\n        super().__init__()\n        self.a = nn.Linear(8, 8)\n        {made}\n"
        f"    def forward(self, x):\n        {lines}\n"
    )


def read(report: Report) -> list[tuple[int, int]]:
    """The wires without their shapes."""
    return [(wire.source, wire.target) for wire in report.wires]


OWN = """
class Own(nn.Conv2d):
    def forward(self, x):
        return super().forward(x)
"""


def test_a_layer_made_of_another_counts_its_work() -> None:
    """`super().forward(x)` is the function that the layer calls, with its multiply-adds and its wire."""
    report = trace(net("return self.c(x)", "self.c = Own(3, 4, 3)", OWN), (1, 3, 6, 6), entry="Net()")

    assert [(row.path, row.kind, row.macs, row.params, row.sums_up) for row in report.rows] == [
        ("c", "F.conv2d", 4 * 27 * 16, 0, False),
        ("c", "Own", 0, 4 * 27 + 4, True),
    ]
    assert read(report) == [(-1, 0), (0, 2)]
    assert report.macs == 1728


def test_forward_called_by_name_is_a_function_with_its_parameters() -> None:
    """PyTorch's hooks do not see it; what it learns is its row's all the same."""
    report = trace(net("return self.a.forward(x)"), (2, 8), entry="Net()")

    assert [(row.path, row.kind, row.macs, row.params) for row in report.rows] == [("", "F.linear", 128, 72)]


@pytest.mark.parametrize(
    ("body", "made", "wires"),
    [
        # y is the sum afterwards, under each of its names.
        ("y = self.a(x)\nz = y\ny += x\nreturn z", "pass", [(-1, 0), (0, 1), (-1, 1), (1, 2)]),
        ("y = self.a(x)\nself.r(y)\nreturn y", "self.r = nn.ReLU(inplace=True)", [(-1, 0), (0, 1), (1, 2)]),
        ("y = self.a(x)\nself.r(y)\nreturn y", "self.r = nn.ReLU()", [(-1, 0), (0, 1), (0, 2)]),
        ("y = self.a(x)\nF.relu(y, inplace=True)\nreturn y", "pass", [(-1, 0), (0, 1), (1, 2)]),
        ("y = torch.zeros(2, 8)\ny.copy_(self.a(x))\nreturn y", "pass", [(-1, 1), (0, 2), (1, 2)]),
    ],
)
def test_what_is_written_in_place_comes_from_there(body: str, made: str, wires: list[tuple[int, int]]) -> None:
    """A later reader reads what was written."""
    assert read(trace(net(body, made), (2, 8), entry="Net()")) == wires


def test_what_was_made_before_is_a_constant() -> None:
    """Calls that no row shows are nobody's source: neither of a module's constants nor of the script's."""
    before = "TABLE = (torch.arange(8).float() * 2 + 1).sqrt() / 3"
    report = trace(
        net("return self.a(x) + TABLE + self.t", "self.t = TABLE.exp().log()", before), (2, 8), entry="Net()"
    )

    assert read(report) == [(-1, 0), (0, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("i = torch.arange(8)\ni += 0.5\nreturn x", "add_ on a tensor of int64 would make it float32"),
        ("x += torch.ones(3, 2, 8)\nreturn x", "add_ on a tensor of shape (2, 8) would make it (3, 2, 8)"),
    ],
)
def test_a_tensor_keeps_its_kind_and_shape_in_place(body: str, said: str) -> None:
    """PyTorch refuses both."""
    with pytest.raises(TraceError) as caught:
        trace(net(body), (2, 8), entry="Net()")

    assert said in str(caught.value)
    assert str(caught.value).endswith("; use add instead.")
