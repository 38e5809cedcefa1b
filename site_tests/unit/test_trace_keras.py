"""Keras models from their source: rows, counts, and what is refused."""

from __future__ import annotations

import pytest

from calc.tracing import TraceError, trace

SMALL = """
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential()
model.add(layers.Conv2D(16, (2, 2), input_shape=(224, 224, 3)))
model.add(layers.MaxPooling2D())
model.add(layers.BatchNormalization())
model.add(layers.Dense(133, activation="softmax", kernel_initializer="he_normal"))
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
"""


def test_rows_and_counts() -> None:
    """A row for each call; batch None without an input, its own with one; running statistics stand apart."""
    report = trace(SMALL, framework="keras")
    rows = {row.path: row for row in report.rows}

    assert report.output_shape == (None, 111, 111, 133)
    assert (report.params, report.trainable) == (208 + 64 + 2261, 208 + 32 + 2261)
    assert [name for name, _ in report.buffers] == [
        "batch_normalization/moving_mean",
        "batch_normalization/moving_variance",
    ]
    assert rows["dense"].params == 2261
    assert rows["conv2d"].macs == 223 * 223 * 16 * 2 * 2 * 3
    assert trace(SMALL, (8, 224, 224, 3), framework="keras").output_shape == (8, 111, 111, 133)


WRONG = [
    # (source, input, sentence)
    (
        "from keras import layers, Sequential\nmodel = Sequential([layers.Dense(3)])\n",
        None,
        "sequential does not know its input; give a shape, or start the model with an Input.",
    ),
    (
        "import keras\nx = keras.Input((None, 3))\n",
        None,
        "Input: shape (=(None, 3)) must have numbers, without which nothing can be worked out (line 2); "
        "give a length such as 100.",
    ),
    (
        "import keras\nfrom keras import layers\nx = keras.Input((4,))\nlayers.Conv2D(3, 2)(x)\n",
        None,
        "keras.Conv2D: input (=(1, 4)) must have 4 axes, and has 2 (line 4); write it as (N, H, W, C_in); "
        "Keras always has a batch axis.",
    ),
    (
        "import keras\nfrom keras import layers\nlayers.Dense(3, activaton='relu')\n",
        None,
        "Dense: activaton (='relu') is not an argument of Dense (line 3); known are units, activation, use_bias, "
        "lora_rank.",
    ),
    (
        "import keras\nfrom keras import layers\nx, y = keras.Input((4,)), keras.Input((4,))\n"
        "model = keras.Model(x, layers.Add()([x, y]))\n",
        None,
        "the model's outputs depend on input_layer_1, which is not among its inputs; add it to inputs, or do not use "
        "input_layer_1.",
    ),
    (
        SMALL,
        (8, 32, 32, 3),
        "input (=(8, 32, 32, 3)) does not fit the model's own; behind the batch give (224, 224, 3).",
    ),
    ("import keras\nkeras.layers.Foo(3)\n", None, "keras.layers.Foo is not known to this calculator yet (line 2)."),
    ("x = 3\n", None, "the source defines no Keras model; assign one, model = Sequential([...])."),
]


@pytest.mark.parametrize(("source", "given", "sentence"), WRONG)
def test_what_is_wrong_is_said(source: str, given: tuple[int, ...] | None, sentence: str) -> None:
    """Word for word."""
    with pytest.raises(TraceError) as caught:
        trace(source, *([given] if given else []), framework="keras")

    assert str(caught.value) == sentence
