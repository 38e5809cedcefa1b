"""Inputs that a model may be made for, most likely first, from its first layers and the names of its arguments."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from math import isqrt, prod
from typing import Any, TypeAlias

from calc.layer import Layer
from calc.torch.dtypes import FLOAT, LONG, TRUTH, DType
from calc.torch.einops import Rearrange, parsed
from calc.torch.modules import Module

One: TypeAlias = "tuple[tuple[int, ...], DType]"
Guess: TypeAlias = "tuple[One, ...]"

SIDES = (224, 32, 28, 64, 227, 299, 256, 128, 96, 512, 48, 384, 160, 112, 84, 572, 331, 16, 14, 8)
"""Sides of images, customary ones first."""

LENGTHS = (128, 64, 32, 16, 256, 512, 100, 50, 20, 10, 8, 5, 4, 3, 2, 1)
"""Lengths of sequences."""

SIGNALS = (128, 1024, 16000, 100, 256, 512, 784, 3000, 64, 32, 28, 16, 8)
"""Lengths of signals."""

VOLUMES = (
    (16, 112, 112),
    (8, 224, 224),
    (16, 128, 128),
    (64, 64, 64),
    (32, 32, 32),
    (16, 224, 224),
    (8, 64, 64),
    (128, 128, 128),
    (16, 16, 16),
)

FLAT = {784: (1, 28, 28), 3072: (3, 32, 32), 1024: (1, 32, 32), 12288: (3, 64, 64), 150528: (3, 224, 224)}
"""Images that are flattened before a dense layer, by how many numbers they have."""

WIDTHS = re.compile(
    r"in_features \(=(\d+)\), and its last axis is (\d+)|shape \(-1, (\d+)\) does not fit (\d+) numbers"
)
"""How wide a dense layer or a view is, and what it met."""

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
    firsts = _firsts(model, names[0] if names else "x")
    if len(names) == 1:
        for kind, ones in firsts:
            for one in ones:
                yield (one,)
            if kind.startswith("Conv2d"):
                yield from ((each,) for each in _between(ones[0], attempt))
        return
    for _, ones in firsts:
        for one in ones[:6]:
            others = [_others(name, at, one, model) for at, name in enumerate(names[1:], 1)]
            yield from ((one, *rest) for rest in itertools.islice(itertools.product(*others), 24))


def _firsts(model: Module, name: str) -> list[tuple[str, list[One]]]:
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
        ones = _for_layer(type(module).__name__, module, model)
        if ones and pattern is not None:
            found.append((type(pattern).__name__, _patches(pattern, ones[0][0][-1], model)))
            pattern = None
        key = str(ones[:1])
        if ones and key not in seen:
            seen.add(key)
            found.append((type(module).__name__, ones))
        if len(found) >= 5:
            break
    return found + [("any", _anything(model))]


def _for_layer(kind: str, module: Any, model: Module) -> list[One]:
    layer = getattr(module, "layer", None)
    if layer is None:
        return []
    if kind in ("Embedding", "EmbeddingBag"):
        return [((1, length), LONG) for length in LENGTHS]
    if kind in ("Conv2d", "ConvTranspose2d"):
        return _images(layer.in_channels, model)
    if kind in ("Conv1d", "ConvTranspose1d"):
        lengths = _own_sizes(model, "seq_len", "length", "max_len", "seq_length")
        return [((1, layer.in_channels, length), FLOAT) for length in dict.fromkeys((*lengths, *SIGNALS))]
    if kind in ("Conv3d", "ConvTranspose3d"):
        return [((1, layer.in_channels, *volume), FLOAT) for volume in VOLUMES]
    if kind in ("Linear", "LazyLinear"):
        return _dense(layer.in_features, model)
    if kind in ("LSTM", "GRU", "RNN"):
        length = 16
        shape = (1, length, layer.input_size) if layer.batch_first else (length, 1, layer.input_size)
        return [(shape, FLOAT), ((1, layer.input_size), FLOAT)]
    if kind in ("LSTMCell", "GRUCell", "RNNCell"):
        return [((1, layer.input_size), FLOAT), ((1, 16, layer.input_size), FLOAT), ((16, 1, layer.input_size), FLOAT)]
    if kind == "MultiheadAttention" or kind.startswith("Transformer"):
        width = getattr(layer, "embed_dim", None) or getattr(layer, "d_model", None)
        if width is None:
            return []
        first = (1, 16, width) if getattr(layer, "batch_first", False) else (16, 1, width)
        return [(first, FLOAT)]
    if kind in ("BatchNorm2d", "InstanceNorm2d"):
        return _images(layer.num_features, model)
    if kind in ("BatchNorm1d", "InstanceNorm1d"):
        return [((1, layer.num_features), FLOAT), ((1, layer.num_features, 128), FLOAT)]
    if kind in ("BatchNorm3d", "InstanceNorm3d"):
        return [((1, layer.num_features, *volume), FLOAT) for volume in VOLUMES]
    if kind == "GroupNorm":
        return _images(layer.num_channels, model)
    if kind == "LayerNorm":
        width = layer.normalized_shape
        sizes = (width,) if isinstance(width, int) else tuple(width)
        return [((1, 16, *sizes), FLOAT), ((1, *sizes), FLOAT), *_square(sizes[-1])]
    return []


def _patches(module: Rearrange, width: int, model: Module) -> list[One]:
    """What einops cuts into patches of a width: images, videos or signals, by the names in its pattern."""
    left = module.pattern.partition("->")[0]
    rank = len(parsed(left, module.pattern))
    lengths = {name: int(size) for name, size in module.axes_lengths.items()}
    channels = width // prod(lengths.values()) or 1
    sides = _own_sizes(model, "image_size", "img_size") + [224, 256, 128, 64, 32]
    if rank == 3:
        return [((1, channels, length), FLOAT) for length in (*_own_sizes(model, "seq_len"), 256, 128, 64)]
    if rank == 5:
        frames = (*_own_sizes(model, "frames", "num_frames"), 16, 8, 32)
        return [((1, channels, count, side, side), FLOAT) for side in sides for count in frames]
    return [((1, channels, side, side), FLOAT) for side in sides]


def _images(channels: int, model: Module) -> list[One]:
    sides = _own_sizes(model, "image_size", "img_size", "input_size", "input_resolution", "resolution", "img_dim")
    return [((1, channels, side, side), FLOAT) for side in dict.fromkeys((*sides, *SIDES))]


def _own_sizes(model: Module, *names: str) -> list[int]:
    """Sizes that the model keeps as attributes, or that one of its parts does."""
    held: list[int] = []
    for module in itertools.islice(model.modules(), 12):
        for name in names:
            value = module.__dict__.get(name)
            value = value[-1] if isinstance(value, (tuple, list)) and value else value
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 4096:
                held.append(value)
    return held


def _square(width: int) -> list[One]:
    side = isqrt(width)
    return [((1, side * side, width), FLOAT), ((1, 56, 56, width), FLOAT), ((1, 49, width), FLOAT)]


def _dense(width: int, model: Module) -> list[One]:
    """A dense layer in front: vectors, images that are flattened, patches of images, sequences."""
    ones: list[One] = [((1, width), FLOAT)]
    if width in FLAT:
        flattens = any(type(each).__name__ == "Flatten" for each in model.modules()) or "view" in _code(model)
        ones.insert(0 if flattens else 1, ((1, *FLAT[width]), FLOAT))
    patched: list[One] = []
    for channels in (3, 1):
        patch = isqrt(width // channels)
        if width == channels * patch * patch and patch in (4, 7, 8, 14, 16, 32):
            sides = dict.fromkeys((*_own_sizes(model, "image_size", "img_size"), 224, 256, 32, 28))
            patched += [((1, channels, side, side), FLOAT) for side in sides if side % patch == 0]
    ones += patched
    ones += [((1, 16, width), FLOAT), ((16, 1, width), FLOAT), ((16, width), FLOAT)]
    ones += [((1, 14, 14, width), FLOAT), ((1, 49, width), FLOAT), ((1, 196, width), FLOAT), ((1, 197, width), FLOAT)]
    return ones + [((1, 16, 8, width), FLOAT), ((1, width, 7, 7), FLOAT)]


def _code(model: Module) -> tuple[str, ...]:
    code = getattr(getattr(type(model), "forward", None), "__code__", None)
    return getattr(code, "co_names", ())


def _anything(model: Module) -> list[One]:
    """For models without layers that tell: images, sequences, vectors."""
    ones: list[One] = [((1, channels, side, side), FLOAT) for side in (224, 32, 28) for channels in (3, 1)]
    ones += [
        ((1, 64, 32, 32), FLOAT),
        ((1, 16, 64), FLOAT),
        ((1, 64), FLOAT),
        ((1, 128), LONG),
        ((1, 512, 7, 7), FLOAT),
    ]
    return ones


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


def _others(name: str, at: int, one: One, model: Module) -> list[One]:
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
        return [*_states(model), one]
    if "label" in low or low in ("target", "targets", "classes", "captions", "y", "cond", "class_id"):
        return [((1,), LONG), ((1, length), LONG), one, ((1, 10), FLOAT)]
    if "adj" in low:
        return [((shape[0], shape[0]), FLOAT), ((length, length), FLOAT)]
    if "edge" in low:
        return [((2, 16), LONG)]
    if low in ("noise", "latent"):
        return [((1, 100), FLOAT), one]
    return [one, ((1, length), LONG), *([one_of for _, ones in _firsts(model, name)[1:3] for one_of in ones[:1]])]


def _states(model: Module) -> list[One]:
    found: list[One] = []
    for module in model.modules():
        layer = getattr(module, "layer", None)
        size = getattr(layer, "hidden_size", None)
        if size is not None:
            deep = getattr(layer, "num_layers", 1) * (2 if getattr(layer, "bidirectional", False) else 1)
            found += [((deep, 1, size), FLOAT), ((1, size), FLOAT)]
    return found or [((1, 128), FLOAT)]
