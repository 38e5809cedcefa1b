"""Figures of widely used study notes: convolution, pooling and the networks made of them (C2 to C11)."""

from __future__ import annotations

from fractions import Fraction

import pytest

import calc
from calc.calculators import CALCULATORS
from calc.knob import knobs
from site_tests.unit.facts import rows, sizes


def test_c2_the_receptive_field_grows_layer_by_layer() -> None:
    """C2: one place of each layer of LeNet sees 5, 6, 14 and 16 cells, then the whole image."""
    found = rows("LeNet5", (1, 1, 28, 28))

    assert [(5, 5), (6, 6), (14, 14), (16, 16)] == [
        found[name].receptive_field for name in ("conv1", "pool1", "conv2", "pool2")
    ]
    assert found["fc1"].receptive_field is None


@pytest.mark.parametrize("k", range(1, 8))
@pytest.mark.parametrize("p", range(4))
def test_c3_padding_per_side_and_in_total(k: int, p: int) -> None:
    """C3: n + p − k + 1 with p the total of both sides; k = 2m + 1 with m on each side keeps the size."""
    conv = calc.layer("Conv2d", in_channels=1, out_channels=1, kernel_size=k, padding=p)

    assert conv((1, 1, 28, 20)) == (1, 1, 28 + 2 * p - k + 1, 20 + 2 * p - k + 1)
    assert (k == 2 * p + 1) == (conv((1, 1, 28, 20)) == (1, 1, 28, 20))


@pytest.mark.parametrize("s", range(1, 6))
@pytest.mark.parametrize("k", [1, 2, 3, 5])
@pytest.mark.parametrize("p", range(3))
def test_c4_stride(k: int, p: int, s: int) -> None:
    """C4: ⌊(n + p − k + s)/s⌋ with the total p is what the formula with p per side gives."""
    conv = calc.layer("Conv2d", in_channels=1, out_channels=1, kernel_size=k, padding=p, stride=s)

    assert conv((1, 1, 28, 19)) == (1, 1, (28 + 2 * p - k + s) // s, (19 + 2 * p - k + s) // s)


def test_c5_arguments_of_a_convolution() -> None:
    """C5: PyTorch's names, order and defaults; a number or a tuple; (N, C, H, W) in and out."""
    known = {knob.name: None if knob.required else knob.default for knob in knobs(CALCULATORS["Conv2d"])}

    assert ["in_channels", "out_channels", "kernel_size", "stride", "padding"] == list(known)[:5]
    assert (1, 0, True) == (known["stride"], known["padding"], known["bias"])
    one = calc.layer("Conv2d", in_channels=3, out_channels=8, kernel_size=3, padding=1)
    two = calc.layer("Conv2d", in_channels=3, out_channels=8, kernel_size=(3, 3), padding=(1, 1))
    assert one((2, 3, 28, 20)) == two((2, 3, 28, 20)) == (2, 8, 28, 20)


@pytest.mark.parametrize("name", ["MaxPool2d", "AvgPool2d"])
def test_c6_pooling(name: str) -> None:
    """C6: the stride is kernel_size if left out; channels in = channels out; no parameters."""
    pool = calc.layer(name, kernel_size=3)

    assert pool((1, 5, 9, 9)) == (1, 5, 3, 3) == calc.layer(name, kernel_size=3, stride=3)((1, 5, 9, 9))
    assert pool.params == 0


def test_c7_lenet_of_the_course() -> None:
    """C7: 6×28×28, 6×14×14, 16×10×10, 16×5×5, 400, 120, 84, 10; 61,706 parameters, over 90 % of them dense."""
    found = rows("LeNet5", (1, 1, 28, 28))
    outputs = [found[name].out[1:] for name in ("conv1", "pool1", "conv2", "pool2", "flatten", "fc1", "fc2", "fc3")]
    dense = sum(found[name].params for name in ("fc1", "fc2", "fc3"))

    assert [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (400,), (120,), (84,), (10,)] == outputs
    assert sum(row.params for row in found.values()) == 61_706
    assert Fraction(9, 10) < Fraction(dense, 61_706)


def test_c8_alexnet_for_small_images() -> None:
    """C8: one channel, 224×224, ten classes, one dense layer of 4096: 29,983,434 parameters."""
    found = rows("AlexNet", (1, 1, 224, 224), in_channels=1, image_size=224, num_classes=10, hidden_layers=1)
    maps = [row.out[-1] for name, row in found.items() if name.startswith(("conv", "pool"))]
    learned = [row.params for row in found.values() if row.params]

    assert [54, 26, 26, 12, 12, 12, 12, 5] == maps
    assert [11_712, 614_656, 885_120, 1_327_488, 884_992, 26_218_496, 40_970] == learned
    assert sum(learned) == 29_983_434


@pytest.mark.parametrize("num_convs", [1, 2, 3, 4])
def test_c9_a_vgg_block_keeps_the_size_then_halves_it(num_convs: int) -> None:
    """C9: n times a 3×3 convolution with padding 1, then a 2×2 max pool."""
    block = calc.layer("VGGBlock", num_convs=num_convs, in_channels=3, out_channels=64)

    assert block((1, 3, 224, 224)) == (1, 64, 112, 112)
    assert block.params == (3 * 9 * 64 + 64) + (num_convs - 1) * (64 * 9 * 64 + 64)


def test_c10_a_nin_block_ends_in_two_1x1_convolutions() -> None:
    """C10: a k×k convolution, then two of 1×1 that keep the map and cost few parameters."""
    block = calc.layer("NiNBlock", in_channels=1, out_channels=96, kernel_size=11, stride=4)

    assert block((1, 1, 224, 224)) == (1, 96, 54, 54)
    assert [121 * 96, 96 * 96, 96 * 96] == sizes(block.weights(), "weight")
    assert calc.layer("AdaptiveAvgPool2d", output_size=1)((1, 10, 5, 5)) == (1, 10, 1, 1)


def test_c11_the_first_inception_block() -> None:
    """C11: 192 channels to 64, (96, 128), (16, 32) and 32, which make 256."""
    block = calc.layer("Inception", in_channels=192, c1=64, c2=(96, 128), c3=(16, 32), c4=32)

    assert block((1, 192, 28, 28)) == (1, 256, 28, 28)
    assert 64 + 128 + 32 + 32 == 256
