"""Models to begin with: short ones that each show one thing, and the networks of the catalogue.

The page fetches an example's source when it is chosen; here is only what its list says.
"""

from __future__ import annotations

from calc.knob import Example
from calc.model_catalogue import models

SHORT = (
    ("A perceptron with one hidden layer", "mlp", "model", "1, 1, 28, 28", "torch"),
    ("An LSTM, of which the last step is read", "lstm_last_step", "Sentiment()", "int64[1, 40]", "torch"),
    ("A residual block", "residual_block", "ResidualBlock(64, 128, stride=2)", "1, 64, 56, 56", "torch"),
    ("A mistake to find", "flatten_mistake", "Net()", "1, 3, 32, 32", "torch"),
    ("A small CNN in Keras", "keras_cnn", "model", "", "keras"),
)
"""Name, file, entry, input and framework."""

KINDS = {
    "Images, to tell what they show": "lenet lenet_caffe alexnet vgg nin googlenet resnet densenet mobilenet_v2 "
    "efficientnet_b0 convnext_tiny vit_b16",
    "Images, to be made or marked": "unet gan autoencoder",
    "Sequences": "seq2seq transformer bert_base gpt2",
}
"""The files of the catalogue by what their networks are for."""


def examples() -> tuple[Example, ...]:
    """Every example, those of one group together."""
    short = [
        Example(name, "Short ones", file, {"entry": entry, "input": input, "framework": framework})
        for name, file, entry, input, framework in SHORT
    ]
    listed = [
        Example(
            each.name, kind, each.file, {"entry": each.entry, "input": "; ".join(each.inputs), "framework": "torch"}
        )
        for kind, files in KINDS.items()
        for each in models().values()
        if each.file in files.split()
    ]
    return (*short, *listed)
