"""Calculators held against what they were: the facts of all of them as text, and the HTML of a few.

When the facts differ, the arithmetic moved; when only the HTML differs, the
typography did. `make goldens` accepts the present output.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest

from calc.derive import derivation_text, run
from calc.fence import parse_fence
from calc.panels import PANELS
from calc.spec import Spec
from calc.widget import widget

FOLDER = Path(__file__).parent / "goldens"

CASES = {
    "conv2d": ("Conv2d", "in_channels = 3\nout_channels = 64\nkernel_size = 7\nstride = 2\npadding = 3\n"
               "input = [1, 3, 224, 224]"),
    "conv2d-uneven": ("Conv2d", "in_channels = 4\nout_channels = 6\nkernel_size = [3, 2]\nstride = [1, 2]\n"
                      "dilation = [2, 1]\ngroups = 2\nbias = false\ninput = [4, 9, 9]"),
    "conv1d-same": ("Conv1d", 'in_channels = 8\nout_channels = 8\nkernel_size = 4\npadding = "same"\n'
                    "input = [2, 8, 20]"),
    "conv-transpose2d": ("ConvTranspose2d", "in_channels = 8\nout_channels = 4\nkernel_size = 3\nstride = 2\n"
                         "padding = 1\noutput_padding = 1\ninput = [1, 8, 5, 5]"),
    "max-pool2d-ceil": ("MaxPool2d", "kernel_size = 3\nstride = 2\nceil_mode = true\ninput = [1, 6, 8, 8]"),
    "adaptive": ("AdaptiveAvgPool2d", "output_size = [3, 2]\ninput = [1, 6, 8, 7]"),
    "keras-conv2d-same": ("keras.Conv2D", 'filters = 16\nkernel_size = 3\nstrides = 2\npadding = "same"\n'
                          "input = [1, 8, 8, 3]"),
    "keras-conv2d-transpose": ("keras.Conv2DTranspose", 'filters = 4\nkernel_size = 3\nstrides = 2\n'
                               'padding = "same"\noutput_padding = 0\ninput = [1, 5, 5, 8]'),
    "keras-zero-padding2d": ("keras.ZeroPadding2D", "padding = [[0, 1], [2, 3]]\ninput = [1, 6, 6, 3]"),
    "keras-batch-normalization": ("keras.BatchNormalization", "input = [1, 112, 112, 64]"),
    "keras-dense-adapter": ("keras.Dense", "units = 8\nlora_rank = 2\ninput = [1, 7, 7, 16]"),
    "keras-reshape": ("keras.Reshape", "target_shape = [-1, 16]\ninput = [1, 7, 7, 16]"),
    "keras-concatenate": ("keras.Concatenate", "inputs = [[1, 28, 28, 64], [1, 28, 28, 128], [1, 28, 28, 32]]"),
    "pad": ("ReflectionPad2d", "padding = [1, 2, 0, 1]\ninput = [1, 3, 5, 6]"),
    "upsample": ("Upsample", 'scale_factor = 1.5\nmode = "bilinear"\nrecompute_scale_factor = true\n'
                 "input = [1, 3, 7, 10]"),
    "pixel-shuffle": ("PixelShuffle", "upscale_factor = 2\ninput = [1, 12, 4, 5]"),
    "unfold": ("Unfold", "kernel_size = 3\ninput = [1, 2, 6, 7]"),
    "fractional": ("FractionalMaxPool2d", "kernel_size = 2\noutput_ratio = 0.7\ninput = [1, 16, 13, 13]"),
    "bilinear": ("Bilinear", "in1_features = 3\nin2_features = 4\nout_features = 5\ninput1 = [2, 3]\n"
                 "input2 = [2, 4]"),
    "linear": ("Linear", "in_features = 400\nout_features = 120\ninput = [1, 400]"),
    "flatten": ("Flatten", "input = [1, 16, 5, 5]"),
    "relu": ("ReLU", "input = [1, 16, 5, 5]"),
    "batch-norm2d": ("BatchNorm2d", "num_features = 6\ninput = [3, 6, 3, 3]"),
    "layer-norm": ("LayerNorm", "normalized_shape = [6, 3]\nbias = false\ninput = [2, 6, 3]"),
    "group-norm": ("GroupNorm", "num_groups = 2\nnum_channels = 6\ninput = [2, 6, 5]"),
    "dropout2d": ("Dropout2d", "p = 0.25\ninput = [2, 6, 3, 4]"),
    "softmax": ("Softmax", "dim = 1\ninput = [4, 10]"),
    "glu": ("GLU", "input = [2, 10, 16]"),
    "prelu": ("PReLU", "num_parameters = 16\ninput = [1, 16, 8, 8]"),
    "attention": ("MultiheadAttention", "embed_dim = 8\nnum_heads = 2\nkdim = 6\nbatch_first = true\n"
                  "query = [2, 5, 8]\nkey = [2, 7, 6]\nvalue = [2, 7, 8]"),
    "grouped-attention": ("GroupedQueryAttention", "embed_dim = 16\nnum_heads = 4\nnum_kv_heads = 2\n"
                          "input = [2, 5, 16]"),
    "keras-attention": ("keras.MultiHeadAttention", "num_heads = 2\nkey_dim = 4\nquery = [2, 5, 8]\n"
                        "value = [2, 7, 6]"),
    "transformer-encoder": ("TransformerEncoder", "num_layers = 3\nsrc = [5, 8]\n"
                            "encoder_layer = {d_model = 8, nhead = 2, dim_feedforward = 16}\n"
                            "norm = {normalized_shape = 8}"),
    "transformer": ("Transformer", "d_model = 8\nnhead = 2\ndim_feedforward = 16\nnum_encoder_layers = 1\n"
                    "src = [7, 8]\ntgt = [5, 8]"),
    "sinusoidal-positions": ("SinusoidalPositions", "d_model = 8\nmax_len = 20\ninput = [2, 5, 8]"),
    "inception": ("Inception", "in_channels = 6\nc1 = 4\nc2 = [3, 5]\nc3 = [2, 3]\nc4 = 2\ninput = [1, 6, 9, 8]"),
    "depthwise-separable": ("DepthwiseSeparable", "in_channels = 4\nout_channels = 6\ninput = [1, 4, 7, 6]"),
    "up-block": ("UpBlock", "in_channels = 8\nout_channels = 4\ninput = [1, 8, 4, 4]\nskip = [1, 4, 8, 8]"),
    "unet": ("UNet", "base_channels = 4\nbatch_norm = true\ninput = [1, 1, 32, 32]"),
    "transformer-base": ("TransformerBase", "num_tokens = 50\nd_model = 8\nnhead = 2\nnum_layers = 2\n"
                         "dim_feedforward = 16\nsrc = [1, 7]\ntgt = [1, 5]"),
    "keras-small-cnn": ("keras.SmallCNN", "input = [1, 224, 224, 3]"),
    "lenet": ("LeNet5", "input = [1, 1, 28, 28]"),
    "lstm": ("LSTM", "input_size = 5\nhidden_size = 10\ninput = [13, 1, 5]"),
    "gru-stack": ("GRU", "input_size = 3\nhidden_size = 4\nnum_layers = 2\nbidirectional = true\nbatch_first = true\n"
                  "input = [2, 9, 3]"),
    "embedding": ("Embedding", "num_embeddings = 1000\nembedding_dim = 64\ninput = [2, 5]"),
    "embedding-bag": ("EmbeddingBag", 'num_embeddings = 1000\nembedding_dim = 64\nmode = "max"\ninput = [2, 5]'),
    "keras-bidirectional": ("keras.Bidirectional", 'layer = {class = "LSTM", units = 10}\ninput = [1, 13, 5]'),
    "keras-conv-lstm": ("keras.ConvLSTM2D", "filters = 4\nkernel_size = 3\ninput = [1, 5, 9, 8, 2]"),
    "tf1-gru": ("tf1.GRUCell", "num_units = 64\ninputs = [1, 32]"),
    "flax-gru": ("flax.GRUCell", "features = 256\ninputs = [1, 128]"),
}  # fmt: skip

HTML_CASES = (
    # What the HTML of a calculator is made of repeats itself; each of these has something that the others have not.
    "conv2d-uneven",  # cells that no window reads, and an error for each of many fields
    "conv-transpose2d",  # stamps, the edge that is cut off, an output_padding
    "max-pool2d-ceil",  # windows that hang over; no parameters
    "pad",  # copied cells, a field for two or four numbers
    "upsample",  # fields and choices that may be left empty, margins
    "relu",  # a curve
    "attention",  # three inputs, two outputs
    "lstm",  # four conventions and what is to be said of them; bits of state
    "depthwise-separable",  # another way to do the same beside it
    "unet",  # a table of rows, bars, and a valley of boxes and wires
)


def facts(spec: Spec) -> str:
    """What the calculator says, without its typography."""
    layer, shapes = spec.build()
    done = run(layer, *shapes)
    given = shapes[0] if len(shapes) == 1 else shapes
    lines = [f"{layer!r}", f"{given} -> {done.out}", f"{done.params} parameters, {done.macs} MACs"]
    lines += [f"{weight.name} {weight.shape} {weight.size}" for weight in layer.weights_on(*shapes)]
    lines += [f"{cost.what}: {cost.amount} {cost.unit}" for cost in layer.costs(*shapes)]
    if not hasattr(layer, "rows"):
        lines.append(derivation_text(layer, *shapes))
    return "\n".join(lines) + "\n"


def pages(spec: Spec) -> str:
    """The calculator's HTML, a tag to a line and formulas as TeX, so that a difference can be read.

    Its trace is left out: it speaks of places in the panels, and is held to Python's answers elsewhere.
    """
    html = widget(spec, lambda tex: f"<tex>{escape(tex)}</tex>")
    return re.sub(r">\s*<", ">\n<", re.sub(r"<template.*</template>", "", html)) + "\n"


GOLDENS = {f"{name}.txt": (facts, name) for name in CASES} | {f"{name}.html": (pages, name) for name in HTML_CASES}


@pytest.mark.parametrize("golden", GOLDENS)
def test_a_calculator_is_what_it_was(golden: str) -> None:
    """Nothing moved since the golden files were accepted."""
    level, name = GOLDENS[golden]
    expected = (FOLDER / golden).read_text()
    actual = level(parse_fence(*CASES[name]))

    assert expected == actual, f"{golden} differs; `make goldens` accepts the new output"


def parts(html: str) -> set[str]:
    """What the HTML of a calculator is made of: its class names, and which attributes its controls have."""
    names = {name for each in re.findall(r'class="([^"]*)"', html) for name in each.split()}
    controls = re.findall(r"<(?:input|select|option)\b[^>]*>", html)
    return names | {re.sub(r'(?<!type)="[^"]*"', "", each) for each in controls}


def test_the_golden_html_has_every_part_of_every_calculator() -> None:
    """No panel, no kind of control and no kind of drawing is left to the facts, which do not show it."""
    chosen, every = (
        {part for name in names for part in parts(pages(parse_fence(*CASES[name])))} for names in (HTML_CASES, CASES)
    )

    assert every <= chosen
    assert {f"calc-section-{panel}" for panel in PANELS} <= chosen


@pytest.mark.parametrize("name", CASES)
def test_the_golden_weights_add_up_to_the_golden_total(name: str) -> None:
    """A golden file proves that nothing changed; the sum proves that it was right."""
    lines = (FOLDER / f"{name}.txt").read_text().splitlines()
    total = int(re.fullmatch(r"(\d+) parameters, \d+ MACs", lines[2]).group(1))  # type: ignore[union-attr]
    weights = [line for line in lines[3:] if re.match(r"[a-z0-9_./]+ \([\d, ]+\) \d+$", line)]

    assert total == sum(int(line.rsplit(" ", 1)[1]) for line in weights)


def test_no_golden_is_left_over() -> None:
    """Every golden file belongs to a case."""
    assert {path.name for path in FOLDER.iterdir()} == set(GOLDENS)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for golden_file in FOLDER.iterdir():
        golden_file.unlink()
    for golden_name, (level_of, case) in GOLDENS.items():
        (FOLDER / golden_name).write_text(level_of(parse_fence(*CASES[case])))
