"""The stand-in for PyTorch against PyTorch itself: expressions, evaluated by both."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import torch

from calc.torch.namespace import namespace
from calc.torch.tensor import Tensor

TENSORS = {
    "x": ((2, 3, 4), "float32"),
    "y": ((3, 1), "float32"),
    "z": ((2, 4, 5), "float32"),
    "image": ((2, 6, 8, 9), "float32"),
    "row": ((4,), "float32"),
    "one": ((), "float32"),
    "square": ((4, 4), "float32"),
    "ids": ((2, 5), "int64"),
    "small": ((3,), "int64"),
    "mask": ((2, 3, 4), "bool"),
    "empty": ((0, 4), "float32"),
    "half": ((2, 3, 4), "float16"),
    "double": ((4,), "float64"),
    "byte": ((4,), "uint8"),
}

EXPRESSIONS = """
x + y
x - 1
2 * x
x / 2
ids / 2
ids // 2
ids + 1.5
ids + True
ids * ids
x + half
half + one
half + 1.5
row + double
row + byte
byte + 1
x + z
x @ z
z @ x
row @ square
square @ row
row @ row
x @ row
-x
~mask
x > 0
ids == 3
mask & (x > 0)
mask & ids
x ** 2
x % 2
abs(x)
x.view(2, 12)
x.view(-1)
x.view(4, -1, 3)
x.view(5, 5)
x.view(5, -1)
x.view(-1, -1)
x.view(x.size(0), -1)
x.view(*x.shape[:-1], 2, 2)
x.reshape(6, 4)
x.reshape((6, 4))
torch.reshape(x, (6, -1))
x.flatten()
x.flatten(1)
x.flatten(1, 2)
x.flatten(2, 1)
torch.flatten(x, 1)
one.flatten()
x.unflatten(2, (2, 2))
x.unsqueeze(0)
x.unsqueeze(-1)
x.unsqueeze(4)
y.squeeze()
y.squeeze(1)
y.squeeze(0)
x.squeeze(3)
x.permute(2, 0, 1)
x.permute(0, -1, 1)
x.permute(0, 1)
x.permute(0, 1, 1)
x.permute([1, 0, 2])
torch.permute(x, (1, 0, 2))
x.transpose(1, 2)
x.transpose(0, -1)
x.transpose(0, 3)
torch.transpose(x, 0, 1)
square.t()
x.t()
square.T
x.mT
x.movedim(0, 2)
y.expand(2, 3, 4)
y.expand(-1, 7)
y.expand(2, 7)
y.expand(3)
y.expand_as(x)
x.repeat(2, 1, 1)
x.repeat(2, 1)
row.repeat(2, 3)
x.repeat_interleave(2, dim=1)
x.repeat_interleave(2)
torch.cat([x, x])
torch.cat([x, x], dim=1)
torch.cat((x, x), dim=-1)
torch.cat([x, z], 1)
torch.cat([x, y])
torch.cat([x, x], 3)
torch.stack([x, x])
torch.stack([x, x], dim=-1)
torch.stack([x, z])
x.split(2, dim=1)
x.split([1, 2], dim=1)
x.split([1, 1], dim=1)
x.chunk(2, dim=1)
x.chunk(2, -1)
x.chunk(5, 1)
torch.chunk(x, 3, 1)
x.unbind(1)
x.narrow(1, 1, 2)
x.narrow(1, 2, 2)
x.select(1, 0)
x.sum()
x.sum(1)
x.sum((0, 2))
x.sum(dim=-1, keepdim=True)
x.sum(3)
ids.sum()
mask.sum()
x.mean()
x.mean([2, 1])
x.mean(dim=(1, 2), keepdim=True)
ids.mean()
ids.float().mean()
x.std(-1)
x.var(1, keepdim=True)
x.max()
x.max(1)
x.max(1)[0]
x.max(dim=-1, keepdim=True).values
torch.max(x, x)
torch.max(x, y)
x.min(0).indices
x.argmax(1)
x.argmax()
x.argmax(dim=-1, keepdim=True)
x.amax((1, 2))
x.norm()
x.norm(dim=1)
x.prod(1)
x.cumsum(1)
x.any()
mask.all(1)
x.softmax(-1)
ids.softmax(-1)
torch.softmax(x, dim=1)
x.log_softmax(2)
x.softmax(3)
x.topk(2)
x.topk(2, dim=1)
x.topk(5)
x.sort(1)
x.argsort(-1)
x.exp()
ids.exp()
ids.sqrt()
x.sigmoid()
torch.tanh(x)
x.relu()
x.clamp(0, 1)
x.clamp(min=0)
torch.clamp(x, max=6)
x.masked_fill(mask, 0)
x.masked_fill(mask == 0, float("-inf"))
x.masked_fill(ids, 0)
torch.where(mask, x, x)
torch.where(mask, x, y)
torch.where(mask, x, 0.0)
x.float()
x.half()
x.to(torch.float64)
x.to("cpu")
x.long()
ids.bool()
mask.int()
x.type_as(ids)
x.dtype
x.shape
x.size()
x.size(-1)
x.size(3)
x.dim()
x.numel()
len(x)
x.shape[1:]
x.shape[-2:].numel()
x[0]
x[-1]
x[2]
x[0, 1]
x[0, 1, 2]
x[0, 1, 2, 0]
x[:, 0]
x[:, -1, :]
x[..., 0]
x[..., -1:]
x[:, 1:]
x[:, :2, ::2]
x[:, None]
x[None, :, None]
x[:, 5:]
x[1:1]
x[[0, 1]]
x[:, [0, 2]]
x[:, small]
x[small]
x[[0, 1], [1, 2]]
x[:, [0, 1], [1, 2]]
x[[0, 1], :, [1, 2]]
x[0, :, [1, 2]]
x[ids > 100]
row[byte > 300]
x[True]
x[..., None]
image[:, :, ::2, ::2]
image[:, :, 1:-1, 1:-1]
image.unfold(2, 3, 1)
image.unfold(3, 10, 1)
image.mean([2, 3])
image.flatten(2).transpose(1, 2)
image.view(2, 2, 3, 8, 9).transpose(1, 2).contiguous().view(2, -1, 8, 9)
image.roll((1, 1), dims=(2, 3))
image.flip(3)
torch.flip(image, [2])
torch.einsum("bij,bjk->bik", x, z)
torch.einsum("bij,bjk", x, z)
torch.einsum("bij->bji", x)
torch.einsum("...i,i->...", x, row)
torch.einsum("bij,bkj->bik", x, z)
torch.einsum("bhqd,bhkd->bhqk", image, image)
torch.einsum("ij,ij->", square, square)
torch.einsum("ii->i", square)
torch.bmm(x, z)
torch.bmm(x, square)
torch.mm(square, square)
torch.matmul(image, image.transpose(-2, -1))
torch.outer(row, row)
torch.dot(row, row)
torch.baddbmm(torch.zeros(2, 3, 5), x, z)
torch.addmm(row, square, square)
torch.zeros(2, 3)
torch.zeros((2, 3))
torch.zeros(2, 3, dtype=torch.long)
torch.ones_like(x)
torch.zeros_like(ids)
torch.randn(2, 3)
torch.randint(0, 10, (2, 3))
torch.empty(3)
torch.full((2, 3), 7)
torch.full((2, 3), 0.5)
torch.arange(5)
torch.arange(1, 10, 2)
torch.arange(0, 1, 0.25)
torch.arange(5.0)
torch.arange(0, 10, 2).float()
torch.linspace(0, 1, 5)
torch.eye(3)
torch.tensor([1, 2, 3])
torch.tensor([[1.0, 2], [3, 4]])
torch.tensor(5)
torch.tensor([True])
torch.tril(torch.ones(4, 4))
torch.triu(torch.ones(4, 4), diagonal=1).bool()
torch.triu(torch.full((3, 3), float("-inf")), 1)
torch.meshgrid(torch.arange(3), torch.arange(4), indexing="ij")
torch.arange(6).view(2, 3).tolist()
torch.arange(6).sum().item()
(torch.arange(4) + 1).prod().item()
torch.arange(6).reshape(2, 3)[1].tolist()
torch.arange(6).reshape(2, 3).t().tolist()
torch.arange(6).reshape(2, 3)[:, 1:].tolist()
(2 ** torch.arange(4)).tolist()
torch.stack([torch.arange(2), torch.arange(2)]).tolist()
torch.cat([torch.arange(2), torch.tensor([9])]).tolist()
torch.tril(torch.ones(3, 3)).tolist()
torch.arange(3).unsqueeze(1).expand(3, 2).tolist()
(torch.arange(3).unsqueeze(0) > torch.arange(3).unsqueeze(1)).tolist()
torch.arange(3).repeat(2).tolist()
int(torch.tensor(3))
float(torch.tensor(2.5))
x.new_zeros(2, 3)
x.new_ones((2, 3))
ids.new_full((2,), 1)
x.gather(1, torch.zeros(2, 1, 4, dtype=torch.long))
x.index_select(1, small)
x.clone().detach()
x.contiguous()
torch.numel(x)
torch.is_tensor(x)
torch.cdist(x, x)
torch.var_mean(x, dim=1)
torch.relu(x)
F.relu(x)
F.gelu(x)
F.softmax(x, dim=-1)
F.log_softmax(x, dim=1)
F.dropout(x, 0.5)
F.dropout(x, 1.5)
F.linear(x, square)
F.linear(x, torch.randn(7, 4), torch.randn(7))
F.linear(x, torch.randn(7, 5))
F.conv2d(image, torch.randn(5, 6, 3, 3))
F.conv2d(image, torch.randn(5, 6, 3, 3), padding=1, stride=2)
F.conv2d(image, torch.randn(6, 1, 3, 3), groups=6)
F.conv2d(image, torch.randn(6, 2, 3, 3), None, 1, 1, 1, 3)
F.conv2d(image, torch.randn(5, 5, 3, 3))
F.conv1d(z, torch.randn(3, 4, 2))
F.conv_transpose2d(image, torch.randn(6, 4, 2, 2), stride=2)
F.conv_transpose2d(image, torch.randn(6, 2, 3, 3), None, 2, 1, 1, 2)
F.max_pool2d(image, 2)
F.max_pool2d(image, 3, 2, 1)
F.max_pool2d(image, (2, 3))
F.max_pool2d(image, 2, ceil_mode=True)
F.max_pool2d(image, 3, 2, 0, 1, True)
F.max_pool2d(image, 20)
F.max_pool2d(image, 2, return_indices=True)
F.max_pool1d(x, 2)
F.avg_pool2d(image, 2)
F.avg_pool2d(image, 3, 2, 1, True)
F.adaptive_avg_pool2d(image, 1)
F.adaptive_avg_pool2d(image, (1, 1))
F.adaptive_avg_pool2d(image, (3, None))
F.adaptive_max_pool2d(image, 2)
F.interpolate(image, scale_factor=2)
F.interpolate(image, size=(20, 20), mode="bilinear", align_corners=False)
F.interpolate(image, size=image.shape[-2:])
F.interpolate(image)
F.pad(image, (1, 1, 2, 2))
F.pad(image, (1, 1))
F.pad(image, [0, 0, 0, 0, 0, 2])
F.pad(x, (-1, -1))
F.pad(x, (-3, -3))
F.layer_norm(x, (4,))
F.layer_norm(x, (5,))
F.layer_norm(x, x.shape[1:])
F.normalize(x, dim=-1)
F.embedding(ids, torch.randn(9, 7))
F.embedding(x, torch.randn(9, 7))
F.one_hot(ids, 9)
F.pixel_shuffle(torch.randn(1, 8, 3, 3), 2)
F.unfold(image, 3, padding=1)
F.glu(x, -1)
F.cosine_similarity(x, x)
F.pairwise_distance(row, row)
F.cross_entropy(torch.randn(4, 9), torch.zeros(4, dtype=torch.long))
F.cross_entropy(torch.randn(4, 9), torch.zeros(5, dtype=torch.long))
F.cross_entropy(torch.randn(4, 9, 3), torch.zeros(4, 3, dtype=torch.long))
F.mse_loss(x, x)
F.mse_loss(x, x, reduction="none")
F.binary_cross_entropy_with_logits(x, x)
F.scaled_dot_product_attention(image, image, image)
F.scaled_dot_product_attention(image, image, image, is_causal=True)
F.scaled_dot_product_attention(image, torch.randn(2, 6, 5, 9), torch.randn(2, 6, 5, 7))
F.scaled_dot_product_attention(image, torch.randn(2, 6, 5, 8), torch.randn(2, 6, 5, 7))
F.grid_sample(image, torch.randn(2, 5, 5, 2), align_corners=False)
F.affine_grid(torch.randn(2, 2, 3), (2, 3, 5, 5), align_corners=False)
x.add_(y)
y.add_(x)
x.mul_(2).shape
nn.Linear(4, 7)(x)
nn.Linear(5, 7)(x)
nn.Linear(4, 7)(ids)
nn.Conv2d(6, 4, 3)(image)
nn.Conv2d(3, 4, 3)(image)
nn.Embedding(10, 3)(ids)
nn.Embedding(10, 3)(x)
nn.LSTM(4, 5)(x)
nn.LSTM(4, 5, batch_first=True, bidirectional=True, num_layers=2)(x)
nn.LSTM(4, 5)(x)[1][0]
nn.GRU(4, 5)(x, torch.zeros(1, 3, 5))
nn.GRU(4, 5)(x, torch.zeros(1, 2, 5))
nn.LSTMCell(4, 5)(torch.randn(3, 4))
nn.MultiheadAttention(4, 2)(x, x, x)
nn.MultiheadAttention(4, 2, batch_first=True)(x, x, x, need_weights=False)
nn.MultiheadAttention(4, 2, batch_first=True)(x, x, x, average_attn_weights=False)[1]
nn.MultiheadAttention(4, 2, batch_first=True)(x, x, x, attn_mask=torch.zeros(3, 3))[0]
nn.MultiheadAttention(4, 2, batch_first=True)(x, x, x, attn_mask=torch.zeros(2, 3))[0]
nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)(x)
nn.Transformer(4, 2, 1, 1, 8, batch_first=True)(x, torch.randn(2, 5, 4))
nn.Sequential(nn.Flatten(), nn.Linear(12, 2))(x)
nn.Sequential(nn.Flatten(), nn.Linear(13, 2))(x)
nn.BatchNorm2d(6)(image)
nn.BatchNorm2d(5)(image)
nn.LayerNorm(4)(x)
nn.LayerNorm([3, 4])(x)
nn.GroupNorm(3, 6)(image)
nn.Upsample(scale_factor=2)(image)
nn.PixelShuffle(2)(torch.randn(1, 8, 3, 3))
nn.CrossEntropyLoss()(torch.randn(4, 9), torch.zeros(4, dtype=torch.long))
sum(p.numel() for p in nn.Linear(4, 7).parameters())
[name for name, _ in nn.LSTM(4, 5, 2).named_parameters()]
nn.Conv2d(3, 8, 3).weight.shape
nn.Conv2d(3, 8, 3).kernel_size
nn.Conv2d(3, 8, 3, bias=False).bias
nn.Linear(4, 7).in_features
""".strip().splitlines()


def by_torch(expression: str) -> Any:
    """What PyTorch says: shapes and kinds, or that it refuses."""
    made = {
        name: torch.ones(shape, dtype=getattr(torch, dtype)) if dtype != "bool" else torch.ones(shape).bool()
        for name, (shape, dtype) in TENSORS.items()
    }
    scope = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, **made}
    try:
        with torch.no_grad():
            return described(eval(expression, scope), torch.Tensor)
    except Exception:
        return "refused"


def by_calc(expression: str) -> Any:
    """What the stand-in says."""
    known = namespace()
    kinds = vars(known["torch"])
    made = {name: Tensor(shape, kinds[dtype]) for name, (shape, dtype) in TENSORS.items()}
    for name in ("small", "ids", "byte", "row"):
        made[name].values = [1] * made[name].numel()  # type: ignore[attr-defined]
    scope = {"torch": known["torch"], "nn": known["torch.nn"], "F": known["torch.nn.functional"], **made}
    try:
        return described(eval(expression, scope), Tensor)
    except Exception:
        return "refused"


def described(answer: Any, tensor: type) -> Any:
    """Tensors as shape and kind, everything else as it is."""
    if isinstance(answer, tensor):
        return [list(answer.shape), str(answer.dtype)]
    if isinstance(answer, (tuple, list)):
        return [described(each, tensor) for each in answer]
    return str(answer) if "dtype" in type(answer).__name__.lower() else answer


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_both_say_the_same(expression: str) -> None:
    """Shape and kind of what comes out, or that it is refused."""
    assert by_calc(expression) == by_torch(expression)


@pytest.mark.parametrize("seed", range(300))
def test_any_index(seed: int) -> None:
    """Numbers, ranges, None, `...`, lists and masks mixed, in and out of bounds."""
    draw = Random(seed)
    parts = [
        draw.choice(["0", "-1", "2", ":", "1:", ":2", "::2", "1:3", "None", "...", "[0, 1]", "small", "[0, 5]", "-2:"])
        for _ in range(draw.randint(1, 4))
    ]
    expression = f"image[{', '.join(parts)}]"

    ours, theirs = by_calc(expression), by_torch(expression)
    # Positions in a list are values: whether they are within bounds is not looked at.
    assert ours == theirs or ("[0, 5]" in parts and theirs == "refused"), expression


@pytest.mark.parametrize("seed", range(300))
def test_any_broadcast(seed: int) -> None:
    """Shapes that go together and shapes that do not."""
    draw = Random(seed)
    one, other = ([draw.choice([1, 1, 2, 3]) for _ in range(draw.randint(0, 4))] for _ in range(2))
    sign = draw.choice(["+", "*", ">", "@"])
    expression = f"torch.zeros({one}) {sign} torch.zeros({other})"

    assert by_calc(expression) == by_torch(expression), expression
