"""The PyTorch code of demos for every choice that changes it, run."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from html import unescape
from io import StringIO
from typing import Any

import pytest

from calc.demos.activations import ActivationCurves
from calc.demos.attention import WHOLE, AttentionByHand
from calc.demos.attention_code import CAUSAL, LOWER, NONE, TYPED
from calc.demos.dropout import DropoutByHand
from calc.demos.dropout_draws import ManyDraws
from calc.demos.gru_step import BEFORE, GRUStep
from calc.demos.lstm_step import LSTMStep
from calc.demos.many_heads import ManyHeads
from calc.demos.normalization import NormalizationByHand
from calc.demos.normalization_batch import SameMatrix
from calc.demos.normalization_modes import BatchNormModes
from calc.demos.position_dots import PositionDots
from calc.demos.position_sum import AddedToEmbedding
from calc.demos.positions import CONCATENATED, INTERLEAVED, LEARNED, PositionalEncoding
from calc.demos.repeated import RepeatedProduct
from calc.demos.residual import LINEAR, TANH, ResidualStack
from calc.demos.rnn_step import RNNStep
from calc.demos.temperature import SoftmaxTemperature
from calc.demos.unrolled import UnrolledSentence
from calc.values.activations import FUNCTIONS
from site_tests.parity.test_demo_code import said
from site_tests.test_every_demo import untypeset

CHOICES: list[tuple[type[Any], dict[str, Any]]] = [
    *((ActivationCurves, {"function": name}) for name in FUNCTIONS),
    *((ActivationCurves, {"function": name, "number": 0.3}) for name in FUNCTIONS if FUNCTIONS[name].argument),
    *((PositionalEncoding, {"variant": each, "d_model": d}) for each in (INTERLEAVED, CONCATENATED) for d in (5, 8)),
    *((PositionDots, {"variant": each, "d_model": 7}) for each in (INTERLEAVED, CONCATENATED, LEARNED)),
    *(
        (AddedToEmbedding, {"table": each, "d_model": d, "scaled": scaled})
        for each in (INTERLEAVED, CONCATENATED, LEARNED)
        for d, scaled in ((3, True), (8, False))
    ),
    *((AttentionByHand, {"mask": mask, "whole": whole}) for mask in (NONE, CAUSAL, LOWER, TYPED) for whole in WHOLE),
    *((AttentionByHand, {"query": ((1, 2),), "mask": mask}) for mask in (CAUSAL, LOWER)),
    *((ManyHeads, {"num_heads": heads, "seed": 5}) for heads in (1, 2, 4)),
    *((ResidualStack, {"after": each, "w": w}) for each in (LINEAR, TANH) for w in (-1, -0.5, 0, 2)),
    (RNNStep, {"nonlinearity": "relu", "weight_ih": None, "weight_hh": None, "h": (0.1, 0.2, -0.3), "bias_ih": None}),
    (GRUStep, {"reset": BEFORE}),
    (GRUStep, {"weight_ih": None, "x": (3,)}),
    (LSTMStep, {"weight_ih": None, "x": (1, 2, 3), "bias_hh": (0.1,) * 8}),
    *((UnrolledSentence, {"cell": each, "hidden_size": m}) for each in ("GRU", "LSTM") for m in (1, 4)),
    *((RepeatedProduct, {"weight": each, "times": 60}) for each in (((1.5,),), ((0.9, 2), (0, 0.9)))),
    (RepeatedProduct, {"tanh": False, "vector": (0.5, -2)}),
    *((SoftmaxTemperature, {"logits": (1000, 999, 0), "temperature": each}) for each in (0.01, 1, 1000)),
    *(
        (NormalizationByHand, {"kind": kind, "x": x, "weight": (2,), "eps": 0.5})
        for kind in ("batch", "layer", "group", "instance", "RMS")
        for x in ((((1, 2, 4), (0, -1, 3)), ((5, 0, 2), (1.5, 2, 9))), (((1, 2, 3, 5), (4, 0, -2, 1)),))
        if kind != "instance" or len(x) > 1
    ),
    (NormalizationByHand, {"kind": "layer", "weight": (1, 2, 0.5, -1), "bias": (0, 1, 0, 3)}),
    (BatchNormModes, {"framework": "Keras", "momentum": 0.9, "weight": (1, 2), "bias": (0, -3)}),
    (BatchNormModes, {"momentum": 0.35, "bias": (0, -3)}),
    (BatchNormModes, {"batches": (((1, 2, 3),), ((4, 5, 6),))}),
    (BatchNormModes, {"batches": (((1, 2, 3),), ((4, 5, 6),)), "framework": "Keras", "momentum": 0.9}),
    (SameMatrix, {"joining": None}),
    *((DropoutByHand, {"p": p, "keep": None, "x": (1, -2, 3.5)}) for p in (0, 0.3, 0.9, 1)),
    (DropoutByHand, {"mode": "eval"}),
    *((ManyDraws, {"p": p, "draws": draws, "x": (0, -3, 2)}) for p in (0, 0.1, 0.9) for draws in (2, 500)),
]


@pytest.mark.parametrize(("demo", "given"), CHOICES, ids=lambda each: str(getattr(each, "__name__", each)))
def test_the_code_prints_what_it_says(demo: type[Any], given: dict[str, Any]) -> None:
    """Line for line, whatever was chosen."""
    source = unescape(re.sub("<[^>]*>", "", demo(**given).torch(untypeset)))
    output = StringIO()
    with redirect_stdout(output):
        exec(compile(source, demo.__name__, "exec"), {"__name__": "__main__"})

    assert output.getvalue().splitlines() == said(source)
