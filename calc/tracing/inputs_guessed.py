"""Inputs that a model may be made for, most likely first, from its first layers and the names of its arguments."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from calc.layer_base import Layer
from calc.torch.dtypes import FLOAT, LONG, TRUTH
from calc.torch.einops import Rearrange
from calc.torch.modules import Module
from calc.tracing.inputs_of_layers import One, anything, for_layer, patches

Guess: TypeAlias = "tuple[One, ...]"

WIDTHS = re.compile(
    r"in_features \(=(\d+)\), and its last axis is (\d+)|shape \(-1, (\d+)\) does not fit (\d+) numbers"
)
"""How wide a dense layer or a view is, and what it met."""

SECOND = re.compile("mask|length|hidden|state|^(h0?|c0?|hx|cx|cell|prev|lens|adj|t|time|timesteps?)$")
"""Names of arguments that come second in what a model is given."""

SMALL = re.compile("larger|smaller|at least")
"""What is said where a map is too small."""


def forward_names(model: Module) -> list[str]:
    """The arguments without which `forward` cannot be called."""
    try:
        parameters = inspect.signature(model.forward).parameters.values()
    except (TypeError, ValueError):
        return ["input"]
    layer = getattr(model, "layer", None)
    if isinstance(layer, Layer) and type(model).__module__ != "model":
        return [each.name for each in layer.required_inputs()]
    fixed = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = [each.name for each in parameters if each.default is inspect.Parameter.empty and each.kind not in fixed]
    return needed or [each.name for each in parameters][:1]


def guesses(model: Module, attempt: Callable[[Guess], Exception | None]) -> Iterator[Guess]:
    """Inputs, likely ones first; `attempt` tells how one fails, where that leads to a better one."""
    names = forward_names(model)
    firsts = _firsts(model)
    if len(names) == 1:
        for kind, ones in firsts:
            for one in ones:
                yield (one,)
            if kind.startswith("Conv2d"):
                yield from ((each,) for each in _between(ones[0], attempt))
        return
    # The first that is no state, mask or length meets the first layer.
    main = next((at for at, name in enumerate(names) if not SECOND.search(name.lower())), 0)
    for _, ones in firsts:
        for one in ones[:6]:
            each = [[one] if at == main else _others(name, one, model) for at, name in enumerate(names)]
            yield from itertools.islice(itertools.product(*each), 24)


def _firsts(model: Module) -> list[tuple[str, list[One]]]:
    """For each of the first layers that have parameters what it takes."""
    found: list[tuple[str, list[One]]] = []
    seen: set[str] = set()
    pattern: Rearrange | None = None
    for module in model.modules():
        if module._modules and not type(module).__name__.startswith("Transformer"):
            continue
        if isinstance(module, Rearrange):
            pattern = pattern or module
            continue
        ones = for_layer(type(module).__name__, module, model)
        if ones and pattern is not None:
            found.append((type(pattern).__name__, patches(pattern, ones[0][0][-1], model)))
            pattern = None
        key = str(ones[:1])
        if ones and key not in seen:
            seen.add(key)
            found.append((type(module).__name__, ones))
        if len(found) >= 5:
            break
    return found + [("any", anything(model))]


def _between(one: One, attempt: Callable[[Guess], Exception | None]) -> Iterator[One]:
    """The side at which a dense layer behind the convolutions is met: its own words say whether more is needed."""
    (batch, channels, *_), dtype = one
    least, most = 1, 1024
    while least <= most:
        side = (least + most) // 2
        error = attempt((((batch, channels, side, side), dtype),))
        if error is None:
            yield (batch, channels, side, side), dtype
            return
        compared = WIDTHS.search(str(error))
        if compared is None and not SMALL.search(str(error)):
            return
        wanted, met = [int(each) for each in compared.groups() if each] if compared else (1, 0)
        if met > wanted:
            most = side - 1
        else:
            least = side + 1


def _others(name: str, one: One, model: Module) -> list[One]:
    """What another argument may be, from its name and from the first one."""
    shape, dtype = one
    low = name.lower()
    length = shape[1] if len(shape) > 1 else 16
    if "mask" in low:
        square: list[One] = [((length, length), TRUTH), ((1, 1, length, length), TRUTH), ((1, length, length), TRUTH)]
        row: list[One] = [((1, length), TRUTH), ((1, 1, 1, length), TRUTH), ((1, 1, length), TRUTH)]
        return [*row, *square] if "pad" in low else [*square[1:2], *row, *square[::2]]
    if low in ("t", "time", "timestep", "timesteps", "time_step", "step", "steps"):
        return [((1,), LONG), ((1,), FLOAT), ((1, 1), FLOAT)]
    if "length" in low or low in ("lens", "src_len", "seq_lens"):
        return [((1,), LONG)]
    if "hidden" in low or "state" in low or low in ("h", "h0", "c", "c0", "cell", "hx", "cx", "prev"):
        return [*_states(model, shape), one]
    if "label" in low or low in ("target", "targets", "classes", "captions", "y", "cond", "class_id"):
        return [((1,), LONG), ((1, length), LONG), one, ((1, 10), FLOAT)]
    if "adj" in low:
        return [((shape[0], shape[0]), FLOAT), ((length, length), FLOAT)]
    if "edge" in low:
        return [((2, 16), LONG)]
    if low in ("noise", "latent"):
        return [((1, 100), FLOAT), one]
    return [one, ((1, length), LONG), *([one_of for _, ones in _firsts(model)[1:3] for one_of in ones[:1]])]


def _states(model: Module, shape: tuple[int, ...]) -> list[One]:
    """States of the recurrent layers, for a batch in front and for one behind the steps."""
    found: list[One] = []
    for module in model.modules():
        layer = getattr(module, "layer", None)
        size = getattr(layer, "hidden_size", None)
        if size is not None:
            deep = getattr(layer, "num_layers", 1) * (2 if getattr(layer, "bidirectional", False) else 1)
            batches = dict.fromkeys((1, shape[1 % len(shape)], shape[0]))
            found += [((deep, batch, size), FLOAT) for batch in batches] + [((1, size), FLOAT)]
    return found or [((1, 128), FLOAT)]
