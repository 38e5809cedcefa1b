"""Layers under PyTorch's names. A new layer is one class in its family's file and its name here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calc.registry import Families, Registry

if TYPE_CHECKING:
    from calc.layer_base import Layer

FAMILIES: Families = {
    "convolution": {"conv": "Conv1d Conv2d Conv3d"},
    "transposed convolution": {"conv_transpose": "ConvTranspose1d ConvTranspose2d ConvTranspose3d"},
    "pooling": {"pool": "MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d"},
    "adaptive pooling": {
        "adaptive_pool": (
            "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d "
            "AdaptiveMaxPool3d"
        ),
    },
    "other pooling": {
        "lp_pool": "LPPool1d LPPool2d LPPool3d",
        "fractional_pool": "FractionalMaxPool2d FractionalMaxPool3d",
    },
    "padding": {
        "pad_fill": "ZeroPad1d ZeroPad2d ZeroPad3d ConstantPad1d ConstantPad2d ConstantPad3d",
        "pad_copy": (
            "ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d "
            "ReplicationPad3d CircularPad1d CircularPad2d CircularPad3d"
        ),
    },
    "upsampling": {"upsample": "Upsample UpsamplingNearest2d UpsamplingBilinear2d"},
    "shuffling": {"shuffle": "PixelShuffle PixelUnshuffle ChannelShuffle"},
    "patches": {"patches": "Unfold Fold"},
    "pairs": {"bilinear": "Bilinear", "distance": "CosineSimilarity PairwiseDistance"},
    "dense": {"dense": "Linear", "flatten": "Flatten Unflatten"},
    "activation": {
        "activation": "ReLU Sigmoid Tanh",
        "rectifiers": "ReLU6 LeakyReLU PReLU ELU CELU SELU Hardtanh Threshold Identity",
        "smooth": "GELU SiLU Mish Softplus LogSigmoid Softsign Hardsigmoid Hardswish",
    },
    "softmax": {"softmax": "Softmax Softmin LogSoftmax Softmax2d GLU"},
    "normalization": {
        "batch_norm": "BatchNorm1d BatchNorm2d BatchNorm3d",
        "layer_norm": "LayerNorm RMSNorm",
        "group_norm": "GroupNorm LocalResponseNorm",
        "instance_norm": "InstanceNorm1d InstanceNorm2d InstanceNorm3d",
    },
    "recurrent": {"recurrent": "RNN LSTM GRU", "recurrent_cell": "RNNCell LSTMCell GRUCell"},
    "embedding": {"embedding": "Embedding EmbeddingBag"},
    "dropout": {"dropout": "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout"},
    "attention": {"attention": "MultiheadAttention"},
    "transformer": {
        "transformer": "TransformerEncoderLayer TransformerDecoderLayer",
        "transformer_stack": "TransformerEncoder TransformerDecoder Transformer",
    },
}
"""The layers, family by family: modules, and the names of their classes."""

LAYERS: Registry[Layer] = Registry("calc.layers", FAMILIES)
"""Every PyTorch layer under its name, in the order of the families."""
