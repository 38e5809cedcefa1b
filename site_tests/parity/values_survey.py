"""Compare the values behind every demo with the live PyTorch, and count."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from random import Random
from typing import Any

from calc.calculators import DEMOS
from calc.exercises import EXERCISES
from site_tests.evidence import values_digest
from site_tests.values import cases, difference, plain

SEEDS = range(1000, 1200)


ABOUT = {
    "SubsequentMask": "masks.subsequent_mask masks.square_subsequent_mask",
    "SentenceMask": "masks.padding_mask masks.decoder_mask",
    "AttentionByHand": "attention.attend attention.causal",
    "ThreeProjections": "attention.attend",
    "ManyHeads": "attention.multihead",
    "TrainingAndPrediction": "attention.word_by_word",
    "RNNStep": "recurrent.rnn_cell",
    "GRUStep": "recurrent.gru_cell",
    "LSTMStep": "recurrent.lstm_cell",
    "UnrolledSentence": "recurrent.rnn recurrent.gru recurrent.lstm",
    "RepeatedProduct": "powers.sizes powers.changes",
    "ConvolutionByHand": "convolution.conv2d convolution.same convolution.turned",
    "ConvolutionChannels": "convolution.conv2d",
    "ConvolutionOverText": "convolution.conv1d",
    "LearnKernel": "descent.descend descent.curvature descent.loss",
    "PoolingByHand": "pool.max_pool pool.avg_pool",
    "TransposedByHand": "upsampling.conv_transpose",
    "UpsamplingByHand": "upsampling.nearest upsampling.bilinear",
    "PixelShuffleByHand": "upsampling.pixel_shuffle upsampling.pixel_unshuffle",
    "ReceptiveField": "field.seen",
    "NormalizationByHand": "normalization.batch_norm normalization.layer_norm normalization.rms_norm "
    "normalization.group_norm normalization.instance_norm",
    "BatchNormModes": "normalization.batch_norm",
    "SameMatrix": "normalization.batch_norm normalization.layer_norm",
    "DropoutByHand": "dropout.dropout",
    "ManyDraws": "dropout.mean_of_draws",
    "ThinnedNetwork": "",  # a drawing of coins: no function of PyTorch draws the same
    "PositionalEncoding": "positions.interleaved positions.concatenated",
    "PositionDots": "positions.products",
    "AddedToEmbedding": "positions.embedding positions.interleaved",
    "ActivationCurves": "activations.*",
    "SoftmaxTemperature": "activations.softmax activations.cross_entropy",
    "ResidualStack": "chain.chain",
    "NoamRate": "chain.noam_rate",
}
"""For each demo the cases that compare what it computes with; `.*` is all of a family but the other demos'."""


def compared() -> list[str]:
    """The demos whose values some case is about."""
    return [name for name in DEMOS if name not in EXERCISES and cases_of(name)]


def cases_of(demo: str) -> list[str]:
    """The cases that compare what a demo computes with."""
    named = {name for names in ABOUT.values() for name in names.split()}
    found = []
    for name in ABOUT[demo].split():
        family = name.removesuffix("*")
        every = [each for each in cases() if each.startswith(family) and each not in named]
        found += every if name.endswith("*") else [name]
    return found


@cache
def disagreements(name: str) -> tuple[str, ...]:
    """Where a case's answers differ from PyTorch's by more than the tolerance."""
    case = cases()[name]
    found = []
    for seed in SEEDS:
        ours, theirs = (plain(ask(**case.draw(Random(seed)))) for ask in (case.ours, case.theirs))
        if text := difference(ours, theirs):
            found.append(f"{name}, seed {seed}: {text}")
    return tuple(found)


def survey(demo: str) -> tuple[dict[str, Any], list[str]]:
    """A demo's line, and what disagreed."""
    texts = [text for name in cases_of(demo) for text in disagreements(name)]
    return {
        "framework": "PyTorch",
        "version": version("torch").partition("+")[0],
        "agreed": len(cases_of(demo)) * len(SEEDS) - len(texts),
        "disagreed": len(texts),
        "source": values_digest(DEMOS[demo].__module__),
    }, texts
