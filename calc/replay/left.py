"""What is left to Python altogether, and why: everything that a page can compute is named here or has a trace."""

from __future__ import annotations

from collections.abc import Mapping

from calc import exercises

LEFT: Mapping[str, tuple[str, ...]] = {
    "It runs code that a reader brings.": ("Model", "TwoModels"),
    "Its numbers are drawn at random, from a seed.": (
        *exercises.EXERCISES,
        "AddedToEmbedding",
        "ConvolutionOverText",
        "DropoutByHand",
        "LearnKernel",
        "ManyDraws",
        "ManyHeads",
        "ThinnedNetwork",
        "UnrolledSentence",
    ),
    "Its values need not be whole, and how many places they are shown with follows from them.": (
        "ActivationCurves",
        "AttentionByHand",
        "BatchNormModes",
        "ConvolutionByHand",
        "ConvolutionChannels",
        "GRUStep",
        "LSTMStep",
        "NoamRate",
        "NormalizationByHand",
        "PixelShuffleByHand",
        "PoolingByHand",
        "PositionDots",
        "PositionalEncoding",
        "RNNStep",
        "RepeatedProduct",
        "ResidualStack",
        "SameMatrix",
        "SoftmaxTemperature",
        "ThreeProjections",
        "TransposedByHand",
        "UpsamplingByHand",
    ),
    "Its rows and cells are as many as a number or a sentence says, so each answer is made anew.": (
        "ReceptiveField",
        "SentenceMask",
        "SubsequentMask",
        "TrainingAndPrediction",
    ),
}
"""Why, and of which calculators that holds."""
