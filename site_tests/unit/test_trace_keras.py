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


SCRIPT = """import numpy as np
import tensorflow as tf
from tensorflow.keras.datasets import mnist
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Conv2D, Flatten, MaxPooling2D, Dropout
from tensorflow.keras.utils import to_categorical
import matplotlib.pyplot as plt

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(-1, 28, 28, 1) / 255.0
y_train = to_categorical(y_train)
model = Sequential()
model.add(Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dropout(0.5))
model.add(Dense(10, activation="softmax"))
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, epochs=5, validation_split=0.1)
plt.plot(history.history["accuracy"])
score = model.evaluate(x_test, y_test)
print("accuracy", score[1])
"""


def test_a_whole_training_script() -> None:
    """Data and training are left out and said; rows have the lines where their layers are made."""
    report = trace(SCRIPT, framework="keras")

    assert (report.params, report.output_shape) == (54_410, (None, 10))
    assert [row.line for row in report.rows] == [13, 13, 14, 15, 16, 17]
    assert report.notes == (
        "Lines 9 to 10 and 20 to 22 are left out: tensorflow.keras.datasets is not at hand here; "
        "training is not run here.",
    )


def test_a_model_that_a_function_returns() -> None:
    """Without arguments it is called; with some the entry is asked for, with its signature."""
    source = (
        "from keras import Sequential, layers\ndef build(UNITS):\n    model = Sequential()\n"
        "    model.add(layers.Dense(4, input_dim=8))\n    return model\n"
    )

    assert trace(source.replace("UNITS", ""), framework="keras").params == 36
    assert trace(source.replace("UNITS", "n"), framework="keras", entry="build(3)").params == 36
    with pytest.raises(TraceError) as caught:
        trace(source.replace("UNITS", "hidden_size"), framework="keras")
    assert (str(caught.value), caught.value.knob) == (
        "it is not plain how build(hidden_size) is made; say so, as in build(hidden_size=128).",
        "entry",
    )


FAULTS = [
    # (source, sentence, line where the layer is made)
    (
        "from keras import Sequential, layers\nmodel = Sequential([\n    layers.Input((8,)),\n    layers.Dense(4),\n"
        "    layers.Conv2D(3, 3),\n])\n",
        "keras.Conv2D: input (=(1, 4)) must have 4 axes, and has 2 (line 5); write it as (N, H, W, C_in); "
        "Keras always has a batch axis.",
        5,
    ),
    (
        "from tensorflow.keras.layers import *\nfrom tensorflow.keras.models import Model\ninp = Input((32, 32, 3))\n"
        "x = Conv2D(8, 3)(inp)\ny = Conv2D(8, 3, padding='same')(inp)\nmodel = Model(inp, Add()([x, y]))\n",
        "keras.Add: inputs (=((1, 30, 30, 8), (1, 32, 32, 8))) must have equal sizes or 1 along each axis, counted "
        "from the last, and 30 meets 32 (line 6); give them one shape.",
        0,
    ),
    (
        "from tensorflow.keras.applications import ResNet50\nfrom keras import Sequential, layers\n"
        "base = ResNet50(include_top=False)\nmodel = Sequential([base, layers.Dense(3)])\n",
        "base is not known here, since line 3 is left out: tensorflow.keras.applications is not at hand here (line 4).",
        0,
    ),
]


@pytest.mark.parametrize(("source", "sentence", "made_line"), FAULTS)
def test_where_a_layer_fails(source: str, sentence: str, made_line: int) -> None:
    """The line of the layer, in a list as well."""
    with pytest.raises(TraceError) as caught:
        trace(source, framework="keras")

    assert (str(caught.value), caught.value.made_line) == (sentence, made_line)
