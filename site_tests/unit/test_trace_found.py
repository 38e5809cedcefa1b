"""The model and its input, found where nobody says them; and what is said of how."""

from __future__ import annotations

import pytest

from calc.tracing import TraceError, trace

HEAD = "import torch\nfrom torch import nn\n"

CONV = HEAD + (
    "class Net(nn.Module):\n    def __init__(self, n=10):\n        super().__init__()\n"
    "        self.c = nn.Conv2d(3, 8, 3, padding=1)\n        self.f = nn.Linear(8, n)\n"
    "    def forward(self, x):\n        return self.f(self.c(x).mean((2, 3)))\n"
)


def flat(side: int, channels: int = 1) -> str:
    """A network whose dense layer takes maps of one size alone."""
    return (
        f"{HEAD}model = nn.Sequential(nn.Conv2d({channels}, 4, 3, padding=1), nn.MaxPool2d(2), nn.Flatten(),\n"
        f"    nn.Linear({4 * (side // 2) ** 2}, 10))\n"
    )


SAID = [
    # (what stands behind the network, input, line)
    ("print(Net()(torch.randn(2, 3, 40, 48)).shape)\n", "2, 3, 40, 48", 10),
    ("x = torch.zeros(1, 3, 20, 20)\nnet = Net()\nout = net(x)\n", "1, 3, 20, 20", 12),
    ("if __name__ == '__main__':\n    net = Net(5)\n    net(torch.rand((4, 3, 33, 33)))\n", "4, 3, 33, 33", 12),
    ("def test():\n    net = Net()\n    y = net(torch.ones(2, 3, 36, 36))\n    print(y.size())\n", "2, 3, 36, 36", 12),
    ("def main():\n    Net()(torch.rand(1, 3, 9, 9))\nif '__main__' == __name__:\n    main()\n", "1, 3, 9, 9", 11),
    ("from torchsummary import summary\nmodel = Net().to('cpu')\nsummary(model, (3, 50, 50))\n", "1, 3, 50, 50", 12),
    ("from torchsummary import summary\nsummary(Net(), input_size=(3, 50, 50))\n", "1, 3, 50, 50", 11),
    ("from torchinfo import summary\nmodel = Net()\nsummary(model, input_size=(7, 3, 50, 50))\n", "7, 3, 50, 50", 12),
    ("import torchinfo\nm = Net()\ntorchinfo.summary(m, input_data=torch.ones(1, 3, 8, 8))\n", "1, 3, 8, 8", 12),
    ("from thop import profile\nm = Net()\nmacs, n = profile(m, inputs=(torch.ones(1, 3, 8, 8),))\n", "1, 3, 8, 8", 12),
    ("m = Net()\ntorch.onnx.export(m, torch.ones(1, 3, 8, 8), 'net.onnx')\n", "1, 3, 8, 8", 11),
    ("net = nn.DataParallel(Net())\nnet(torch.ones(6, 3, 8, 8))\n", "6, 3, 8, 8", 11),
    ("net = torch.compile(Net())\nnet(torch.ones(6, 3, 8, 8))\n", "6, 3, 8, 8", 11),
]


@pytest.mark.parametrize(("behind", "given", "line"), SAID)
def test_an_input_that_the_source_says(behind: str, given: str, line: int) -> None:
    """Calls of the model, in the open, in functions and under the main guard, and shapes given to a table."""
    report = trace(CONV + behind)

    assert report.inputs == (given,)
    assert f"Input found: {given}, from line {line}." in report.notes


def test_layers_called_one_by_one() -> None:
    """What the first layer is given is the network's input."""
    loop = "X = torch.rand(size=(1, 1, 28, 28))\nfor layer in model:\n    X = layer(X)\n"

    assert trace(flat(28) + loop).inputs == ("1, 1, 28, 28",)


def test_an_example_that_the_model_keeps() -> None:
    """As PyTorch Lightning has it."""
    source = CONV.replace("nn.Module", "pl.LightningModule").replace(HEAD, HEAD + "import pytorch_lightning as pl\n")
    source = source.replace(
        "        self.c =", "        self.example_input_array = torch.zeros(2, 3, 12, 12)\n        self.c ="
    )
    report = trace(source)

    assert report.notes == ("Input found: 2, 3, 12, 12, the model's example_input_array.",)


TRIED = [
    # (source, inputs)
    (CONV, ("1, 3, 224, 224",)),
    (flat(32, 3), ("1, 3, 32, 32",)),
    (flat(28), ("1, 1, 28, 28",)),
    (flat(150), ("1, 1, 150, 150",)),
    (flat(61, 2), ("1, 2, 60, 60",)),
    (HEAD + "model = nn.Sequential(nn.Linear(20, 5), nn.ReLU())", ("1, 20",)),
    (HEAD + "model = nn.Sequential(nn.Flatten(), nn.Linear(784, 5))", ("1, 1, 28, 28",)),
    (HEAD + "model = nn.Sequential(nn.Linear(784, 5))", ("1, 784",)),
    (HEAD + "model = nn.Sequential(nn.Embedding(99, 8), nn.Linear(8, 99))", ("int64[1, 128]",)),
    (HEAD + "model = nn.Sequential(nn.Conv1d(12, 8, 3), nn.ReLU())", ("1, 12, 128",)),
    (HEAD + "model = nn.Sequential(nn.Conv3d(3, 8, 3), nn.ReLU())", ("1, 3, 16, 112, 112",)),
    (HEAD + "model = nn.LSTM(12, 8)", ("16, 1, 12",)),
    (HEAD + "model = nn.GRU(12, 8, batch_first=True)", ("1, 16, 12",)),
    (HEAD + "model = nn.TransformerEncoderLayer(32, 4, batch_first=True)", ("1, 16, 32",)),
    (HEAD + "model = nn.Transformer(32, 4, 1, 1, 64)", ("16, 1, 32", "16, 1, 32")),
]


@pytest.mark.parametrize(("source", "given"), TRIED)
def test_an_input_that_is_tried(source: str, given: tuple[str, ...]) -> None:
    """From the first layers; sides of images in a customary order, then the one that a dense layer asks for."""
    report = trace(source)

    assert report.inputs == given
    assert report.notes == (f"Input tried: {'; '.join(given)}; the source does not say.",)


SEVERAL = [
    # (takes, made, run, inputs)
    ("self, a, b", "self.f = nn.Linear(6, 2)", "self.f(a) + self.f(b)", ("1, 6", "1, 6")),
    (
        "self, ids, mask",
        "self.e = nn.Embedding(9, 8)\n        self.a = nn.MultiheadAttention(8, 2, batch_first=True)",
        "self.a(self.e(ids), self.e(ids), self.e(ids), key_padding_mask=mask)[0]",
        ("int64[1, 128]", "bool[1, 128]"),
    ),
    (
        "self, x, mask",
        "self.f = nn.Linear(8, 24)",
        "(self.f(x) @ self.f(x).transpose(1, 2)).unsqueeze(1).masked_fill(mask, 0)",
        ("1, 16, 8", "bool[1, 1, 16, 16]"),
    ),
    (
        "self, x, hidden",
        "self.r = nn.GRU(8, 12, 2, batch_first=True)",
        "self.r(x, hidden)[0]",
        ("1, 16, 8", "2, 1, 12"),
    ),
    ("self, x, t", "self.c = nn.Conv2d(3, 4, 1)\n        self.e = nn.Embedding(9, 4)", "self.c(x).sum() + self.e(t)",
     ("1, 3, 224, 224", "int64[1]")),
    ("self, x, mask=None", "self.f = nn.Linear(6, 2)", "self.f(x)", ("1, 6",)),
]  # fmt: skip


@pytest.mark.parametrize(("takes", "made", "run", "given"), SEVERAL)
def test_several_inputs(takes: str, made: str, run: str, given: tuple[str, ...]) -> None:
    """One for each argument without a default, by its name."""
    source = (
        f"{HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        {made}\n"
        f"    def forward({takes}):\n        return {run}\n"
    )

    assert trace(source).inputs == given


def test_no_input_fits() -> None:
    """The field that is asked for, what was tried, and what came of it."""
    source = HEAD + "class Net(nn.Module):\n    def forward(self, x):\n        return x.view(7, 11, 13)\n"

    with pytest.raises(TraceError) as caught:
        trace(source)
    assert caught.value.knob == "input"
    assert str(caught.value) == (
        "no input was found that Net.forward(x) takes: with 1, 3, 224, 224, shape (7, 11, 13) holds 1001 numbers, and "
        "the tensor (1, 3, 224, 224) has 150528 (line 5); write the shape that it is made for, as in 1, 3, 224, 224."
    )


def test_a_mistake_is_no_matter_of_the_input() -> None:
    """Where no input can help, the mistake itself is said."""
    with pytest.raises(TraceError) as caught:
        trace(CONV.replace("self.c(x)", "self.cc(x)"))

    assert str(caught.value) == "AttributeError: Net has no attribute 'cc' (line 9); perhaps c is meant."


def test_inputs_are_told_when_they_are_given() -> None:
    """As a reader would type them."""
    report = trace(CONV, (1, 3, 8, 8))

    assert (report.inputs, report.notes) == (("1, 3, 8, 8",), ())


PARTS = (
    HEAD
    + """
class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.c = nn.Conv2d(n, n, 3, padding=1)
    def forward(self, x):
        return self.c(x)

class ResNet(nn.Module):
    def __init__(self, block, counts, num_classes=10):
        super().__init__()
        self.body = nn.Sequential(*[block(3) for _ in range(sum(counts))])
    def forward(self, x):
        return self.body(x)

class Unused(Block):
    pass
"""
)

ENTRIES = [
    # (what stands behind the classes, parameters, the first note)
    ("def resnet8():\n    return ResNet(Block, [1, 1])\ndef resnet9():\n    return ResNet(Block, [1, 2])\n", 2 * 84,
     "Model: resnet8(). There is also resnet9."),
    ("model = ResNet(Block, [3])\n", 3 * 84, None),
    ("net = ResNet(Block, [3])\nsmall = ResNet(Block, [1])\n", 84, "Model: small. There is also net."),
    ("net = ResNet(Block, [3])\nblock = net.body[0]\nloss = nn.CrossEntropyLoss()\n", 3 * 84, None),
    ("parts = [Block(3), Block(3)]\nmodel = nn.Sequential(*parts)\n", 2 * 84, None),
    ("def main(args):\n    net = ResNet(Block, [4])\n    net(args.x)\n", 4 * 84,
     "Model: ResNet(Block, [4]), as in line 21. There is also Unused."),
]  # fmt: skip


@pytest.mark.parametrize(("behind", "params", "note"), ENTRIES)
def test_an_entry(behind: str, params: int, note: str | None) -> None:
    """What is assigned, what a function makes, what is made somewhere; parts of others are not the model."""
    report = trace(PARTS + behind, (1, 3, 8, 8))

    assert report.params == params
    assert report.notes == ((note,) if note else ())


def test_settings_with_defaults() -> None:
    """A model that takes one object of settings is made with the one that the source defines."""
    source = (
        f"from dataclasses import dataclass\n{HEAD}@dataclass\nclass NetConfig:\n    width: int = 6\n"
        "class Net(nn.Module):\n    def __init__(self, config):\n        super().__init__()\n"
        "        self.f = nn.Linear(config.width, 2)\n    def forward(self, x):\n        return self.f(x)\n"
    )
    report = trace(source)

    assert report.params == 14
    assert report.notes[0] == "Model: Net(NetConfig())."


def test_a_model_that_cannot_be_made_alone() -> None:
    """Its signature, and an entry that can be tried."""
    source = CONV.replace("n=10", "num_classes, in_channels=3, *, dropout")

    with pytest.raises(TraceError) as caught:
        trace(source, (1, 3, 8, 8))
    assert caught.value.knob == "entry"
    assert str(caught.value) == (
        "it is not plain how Net(num_classes, in_channels=3, *, dropout) is made; "
        "say so, as in Net(num_classes=10, dropout=0.1)."
    )


def test_an_entry_that_is_not_there() -> None:
    """The classes that are."""
    with pytest.raises(TraceError) as caught:
        trace(CONV, (1, 3, 8, 8), entry="Nett()")

    assert caught.value.knob == "entry"
    assert str(caught.value) == "entry (='Nett()'): name 'Nett' is not defined; the source defines Net."
