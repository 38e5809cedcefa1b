"""Activations, softmax, and what is cut in halves."""

from __future__ import annotations

from site_tests.examples.example import Example

PLAIN: list[Example] = [({}, (2, 3, 4, 4)), ({}, (1, 2, 3, 4, 5, 6))]
IN_PLACE: list[Example] = [({}, (2, 3, 4, 4)), ({"inplace": True}, ())]
ALONG: list[Example] = [({"dim": 1}, (2, 10)), ({"dim": -2}, (2, 3, 5)), ({}, (2, 3, 4, 4)), ({}, (7,))]

EXAMPLES: dict[str, list[Example]] = {
    "ReLU": [({}, (2, 3, 4, 4)), ({"inplace": True}, (5,))],
    "Sigmoid": [({}, (2, 3, 4, 4)), ({}, ())],
    "Tanh": PLAIN,
    "ReLU6": IN_PLACE,
    "LeakyReLU": [*IN_PLACE, ({"negative_slope": 0.2}, (5,))],
    "PReLU": [
        ({}, (2, 3, 4, 4)),
        ({"num_parameters": 3, "init": 0.1}, (2, 3, 4, 4)),
        ({"num_parameters": 3}, (2, 3)),
        ({}, (5,)),
    ],
    "ELU": [*IN_PLACE, ({"alpha": 0.5}, (5,))],
    "CELU": [*IN_PLACE, ({"alpha": 0.5}, (5,))],
    "SELU": IN_PLACE,
    "Hardtanh": [*IN_PLACE, ({"min_val": -2.0, "max_val": 0.5}, (5,))],
    "Threshold": [({"threshold": 0.1, "value": -1.0}, (2, 3)), ({"threshold": -1, "value": 20}, (5,))],
    "Identity": PLAIN,
    "GELU": [*PLAIN, ({"approximate": "tanh"}, (5,))],
    "SiLU": IN_PLACE,
    "Mish": IN_PLACE,
    "Softplus": [*PLAIN, ({"beta": 2.0, "threshold": 1.0}, (5,))],
    "LogSigmoid": PLAIN,
    "Softsign": PLAIN,
    "Hardsigmoid": IN_PLACE,
    "Hardswish": IN_PLACE,
    "Softmax": ALONG,
    "Softmin": ALONG,
    "LogSoftmax": ALONG,
    "Softmax2d": [({}, (2, 3, 4, 4)), ({}, (3, 4, 5))],
    "GLU": [({}, (2, 5, 8)), ({"dim": 1}, (2, 6, 4, 4)), ({"dim": 0}, (6,))],
}
