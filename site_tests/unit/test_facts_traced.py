"""What the study notes say of whole models, by models that are run from their source."""

from __future__ import annotations

from math import prod

import pytest

from calc.model_catalogue import models
from calc.report import Report
from calc.tracing import trace
from calc.units import BINARY, bytes_of, fitting


def listed(name: str, **options: str) -> Report:
    """A network of the catalogue at work."""
    model = models()[name]
    return trace(model.source, *model.inputs, entry=options.get("entry", model.entry))


def learned(report: Report) -> list[int]:
    """The learned numbers of each row that has some."""
    return [row.params for row in report.rows if row.params]


def sizes(report: Report) -> list[int]:
    """The sides of the square maps, each once in a row."""
    sides = [row.output_shape[-1] for row in report.rows if len(row.output_shape) == 4]
    return [side for at, side in enumerate(sides) if not at or sides[at - 1] != side]


def under(report: Report, *paths: str) -> int:
    """What the modules learn whose paths begin so."""
    return sum(prod(shape) for name, shape in report.parameters if name.startswith(paths))


def test_lenet_of_caffe() -> None:
    """A1, A2: maps of 24, 12, 8 and 4; weights and biases; 1.64 MiB."""
    report = listed("LeNet of Caffe")
    shapes = dict(report.parameters)
    weights = [prod(shape) for name, shape in shapes.items() if name.endswith("weight")]
    biases = [prod(shape) for name, shape in shapes.items() if name.endswith("bias")]

    assert sizes(report) == [24, 12, 8, 4]
    assert (weights, biases) == ([500, 25_000, 400_000, 5_000], [20, 50, 500, 10])
    assert report.params == 431_080
    assert bytes_of(report.params) == 1_724_320
    assert fitting(bytes_of(report.params), BINARY) == "1.64 MiB"


def test_an_lstm_has_the_same_weights_for_any_length() -> None:
    """A4: Keras's LSTM(10) on 13 steps of 5 numbers learns 640, and so it does on 50 steps."""
    source = (
        "import keras\nfrom keras import layers\nmodel = keras.Sequential([keras.Input(({}, 5)), layers.LSTM(10)])\n"
    )

    assert [trace(source.format(steps), framework="keras").params for steps in (13, 50)] == [640, 640]


def test_lenet() -> None:
    """C7: 6 x 28 x 28, 6 x 14 x 14, 16 x 10 x 10, 16 x 5 x 5, 400, 120, 84, 10; nine tenths of it is dense."""
    report = listed("LeNet-5")
    shapes = [row.output_shape[1:] for row in report.rows]
    met = [shape for at, shape in enumerate(shapes) if not at or shapes[at - 1] != shape]

    assert met == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (400,), (120,), (84,), (10,)]
    assert report.params == 61_706
    dense = sum(row.params for row in report.rows if row.kind == "Linear")
    assert dense == 59_134
    assert dense / report.params > 0.9


def test_alexnet_of_a_course() -> None:
    """C8: 54, 26, 12, 5, and the count of each layer."""
    report = listed("AlexNet of a course")

    assert sizes(report) == [54, 26, 12, 5]
    assert learned(report) == [11_712, 614_656, 885_120, 1_327_488, 884_992, 26_218_496, 40_970]
    assert report.params == 29_983_434


def test_a_vgg_block_keeps_the_size_and_halves_it() -> None:
    """C9: convolutions of 3 x 3 with padding 1 keep it, the pool of 2 x 2 halves it."""
    assert sizes(listed("VGG-16")) == [224, 112, 56, 28, 14, 7]


def test_nin_ends_without_dense_layers() -> None:
    """C10: each block is a k x k and two 1 x 1 convolutions; a mean over the map is the answer."""
    report = listed("NiN")
    kernels = [shape[-1] for name, shape in report.parameters if name.endswith("weight")]

    assert kernels == [11, 1, 1, 5, 1, 1, 3, 1, 1, 3, 1, 1]
    assert not any(row.kind == "Linear" for row in report.rows)
    assert any(row.kind == "AdaptiveAvgPool2d" or "mean" in row.kind for row in report.rows)
    assert report.output_shape == (1, 10)


def test_the_first_inception_block_gives_256_channels() -> None:
    """C11: 64 + 128 + 32 + 32 from 192."""
    joined = [row for row in listed("GoogLeNet").rows if row.kind == "torch.cat"]

    assert [shape[1] for shape in joined[0].input_shapes] == [64, 128, 32, 32]
    assert joined[0].output_shape[1] == 256


@pytest.mark.parametrize("heads", [1, 2, 8])
def test_the_number_of_heads_changes_no_count(heads: int) -> None:
    """C13, D4: heads that share d make 4 d² + 4 d, however many they are."""
    source = (
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.a = nn.MultiheadAttention(64, {heads}, batch_first=True)\n"
        "    def forward(self, x):\n        return self.a(x, x, x)[0]\n"
    )
    report = trace(source, (2, 10, 64))

    assert report.params == 4 * 64 * 64 + 4 * 64
    assert report.output_shape == (2, 10, 64)


def test_shapes_stay_through_a_transformer_and_its_decoder_reads_the_encoder() -> None:
    """C12, C15: every sub-layer gives what it takes; the second attention's keys are the encoder's."""
    report = listed("Transformer base")
    norms = [row for row in report.rows if row.kind == "LayerNorm"]
    attentions = [at for at, row in enumerate(report.rows) if row.kind == "MultiheadAttention"]
    # Masks come in, too; queries, keys and values are 512 wide.
    read = [
        {wire.source for wire in report.wires if wire.target == at and wire.shape[-1] == 512} for at in attentions
    ]  # fmt: skip
    crossing = [sources for sources in read if len(sources) == 2]

    assert {row.output_shape for row in norms} == {(1, 32, 512)}
    assert (len(attentions), len(crossing)) == (18, 6)
    assert len({min(sources) for sources in crossing}) == 1, "all six read the one output of the encoder"
    assert len({max(sources) for sources in crossing}) == 6
    assert {report.rows[at].params for at in attentions} == {4 * 512 * 512 + 4 * 512}


def test_a_dense_layer_acts_on_the_last_axis() -> None:
    """D2: 208 + 0 + 2,261, and (111, 111, 133) comes out."""
    source = (
        "import keras\nfrom keras import layers\nmodel = keras.Sequential([keras.Input((224, 224, 3)),\n"
        "    layers.Conv2D(16, 2), layers.MaxPooling2D(2), layers.Dense(133)])\n"
    )
    report = trace(source, framework="keras")

    assert [row.params for row in report.rows if row.kind != "InputLayer"] == [208, 0, 2_261]
    assert report.output_shape == (None, 111, 111, 133)


def test_unet_with_and_without_batch_norm() -> None:
    """D3: 7,759,554 and 7,765,442; 5,888 learned by batch norm, and its running numbers apart."""
    normed, plain = listed("U-Net, half as wide"), listed("U-Net, half as wide", entry="UNet(batch_norm=False)")
    ups = sum(row.params for row in plain.rows if row.kind == "ConvTranspose2d")
    norms = sum(row.params for row in normed.rows if row.kind == "BatchNorm2d")

    assert (plain.params, normed.params) == (7_759_554, 7_765_442)
    assert ups == 696_800
    assert norms == 5_888
    assert normed.params - plain.params == norms
    averaged = [prod(shape) for name, shape in normed.buffers if name.endswith(("running_mean", "running_var"))]
    assert sum(averaged) == 5_888
    assert plain.output_shape == (1, 2, 256, 256)
    by_side: dict[int, int] = {}
    for row in plain.rows:
        if row.kind == "Conv2d":
            by_side[row.output_shape[-1]] = by_side.get(row.output_shape[-1], 0) + row.params
    assert by_side == {256: 37_346, 128: 166_144, 64: 664_064, 32: 2_655_232, 16: 3_539_968}


RNN = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.U = nn.Parameter(torch.randn(256, 128))
        self.W = nn.Parameter(torch.randn(128, 128))
        self.b = nn.Parameter(torch.zeros(1, 128))

    def forward(self, words):
        h = torch.zeros(1, 128)
        for x in words:
            h = torch.tanh(x[None] @ self.U + h @ self.W + self.b)
        return h
"""


def test_a_recurrent_network_by_hand() -> None:
    """E1, A5: 49,280 however long the sentence, and a step for each word."""
    short, long = trace(RNN, (3, 256)), trace(RNN, (9, 256))

    assert short.params == long.params == 49_280
    assert long.macs == 3 * short.macs
    assert sum(row.kind == "torch.tanh" for row in long.rows) == 9
    assert short.output_shape == (1, 128)


def test_pytorch_has_two_biases_where_the_notes_have_one() -> None:
    """B6, E1: nn.RNN learns 128 numbers more."""
    source = "from torch import nn\nmodel = nn.{}(256, 128)\n"

    assert trace(source.format("RNN"), (3, 1, 256)).params == 49_280 + 128
    assert trace(source.format("GRU"), (3, 1, 256)).params == 3 * (49_280 + 128)
    assert trace(source.format("LSTM"), (3, 1, 256)).params == 4 * (49_280 + 128)


def test_both_directions_are_twice_one() -> None:
    """B7."""
    one, both = (
        trace(f"from torch import nn\nmodel = nn.LSTM(32, 64, bidirectional={each})\n", (5, 1, 32))
        for each in (False, True)
    )

    assert both.params == 2 * one.params
    assert both.output_shape[0] == (5, 1, 128)
