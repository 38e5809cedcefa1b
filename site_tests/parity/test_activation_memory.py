"""The memory of outputs, call by call and to the byte, as PyTorch's own storages have it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator

import pytest
import torch

from calc.model_catalogue import models
from calc.reported.memory import AUTOGRAD
from calc.tracing import trace
from site_tests.parity.real_memory import outputs_of, saved_of
from site_tests.parity.torchvision_source import source
from site_tests.unit.test_reported_memory import FORWARD, MODULES, TAKES

VIEWS = """
import torch
from torch import nn
import torch.nn.functional as F

class Views(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.drop = nn.Dropout(0.5, inplace=True)
        self.act = nn.ReLU(inplace=True)
        self.flat = nn.Flatten()
        self.same = nn.Identity()
        self.table = nn.Parameter(torch.zeros(1, 8, 1, 1))
        self.register_buffer("mask", torch.ones(8, 8))

    def forward(self, x):
        x = self.act(self.conv(x))
        x += self.table
        x = F.dropout(F.relu(x, inplace=True), 0.5, self.training)
        a, b = x.chunk(2, dim=1)
        c = a.transpose(1, 2).contiguous().view(x.size(0), -1)
        d = b.contiguous()
        e = x.permute(0, 2, 3, 1).reshape(x.size(0), -1, 8)
        f = x.permute(0, 2, 3, 1)[:, ::2, 1:, None].squeeze(3)
        g = F.gelu(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).reshape(-1)
        h = self.same(self.drop(self.flat(x).clone()))
        i = self.mask[None].expand(4, 8, 8) * 2
        j = x.unfold(2, 2, 2)
        k = x.flatten(2).mT @ x.flatten(2)
        l = torch.stack(x.unbind(1)).movedim(0, 1)
        m = x[:, [0, 2]].narrow(1, 0, 1).select(1, 0).unsqueeze(1).detach()
        n = k.float().double().float().mul_(2).T.reshape(-1) if k.ndim == 2 else k.swapaxes(0, 1).flatten()
        return c, d, e, f, g, h, i, j, l, m, n
"""

TORCHVISION = [
    "alexnet", "convnext_tiny", "densenet121", "efficientnet_v2_s", "googlenet", "inception_v3", "mnasnet1_0",
    "mobilenet_v3_small", "resnext50_32x4d", "shufflenet_v2_x1_0", "squeezenet1_1",
    "swin_t", "vgg11_bn", "vit_b_32", "wide_resnet50_2",
]  # fmt: skip
"""One of each family; RegNet, whose widths come from tensors, cannot be made on PyTorch's meta device."""


@pytest.fixture(autouse=True)
def _step_by_step() -> Iterator[None]:
    """At inference PyTorch may run a whole Transformer layer as one call; here its parts are looked at."""
    torch.backends.mha.set_fastpath_enabled(False)
    yield
    torch.backends.mha.set_fastpath_enabled(True)


def agrees(code: str, entry: str, inputs: tuple[str, ...]) -> None:
    """Bytes of each call that takes any, at inference and in training, and the most at once."""
    report = trace(code, *inputs, entry=entry)
    new, fullest = outputs_of(code, entry, inputs, training=False)

    assert [row.new_bytes for row in report.rows if row.new_bytes] == new
    assert report.fullest == fullest
    trained = trace(code, *inputs, entry=entry, training=True)
    new, _ = outputs_of(code, entry, inputs, training=True)
    assert [row.new_bytes_in_training for row in trained.rows if row.new_bytes_in_training] == new


@pytest.mark.parametrize("name", models())
def test_the_networks_at_hand(name: str) -> None:
    """Every network of the catalogue; and its run at inference knows what training takes."""
    model = models()[name]
    agrees(model.source, model.entry, model.inputs)
    evaluated, trained = (
        trace(model.source, *model.inputs, entry=model.entry, training=training) for training in (False, True)
    )

    assert evaluated.new_bytes_in_training == trained.new_bytes_in_training


def test_views_copies_and_calls_in_place() -> None:
    """Every kind of view, and the reshapes that copy because their numbers lie in another order."""
    agrees(VIEWS, "Views()", ("2, 3, 8, 8",))


@pytest.mark.parametrize("code", [code for code, _ in TAKES if "half" not in code])
def test_one_expression(code: str) -> None:
    """What the unit tests say of views and copies; a change of format has no row here, but with its reader."""
    agrees(FORWARD.format(part="nn.Sigmoid()", code=code), "Model()", ("2, 3, 4, 4",))


@pytest.mark.parametrize("part", [part for part, _, _ in MODULES])
def test_one_module(part: str) -> None:
    """The same of layers."""
    agrees(FORWARD.format(part=part, code="self.part(y)"), "Model()", ("2, 3, 4, 4",))


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvision(name: str) -> None:
    """A published model of each family, from its own source."""
    size = 299 if name.startswith("inception") else 224
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchvision announces a change of first weights
        agrees(source(name), f"{name}()", (f"2, 3, {size}, {size}",))


SAVED = {
    "LeNet-5": ("1, 1, 28, 28",),
    "AlexNet of a course": ("1, 1, 224, 224",),
    "NiN": ("1, 1, 224, 224",),
    "GoogLeNet": ("2, 3, 64, 64",),
    "ResNet-18": ("2, 3, 64, 64",),
    "ResNet-50": ("2, 3, 64, 64",),
    "DenseNet-121": ("2, 3, 64, 64",),
    "MobileNetV2": ("2, 3, 64, 64",),
    "EfficientNet-B0": ("2, 3, 64, 64",),
    "ConvNeXt-T": ("2, 3, 64, 64",),
    "ViT-B/16": ("1, 3, 224, 224",),
    "U-Net, half as wide": ("1, 1, 64, 64",),
    "Transformer base": ("int64[1, 32]", "int64[1, 32]"),
    "BERT-base": ("int64[1, 32]", "int64[1, 32]"),
    "GPT-2": ("int64[1, 64]",),
    "GAN": ("4, 100, 1, 1",),
    "Autoencoder": ("1, 1, 28, 28",),
}
"""Networks without recurrent layers, on inputs that a test can afford."""


def ratio(name: str, inputs: tuple[str, ...]) -> float:
    """What autograd saves, for each byte of the outputs."""
    model = models()[name]
    return (
        saved_of(model.source, model.entry, inputs)
        / trace(model.source, *inputs, entry=model.entry).new_bytes_in_training
    )


def test_what_autograd_saves_of_it() -> None:
    """The range that the page tells: of each network between the two, and both are reached."""
    ratios = {name: ratio(name, inputs) for name, inputs in SAVED.items()}

    assert f"kept from {min(ratios.values()):.1f} to {max(ratios.values()):.1f} times" in AUTOGRAD, json.dumps(ratios)


def test_what_autograd_saves_of_an_lstm() -> None:
    """The gates at each step are no outputs, and are saved."""
    found = ratio("LSTM from sequence to sequence", ("int64[4, 12]", "int64[4, 9]"))

    assert f"no output, {found:.1f} times" in AUTOGRAD
