"""Which calls take memory: views take none, copies do, and a call in place writes where its input lies."""

from __future__ import annotations

import pytest

from calc.torch.strides import laid_out_like, packed, restrided, sliced
from calc.tracing import trace

FORWARD = """
import torch
from torch import nn
import torch.nn.functional as F

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = {part}
        self.bias = nn.Parameter(torch.zeros(1, 3, 1, 1))
        self.register_buffer("mask", torch.ones(4, 4))
    def forward(self, x):
        y = x + 1
        return {code}
"""

TAKES = [
    # (what is returned, the bytes it takes behind those of y = x + 1, of shape (2, 3, 4, 4))
    ("y.view(2, -1)", 0),
    ("y.flatten(1).unflatten(1, (3, 16)).unsqueeze(0).squeeze()", 0),
    ("y.permute(0, 2, 3, 1)", 0),
    ("y.permute(0, 2, 3, 1).reshape(2, 16, 3)", 0),  # the two axes that become one lie behind each other
    ("y.permute(0, 2, 3, 1).reshape(2, -1)", 384),
    ("y.transpose(1, 2).contiguous().view(2, -1)", 384),
    ("y.contiguous()", 0),
    ("y.chunk(3, 1)[1].squeeze(1)", 0),
    ("y.chunk(3, 1)[1].contiguous()", 128),
    ("y[:, 0, ::2, None]", 0),
    ("y[:, [0, 2]]", 256),
    ("y.narrow(2, 1, 2).select(2, 0).unbind(0)[0].detach()", 0),
    ("y.unfold(2, 2, 2)", 0),
    ("y.expand(5, 2, 3, 4, 4)", 0),
    ("y.expand(5, 2, 3, 4, 4).reshape(-1)", 5 * 384),
    ("y.repeat(2, 1, 1, 1)", 2 * 384),
    ("torch.broadcast_tensors(y, self.bias)[1]", 0),
    ("torch.broadcast_tensors(self.bias, y)[0].reshape(-1)", 384),
    ('torch.meshgrid(torch.arange(4), torch.arange(3), indexing="ij")[1].T.contiguous()', 8 * (4 + 3 + 12)),
    ('torch.meshgrid(torch.arange(4), torch.arange(3), indexing="xy")[0].reshape(-1)', 8 * (4 + 3 + 12)),
    ("y.clone()", 384),
    ("y.add_(1).mul_(2)", 0),
    ("F.relu(y, inplace=True)", 0),
    ("F.relu(y, True)", 0),
    ("F.relu(y)", 384),
    ("F.dropout(y, 0.5, self.training)", 0),
    ("F.dropout(y, 0.5)", 384),  # drops at inference, too
    ("self.part(y)", 384),
    ("y + self.bias.expand(2, 3, 4, 4)", 384),
    ("self.mask.T.mT", 0),
    ("y.half()", 0),  # nobody reads it
    ("y.half().view(-1)", 192),
    ("torch.cat([y, y]).view(-1)", 2 * 384),
    ("F.gelu(y.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).reshape(-1)", 384),  # as its input lies, so its view is whole
    ("(y @ y.transpose(2, 3)).softmax(-1)", 2 * 384),
]


@pytest.mark.parametrize(("code", "taken"), TAKES)
def test_what_takes_memory(code: str, taken: int) -> None:
    """Bytes behind those of the first sum."""
    report = trace(FORWARD.format(part="nn.Sigmoid()", code=code), (2, 3, 4, 4))

    assert report.rows[0].new_bytes == 384
    assert report.new_bytes == 384 + taken


MODULES = [
    # (module, bytes at inference, bytes in training)
    ("nn.ReLU(inplace=True)", 0, 0),
    ("nn.LeakyReLU(0.1, True)", 0, 0),
    ("nn.ReLU()", 384, 384),
    ("nn.Flatten()", 0, 0),
    ("nn.Identity()", 0, 0),
    ("nn.Sequential()", 0, 0),
    ("nn.Dropout(0.5)", 0, 384),
    ("nn.Dropout2d(0.5)", 0, 384),
    ("nn.Dropout(0.5, inplace=True)", 0, 0),
    ("nn.Dropout(0)", 0, 0),
    ("nn.BatchNorm2d(3)", 384, 384),
]


@pytest.mark.parametrize(("part", "inference", "training"), MODULES)
def test_modules_that_take_memory(part: str, inference: int, training: int) -> None:
    """At inference and in training, whichever of the two was run."""
    for mode in (False, True):
        report = trace(FORWARD.format(part=part, code="self.part(y)"), (2, 3, 4, 4), training=mode)

        assert (report.new_bytes, report.new_bytes_in_training) == (384 + inference, 384 + training)


def test_the_fullest_moment() -> None:
    """A skip keeps its storage until it is read; what is read no more is let go."""
    code = "torch.relu(torch.sigmoid(torch.tanh(y))) + y"
    report = trace(FORWARD.format(part="nn.Identity()", code=code), (2, 3, 4, 4))

    assert report.new_bytes == 5 * 384
    assert report.fullest == 3 * 384


@pytest.mark.parametrize(
    ("shape", "steps", "wanted", "found"),
    [
        ((2, 3), (3, 1), (6,), (1,)),
        ((2, 3), (1, 2), (6,), None),
        ((4, 1, 3), (3, 99, 1), (12,), (1,)),  # an axis of size 1 may have any step
        ((2, 6), (6, 1), (2, 2, 3), (6, 3, 1)),
        ((2, 6), (1, 2), (2, 2, 3), (1, 6, 2)),
        ((), (), (1, 1), (1, 1)),
        ((3, 0), (0, 1), (0, 5), (5, 1)),
        ((5, 4), (0, 1), (20,), None),
    ],
)
def test_views_with_other_axes(
    shape: tuple[int, ...], steps: tuple[int, ...], wanted: tuple[int, ...], found: tuple[int, ...] | None
) -> None:
    """Where axes may be put together or split without a copy."""
    assert restrided(shape, steps, wanted) == found


def test_steps() -> None:
    """Without gaps; of slices; and as the operands of a sum lie."""
    assert packed((0, 3)) == (3, 1)
    assert sliced((12, 4, 1), (Ellipsis, 0)) == (12, 4)
    assert sliced((12, 4, 1), (None, slice(1, None, 2))) == (1, 24, 4, 1)
    assert laid_out_like((2, 3, 4), [((2, 3, 4), (12, 4, 1)), ((4,), (1,))]) == (12, 4, 1)
    assert laid_out_like((4, 3), [((4, 3), (1, 4)), ((4, 3), (3, 1))]) == (1, 4)
