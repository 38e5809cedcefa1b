"""Layers under Keras's names and conventions. A new layer is one class in its family's file and one line here."""

from __future__ import annotations

from typing import Any

from calc.keras.activation import ELU, Activation, Identity, LeakyReLU, PReLU, ReLU, Softmax
from calc.keras.attention import GroupQueryAttention, MultiHeadAttention
from calc.keras.border import Cropping1D, Cropping2D, Cropping3D, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D
from calc.keras.conv import Conv1D, Conv2D, Conv3D
from calc.keras.conv_lstm import ConvLSTM2D
from calc.keras.conv_transpose import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
from calc.keras.dense import Dense
from calc.keras.depthwise import DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
from calc.keras.dropout import (
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from calc.keras.embedding import Embedding
from calc.keras.global_pool import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
)
from calc.keras.join import Concatenate, Dot
from calc.keras.merge import Add, Average, Maximum, Minimum, Multiply, Subtract
from calc.keras.norm import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from calc.keras.pool import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from calc.keras.recurrent import GRU, LSTM, SimpleRNN
from calc.keras.reshape import Flatten, Permute, RepeatVector, Reshape
from calc.keras.upsampling import UpSampling1D, UpSampling2D, UpSampling3D
from calc.keras.wrappers import Bidirectional, TimeDistributed
from calc.layer import Layer

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
    "convolution": (Conv1D, Conv2D, Conv3D),
    "transposed convolution": (Conv1DTranspose, Conv2DTranspose, Conv3DTranspose),
    "depthwise convolution": (DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D),
    "pooling": (MaxPooling1D, MaxPooling2D, MaxPooling3D, AveragePooling1D, AveragePooling2D, AveragePooling3D),
    "global pooling": (
        GlobalMaxPooling1D,
        GlobalMaxPooling2D,
        GlobalMaxPooling3D,
        GlobalAveragePooling1D,
        GlobalAveragePooling2D,
        GlobalAveragePooling3D,
    ),
    "borders": (ZeroPadding1D, ZeroPadding2D, ZeroPadding3D, Cropping1D, Cropping2D, Cropping3D),
    "upsampling": (UpSampling1D, UpSampling2D, UpSampling3D),
    "dense": (Dense,),
    "normalization": (
        BatchNormalization,
        LayerNormalization,
        GroupNormalization,
        RMSNormalization,
        UnitNormalization,
    ),
    "activation": (Activation, ReLU, LeakyReLU, PReLU, ELU, Softmax, Identity),
    "dropout": (Dropout, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D, GaussianNoise, GaussianDropout),
    "reshaping": (Flatten, Reshape, Permute, RepeatVector),
    "recurrent": (SimpleRNN, LSTM, GRU, Bidirectional, ConvLSTM2D, TimeDistributed),
    "embedding": (Embedding,),
    "merging": (Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate, Dot),
    "attention": (MultiHeadAttention, GroupQueryAttention),
}
"""The layers, family by family."""

LAYERS: dict[str, type[Layer]] = {kind.title(): kind for family in FAMILIES.values() for kind in family}
"""Every Keras layer under its name: keras.Dense."""


def keras_layer(name: str, **arguments: Any) -> Layer:
    """A Keras layer by its own name, for the tables that put frameworks side by side."""
    return LAYERS[f"keras.{name}"](**arguments)
