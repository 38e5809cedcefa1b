"""Numbers that the pages about positions, activations and residual connections print."""

from __future__ import annotations

from math import cos, exp, log, sin, sqrt
from pathlib import Path

import pytest

from calc.scene import digits
from calc.values import chain, positions
from calc.values.activations import FUNCTIONS
from calc.values.shares import cross_entropy, entropy, powers, tempered


def page(name: str) -> str:
    return (Path(__file__).parents[2] / "docs" / "en" / f"{name}.md").read_text(encoding="utf-8")


def fixed(numbers: tuple[float, ...]) -> str:
    """Four decimals each."""
    return ", ".join(f"{number:.4f}" for number in numbers).replace("-", "−")


def test_the_worked_rows_of_positions() -> None:
    """Rows 1 and 2 in the paper's order, row 1 in tensor2tensor's."""
    rows = positions.interleaved(3, 4)
    text = page("positions-by-hand")

    for row in (rows[1], rows[2], positions.concatenated(2, 4)[1]):
        assert f"({fixed(row)})" in text
    assert [wave.divisor for wave in positions.interleaved_waves(4)] == [1, 1, 100, 100]
    assert [round(wave.divisor) for wave in positions.concatenated_waves(4)] == [1, 10000, 1, 10000]
    assert f"once in {positions.interleaved_waves(4)[0].period:.2f} positions" in text.replace("turns once", "once")


@pytest.mark.parametrize(("one", "other"), [(0, 1), (7, 8), (0, 2), (0, 0)])
def test_the_products_of_rows(one: int, other: int) -> None:
    """As the table has them, and as cosines of the distance."""
    product = positions.products(positions.interleaved(9, 4), one)[other]

    assert product == pytest.approx(cos(other - one) + cos((other - one) / 100))
    line = next(line for line in page("positions-by-hand").splitlines() if line.startswith(f"| {one} and {other} |"))
    assert line.endswith(f"| {digits(product)} |")


def test_the_scaled_sum_and_the_spreads() -> None:
    """0.6 + sin 1; √512 beside the spread of a sine."""
    text = page("positions-by-hand")
    [[total, *_]] = positions.added(positions.embedded([[0.3, 0, 0, 0]], [0]), [positions.interleaved(2, 4)[1]])

    assert f"0.6 + {sin(1):.4f} = {total:.4f}" in text
    assert f"√d makes that {sqrt(512):.1f}" in text
    assert f"about {sqrt(0.5):.2f} of the sines" in text


def test_the_slopes_of_activations() -> None:
    """At the places that the page names, and through ten sigmoids."""
    text = page("activations-by-hand")
    sigmoid, tanh = FUNCTIONS["Sigmoid"], FUNCTIONS["Tanh"]

    assert [sigmoid.steepest(), tanh.steepest(), FUNCTIONS["ReLU"].steepest()] == [0.25, 1, 1]
    assert f"and {sigmoid.slope(5):.4f} at 5" in text
    assert f"1 at 0, {tanh.slope(5):.4f} at 5" in text
    assert f"{0.25**10 * 1e7:.2f} \\cdot 10^{{-7}}" in text
    value = sigmoid.value(-1)
    assert (
        f"= {value:.4f}`$, and the slope there is $`{value:.4f} \\cdot {1 - value:.4f} = {sigmoid.slope(-1):.4f}`$"
        in text
    )
    exact, other = FUNCTIONS["GELU"], FUNCTIONS["GELU, tanh"]
    assert max(abs(exact.value(x / 100) - other.value(x / 100)) for x in range(-1000, 1000)) < 0.0005


@pytest.mark.parametrize("temperature", [0.5, 1, 2])
def test_the_table_of_temperatures(temperature: float) -> None:
    """Shares, entropy and loss of 2, 1, 0."""
    shares = tempered((2, 1, 0), temperature)
    loss = cross_entropy([[logit / temperature for logit in (2, 1, 0)]], [0])
    row = f"| {digits(temperature)} | {fixed(shares)} | {entropy(shares):.4f} | {loss:.4f} |"
    assert row in page("activations-by-hand")


def test_the_other_numbers_of_softmax() -> None:
    """Powers, softmax twice, and what equal shares cost."""
    text = page("activations-by-hand")
    made = powers((2, 1, 0), 1)

    assert f"{made[0]:.4f}, {made[1]:.4f} and 1, together {sum(made):.4f}" in text
    assert fixed(tempered(tempered((2, 1, 0)))) in text
    assert f"{log(10):.4f} for 10 classes, {log(1000):.4f} for 1,000" in text
    assert tempered((1002, 1001, 1000)) == tempered((2, 1, 0))
    assert exp(2) == made[0]


@pytest.mark.parametrize(
    ("w", "layers", "printed"),
    [
        (0.5, 10, ("0.5^{10} = 0.001", "1.5^{10} = 57.665")),
        (0.1, 10, ("0.1^{10} = 10^{-10}", "1.1^{10} = 2.5937")),
        (0.9, 10, (None, "1.9^{10} = 613.1")),
        (0.5, 2, ("0.5 · 0.5 = 0.25", "1.5 · 1.5 = 2.25")),
    ],
)
def test_the_gradients_of_chains(w: float, layers: int, printed: tuple[str | None, str]) -> None:
    """Without skips and with them."""
    for skip, words in zip((False, True), printed, strict=True):
        if words:
            gradient = chain.gradients(1.0, w, layers, bent=False, skip=skip)[0]
            last = words.split("= ")[1]
            if last == "10^{-10}":
                assert gradient == pytest.approx(1e-10)
            else:
                assert f"{gradient:.{len(last.partition('.')[2])}f}" == last
            assert words in page("residual-by-hand")


def test_a_negative_weight_fades_in_both() -> None:
    """−0.5 is as small with skips as without."""
    both = [chain.gradients(1.0, -0.5, 10, bent=False, skip=skip)[0] for skip in (False, True)]
    assert [f"{each:.3f}" for each in both] == ["0.001", "0.001"]
    assert chain.gradients(1.0, -1.0, 3, bent=False, skip=True)[0] == 0
