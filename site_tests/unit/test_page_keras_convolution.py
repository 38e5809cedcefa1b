"""Numbers on the page about Keras's convolutions and pools that the calculators give."""

from __future__ import annotations

from pathlib import Path

import calc
from calc.layers import window

PAGE = (Path(__file__).parents[2] / "docs" / "en" / "keras-convolution.md").read_text(encoding="utf-8")

SIZES = [(7, 3, 1), (7, 2, 1), (7, 3, 2), (8, 3, 2), (224, 7, 2), (224, 3, 2), (5, 1, 2)]


def size(name: str, n: int, **arguments: object) -> int:
    """The first spatial axis of the output for n cells along each axis."""
    layer = calc.layer(f"keras.{name}", **arguments)
    axes = int(name[name.index("D") - 1])
    found = layer((1, *(n for _ in range(axes)), 1))[1]
    assert isinstance(found, int)
    return found


def test_the_table_of_sizes_is_computed() -> None:
    """Cells, kernel, stride, both words, and where the padding goes."""
    for n, k, s in SIZES:
        both = [size("Conv1D", n, filters=1, kernel_size=k, strides=s, padding=word) for word in ("valid", "same")]
        before, after = window.margins_covering(n, k, s, 1)

        assert f"| {n} | {k} | {s} | {both[0]} | {both[1]} | {before}, {after} |" in PAGE


def test_the_first_table_is_computed() -> None:
    """PyTorch's size and Keras's, for a pool, a convolution and two transposed ones."""
    pool = calc.layer("MaxPool1d", kernel_size=2)((1, 1, 7))[-1]
    assert f'7 cells | {pool} | `"valid"` {size("MaxPooling1D", 7)}, `"same"` ' in PAGE
    assert f'`"same"` {size("MaxPooling1D", 7, padding="same")} |\n| convolution' in PAGE

    keras = {"filters": 1, "kernel_size": 2, "strides": 3}
    conv = calc.layer("Conv1d", in_channels=1, out_channels=1, kernel_size=2, stride=3)((1, 1, 7))[-1]
    words = f'`"valid"` {size("Conv1D", 7, **keras)}, `"same"` {size("Conv1D", 7, **keras, padding="same")}'
    assert f"7 cells | {conv} | {words} |" in PAGE

    up = calc.layer("ConvTranspose1d", in_channels=1, out_channels=1, kernel_size=2, stride=3)((1, 1, 5))[-1]
    assert f'5 cells | {up} | `"valid"` {size("Conv1DTranspose", 5, **keras)} |' in PAGE
    up = calc.layer("ConvTranspose1d", in_channels=1, out_channels=1, kernel_size=3, stride=2, padding=1)((1, 1, 5))[-1]
    same = size("Conv1DTranspose", 5, filters=1, kernel_size=3, strides=2, padding="same")
    assert f'5 cells | `padding=1` {up} | `"same"` {same} |' in PAGE


def test_kernels_as_tables_for_tensorflow_1_write_them() -> None:
    """Output, kernel and parameters of a layer along one axis, two and three."""
    for name, filters, kernel, shape in (
        ("Conv1D", 64, (5,), (20, 32)),
        ("Conv2D", 6, (3, 5), (9, 9, 4)),
        ("Conv3D", 6, (3, 5, 2), (9, 9, 9, 4)),
    ):
        layer = calc.layer(f"keras.{name}", filters=filters, kernel_size=kernel)
        out = layer((1, *shape))
        written = kernel if len(kernel) > 1 else kernel[0]
        [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}({filters}, {written})` |")]
        cells = [cell.strip().partition(":")[0] for cell in row.strip("|").split("|")]

        assert [str(each) for each in (shape, out[1:], dict(layer.weights())["kernel"])] == cells[1:4]
        assert f"{layer.params:,}" == cells[4]


def test_depthwise_and_separable_are_counted() -> None:
    """64 to 128 channels of 28×28, three ways; the separable layer is 1/128 + 1/9 of the full one."""
    arguments = {
        "Conv2D": {"filters": 128, "kernel_size": 3, "padding": "same"},
        "DepthwiseConv2D": {"kernel_size": 3, "padding": "same"},
        "SeparableConv2D": {"filters": 128, "kernel_size": 3, "padding": "same"},
    }
    macs = {}
    for name, given in arguments.items():
        layer, shape = calc.layer(f"keras.{name}", **given), (1, 28, 28, 64)
        layer(shape)
        macs[name] = layer.macs(shape)

        assert f" | {layer.params:,} | {macs[name]:,} |" in PAGE
    assert 128 * 9 * macs["SeparableConv2D"] == (128 + 9) * macs["Conv2D"]


def test_sizes_of_transposed_convolutions_are_computed() -> None:
    """Five cells, kernel 3, stride 2: each word with None, 0 and 1; and the even kernel."""
    for word in ("same", "valid"):
        for extra in (None, 0, 1):
            found = size("Conv1DTranspose", 5, filters=1, kernel_size=3, strides=2, padding=word, output_padding=extra)
            shown = "`None`" if extra is None else extra

            assert f'| `"{word}"` | {shown} | {found} |' in PAGE
    even = {"filters": 1, "kernel_size": 2, "strides": 2, "padding": "same"}
    assert size("Conv1DTranspose", 5, **even, output_padding=0) == 8
    assert size("Conv1DTranspose", 5, **even) == 10
