"""Layers and tensors that do not fit, and what is said of them: the rule, the lines, the number that would."""

from __future__ import annotations

import pytest

from calc.tracing import TraceError, trace
from site_tests.unit.small_net import net

LAYER = [
    # (made, run, input, sentence, line where the module is made)
    (
        "self.fc = nn.Linear(400, 10)",
        "return self.fc(x)",
        (1, 256),
        "Linear: input (=(1, 256)) must end in in_features (=400), and its last axis is 256 (line 9, in "
        "fc); set in_features=256 in line 7.",
        7,
    ),
    (
        "self.fc = nn.Linear(12, 10)",
        "return self.fc(x.flatten())",
        (2, 3, 4),
        "Linear: input (=(24,)) must end in in_features (=12), and its last axis is 24 (line 9, in fc); "
        "keep the batch axis, with flatten(1) instead of flatten().",
        7,
    ),
    (
        "self.c = nn.Conv2d(3, 8, 3)",
        "return self.c(x)",
        (1, 1, 8, 8),
        "Conv2d: input (=(1, 1, 8, 8)) must have in_channels (=3) channels, and axis 1 is 1 (line 9, in "
        "c); set in_channels=1 in line 7 or give the input 3 channels.",
        7,
    ),
    (
        "self.c = nn.ConvTranspose2d(3, 8, 3)",
        "return self.c(x)",
        (1, 1, 8, 8),
        "ConvTranspose2d: input (=(1, 1, 8, 8)) must have in_channels (=3) channels, and axis 1 is 1 "
        "(line 9, in c); set in_channels=1 in line 7 or give the input 3 channels.",
        7,
    ),
    (
        "self.places = nn.Embedding(512, 16)",
        "return self.places(torch.arange(x.size(1)))",
        (1, 600),
        "Embedding: input (=(600,)) must hold indices from 0 to 511, and holds 599 (line 9, in places); "
        "set num_embeddings=600 in line 7.",
        7,
    ),
    (
        "self.places = nn.Embedding(512, 16)",
        "return self.places(torch.arange(4) - 1)",
        (1, 3),
        "Embedding: input (=(4,)) must hold indices from 0 to 511, and holds -1 (line 9, in places); count from 0.",
        7,
    ),
    (
        "self.c = nn.Conv2d(3, 8, 7)",
        "return self.c(x)",
        (1, 3, 4, 4),
        "Conv2d: kernel_size (=7) spans 7 cells along H, and the padded input has 4 (line 9, in c); use "
        "a larger input, padding of at least 2, or a smaller kernel.",
        7,
    ),
    (
        "self.p = nn.MaxPool2d(4)",
        "return self.p(x)",
        (1, 3, 2, 2),
        "MaxPool2d: kernel_size (=4) spans 4 cells along H, and the padded input has 2 (line 9, in p); "
        "use a larger input or a smaller kernel.",
        7,
    ),
    (
        "self.c = nn.Conv2d(3, 8, 3)\nself.b = nn.BatchNorm2d(16)",
        "return self.b(self.c(x))",
        (1, 3, 8, 8),
        "BatchNorm2d: input (=(1, 8, 6, 6)) must have num_features (=16) channels, and axis 1 is 8 (line "
        "10, in b); set num_features=8 in line 8 or give the input 16 channels.",
        8,
    ),
    (
        "self.b = nn.BatchNorm2d(16)",
        "return self.b(x)",
        (1, 16),
        "BatchNorm2d: input (=(1, 16)) must have 4 axes, and has 2 (line 9, in b); write it as (N, C, H, W).",
        7,
    ),
    (
        "self.l = nn.LSTM(10, 20)",
        "return self.l(x)[0]",
        (5, 1, 12),
        "LSTM: input (=(5, 1, 12)) must end in input_size (=10), and its last axis is 12 (line 9, in l); "
        "set input_size=12 in line 7.",
        7,
    ),
    (
        "self.l = nn.LayerNorm(64)",
        "return self.l(x)",
        (1, 5, 32),
        "LayerNorm: input (=(1, 5, 32)) must end in normalized_shape (=64), and ends in 32 (line 9, in "
        "l); set normalized_shape=32 in line 7.",
        7,
    ),
    (
        "self.l = nn.GroupNorm(4, 64)",
        "return self.l(x)",
        (1, 32, 4, 4),
        "GroupNorm: input (=(1, 32, 4, 4)) must have num_channels (=64) channels, and axis 1 is 32 (line "
        "9, in l); set num_channels=32 in line 7 or give the input 64 channels.",
        7,
    ),
    (
        "self.e = nn.Embedding(10, 4)",
        "return self.e(x)",
        (1, 5),
        "Embedding: input (=(1, 5)) must hold whole numbers, and holds float32 (line 9, in e); give the "
        "input as int64[1, 5].",
        7,
    ),
    (
        "self.e = nn.Embedding(10, 4)",
        "return self.e(x * 0.5)",
        (1, 5),
        "Embedding: input (=(1, 5)) must hold whole numbers, and holds float32 (line 9, in e); use .long().",
        7,
    ),
    (
        "self.a = nn.Linear(4, 4)",
        "return self.a(x)",
        "int64[1, 4]",
        "Linear: input (=(1, 4)) must hold fractions, and holds int64 (line 9, in a); use .float().",
        7,
    ),
    (
        "self.f = nn.MultiheadAttention(12, 3)",
        "return self.f(x, x, x)[0]",
        (2, 6, 10),
        "MultiheadAttention: query (=(2, 6, 10)) must end in embed_dim (=12), and its last axis is 10 "
        "(line 9, in f); make its last axis 12.",
        7,
    ),
    (
        "self.f = nn.MultiheadAttention(10, 3)",
        "return self.f(x, x, x)",
        (2, 6, 10),
        "MultiheadAttention: embed_dim (=10) must be divisible by num_heads (=3) (line 7); set "
        "num_heads=2 or embed_dim=12.",
        7,
    ),
    (
        "self.f = nn.Linear(12 / 2, 2)",
        "return self.f(x)",
        (2, 6),
        "Linear: in_features (=6.0) must be a whole number (line 7); write 6.",
        7,
    ),
    (
        "self.f = nn.Conv2d(3, 8, kernal_size=3)",
        "return self.f(x)",
        (1, 3, 8, 8),
        "Conv2d: kernal_size (=3) is not an argument of Conv2d (line 7); known are in_channels, "
        "out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode.",
        7,
    ),
    (
        "self.f = nn.Conv2d(3, 8)",
        "return self.f(x)",
        (1, 3, 8, 8),
        "Conv2d: kernel_size is missing (line 7); give kernel_size.",
        7,
    ),
]


@pytest.mark.parametrize(("made", "run", "given", "sentence", "made_line"), LAYER)
def test_a_layer_that_does_not_fit(made: str, run: str, given: object, sentence: str, made_line: int) -> None:
    """A layer and what it is given: the line of the call, the line where it is made, and the number that fits."""
    with pytest.raises(TraceError) as caught:
        trace(net(made, run), given)

    assert (str(caught.value), caught.value.made_line) == (sentence, made_line)


MEET = [
    # (made, run, input, sentence, line where the module is made)
    (
        "self.a = nn.Conv2d(3, 8, 3)\nself.b = nn.Conv2d(3, 8, 3, padding=1)",
        "return self.a(x) + self.b(x)",
        (1, 3, 8, 8),
        "shapes (1, 8, 6, 6) and (1, 8, 8, 8) do not go together: along axis -2 they have 6 and 8; the "
        "first is made by a, the second made by b (line 10); make them equal, or one of them 1.",
        0,
    ),
    (
        "self.a = nn.Linear(4, 8)",
        "return self.a(x) + x",
        (1, 4),
        "shapes (1, 8) and (1, 4) do not go together: along axis -1 they have 8 and 4; the first is made "
        "by a, the second the input (line 9); make them equal, or one of them 1.",
        0,
    ),
    (
        "self.a = nn.Linear(4, 8)",
        "y = F.relu(self.a(x))\ny += x\nreturn y",
        (1, 4),
        "shapes (1, 8) and (1, 4) do not go together: along axis -1 they have 8 and 4; the first is made "
        "by F.relu in line 9, the second the input (line 10); make them equal, or one of them 1.",
        0,
    ),
    (
        "self.a = nn.Conv2d(3, 8, 3)\nself.b = nn.Conv2d(3, 8, 3, padding=1)",
        "return torch.cat([self.a(x), self.b(x)], 1)",
        (1, 3, 8, 8),
        "tensors joined along axis 1 must agree in all others: tensor 1 is (1, 8, 6, 6), tensor 2 is (1, "
        "8, 8, 8); the first is made by a, the second made by b (line 10); axis 2 has 6 and 8.",
        0,
    ),
    (
        "self.a = nn.Linear(5, 6)",
        "return self.a(x) @ x",
        (1, 4, 5),
        "matmul of (1, 4, 6) and (1, 4, 5): the last axis of the first has 6, the first but last of the "
        "second 4; the first is made by a, the second the input (line 9); the two must be equal.",
        0,
    ),
    (
        "pass",
        "return x @ x",
        (1, 4, 5),
        "matmul of (1, 4, 5) and (1, 4, 5): the last axis of the first has 5, the first but last of the "
        "second 4 (line 9); turn the second round with transpose(-2, -1).",
        0,
    ),
    (
        "self.c = nn.Conv2d(3, 16, 5)",
        "return self.c(x).view(-1, 16 * 5 * 5)",
        (1, 3, 32, 32),
        "shape (-1, 400) does not fit 12544 numbers, from (1, 16, 28, 28): 12544 cannot be divided by "
        "400 (line 9); each sample has 16 * 28 * 28 = 12544 numbers: use 12544 instead of 400, or "
        "view(x.size(0), -1).",
        0,
    ),
    (
        "pass",
        "return x.view(2, 5, 3, 3)",
        (2, 5, 10),
        "shape (2, 5, 3, 3) holds 90 numbers, and the tensor (2, 5, 10) has 100 (line 9); behind the "
        "first 2 axes 3 * 3 = 9 must be 10.",
        0,
    ),
    (
        "pass",
        "return x.view(-1, 7)",
        (2, 3),
        "shape (-1, 7) does not fit 6 numbers, from (2, 3): 6 cannot be divided by 7 (line 9).",
        0,
    ),
    (
        "self.a = nn.Linear(3, 4)",
        "return torch.stack([x, self.a(x)])",
        (2, 3),
        "stacked tensors must have one shape: tensor 1 is (2, 3), tensor 2 is (2, 4); the first is the input, the "
        "second made by a (line 9).",
        0,
    ),
]


@pytest.mark.parametrize(("made", "run", "given", "sentence", "made_line"), MEET)
def test_tensors_that_do_not_fit(made: str, run: str, given: object, sentence: str, made_line: int) -> None:
    """Tensors that do not fit each other: who made them, or which sizes would do."""
    with pytest.raises(TraceError) as caught:
        trace(net(made, run), given)

    assert (str(caught.value), caught.value.made_line) == (sentence, made_line)
