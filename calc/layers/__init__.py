"""Layers under PyTorch's names. A new layer is one class in its family's file and one line here."""

from __future__ import annotations

from calc.layer import Layer
from calc.layers.activation import ReLU, Sigmoid, Tanh
from calc.layers.adaptive_pool import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveAvgPool3d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AdaptiveMaxPool3d,
)
from calc.layers.attention import MultiheadAttention
from calc.layers.batch_norm import BatchNorm1d, BatchNorm2d, BatchNorm3d
from calc.layers.bilinear import Bilinear
from calc.layers.conv import Conv1d, Conv2d, Conv3d
from calc.layers.conv_transpose import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from calc.layers.dense import Linear
from calc.layers.distance import CosineSimilarity, PairwiseDistance
from calc.layers.dropout import AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d
from calc.layers.embedding import Embedding, EmbeddingBag
from calc.layers.flatten import Flatten, Unflatten
from calc.layers.fractional_pool import FractionalMaxPool2d, FractionalMaxPool3d
from calc.layers.group_norm import GroupNorm, LocalResponseNorm
from calc.layers.instance_norm import InstanceNorm1d, InstanceNorm2d, InstanceNorm3d
from calc.layers.layer_norm import LayerNorm, RMSNorm
from calc.layers.lp_pool import LPPool1d, LPPool2d, LPPool3d
from calc.layers.pad_copy import (
    CircularPad1d,
    CircularPad2d,
    CircularPad3d,
    ReflectionPad1d,
    ReflectionPad2d,
    ReflectionPad3d,
    ReplicationPad1d,
    ReplicationPad2d,
    ReplicationPad3d,
)
from calc.layers.pad_fill import (
    ConstantPad1d,
    ConstantPad2d,
    ConstantPad3d,
    ZeroPad1d,
    ZeroPad2d,
    ZeroPad3d,
)
from calc.layers.patches import Fold, Unfold
from calc.layers.pool import AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d
from calc.layers.rectifiers import RECTIFIERS
from calc.layers.recurrent import GRU, LSTM, RNN
from calc.layers.recurrent_cell import GRUCell, LSTMCell, RNNCell
from calc.layers.shuffle import ChannelShuffle, PixelShuffle, PixelUnshuffle
from calc.layers.smooth import SMOOTH
from calc.layers.softmax import GLU, LogSoftmax, Softmax, Softmax2d, Softmin
from calc.layers.transformer import TransformerDecoderLayer, TransformerEncoderLayer
from calc.layers.transformer_stack import Transformer, TransformerDecoder, TransformerEncoder
from calc.layers.upsample import Upsample, UpsamplingBilinear2d, UpsamplingNearest2d

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
    "convolution": (Conv1d, Conv2d, Conv3d),
    "transposed convolution": (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d),
    "pooling": (MaxPool1d, MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d),
    "adaptive pooling": (
        AdaptiveAvgPool1d,
        AdaptiveAvgPool2d,
        AdaptiveAvgPool3d,
        AdaptiveMaxPool1d,
        AdaptiveMaxPool2d,
        AdaptiveMaxPool3d,
    ),
    "other pooling": (LPPool1d, LPPool2d, LPPool3d, FractionalMaxPool2d, FractionalMaxPool3d),
    "padding": (
        ZeroPad1d,
        ZeroPad2d,
        ZeroPad3d,
        ConstantPad1d,
        ConstantPad2d,
        ConstantPad3d,
        ReflectionPad1d,
        ReflectionPad2d,
        ReflectionPad3d,
        ReplicationPad1d,
        ReplicationPad2d,
        ReplicationPad3d,
        CircularPad1d,
        CircularPad2d,
        CircularPad3d,
    ),
    "upsampling": (Upsample, UpsamplingNearest2d, UpsamplingBilinear2d),
    "shuffling": (PixelShuffle, PixelUnshuffle, ChannelShuffle),
    "patches": (Unfold, Fold),
    "pairs": (Bilinear, CosineSimilarity, PairwiseDistance),
    "dense": (Linear, Flatten, Unflatten),
    "activation": (ReLU, Sigmoid, Tanh, *RECTIFIERS, *SMOOTH),
    "softmax": (Softmax, Softmin, LogSoftmax, Softmax2d, GLU),
    "normalization": (
        BatchNorm1d,
        BatchNorm2d,
        BatchNorm3d,
        LayerNorm,
        RMSNorm,
        GroupNorm,
        InstanceNorm1d,
        InstanceNorm2d,
        InstanceNorm3d,
        LocalResponseNorm,
    ),
    "recurrent": (RNN, LSTM, GRU, RNNCell, LSTMCell, GRUCell),
    "embedding": (Embedding, EmbeddingBag),
    "dropout": (Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout),
    "attention": (MultiheadAttention,),
    "transformer": (
        TransformerEncoderLayer,
        TransformerDecoderLayer,
        TransformerEncoder,
        TransformerDecoder,
        Transformer,
    ),
}
"""The layers, family by family."""

LAYERS: dict[str, type[Layer]] = {kind.title(): kind for family in FAMILIES.values() for kind in family}
"""Every PyTorch layer under its name, in the order of the families."""
