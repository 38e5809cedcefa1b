"""Concepts with values, one file a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calc.registry import Families, Registry

if TYPE_CHECKING:
    from calc.demo import Demo

FAMILIES: Families = {
    "masks": {"masks": "SubsequentMask SentenceMask"},
    "recurrent": {
        "rnn_step": "RNNStep",
        "gru_step": "GRUStep",
        "lstm_step": "LSTMStep",
        "unrolled": "UnrolledSentence",
        "repeated": "RepeatedProduct",
    },
    "pooling": {
        "pool": "PoolingByHand",
        "transposed": "TransposedByHand",
        "upsampling": "UpsamplingByHand PixelShuffleByHand",
        "field": "ReceptiveField",
    },
    "convolution": {
        "convolution": "ConvolutionByHand",
        "convolution_channels": "ConvolutionChannels",
        "convolution_text": "ConvolutionOverText",
        "learn_kernel": "LearnKernel",
    },
    "normalization": {
        "normalization": "NormalizationByHand",
        "normalization_modes": "BatchNormModes",
        "normalization_batch": "SameMatrix",
    },
    "dropout": {"dropout": "DropoutByHand", "dropout_draws": "ManyDraws", "thinned": "ThinnedNetwork"},
    "positions": {
        "positions": "PositionalEncoding",
        "position_dots": "PositionDots",
        "position_sum": "AddedToEmbedding",
    },
    "activations": {"activations": "ActivationCurves", "temperature": "SoftmaxTemperature"},
    "residual": {"residual": "ResidualStack", "noam": "NoamRate"},
    "attention": {
        "attention": "AttentionByHand",
        "three_projections": "ThreeProjections",
        "many_heads": "ManyHeads",
        "training": "TrainingAndPrediction",
    },
}

DEMOS: Registry[Demo] = Registry("calc.demos", FAMILIES)
"""Every class of this package under its name."""
