"""Figures of widely used study notes on neural networks, row by row.

A to E are five sets of notes: parameter counts and attention, a memo on TensorFlow 1,
a course on convolutional networks and the Transformer, counting in Keras and U-Net,
and network components. Where the notes err, the right figure stands here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import calc
from calc.calculators import CALCULATORS
from calc.knob import knobs
from calc.layer import Layer, Shape, Weight
from calc.network import Network, Row
from calc.units import bytes_of, in_unit


def called(name: str, *shapes: Any, **arguments: Any) -> Layer:
    """A layer that was called on these shapes, so that it knows its weights."""
    layer = calc.layer(name, **arguments)
    layer(*shapes)
    return layer


def shapes_of(layer: Layer) -> dict[str, Shape]:
    """The shape of each weight by its name."""
    return dict(layer.weights())


def rows(name: str, shape: Shape, **arguments: Any) -> dict[str, Row]:
    """The rows of a network by their names."""
    network = calc.layer(name, **arguments)
    assert isinstance(network, Network)
    return {row.name: row for row in network.rows(shape)}


def sizes(weights: tuple[Weight, ...], ending: str) -> list[int]:
    """How many numbers each of the weights holds whose name ends so."""
    return [weight.size for weight in weights if weight.name.endswith(ending)]


def test_a1_lenet_as_caffe_trains_it() -> None:
    """A1: maps of 24, 12 (not 13), 8 and 4; 430,500 weights and 580 biases, 431,080 in all."""
    found = rows("LeNet5Caffe", (1, 1, 28, 28))
    network = calc.layer("LeNet5Caffe")

    assert [24, 12, 8, 4] == [found[name].out[-1] for name in ("conv1", "pool1", "conv2", "pool2")]
    assert [500, 25_000, 400_000, 5_000] == sizes(network.weights(), "weight")
    assert [20, 50, 500, 10] == sizes(network.weights(), "bias")
    assert network.params == 431_080


def test_a2_bytes_of_a_model() -> None:
    """A2: 1,724,320 B are 1,683.90625 KiB or 1.64 MiB; Caffe's file has 705 B of metadata more."""
    size = bytes_of(calc.layer("LeNet5Caffe").params)

    assert (1_724_320, "1,683.90625 KiB", "1.64 MiB") == (size, in_unit(size, "KiB"), in_unit(size, "MiB", 2))
    assert ("1,724.32 KB", "1.72 MB") == (in_unit(size, "KB"), in_unit(size, "MB", 2))
    assert 1_725_025 - size == 705


@pytest.mark.parametrize(
    ("inside", "side", "outside", "weights"), [(50, 4, 500, 400_000), (500, 1, 10, 5_000)], ids=["50×4×4", "500×1×1"]
)
def test_a3_a_dense_layer_is_a_convolution(inside: int, side: int, outside: int, weights: int) -> None:
    """A3: a kernel that covers the whole map has the weights of a dense layer, and its work."""
    conv = calc.layer("Conv2d", in_channels=inside, out_channels=outside, kernel_size=side)
    dense = calc.layer("Linear", in_features=inside * side**2, out_features=outside)

    assert [weights] == sizes(conv.weights(), "weight") == sizes(dense.weights(), "weight")
    assert conv.macs((1, inside, side, side)) == dense.macs((1, inside * side**2)) == weights
    assert conv((1, inside, side, side)) == (1, outside, 1, 1)


@pytest.mark.parametrize("steps", [1, 13, 500])
def test_a4_an_lstm_has_weights_for_one_step(steps: int) -> None:
    """A4: 4·((n + m)·m + m), 640 for n = 5 and m = 10, however many steps there are."""
    n, m = 5, 10

    assert called("keras.LSTM", (1, steps, n), units=m).params == 4 * ((n + m) * m + m) == 640


@pytest.mark.parametrize("steps", [1, 2, 13, 100])
def test_a5_one_cell_at_each_step(steps: int) -> None:
    """A5: unrolled, the same weights do the same work at each step; powers of one number vanish or explode."""
    layer = calc.layer("RNN", input_size=3, hidden_size=4)
    cell = calc.layer("RNNCell", input_size=3, hidden_size=4)

    assert [weight.shape for weight in layer.weights()] == [weight.shape for weight in cell.weights()]
    assert layer.macs((steps, 1, 3)) == steps * cell.macs((1, 3))
    assert layer((steps, 1, 3)) == ((steps, 1, 4), (1, 1, 4))
    assert 0.9**100 < 1e-4 < 1e4 < 1.1**100


def matmul(a: list[list[float]], b: list[list[float]]) -> list[list[float]]:
    """A matrix product."""
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a]


def transposed(a: list[list[float]]) -> list[list[float]]:
    """Rows for columns."""
    return [list(column) for column in zip(*a, strict=True)]


def test_a6_queries_keys_and_values_are_three_projections() -> None:
    """A6: without them scores are symmetric and each position finds itself; with them neither holds."""
    x: list[list[float]] = [[1, 0], [0, 1], [1, 1]]
    plain = matmul(x, transposed(x))
    scores = matmul(x, transposed(matmul(x, [[0, 1], [2, 0]])))
    layer = calc.layer("MultiheadAttention", embed_dim=2, num_heads=1)

    assert plain == transposed(plain)
    assert all(row[place] == max(row) for place, row in enumerate(plain))
    assert scores == [[0, 2, 2], [1, 0, 1], [1, 2, 3]] != transposed(scores)
    assert dict(layer.weights())["in_proj_weight"] == (3 * 2, 2)


def test_b1_dense() -> None:
    """B1: [batch, n_features] to [batch, n_units] with n_features·n_units weights, and n_units more with bias."""
    dense = called("keras.Dense", (7, 32), units=64)

    assert dense((7, 32)) == (7, 64)
    assert {"kernel": (32, 64), "bias": (64,)} == shapes_of(dense)
    assert called("keras.Dense", (7, 32), units=64, use_bias=False).params == 32 * 64


def test_b2_convolution_along_a_sequence() -> None:
    """B2: [batch, max_steps, n_features] to [batch, new_steps, n_filters], kernel [kernel_w, n_features, n_filters]."""
    conv = called("keras.Conv1D", (7, 20, 32), filters=64, kernel_size=5)

    assert conv((7, 20, 32)) == (7, 16, 64)
    assert {"kernel": (5, 32, 64), "bias": (64,)} == shapes_of(conv)
    assert conv.params == 5 * 32 * 64 + 64


CONVOLUTIONS = [("keras.Conv2D", (3, 5), (9, 9, 4)), ("keras.Conv3D", (3, 5, 2), (9, 9, 9, 4))]


@pytest.mark.parametrize(("name", "kernel", "inside"), CONVOLUTIONS)
def test_b3_convolutions_over_images_and_volumes(name: str, kernel: Shape, inside: Shape) -> None:
    """B3: kernel [k_h, k_w, c_in, c_out] on channels that stand last; the product, and c_out more with bias."""
    conv = called(name, (1, *inside), filters=6, kernel_size=kernel)
    places = tuple(n - k + 1 for n, k in zip(inside, kernel, strict=False))

    assert conv((1, *inside)) == (1, *places, 6)
    assert {"kernel": (*kernel, 4, 6), "bias": (6,)} == shapes_of(conv)


CELLS = [
    ("B4: h = f(U x + W h + b)", "BasicRNNCell", {"kernel": (96, 64), "bias": (64,)}, 6_208),
    ("B5: four gates", "BasicLSTMCell", {"kernel": (96, 256), "bias": (256,)}, 24_832),
    ("B5: four gates", "LSTMCell", {"kernel": (96, 256), "bias": (256,)}, 24_832),
    (
        "B6: two gates and a candidate",
        "GRUCell",
        {
            "gates/kernel": (96, 128),
            "gates/bias": (128,),
            "candidate/kernel": (96, 64),
            "candidate/bias": (64,),
        },
        18_624,
    ),
]


@pytest.mark.parametrize(("row", "name", "weights", "params"), CELLS)
def test_b4_b5_b6_cells_of_tensorflow_1(row: str, name: str, weights: dict[str, Shape], params: int) -> None:
    """B4, B5, B6: 32 features and 64 units in one kernel, because TensorFlow 1 joins input and state."""
    cell = calc.layer(f"tf1.{name}", num_units=64)
    kept = {each.name: each.shape for each in cell.weights_on(*((1, 32) for _ in cell.required_inputs()))}

    assert weights == kept, row
    assert sum(each.size for each in cell.weights_on(*((1, 32) for _ in cell.required_inputs()))) == params


def test_b6_two_bias_vectors_of_a_gru() -> None:
    """B6: 6·n_units of bias in Keras and PyTorch, 3·n_units with reset_after=False."""
    shape, units = (1, 10, 32), 64
    biases = {
        "Keras": sizes(called("keras.GRU", shape, units=units).weights(), "bias"),
        "before": sizes(called("keras.GRU", shape, units=units, reset_after=False).weights(), "bias"),
    }
    torch = calc.layer("GRU", input_size=32, hidden_size=units)

    assert {"Keras": [6 * units], "before": [3 * units]} == biases
    assert sum(weight.size for weight in torch.weights() if weight.name.startswith("bias")) == 6 * units
    assert called("keras.GRU", shape, units=units, reset_after=False).params == 18_624


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_b7_both_directions_have_twice_the_parameters(kind: str) -> None:
    """B7: twice, in Keras and in PyTorch."""
    one = called(f"keras.{kind}", (1, 10, 32), units=64)
    both = called("keras.Bidirectional", (1, 10, 32), layer={"class": kind, "units": 64})
    torch = {"SimpleRNN": "RNN"}.get(kind, kind)
    arguments = {"input_size": 32, "hidden_size": 64}

    assert both.params == 2 * one.params
    assert calc.layer(torch, **arguments, bidirectional=True).params == 2 * calc.layer(torch, **arguments).params


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


def test_c12_every_sub_layer_keeps_the_shape() -> None:
    """C12: attention, the position-wise network (a 1×1 convolution over positions), add and norm."""
    x, d = (2, 10, 512), 512
    attended = calc.layer("MultiheadAttention", embed_dim=d, num_heads=8, batch_first=True)(x, x, x)
    ffn = calc.layer("PositionwiseFFN", d_model=d, d_ff=2048)
    convs = [
        calc.layer("Conv1d", in_channels=inside, out_channels=outside, kernel_size=1)
        for inside, outside in ((d, 2048), (2048, d))
    ]

    assert attended[0] == ffn(x) == calc.layer("AddNorm", d_model=d)(x, x) == x
    assert ffn.params == sum(conv.params for conv in convs) == 2 * d * 2048 + 2048 + d
    assert ffn.macs(x) == sum(conv.macs((2, width, 10)) for conv, width in zip(convs, (d, 2048), strict=True))


@pytest.mark.parametrize("h", [1, 2, 4, 8])
def test_c13_heads_that_split_the_width_and_heads_of_full_width(h: int) -> None:
    """C13: 4·h·d² where each head maps d to d, 4·d² + 4·d where the heads split d."""
    d, x = 64, (1, 10, 64)
    wide = called("keras.MultiHeadAttention", x, x, num_heads=h, key_dim=d, use_bias=False)
    split = called("keras.MultiHeadAttention", x, x, num_heads=h, key_dim=d // h, use_bias=False)
    torch = calc.layer("MultiheadAttention", embed_dim=d, num_heads=h)

    assert (4 * h * d**2, 4 * d**2) == (wide.params, split.params)
    assert torch.params == 4 * d**2 + 4 * d
    assert calc.layer("MultiheadAttention", embed_dim=d, num_heads=h, bias=False).params == 4 * d**2


def test_c14_sinusoidal_positions_learn_nothing() -> None:
    """C14: a table of waves, one row for each position; learned positions have as many parameters."""
    waves = calc.layer("SinusoidalPositions", d_model=512, max_len=1000)
    learned = calc.layer("LearnedPositions", d_model=512, max_len=1000)

    assert (0, 512 * 1000) == (waves.params, learned.params)
    assert [(1000, 512)] == [buffer.shape for buffer in waves.buffers()]
    assert waves((1, 10, 512)) == (1, 10, 512)


def by_sub_layer(layer: Layer) -> dict[str, int]:
    """The parameters of each sub-layer."""
    found: dict[str, int] = {}
    for weight in layer.weights():
        found[weight.part] = found.get(weight.part, 0) + weight.size
    return found


def test_c15_encoder_and_decoder_by_sub_layer() -> None:
    """C15: one attention in the encoder, two in the decoder, whose second takes keys and values from the encoder."""
    attention, ffn, norm = 4 * 512**2 + 4 * 512, 2 * 512 * 2048 + 2048 + 512, 2 * 512
    encoder = calc.layer("TransformerEncoderLayer", d_model=512, nhead=8)
    decoder = calc.layer("TransformerDecoderLayer", d_model=512, nhead=8)

    assert (1_050_624, 2_099_712, 1_024) == (attention, ffn, norm)
    assert [attention, ffn, norm, norm] == list(by_sub_layer(encoder).values())
    assert [attention, attention, ffn, norm, norm, norm] == list(by_sub_layer(decoder).values())
    assert decoder(tgt=(7, 2, 512), memory=(10, 2, 512)) == (7, 2, 512)
    head = calc.layer("Linear", in_features=512, out_features=10_000)
    assert head((2, 7, 512)) == (2, 7, 10_000)


def test_c16_training_runs_the_decoder_once() -> None:
    """C16: one run over all positions, or one for each token, over all that is written so far."""
    decoder = calc.layer("TransformerDecoder", num_layers=2, decoder_layer={"d_model": 8, "nhead": 2})
    memory, runs = (6, 1, 8), [decoder((length, 1, 8), (6, 1, 8)) for length in range(1, 6)]

    assert [(length, 1, 8) for length in range(1, 6)] == runs
    assert decoder.macs((5, 1, 8), memory) < sum(decoder.macs((length, 1, 8), memory) for length in range(1, 6))


MATRIX: list[list[float]] = [[1, 2, 3, 4], [3, 2, 5, 8], [5, 8, 7, 0]]


def normalized(group: list[float], eps: float = 1e-5) -> list[float]:
    """Mean, variance, normalize: a group before its scale and shift."""
    mean = sum(group) / len(group)
    variance = sum((x - mean) ** 2 for x in group) / len(group)
    return [(x - mean) / (variance + eps) ** 0.5 for x in group]


def test_c17_layer_norm_does_not_depend_on_the_batch() -> None:
    """C17: a mean for each sample or for each feature of one matrix; a batch of one is refused by batch norm only."""
    batch, layer = calc.layer("BatchNorm1d", num_features=4), calc.layer("LayerNorm", normalized_shape=4)
    groups = [[cost.amount for cost in norm.costs((3, 4)) if cost.unit == "root"] for norm in (batch, layer)]
    lone = [normalized(column)[0] for column in transposed(MATRIX[:1])]

    assert groups == [[4], [3]]
    assert [-1.3416, -0.4472, 0.4472, 1.3416] == [round(x, 4) for x in normalized(MATRIX[0])]
    assert [-1.2247, 0, 1.2247] == [round(x, 4) for x in normalized(transposed(MATRIX)[0])]
    assert lone == [0] * 4
    assert layer((1, 4)) == (1, 4)
    with pytest.raises(calc.CalcError, match="more than 1 number in each channel"):
        batch((1, 4))


def test_d1_parameters_layer_by_layer() -> None:
    """D1: K²·C_i·C_o + C_o, 2·C of batch norm, T_i·T_o + T_o; Keras adds the two averages as non-trainable."""
    assert calc.layer("Conv2d", in_channels=3, out_channels=16, kernel_size=2).params == 2**2 * 3 * 16 + 16
    assert calc.layer("BatchNorm2d", num_features=16).params == 2 * 16
    norm = called("keras.BatchNormalization", (1, 8, 8, 16))
    assert (4 * 16, 2 * 16) == (norm.params, norm.trainable)
    assert called("keras.Dense", (1, 16), units=133).params == 16 * 133 + 133
    for name, arguments in (("ReLU", {}), ("MaxPool2d", {"kernel_size": 2}), ("Upsample", {"scale_factor": 2})):
        assert calc.layer(name, **arguments).params == 0, name


def test_d2_a_dense_layer_without_flatten() -> None:
    """D2: 208 + 0 + 2,261 parameters, and the output is (111, 111, 133)."""
    shape: Any = (1, 224, 224, 3)
    params = []
    for name, arguments in (
        ("Conv2D", {"filters": 16, "kernel_size": 2}),
        ("MaxPooling2D", {"pool_size": 2}),
        ("Dense", {"units": 133}),
    ):
        layer = calc.layer(f"keras.{name}", **arguments)
        shape = layer(shape)
        params.append(layer.params)

    assert ([208, 0, 2_261], (1, 111, 111, 133)) == (params, shape)


def test_d3_unet_at_half_width() -> None:
    """D3: five stages, up-convolutions of 2×2 and batch norm: 7,759,554 without and 7,765,442 with it."""
    plain = calc.layer("UNet", base_channels=32)
    normed = calc.layer("UNet", base_channels=32, batch_norm=True)
    found = {name: row.params for name, row in rows("UNet", (1, 1, 64, 64), base_channels=32).items()}
    ups = [
        calc.layer("ConvTranspose2d", in_channels=2 * width, out_channels=width, kernel_size=2, stride=2).params
        for width in (32, 64, 128, 256)
    ]
    stages = [found[f"enc{level}"] + found[f"up{level}"] - ups[level - 1] for level in (1, 2, 3, 4)]

    assert [37_346, 166_144, 664_064, 2_655_232] == [stages[0] + found["head"], *stages[1:]]
    assert (3_539_968, 696_800) == (found["bottom"], sum(ups))
    assert (7_759_554, 7_765_442, 5_888) == (plain.params, normed.params, normed.params - plain.params)


def test_d4_the_number_of_heads_does_not_change_the_total() -> None:
    """D4: no formula multiplies by the heads, as long as they split d_model."""
    counts = {calc.layer("MultiheadAttention", embed_dim=512, num_heads=h).params for h in (1, 2, 4, 8, 16)}
    macs = {
        calc.layer("MultiheadAttention", embed_dim=512, num_heads=h).macs(*[(10, 1, 512)] * 3) for h in (1, 2, 4, 8, 16)
    }
    layers = {calc.layer("TransformerEncoderLayer", d_model=512, nhead=h).params for h in (1, 2, 4, 8, 16)}

    assert ({1_050_624}, 1, {3_152_384}) == (counts, len(macs), layers)


def test_e1_a_recurrent_layer_of_128_units() -> None:
    """E1: x 1×256, U 256×128, W 128×128, b 1×128: 49,280 parameters, shared by all tokens of a sentence."""
    for tokens in (1, 7, 100):
        layer = called("keras.SimpleRNN", (1, tokens, 256), units=128)

        assert [(256, 128), (128, 128), (128,)] == list(shapes_of(layer).values())
        assert layer.params == 49_280
    assert sum(each.size for each in calc.layer("tf1.BasicRNNCell", num_units=128).weights_on((1, 256))) == 49_280


def test_e3_four_steps_of_a_normalization() -> None:
    """E3: the column 1, 3, 5: mean 3, variance 8/3, normalized, then scaled by 2 and shifted by 10."""
    column = transposed(MATRIX)[0]
    scaled = [round(2 * x + 10, 4) for x in normalized(column)]

    assert (column, sum(column) / 3, sum((x - 3) ** 2 for x in column) / 3) == ([1, 3, 5], 3, 8 / 3)
    assert [7.5505, 10, 12.4495] == scaled
    for name, arguments in (("BatchNorm2d", {"num_features": 4}), ("LayerNorm", {"normalized_shape": 4})):
        assert [("weight", (4,)), ("bias", (4,))] == list(calc.layer(name, **arguments).weights()), name


def test_e4_dropout_keeps_the_shape_and_learns_nothing() -> None:
    """E4: in training as at inference."""
    for training in (True, False):
        assert calc.layer("keras.Dropout", rate=0.5)((1, 6), training=training) == (1, 6)
    assert called("keras.Dropout", (1, 6), rate=0.5).params == calc.layer("Dropout").params == 0
