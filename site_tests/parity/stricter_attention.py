"""Which configurations of attention `calc` refuses on purpose; the reasons are in `stricter`."""

from __future__ import annotations

from typing import Any

from site_tests.parity.configs import Case

ATTENDING = ("MultiheadAttention", "Transformer")
"""How the names of layers begin that use attention."""


def _numbers(case: Case, name: str) -> list[Any]:
    """The values that an argument has, in the layer and in layers within it."""
    layers = [case.arguments, *(value for value in case.arguments.values() if isinstance(value, dict))]
    return [layer[name] for layer in layers if name in layer]


def odd_probability(case: Case) -> bool:
    """Whether attention is built with a dropout that is no probability."""
    rates = _numbers(case, "dropout") if case.layer == "MultiheadAttention" else []
    return any(isinstance(rate, (int, float)) and not 0 <= rate <= 1 for rate in rates)


def nothing_of_another_batch(case: Case) -> bool:
    """Whether one of several sequences has no cells."""
    if not case.layer.startswith(ATTENDING) or not isinstance(case.input, dict) or len(case.input) < 2:
        return False
    return any(0 in shape for shape in case.input.values())


def unread_mask(case: Case) -> bool:
    """Whether a mask is given and said to be causal, so that PyTorch may not read it."""
    if not case.layer.startswith(ATTENDING):
        return False
    hints = [
        name.removesuffix("is_causal") for name, value in case.call.items() if name.endswith("is_causal") and value
    ]
    masks = [name for name in case.call if name.endswith("mask") and "padding" not in name]
    return any(mask.startswith(hint) for hint in hints for mask in masks)


def other_batch(case: Case) -> bool:
    """Whether Keras's attention is given tensors of different batches."""
    if "Attention" not in case.layer or not isinstance(case.input, dict):
        return False
    return len({shape[:1] for shape in case.input.values()}) > 1


def no_heads(case: Case) -> bool:
    """Whether a number of Keras's shared heads is below 1."""
    names = ("num_query_heads", "num_key_value_heads")
    counts = [case.arguments.get(name) for name in names] if case.layer == "keras.GroupQueryAttention" else []
    return any(isinstance(count, int) and count < 1 for count in counts)
