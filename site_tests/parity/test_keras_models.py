"""Keras models from their source: `summary()` to the letter, and counts, against the live Keras."""

from __future__ import annotations

import json
from typing import Any

import pytest

from calc.tracing import trace
from site_tests.parity.real_keras import keras

MODELS = {
    "sequential": """
model = keras.Sequential([
    layers.Input((28, 28, 1)), layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(),
    layers.BatchNormalization(), layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax"),
])
""",
    "added": """
model = keras.Sequential(name="small")
model.add(keras.Input(shape=(32, 32, 3)))
model.add(layers.Conv2D(32, (3, 3), padding="same", activation=keras.activations.relu, kernel_regularizer="l2"))
model.add(layers.AveragePooling2D(2))
model.add(layers.GlobalAveragePooling2D())
model.add(layers.Dense(10, use_bias=False, name="scores"))
model.compile("adam")
""",
    "functional": """
image = keras.Input((32, 32, 3), name="image")
x = layers.Conv2D(8, 3, padding="same")(image)
y = layers.Conv2D(8, 1)(image)
z = layers.GlobalAveragePooling2D()(layers.Add()([x, y]))
model = keras.Model(image, layers.Dense(3)(z), name="net")
""",
    "chain": """
x = keras.Input((16,))
y = layers.Dense(8, activation="relu")(x)
model = keras.Model(x, layers.Dense(2)(y))
""",
    "recurrent": """
words = keras.Input((7,))
e = layers.Embedding(100, 8)(words)
l, h, c = layers.LSTM(5, return_state=True)(e)
b = layers.Bidirectional(layers.LSTM(4))(e)
model = keras.Model(words, layers.Dense(2)(layers.Concatenate()([l, b])))
""",
    "shared": """
one, two = keras.Input((4,)), keras.Input((4,))
dense = layers.Dense(3)
model = keras.Model([one, two], layers.Subtract()([dense(one), dense(two)]))
""",
    "operators": """
x = keras.Input((4,))
model = keras.Model(x, layers.Dense(2)(x * 2 + 1))
""",
    "two outputs": """
x = keras.Input((10,))
h = layers.Dense(64, activation="relu")(x)
model = keras.Model(inputs=x, outputs=[layers.Dense(1, name="score")(h), layers.Dense(5, name="kind")(h)])
""",
    "nested": """
inner = keras.Sequential([layers.Input((8,)), layers.Dense(4), layers.Dense(8)], name="inner")
x = keras.Input((8,))
model = keras.Model(x, layers.add([x, inner(x)]))
""",
    "frozen": """
base = layers.Dense(6, name="base")
base.trainable = False
model = keras.Sequential([layers.Input((3,)), base, layers.BatchNormalization(), layers.Dense(2)])
""",
    "attention": """
x = keras.Input((12, 16))
a = layers.MultiHeadAttention(num_heads=2, key_dim=8)(x, x)
y = layers.LayerNormalization()(x + a)
model = keras.Model(x, layers.TimeDistributed(layers.Dense(3))(y))
""",
    "unbuilt": """
model = keras.Sequential([layers.Dense(3), layers.Dense(2)])
""",
    "separable": """
model = keras.Sequential([
    keras.Input((16, 16, 3)), layers.ZeroPadding2D(1), layers.SeparableConv2D(8, 3), layers.DepthwiseConv2D(3),
    layers.Conv2DTranspose(4, 2, strides=2), layers.UpSampling2D(), layers.Cropping2D(1), layers.Reshape((-1, 4)),
    layers.Permute((2, 1)), layers.GRU(6), layers.RepeatVector(3), layers.SimpleRNN(5, return_sequences=True),
])
""",
}
HEAD = "import keras\nfrom keras import layers\n"


def real(source: str) -> Any:
    """The model, made by Keras in a session of its own."""
    keras.backend.clear_session()
    scope: dict[str, Any] = {}
    exec(HEAD + source, scope)
    return scope["model"]


@pytest.mark.parametrize("name", MODELS)
def test_the_summary_is_that_of_keras(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line, on 80 characters."""
    monkeypatch.setenv("COLUMNS", "80")
    printed: list[str] = []
    real(MODELS[name]).summary(print_fn=printed.append)
    given = [(1, 5)] if name == "unbuilt" else []
    if name == "unbuilt":
        made = real(MODELS[name])
        made.build((None, 5))
        printed.clear()
        made.summary(print_fn=printed.append)

    assert trace(HEAD + MODELS[name], *given, framework="keras").summary.splitlines() == "\n".join(printed).splitlines()


@pytest.mark.parametrize("name", [name for name in MODELS if name != "unbuilt"])
def test_counts_are_those_of_keras(name: str) -> None:
    """All parameters, those that are trained, and the output."""
    made = real(MODELS[name])
    report = trace(HEAD + MODELS[name], framework="keras")

    assert report.params == made.count_params()
    assert report.trainable == sum(int(keras.ops.size(each)) for each in made.trainable_weights)
    assert json.dumps(report.output_shape) == json.dumps(made.output_shape)
    assert sum(row.params for row in report.rows) == report.params
