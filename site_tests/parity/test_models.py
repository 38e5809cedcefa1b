"""The networks at hand, run by PyTorch and by the stand-in; and what is published of them."""

from __future__ import annotations

import csv
from typing import Any

import pytest
import torch

from calc.model_catalogue import models
from calc.tracing import trace
from site_tests.parity.real_models import run
from site_tests.parity.test_truth import TRUTH


@pytest.mark.parametrize("name", models())
def test_pytorch_gives_the_same(name: str) -> None:
    """Output, parameters by name, every leaf in call order, multiply-adds."""
    model = models()[name]
    real = run(model.source, model.entry, model.inputs)
    report = trace(model.source, *model.inputs, entry=model.entry)
    modules = [row for row in report.rows if not row.kind.startswith(("torch.", "F.", "Tensor."))]

    assert report.output_shape == real.output
    assert dict(report.parameters) == real.parameters
    assert [(row.path, row.kind, row.output_shape) for row in modules] == real.leaves
    assert report.macs == real.macs


@pytest.mark.parametrize("name", ["ResNet-18", "ViT-B/16", "GPT-2", "LSTM from sequence to sequence"])
def test_a_live_model_gives_the_same_report(name: str) -> None:
    """The same module, made by PyTorch: parameters, output, multiply-adds, and every module's row but for functions."""
    model = models()[name]
    scope: dict[str, Any] = {"__name__": "model"}
    exec(model.source, scope)
    with torch.device("meta"):
        made = eval(model.entry, scope)
    live, traced = trace(made, *model.inputs), trace(model.source, *model.inputs, entry=model.entry)
    modules = [row for row in traced.rows if not row.kind.startswith(("torch.", "F.", "Tensor."))]

    assert (live.parameters, live.buffers, live.params, live.macs) == (
        traced.parameters, traced.buffers, traced.params, traced.macs,
    )  # fmt: skip
    assert live.output_shape == traced.output_shape
    assert [(row.path, row.kind, row.output_shape, row.params, row.activation_bytes) for row in live.rows] == [
        (row.path, row.kind, row.output_shape, row.params, row.activation_bytes) for row in modules
    ]
    assert sum(row.macs for row in live.rows) == sum(row.macs for row in modules)


GOLDEN = {
    "LeNet modern (conv6-conv16-120-84-10, dense C3, 32x32)": "LeNet-5",
    "AlexNet 2012, two-GPU groups": "AlexNet",
    'AlexNet "one weird trick"': "AlexNet of 2014",
    "NiN d2l, 1 ch, 10 classes": "NiN",
    "vgg11": "VGG-11",
    "vgg11_bn": "VGG-11 with batch norm",
    "vgg13_bn": "VGG-13 with batch norm",
    "vgg16": "VGG-16",
    "vgg16_bn": "VGG-16 with batch norm",
    "vgg19": "VGG-19",
    "vgg19_bn": "VGG-19 with batch norm",
    "GoogLeNet as in paper (5x5, bias, no BN, no aux)": "GoogLeNet",
    "resnet18": "ResNet-18",
    "resnet101": "ResNet-101",
    "resnet152": "ResNet-152",
    "mobilenet_v2": "MobileNetV2",
    "efficientnet_b0": "EfficientNet-B0",
    "convnext_tiny": "ConvNeXt-T",
    "vit_b_16": "ViT-B/16",
    "Transformer base + one shared 37,000x512 embedding": "Transformer base",
    "Transformer big + shared 37,000x1024": "Transformer big",
    "ResNet-18 224 conv+fc MACs": "ResNet-18",
    "VGG-16 224 conv+fc MACs": "VGG-16",
    "MobileNetV2 224 conv+fc MACs": "MobileNetV2",
    "ViT-B/16 224 MACs incl. attention": "ViT-B/16",
}
"""Rows of the published sizes, and the network here that each is about."""


@pytest.mark.parametrize("row", GOLDEN)
def test_the_published_sizes(row: str) -> None:
    """Parameters, or multiply-adds, to the last digit."""
    with (TRUTH.parent / "golden.csv").open(encoding="utf-8") as file:
        [wanted] = [each for each in csv.DictReader(file) if each["model"] == row]
    model = models()[GOLDEN[row]]
    report = trace(model.source, *model.inputs, entry=model.entry)

    assert int(wanted["value"]) == (report.params if wanted["unit"] == "params" else report.macs)
