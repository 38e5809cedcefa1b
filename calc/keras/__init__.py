"""Layers under Keras's names and conventions. A new layer is one class in its family's file and its name here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calc.registry import Families, Registry

if TYPE_CHECKING:
    from calc.layer_base import Layer

FAMILIES: Families = {
    "convolution": {"conv": "Conv1D Conv2D Conv3D"},
    "transposed convolution": {"conv_transpose": "Conv1DTranspose Conv2DTranspose Conv3DTranspose"},
    "depthwise convolution": {"depthwise": "DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D"},
    "pooling": {"pool": "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D"},
    "global pooling": {
        "global_pool": (
            "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D "
            "GlobalAveragePooling2D GlobalAveragePooling3D"
        ),
    },
    "borders": {"border": "ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D"},
    "upsampling": {"upsampling": "UpSampling1D UpSampling2D UpSampling3D"},
    "dense": {"dense": "Dense"},
    "normalization": {
        "norm": "BatchNormalization LayerNormalization GroupNormalization RMSNormalization UnitNormalization",
    },
    "activation": {"activation": "Activation ReLU LeakyReLU PReLU ELU Softmax Identity"},
    "dropout": {
        "dropout": "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianNoise GaussianDropout",
    },
    "reshaping": {"reshape": "Flatten Reshape Permute RepeatVector"},
    "recurrent": {
        "recurrent": "SimpleRNN LSTM GRU",
        "wrappers": "Bidirectional TimeDistributed",
        "conv_lstm": "ConvLSTM2D",
    },
    "embedding": {"embedding": "Embedding"},
    "merging": {"merge": "Add Subtract Multiply Average Maximum Minimum", "join": "Concatenate Dot"},
    "attention": {"attention": "MultiHeadAttention GroupQueryAttention"},
}
"""The layers, family by family: modules, and the names of their classes."""

LAYERS: Registry[Layer] = Registry("calc.keras", FAMILIES, "keras.")
"""Every Keras layer under its name: keras.Dense."""


def keras_layer(name: str, **arguments: Any) -> Layer:
    """A Keras layer by its own name, for the tables that put frameworks side by side."""
    return LAYERS[f"keras.{name}"](**arguments)
