"""What every layer with attention refuses: heads that do not divide, masks of another shape, rates beyond 1."""

from __future__ import annotations

from dataclasses import dataclass

from calc.layer_base import Layer
from calc.tensor import Shape


@dataclass(frozen=True)
class Masks:
    """The masks of one use of attention, whether its weights are wanted, and the caller's names for the masks."""

    attn_mask: Shape | None
    key_padding_mask: Shape | None
    is_causal: bool | None = False
    need_weights: bool = True
    names: tuple[str, str, str] = ("attn_mask", "key_padding_mask", "is_causal")


def require_heads(layer: Layer, width: str, heads: str, *, free: bool = True) -> None:
    """Refuse a width that the heads cannot share; `free` says that the width need not fit anything else."""
    size, count = layer.argument(width), layer.argument(heads)
    if size % count != 0:
        fewer = max(each for each in range(1, int(count) + 1) if int(size) % each == 0)
        above = f" or {width}={-(-int(size) // int(count)) * int(count)}" if free else ""
        raise layer.fault(width, f"must be divisible by {heads} (={int(count)})", f"set {heads}={fewer}{above}")


def require_probability(layer: Layer) -> None:
    """Refuse a dropout that is no probability."""
    rate = layer.argument("dropout")
    if not 0 <= rate <= 1:
        raise layer.fault("dropout", "must be between 0 and 1", "try 0.1")


def require_masks(
    layer: Layer, masks: Masks, heads: int, sizes: tuple[int, int, int], keys: int, *, batched: bool
) -> None:
    """Refuse masks that do not fit.

    `sizes` are samples, queries and keys attended; `keys` counts those given alone,
    which is what a mask covers. A mask's shape is compared even where PyTorch
    drops the mask unread because `is_causal` stands for it.
    """
    attn, padding, causal = masks.names
    n, length, attended = sizes
    if masks.is_causal and masks.attn_mask is None:
        rule = f"needs {attn}: it is no mask but a hint that the mask is causal"
        raise layer.fault(causal, rule, f"give {attn}, {_text(length, keys)}", value=True)
    if masks.attn_mask is not None:
        plain, each = (length, keys), (n * heads, length, keys)
        if masks.attn_mask not in (plain, each):
            rule = f"must be {_text(*plain)}, or {_text(*each)} with a mask for each head"
            raise layer.fault(attn, rule, f"give {_text(*plain)}", value=masks.attn_mask)
    if masks.key_padding_mask is not None:
        wanted = (n, keys) if batched else (keys,)
        if masks.key_padding_mask != wanted:
            rule = f"must have one entry for each key, {_text(*wanted)}"
            raise layer.fault(padding, rule, f"give {_text(*wanted)}", value=masks.key_padding_mask)
    unread = masks.is_causal and masks.key_padding_mask is None
    if masks.need_weights or unread or n * heads == 1 or (n != 0 and attended != 0):
        return
    for name, mask, rank in ((attn, masks.attn_mask, 3), (padding, masks.key_padding_mask, 1)):
        if mask is not None and len(mask) >= rank:
            rule = "must not be given for an empty batch or without keys when the weights are not returned"
            raise layer.fault(name, rule, "leave it out", value=mask)


def _text(*shape: int) -> str:
    return str(tuple(map(int, shape)))
