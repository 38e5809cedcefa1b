"""einops on shapes: the patterns of its documentation, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from calc.errors import CalcError
from calc.torch.tensor import Tensor
from calc.tracing import trace
from calc.tracing.packages import namespace

EINOPS: Any = namespace()["einops"]

REARRANGED = [
    # (shape, pattern, lengths, result): the examples in the docstring of einops.rearrange
    ((32, 30, 40, 3), "b h w c -> (b h) w c", {}, (960, 40, 3)),
    ((32, 30, 40, 3), "b h w c -> h (b w) c", {}, (30, 1280, 3)),
    ((32, 30, 40, 3), "b h w c -> b c h w", {}, (32, 3, 30, 40)),
    ((32, 30, 40, 3), "b h w c -> b (c h w)", {}, (32, 3600)),
    ((32, 30, 40, 3), "b (h1 h) (w1 w) c -> (b h1 w1) h w c", {"h1": 2, "w1": 2}, (128, 15, 20, 3)),
    ((32, 30, 40, 3), "b (h h1) (w w1) c -> b h w (c h1 w1)", {"h1": 2, "w1": 2}, (32, 15, 20, 12)),
    ((2, 8, 3, 4), "... h w -> ... (h w)", {}, (2, 8, 12)),
    ((2, 8, 3, 4), "b ... -> b (...)", {}, (2, 96)),
    ((2, 8), "b c -> b c 1 1", {}, (2, 8, 1, 1)),
    ((2, 8, 1, 1), "b c 1 1 -> b c", {}, (2, 8)),
    ((2, 8, 1), "b c () -> b c", {}, (2, 8)),
]


@pytest.mark.parametrize(("shape", "pattern", "lengths", "result"), REARRANGED)
def test_rearrange(shape: tuple[int, ...], pattern: str, lengths: dict[str, int], result: tuple[int, ...]) -> None:
    """Axes named, put together, taken apart, left to `...`."""
    assert EINOPS.rearrange(Tensor(shape), pattern, **lengths).shape == result


def test_rearrange_moves_the_numbers() -> None:
    """Where they are known they go where their axes go."""
    made = EINOPS.rearrange(Tensor((2, 3), values=[0, 1, 2, 3, 4, 5]), "a b -> (b a)")

    assert made.values == [0, 3, 1, 4, 2, 5]


def test_a_list_is_stacked_first() -> None:
    """As einops does with a list of tensors."""
    assert EINOPS.rearrange([Tensor((30, 40))] * 5, "n h w -> h (n w)").shape == (30, 200)


def test_reduce_repeat_einsum() -> None:
    """The other functions; a reduction gives up axes, a repetition adds them."""
    images = Tensor((2, 8, 6, 10))

    assert EINOPS.reduce(images, "b c h w -> b c", "mean").shape == (2, 8)
    assert EINOPS.reduce(images, "b c h w -> b c () ()", "max").shape == (2, 8, 1, 1)
    assert EINOPS.reduce(images, "b c (h 2) (w 2) -> b c h w", "max").shape == (2, 8, 3, 5)
    assert EINOPS.reduce(images, "... h w -> ...", "sum").shape == (2, 8)
    assert EINOPS.repeat(Tensor((1, 1, 64)), "1 1 d -> b 1 d", b=7).shape == (7, 1, 64)
    assert EINOPS.repeat(Tensor((30, 40)), "h w -> (h 2) (w 3)").shape == (60, 120)
    assert EINOPS.einsum(Tensor((2, 5, 3)), Tensor((2, 7, 3)), "b i d, b j d -> b i j").shape == (2, 5, 7)
    assert EINOPS.parse_shape(images, "b _ h w") == {"b": 2, "h": 6, "w": 10}


def test_pack_and_unpack() -> None:
    """A class token before patches, and both again."""
    token, patches = Tensor((2, 64)), Tensor((2, 196, 64))
    packed, shapes = EINOPS.pack([token, patches], "b * d")

    assert (packed.shape, shapes) == ((2, 197, 64), [(), (196,)])
    assert [each.shape for each in EINOPS.unpack(packed, shapes, "b * d")] == [(2, 64), (2, 196, 64)]


REFUSED = [
    # (shape, function, pattern, lengths, sentence)
    ((2, 3), "rearrange", "b c d -> b (c d)", {}, "'b c d -> b (c d)' speaks of 3 axes, and the tensor (2, 3) has 2."),
    (
        (2, 9),
        "rearrange",
        "b (h d) -> b h d",
        {"h": 2},
        "'b (h d) -> b h d': (h d) is 9, which cannot be divided by 2.",
    ),
    ((2, 9), "rearrange", "b (h d) -> b h d", {}, "'b (h d) -> b h d': the lengths of h and d are not known; give h=."),
    ((2, 9), "rearrange", "b c -> c", {}, "rearrange 'b c -> c': b is on one side alone; use reduce or repeat."),
    ((2, 9), "rearrange", "b b -> b b", {}, "'b b -> b b' names b twice on one side."),
    ((2, 9), "rearrange", "b c, c b", {}, "'b c, c b' must have one arrow; write it as 'b c h w -> b (h w) c'."),
    ((2, 9), "rearrange", "b (c -> b c", {}, "'b (c -> b c': a bracket is not closed."),
    ((2, 9), "rearrange", "b c -> c b", {"x": 3}, "'b c -> c b' does not speak of x."),
    ((2, 9), "repeat", "b c -> b c n", {}, "repeat 'b c -> b c n': the length of n is not known; give n=."),
    ((2, 9), "rearrange", "1 c -> c", {}, "'1 c -> c': () must be 1, and the tensor (2, 9) has 2 there."),
]


@pytest.mark.parametrize(("shape", "function", "pattern", "lengths", "sentence"), REFUSED)
def test_what_does_not_fit(
    shape: tuple[int, ...], function: str, pattern: str, lengths: dict[str, int], sentence: str
) -> None:
    """The pattern, the axis, and what it met."""
    with pytest.raises(CalcError) as caught:
        getattr(EINOPS, function)(Tensor(shape), pattern, **lengths)

    assert str(caught.value) == sentence


def test_a_vision_transformer() -> None:
    """The layers of einops in a model: the input is found from the pattern and the width behind it."""
    source = """
import torch
from torch import nn
from einops import rearrange, repeat
from einops.layers.torch import Rearrange

class ViT(nn.Module):
    def __init__(self, dim=64, patch=16):
        super().__init__()
        self.embed = nn.Sequential(
            Rearrange("b c (h p1) (w p2) -> b (h w) (p1 p2 c)", p1=patch, p2=patch),
            nn.Linear(3 * patch * patch, dim),
        )
        self.cls = nn.Parameter(torch.randn(1, 1, dim))
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, img):
        x = self.embed(img)
        x = torch.cat((repeat(self.cls, "1 1 d -> b 1 d", b=x.shape[0]), x), dim=1)
        q, k, v = rearrange(self.qkv(x), "b n (t h d) -> t b h n d", t=3, h=8)
        y = torch.softmax(q @ k.transpose(-2, -1), dim=-1) @ v
        return rearrange(y, "b h n d -> b n (h d)")[:, 0]
"""
    report = trace(source)

    assert report.inputs == ("1, 3, 224, 224",)
    assert report.params == 768 * 64 + 64 + 64 + 64 * 192 + 192
    assert report.output_shape == (1, 64)
    assert [row.kind for row in report.rows if row.kind[0] in "eR"] == [
        "Rearrange", "einops.repeat", "einops.rearrange", "einops.rearrange",
    ]  # fmt: skip
