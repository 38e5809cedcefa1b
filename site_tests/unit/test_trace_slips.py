"""Slips of the pen, models that are not whole, and what runs and is hardly meant: what is said of each."""

from __future__ import annotations

import pytest

from calc.tracing import TraceError, trace
from site_tests.unit.small_net import HEAD, net

WORD = [
    # (made, run, input, sentence, line where the module is made)
    (
        "self.l = nn.LSTM(10, 20)\nself.f = nn.Linear(20, 2)",
        "return self.f(self.l(x))",
        (5, 1, 10),
        "Linear takes a tensor, and got a tuple of 2, which l made (line 10, in f); take its first "
        "entry, as in x, _ = l(x).",
        8,
    ),
    (
        "self.c = nn.Linear(2, 2)\nself.f = nn.Linear(2, 2)",
        "x = self.c\nreturn self.f(x)",
        (1, 2),
        "Linear takes a tensor, and got the module c itself (line 11, in f); call it: c(x).",
        8,
    ),
    (
        'self.s = nn.Sequential(nn.Linear(2, 2), "relu")',
        "return self.s(x)",
        (1, 2),
        "Sequential takes modules, and got str 'relu' at place 1 (line 7); give an nn.Module.",
        7,
    ),
    (
        "self.s = nn.Sequential(nn.Linear(2, 2), nn.ReLU)",
        "return self.s(x)",
        (1, 2),
        "Sequential takes modules, and got the class ReLU at place 1 (line 7); write ReLU(...).",
        7,
    ),
    (
        "self.a = nn.ReLU",
        "return self.a(x)",
        (1, 2),
        "ReLU is a class, and is made here with a tensor as an argument (line 9); make it in __init__ "
        "and call it here, or write nn.ReLU(...)(x).",
        9,
    ),
    (
        "pass",
        "return nn.ReLU(x)",
        (1, 2),
        "ReLU is a class, and is made here with a tensor as an argument (line 9); make it in __init__ "
        "and call it here, or write nn.ReLU(...)(x).",
        9,
    ),
    (
        "self.f = nn.ModuleList([nn.Linear(2, 2)])",
        "return self.f(x)",
        (1, 2),
        "ModuleList has no forward (line 9, in f); call its parts one by one, or use nn.Sequential.",
        7,
    ),
    ("self.f = nn.Linear(2, 2)", "self.f(x)", (1, 2), "Net.forward returns nothing (line 8); end it with return.", 0),
    (
        "self.fc1 = nn.Linear(2, 2)",
        "return self.fcl(x)",
        (1, 2),
        "AttributeError: Net has no attribute 'fcl' (line 9); perhaps fc1 is meant.",
        0,
    ),
    (
        "self.fc1 = nn.Linear(2, 2)",
        "return fc1(x)",
        (1, 2),
        "NameError: name 'fc1' is not defined (line 9); write self.fc1.",
        0,
    ),
    (
        "self.fc1 = nn.Linear(2, 2)",
        "out = self.fc1(x)\nreturn F.relu(oot)",
        (1, 2),
        "NameError: name 'oot' is not defined (line 10); perhaps out is meant.",
        0,
    ),
    ("pass", "return self(x)", (1, 2), "the model calls itself without end (line 9).", 0),
    ("self.d = None", "return self.d(x)", (1, 2), "TypeError: 'NoneType' object is not callable (line 9).", 0),
    (
        "pass",
        "b, c, h, w = x.shape\nreturn x",
        (2, 5, 10),
        "ValueError: not enough values to unpack (expected 4, got 3) (line 9).",
        0,
    ),
    ("pass", "return x.foo()", (2, 5), "Tensor.foo is not known to this calculator yet (line 9).", 0),
    ("pass", "return F.foo(x)", (2, 5), "torch.nn.functional.foo is not known to this calculator yet (line 9).", 0),
]


@pytest.mark.parametrize(("made", "run", "given", "sentence", "made_line"), WORD)
def test_a_slip(made: str, run: str, given: object, sentence: str, made_line: int) -> None:
    """Slips of the pen: what stands there, and what was meant."""
    with pytest.raises(TraceError) as caught:
        trace(net(made, run), given)

    assert (str(caught.value), caught.value.made_line) == (sentence, made_line)


WHOLE = [
    # (source, inputs, sentence)
    (
        HEAD
        + "class Net(nn.Module):\n    def __init__(self):\n        self.n = 3\n"
        + "    def forward(self, x):\n        return x\n",
        [(1, 2)],
        "Net.__init__ in line 5 does not call super().__init__(); call super().__init__() first in __init__.",
    ),
    (
        HEAD
        + "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        def forward(self, x):\n"
        "            return x\n",
        [(1, 2)],
        "Net has no forward: the one in line 7 stands within __init__; indent it as far as __init__.",
    ),
    (
        HEAD + "class Net(nn.Module):\n    def foward(self, x):\n        return x\n",
        [(1, 2)],
        "Net has no forward, and has foward; write forward instead of foward.",
    ),
    (
        HEAD + "class B(nn.Module):\n    def forward(self, x):\n        y = x\nclass Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.b, self.fc = B(), nn.Linear(2, 2)\n"
        "    def forward(self, x):\n        return self.fc(self.b(x))\n",
        [(1, 2)],
        "Linear takes a tensor, and got None (line 12, in fc); b returns nothing: end its forward with return.",
    ),
    (
        net("self.fc = nn.Linear(2, 2)", "return self.fc(x)", "x, mask"),
        [(1, 2)],
        "Net.forward takes x and mask, and got 1 input; give an input for mask, too.",
    ),
    (
        net("self.fc = nn.Linear(2, 2)", "return self.fc(x)"),
        [(1, 2), (1, 2)],
        "Net.forward takes x, and got 2 inputs; give 1.",
    ),
]


@pytest.mark.parametrize(("source", "given", "sentence"), WHOLE)
def test_a_model_that_is_not_whole(source: str, given: list[object], sentence: str) -> None:
    """What a class lacks, and what a call lacks."""
    with pytest.raises(TraceError) as caught:
        trace(source, *given)

    assert str(caught.value) == sentence


def test_a_missing_input_blames_the_input() -> None:
    """A form can mark the field; a layer's own `input` is a matter of the source."""
    source = net("self.fc = nn.Linear(2, 2)", "return self.fc(x)", "x, mask")
    with pytest.raises(TraceError) as missing:
        trace(source, (1, 2))
    with pytest.raises(TraceError) as unfit:
        trace(source, (1, 3), (1, 3))

    assert (missing.value.knob, unfit.value.knob) == ("input", "")


REMARKS = [
    # (made, run, sentence)
    (
        "self.blocks = [nn.Linear(2, 2) for _ in range(3)]\nself.f = nn.Linear(2, 2)",
        "for each in self.blocks: x = each(x)\nreturn self.f(x)",
        "The layers in a plain list (self.blocks, line 7) have no parameters in PyTorch's eyes: they are not counted "
        "and not trained; use nn.ModuleList.",
    ),
    (
        "self.heads = {'a': nn.Linear(2, 2)}\nself.f = nn.Linear(2, 2)",
        "return self.f(self.heads['a'](x))",
        "The layers in a plain dictionary (self.heads, line 7) have no parameters in PyTorch's eyes: they are not "
        "counted and not trained; use nn.ModuleDict.",
    ),
    (
        "self.a = nn.Linear(2, 2)\nself.b = nn.Linear(2, 2)\nself.c = nn.Linear(2, 2)",
        "return self.a(x)",
        "Made and not used in this run: b (line 8) and c (line 9), with 12 parameters.",
    ),
    (
        "self.a = nn.Linear(2, 2)\nfor p in self.parameters(): p.requires_grad = False",
        "return self.a(x)",
        "No parameter is trained: all have requires_grad=False.",
    ),
    (
        "self.a = nn.Linear(2, 2)\nself.a.requires_grad_(False)\nself.b = nn.Linear(2, 3)",
        "return self.b(self.a(x))",
        "9 of 15 parameters are trained: the others have requires_grad=False.",
    ),
]


@pytest.mark.parametrize(("made", "run", "sentence"), REMARKS)
def test_what_runs_and_is_hardly_meant(made: str, run: str, sentence: str) -> None:
    """A remark beside the result."""
    assert trace(net(made, run), (1, 2)).notes == (sentence,)


def test_a_plain_list_counts_nothing() -> None:
    """Rows add up to the total, which is PyTorch's."""
    report = trace(net(*REMARKS[0][:2]), (1, 2))

    assert report.params == 6
    assert sum(row.params for row in report.rows) == 6


def test_a_whole_model_has_no_remarks() -> None:
    """Tied weights, weights of functions and parts of attention are in use."""
    source = net(
        "self.e = nn.Embedding(9, 4)\nself.a = nn.MultiheadAttention(4, 2)\nself.o = nn.Linear(4, 9, bias=False)\n"
        "self.o.weight = self.e.weight\nself.w = nn.Parameter(torch.zeros(4, 4))\nself.f = nn.Linear(4, 4)",
        "x = self.e(x)\nx = F.linear(self.a(x, x, x)[0], self.f.weight, self.f.bias) @ self.w\nreturn self.o(x)",
    )

    assert trace(source, "int64[5, 1]").notes == ()


OWN_CALL = (
    net(
        "self.conv = nn.Conv2d(3, 16, 5)\nself.fc1 = nn.Linear(16 * 5 * 5, 120)",
        "x = self.conv(x)\nreturn self.fc1(x.view(x.size(0), -1))",
    )
    + "model = Net()\nprint(model(torch.randn(1, 3, 32, 32)).shape)\n"
)


def test_a_call_of_the_script_that_fails() -> None:
    """It is the mistake, with the module's path, unless the reader asks for another input."""
    with pytest.raises(TraceError) as caught:
        trace(OWN_CALL)

    assert (caught.value.line, caught.value.path, caught.value.made_line) == (11, "fc1", 8)
    report = trace(OWN_CALL, (1, 3, 9, 9))
    assert report.output_shape == (1, 120)
    assert report.notes == (
        "Line 13 is left out: Linear: input (=(1, 12544)) must end in in_features (=400), and its last axis is 12544.",
    )
