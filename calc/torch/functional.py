"""`torch.nn.functional`: windows, norms and losses as functions, answered by the layers of the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calc.calculators import layer
from calc.layer_base import Layer
from calc.tensor import Shape
from calc.torch import pointwise, products, reductions, words
from calc.torch.dtypes import FLOAT, WHOLE
from calc.torch.extents import broadcast, reduced, refuse
from calc.torch.layers import layer_module
from calc.torch.products import Counted
from calc.torch.tensor import Tensor, like
from calc.torch.views import sizes

SAME = words(
    "relu relu_ relu6 leaky_relu elu selu celu gelu silu mish softplus softsign hardtanh hardswish "
    "hardsigmoid logsigmoid tanhshrink hardshrink softshrink rrelu threshold prelu alpha_dropout "
    "dropout1d dropout2d dropout3d feature_alpha_dropout"
)
"""Functions that keep the shape, whatever else they are given."""

LOSSES = words(
    "cross_entropy nll_loss mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy kl_div "
    "binary_cross_entropy_with_logits hinge_embedding_loss cosine_embedding_loss "
    "triplet_margin_loss soft_margin_loss"
)
"""Functions that end in one number, unless `reduction="none"`."""


MAX_POOL = ("kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices")
"""The order of arguments of `F.max_pool2d`, which is not that of `nn.MaxPool2d`."""


def one_shape(made: Layer, input: Tensor) -> Shape:
    """The answer of a layer with one output."""
    answer: Shape = made(input._shape)  # type: ignore[assignment]
    return answer


def windowed(kind: str) -> Callable[..., Any]:
    """A pool as a function."""

    def apply(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        if kind.startswith("MaxPool"):
            kwargs |= dict(zip(MAX_POOL, args, strict=False))
            args = ()
        given = {name: each for name, each in kwargs.items() if each is not None}
        return layer_module(kind)(*args, **given).run(input)[0]

    return apply


def convolution(kind: str, *, transposed: bool = False) -> Callable[..., Tensor]:
    """A convolution with a given weight."""

    def apply(
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: Any = 1,
        padding: Any = 0,
        *more: Any,
        groups: int = 1,
        **options: Any,
    ) -> Tensor:
        names = ("output_padding", "groups", "dilation") if transposed else ("dilation", "groups")
        given = {**dict(zip(names, more, strict=False)), **options}
        given.setdefault("groups", groups)
        one, other, *kernel = weight._shape
        channels = (one, other * given["groups"]) if transposed else (other * given["groups"], one)
        made_layer = layer(
            kind,
            in_channels=channels[0],
            out_channels=channels[1],
            kernel_size=tuple(kernel),
            stride=stride,
            padding=padding,
            bias=bias is not None,
            **given,
        )
        made = Counted(one_shape(made_layer, input), input.dtype)
        made.macs = made_layer.macs(input._shape)
        return made

    return apply


def adaptive(kind: str) -> Callable[..., Any]:
    """A pool that is told its output."""
    pool = windowed(kind)
    return lambda input, output_size, *more, **options: pool(input, output_size, *more, **options)


def pad(input: Tensor, pad: Any, mode: str = "constant", value: Any = None) -> Tensor:
    """Cells before and after the last axes: (left, right, top, bottom, …); negative ones cut off."""
    margins = sizes((pad,))
    if len(margins) % 2 or len(margins) > 2 * input.ndim:
        refuse(f"pad {margins} must have two numbers for each of the last axes of {input._shape}")
    shape = list(input._shape)
    for at in range(len(margins) // 2):
        place = len(shape) - 1 - at
        shape[place] += margins[2 * at] + margins[2 * at + 1]
        if shape[place] < 0:
            refuse(f"pad {margins} leaves nothing of axis {place} of {input._shape}")
    return like(input, shape)


def interpolate(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: Any = None,
    recompute_scale_factor: Any = None,
    antialias: bool = False,
) -> Tensor:
    """A map of another size."""
    if isinstance(size, (tuple, list)):
        size = sizes((size,))
    made = layer(
        "Upsample",
        size=size,
        scale_factor=tuple(scale_factor) if isinstance(scale_factor, list) else scale_factor,
        mode="nearest" if mode == "area" else mode,
        align_corners=align_corners,
        recompute_scale_factor=recompute_scale_factor,
    )
    return like(input, one_shape(made, input))


def by_layer(kind: str, *names: str) -> Callable[..., Tensor]:
    """A function that a layer with these arguments answers."""

    def apply(input: Tensor, *args: Any, **options: Any) -> Tensor:
        return like(input, one_shape(layer(kind, **dict(zip(names, args, strict=False)), **options), input))

    return apply


def layer_norm(input: Tensor, normalized_shape: Any, *more: Any, **options: Any) -> Tensor:
    """The last axes to mean 0 and variance 1."""
    layer("LayerNorm", normalized_shape=sizes((normalized_shape,)))(input._shape)
    return like(input, input._shape)


def normalized(input: Tensor, *more: Any, **options: Any) -> Tensor:
    """A function that keeps the shape and needs at least channels."""
    return like(input, pointwise.tensor_of(input, "a norm")._shape)


def group_norm(input: Tensor, num_groups: int, *more: Any, **options: Any) -> Tensor:
    """Groups of channels to mean 0 and variance 1."""
    layer("GroupNorm", num_groups=num_groups, num_channels=input._shape[1])(input._shape)
    return like(input, input._shape)


def embedding(input: Tensor, weight: Tensor, *more: Any, **options: Any) -> Tensor:
    """Rows of a matrix."""
    if input.dtype.category != WHOLE:
        refuse(f"embedding: the input must hold whole numbers, and holds {input.dtype}", "use .long()")
    return like(weight, (*input._shape, weight._shape[1]))


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """One half gates the other."""
    return like(input, one_shape(layer("GLU", dim=dim), input))


def similarity(x1: Tensor, x2: Tensor, dim: int = 1, *more: Any, **options: Any) -> Tensor:
    """The cosine of the angle between vectors along an axis."""
    shape = broadcast(x1._shape, x2._shape)
    return like(x1, reduced(shape, dim, keepdim=False))


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """The distance between vectors along the last axis."""
    return like(x1, reduced(broadcast(x1._shape, x2._shape), -1, keepdim=keepdim))


def loss(name: str) -> Callable[..., Tensor]:
    """A loss: one number."""

    def apply(input: Tensor, target: Tensor, *more: Any, reduction: str = "mean", **options: Any) -> Tensor:
        if name in ("cross_entropy", "nll_loss"):
            shape = (*input._shape[:1], *input._shape[2:]) if input.ndim > 1 else ()
            probabilities = name == "cross_entropy" and target._shape == input._shape
            if not probabilities and target._shape != shape:
                refuse(f"{name}: scores of {input._shape} want classes of shape {shape}, and got {target._shape}")
            if not probabilities and target.dtype.category != WHOLE:
                refuse(f"{name}: classes must be whole numbers, and hold {target.dtype}", "use .long()")
        else:
            shape = broadcast(input._shape, target._shape)
            if "binary" in name and input._shape != target._shape:
                refuse(f"{name}: input {input._shape} and target {target._shape} must have one shape")
        return like(input, shape if reduction == "none" else (), FLOAT)

    return apply


def grid_sample(input: Tensor, grid: Tensor, *more: Any, **options: Any) -> Tensor:
    """A map read at the places of a grid."""
    if grid._shape[-1] != input.ndim - 2 or grid._shape[0] != input._shape[0]:
        refuse(f"grid_sample: a grid of {grid._shape} does not fit an input of {input._shape}")
    return like(input, (*input._shape[:2], *grid._shape[1:-1]))


def affine_grid(theta: Tensor, size: Any, align_corners: Any = None) -> Tensor:
    """The places that an affine map reads."""
    shape = sizes((size,))
    return like(theta, (shape[0], *shape[2:], len(shape) - 2))


def multi_head(*args: Any, **kwargs: Any) -> None:
    """Too many arguments to be written by hand."""
    refuse("F.multi_head_attention_forward is not known to this calculator yet", "use nn.MultiheadAttention")


def functions() -> dict[str, Callable[..., Any]]:
    """Everything in `torch.nn.functional`."""
    found: dict[str, Callable[..., Any]] = dict.fromkeys(SAME, pointwise.same)
    found |= {name: loss(name) for name in LOSSES}
    for axes in (1, 2, 3):
        found[f"conv{axes}d"] = convolution(f"Conv{axes}d")
        found[f"conv_transpose{axes}d"] = convolution(f"ConvTranspose{axes}d", transposed=True)
        for name, kind in (("max_pool", "MaxPool"), ("avg_pool", "AvgPool")):
            found[f"{name}{axes}d"] = windowed(f"{kind}{axes}d")
            found[f"adaptive_{name}{axes}d"] = adaptive(f"Adaptive{kind}{axes}d")
        if axes < 3:
            found[f"lp_pool{axes}d"] = windowed(f"LPPool{axes}d")
    return found | {
        "linear": products.linear,
        "scaled_dot_product_attention": products.attention,
        "dropout": pointwise.dropout,
        "sigmoid": pointwise.unary("sigmoid"),
        "tanh": pointwise.unary("tanh"),
        "softmax": reductions.softmax,
        "log_softmax": reductions.softmax,
        "softmin": reductions.softmax,
        "gumbel_softmax": pointwise.same,
        "normalize": pointwise.same,
        "pad": pad,
        "interpolate": interpolate,
        "upsample": interpolate,
        "unfold": by_layer("Unfold", "kernel_size", "dilation", "padding", "stride"),
        "fold": by_layer("Fold", "output_size", "kernel_size", "dilation", "padding", "stride"),
        "pixel_shuffle": by_layer("PixelShuffle", "upscale_factor"),
        "pixel_unshuffle": by_layer("PixelUnshuffle", "downscale_factor"),
        "layer_norm": layer_norm,
        "rms_norm": layer_norm,
        "batch_norm": normalized,
        "instance_norm": normalized,
        "local_response_norm": normalized,
        "group_norm": group_norm,
        "embedding": embedding,
        "one_hot": reductions.one_hot,
        "glu": glu,
        "cosine_similarity": similarity,
        "pairwise_distance": pairwise_distance,
        "grid_sample": grid_sample,
        "affine_grid": affine_grid,
        "multi_head_attention_forward": multi_head,
    }
