"""What the first layers of a model take: their width, in the sizes that are customary."""

from __future__ import annotations

import itertools
from math import isqrt, prod
from typing import Any, TypeAlias

from calc.torch.dtypes import FLOAT, LONG, DType
from calc.torch.einops import Rearrange, parsed
from calc.torch.modules import Module

One: TypeAlias = "tuple[tuple[int, ...], DType]"

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


def for_layer(kind: str, module: Any, model: Module) -> list[One]:
    """What a layer of this kind takes, likely ones first; nothing where it does not tell."""
    layer = getattr(module, "layer", None)
    if layer is None:
        return []
    if kind in ("Embedding", "EmbeddingBag"):
        return [((1, length), LONG) for length in LENGTHS]
    if kind == "ConvTranspose2d":
        small: list[One] = [((1, layer.in_channels, side, side), FLOAT) for side in (1, 4, 7)]
        return [*small, *_images(layer.in_channels, model)]
    if kind == "Conv2d":
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


def patches(module: Rearrange, width: int, model: Module) -> list[One]:
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


def anything(model: Module) -> list[One]:
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
