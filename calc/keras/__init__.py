"""Layers under Keras's names and conventions. A new layer is one class in its family's file and one line here."""

from __future__ import annotations

from calc.keras.activation import ELU, Activation, Identity, LeakyReLU, PReLU, ReLU, Softmax
from calc.keras.dense import Dense
from calc.keras.dropout import (
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from calc.keras.merge import Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract
from calc.keras.norm import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from calc.keras.reshape import Flatten, Permute, RepeatVector, Reshape
from calc.layer import Layer

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
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
    "merging": (Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate, Dot),
}
"""The layers, family by family."""

LAYERS: dict[str, type[Layer]] = {kind.title(): kind for family in FAMILIES.values() for kind in family}
"""Every Keras layer under its name: keras.Dense."""
