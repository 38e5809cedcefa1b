"""Values on the pages about normalization, dropout and activations, asked of the live frameworks."""

from __future__ import annotations

import os
import re

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch
from torch import nn

from site_tests.parity.test_page_numbers import page

X = torch.tensor([[1.0, 2, 3, 4], [3, 2, 5, 8], [5, 8, 7, 0]])


def numbers(text: str) -> list[float]:
    """Numbers as the pages print them, with a real minus sign."""
    return [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-").replace(",", " "))]


def table(name: str, first: str) -> list[list[str]]:
    """The rows of the table whose head begins like that."""
    head, *rows = re.search(rf"^\| {re.escape(first)}.*\n(?:\|.*\n)+", page(name), re.MULTILINE)[0].splitlines()  # type: ignore[index]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[1:]]


def test_the_worked_example_is_what_pytorch_says() -> None:
    """Mean, variance and result of each column and each row of the matrix."""
    rows = table("normalization", "Group | Mean")
    columns = nn.BatchNorm1d(4)(X).detach().T
    lines = nn.LayerNorm(4)(X).detach()
    printed = [numbers(result) for _, _, _, result in rows]
    moments = [(float(mean), float(variance)) for _, mean, variance, _ in rows]
    groups = [*X.T, *X]

    assert np.allclose(printed[:4], columns, atol=6e-5)
    assert np.allclose(printed[4:], lines, atol=6e-5)
    assert np.allclose(moments, [(group.mean(), group.var(correction=0)) for group in groups], atol=6e-5)


def test_scale_and_shift_come_last() -> None:
    """The column 1, 3, 5 with scale 2 and shift 10."""
    module = nn.BatchNorm1d(4)
    with torch.no_grad():
        module.weight.fill_(2)
        module.bias.fill_(10)

    assert np.allclose(module(X).detach()[:, 0], [7.5505, 10, 12.4495], atol=6e-5)
    assert "(7.5505, 10, 12.4495)" in page("normalization")


def test_one_sample_is_enough_for_layer_norm_only() -> None:
    """Layer norm gives the same row; batch norm is refused in training, not in eval mode."""
    assert torch.equal(nn.LayerNorm(4)(X[:1]), nn.LayerNorm(4)(X)[:1])
    with pytest.raises(ValueError, match="Expected more than 1 value per channel when training"):
        nn.BatchNorm1d(4)(X[:1])
    assert nn.BatchNorm1d(4).eval()(X[:1]).shape == (1, 4)


def test_the_annotated_transformer_normalizes_otherwise() -> None:
    """n - 1 in the variance and eps outside the root: -1.1619 in place of -1.3416."""
    row = X[0]
    theirs = (row - row.mean()) / (row.std() + 1e-6)

    assert [round(float(each.detach()[0]), 4) for each in (nn.LayerNorm(4)(row), theirs)] == [-1.3416, -1.1619]
    for number in ("−1.3416", "−1.1619"):
        assert number in page("normalization")


def test_the_running_variance_is_unbiased_in_pytorch() -> None:
    """0.9 + 0.1 · 4 for the first column; Keras has 0.9 + 0.1 · 2.6667."""
    module = nn.BatchNorm1d(4)
    module(X)
    layer = keras.layers.BatchNormalization(momentum=0.9)
    layer(X, training=True)

    assert round(float(module.running_var[0]), 4) == 1.3  # type: ignore[index]
    assert round(float(layer.moving_variance[0]), 4) == 1.1667
    assert "= 1.3`$ for column 1, not 1.1667" in page("normalization")


def test_defaults_differ_as_the_page_says() -> None:
    """eps and momentum in both frameworks."""
    norms = [nn.BatchNorm2d(2), nn.LayerNorm(2), nn.GroupNorm(1, 2), nn.InstanceNorm2d(2)]
    theirs = [keras.layers.BatchNormalization(), keras.layers.LayerNormalization(), keras.layers.GroupNormalization()]

    assert {module.eps for module in norms} == {1e-5}
    assert {layer.epsilon for layer in theirs} == {1e-3}
    assert (nn.RMSNorm(2).eps, keras.layers.RMSNormalization().epsilon) == (None, 1e-6)
    assert f"{torch.finfo(torch.float32).eps:.3g}" == "1.19e-07"
    assert (nn.BatchNorm2d(2).momentum, keras.layers.BatchNormalization().momentum) == (0.1, 0.99)


def test_group_norm_counts_the_samples_together() -> None:
    """One number in each group is refused for one sample, and 0 for two."""
    module = nn.GroupNorm(6, 6)

    assert torch.allclose(module(torch.randn(2, 6, 1, 1)), torch.zeros(1), atol=1e-3)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        module(torch.randn(1, 6, 1, 1))


@pytest.mark.filterwarnings("ignore:input's size")
def test_instance_norm_does_not_count_channels_unless_it_has_to() -> None:
    """16 declared, 3 given."""
    assert nn.InstanceNorm2d(16)(torch.randn(1, 3, 4, 4)).shape == (1, 3, 4, 4)
    with pytest.raises(ValueError, match="to match num_features"):
        nn.InstanceNorm2d(16, affine=True)(torch.randn(1, 3, 4, 4))


@pytest.mark.parametrize(("name", "total"), [("ResNet50", 25_636_712), ("MobileNetV2", 3_538_984)])
def test_keras_applications_have_the_size_that_the_page_says(name: str, total: int) -> None:
    """Statistics included."""
    assert getattr(keras.applications, name)(weights=None).count_params() == total
    assert f"{total:,}" in page("normalization")


def test_dropout_doubles_what_it_keeps() -> None:
    """1 to 6 with the second and the last kept; 0 and 2 for ones; as they were in eval mode."""
    x, kept = torch.arange(1.0, 7), torch.tensor([0.0, 1, 0, 0, 0, 1])
    rows = {row[0]: numbers(" ".join(row[1:])) for row in table("dropout", "Position")}

    assert (kept * x / 0.5).tolist() == rows["$`y = m\\,x/(1 - 0.5)`$"] == [0, 4, 0, 0, 0, 12]
    assert set(nn.Dropout(0.5)(torch.ones(1000)).tolist()) == {0, 2}
    assert torch.equal(nn.Dropout(0.5).eval()(x), x)
    assert {0.0, 1.1111} == {round(each, 4) for each in nn.Dropout(0.1)(torch.ones(1000)).tolist()}
    assert "at $`p = 0.1`$ multiplied by 1.1111" in page("dropout")
    assert "from 21 to 16" in page("dropout")
    assert float((kept * x / 0.5).sum()) == 16


def test_the_mean_of_many_draws_is_the_input() -> None:
    """Over 20,000 draws the sum of 1 to 6 comes near 21."""
    torch.manual_seed(0)
    x = torch.arange(1.0, 7)
    sums = nn.Dropout(0.5)(x.expand(20_000, 6)).sum(dim=1)

    assert abs(float(sums.mean()) - 21) < 0.3


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    """What is dropped starts from SELU's lowest value, and all is put right."""
    torch.manual_seed(0)
    out = nn.AlphaDropout(0.5)(torch.randn(200_000))

    assert abs(float(out.mean())) < 0.01
    assert abs(float(out.std()) - 1) < 0.01
    assert round(float(nn.SELU()(torch.tensor(-50.0))), 4) == -1.7581
    assert "−1.7581" in page("dropout")


FUNCTIONS = {'`GELU("tanh")`': nn.GELU("tanh")}


@pytest.mark.parametrize(
    ("first", "inputs"),
    [
        ("Function | x = −2 | x = 0 | x = 2 | Values", (-2.0, 0.0, 2.0)),
        ("Function | x > 0", (-2.0, 2.0)),
        ("Function | Formula", (-2.0, 0.0, 2.0)),
    ],
)
def test_every_value_of_an_activation_is_pytorchs(first: str, inputs: tuple[float, ...]) -> None:
    """Each row of the tables, to four decimals."""
    rows = table("activations", first)
    assert len(rows) >= 3
    for row in rows:
        name = re.search(r"`(\w+)`", row[0])
        module = FUNCTIONS.get(row[0]) or getattr(nn, name[1])()  # type: ignore[index]
        cells = row[1 : 1 + len(inputs)] if len(row) == len(inputs) + 2 and "Values" in first else row[-len(inputs) :]
        printed = [numbers(cell)[0] for cell in cells]

        assert np.allclose(printed, module(torch.tensor(inputs)).detach(), atol=6e-5), row


def test_softmax_of_one_two_three() -> None:
    """The exponentials, the shares, their logarithms, and the same shares for larger numbers."""
    rows = {row[0]: numbers(" ".join(row[1:4])) for row in table("activations", "Position")}
    x = torch.tensor([1.0, 2, 3])

    assert np.allclose(rows["$`e^{x}`$"], x.exp(), atol=6e-5)
    for name in ("Softmax", "Softmin", "LogSoftmax"):
        assert np.allclose(rows[f"`{name}`"], getattr(nn, name)(0)(x), atol=6e-5)
    assert torch.isinf((x + 1000).exp()).all()
    assert torch.allclose(nn.Softmax(0)(x + 1000), nn.Softmax(0)(x))


def test_the_two_gelus_are_close() -> None:
    """Less than 0.0005 apart, and not equal."""
    x = torch.linspace(-8, 8, 100_001)
    apart = float((nn.GELU()(x) - nn.GELU("tanh")(x)).abs().max())

    assert 0.0004 < apart < 0.0005
    assert "less than 0.0005" in page("activations")


def test_where_functions_are_flat() -> None:
    """Slopes at 0 and at 5: what is left of them on the way back."""
    slopes = []
    for module in (nn.Sigmoid(), nn.Tanh(), nn.ReLU()):
        x = torch.tensor([0.0, 5], requires_grad=True)
        [slope] = torch.autograd.grad(module(x).sum(), x)
        slopes.append([round(each, 4) for each in slope.tolist()])

    assert [[0.25, 0.0066], [1, 0.0002]] == slopes[:2]
    assert slopes[2][1] == 1
    for words in (
        "σ is 0.25 at 0, its largest, and 0.0066 at 5",
        "tanh is 1 at 0 and 0.0002 at 5",
        "1 for every positive",
    ):
        assert words in page("activations"), words


def test_a_relu_by_hand_keeps_places() -> None:
    """Two channels of 2 × 2, and the memory of LeNet's first maps."""
    maps = torch.tensor([[[[-1.0, 2], [0, -3]], [[4, -5], [6, 7]]]])
    for values in (*maps[0], *nn.ReLU()(maps)[0]):
        assert r" \\ ".join(" & ".join(f"{value:g}" for value in row) for row in values.tolist()) in page("activations")
    numbers_kept = torch.zeros(1, 6, 28, 28)
    size = numbers_kept.numel() * numbers_kept.element_size()
    assert f"{numbers_kept.numel():,} numbers, {size:,} B" in page("activations")


@pytest.mark.filterwarnings("ignore:Implicit dimension")
@pytest.mark.parametrize(("shape", "axis"), [((4,), 0), ((2, 3), 1), ((2, 3, 4), 0), ((2, 3, 4, 5), 1)])
def test_softmax_guesses_its_axis_by_rank(shape: tuple[int, ...], axis: int) -> None:
    """0 for 0, 1 or 3 axes, else 1."""
    x = torch.randn(shape)

    assert torch.equal(nn.Softmax()(x), nn.Softmax(axis)(x))
