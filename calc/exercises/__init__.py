"""Questions with numbers that are drawn, one file a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calc.registry import Families, Registry

if TYPE_CHECKING:
    from calc.exercise import Exercise

FAMILIES: Families = {
    "masks": {"masks": "CausalPairs PaddedKeys"},
    "recurrent": {"recurrent_by_hand": "ForgetGate UpdatedState StepsToFade SharedWeights"},
    "convolution": {
        "convolution_by_hand": "ConvolvedCell ConvolvedSize CausalZeros",
        "learning_a_kernel": "KernelGradient KernelStep LargestRate",
    },
    "pooling": {
        "pooling_by_hand": "PooledCell CeilModeSize PaddedCorner",
        "transposed_by_hand": "StampedSize StampedCell BilinearCell",
        "receptive_field": "FieldOfStack LayersToSee",
    },
    "normalization": {"normalization": "OneNormalized RunningVariance SharedMean"},
    "dropout": {"dropout": "DroppedSum CountThinned MeanSpread"},
    "positions": {"positions_by_hand": "OneEntry SameDistance LearnedTable ScaledSum"},
    "activations": {"activations_by_hand": "SlopeAtPoint ThroughLayers HotShare LossOfUndecided"},
    "attention": {
        "attention_by_hand": "ScaledScore MaskedWeight WholeRow WidthOfHeads",
        "training_and_prediction": "PassesOfBoth PositionsComputed WordsSeen",
    },
    "residual": {"residual_by_hand": "SkippedGradient SkippedSignal PathsThroughSkips"},
}

EXERCISES: Registry[Exercise] = Registry("calc.exercises", FAMILIES)
"""Every class of this package under its name."""
