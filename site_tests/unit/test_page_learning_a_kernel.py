"""Numbers on the page of learning a kernel."""

from __future__ import annotations

from pathlib import Path

from calc.demos.learn_kernel import LearnKernel
from calc.demos.loss_words import figures
from calc.scene import digits
from calc.values.convolve import correlate, flat, sizes
from calc.values.descent import curvature, descend, directions, edge_image

PAGE = Path(__file__).parents[2] / "docs" / "en" / "learning-a-kernel.md"
IMAGE = edge_image()
WANTED = correlate(IMAGE, ((1, -1),))


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_image_and_what_is_wanted() -> None:
    """Each row of both."""
    assert sizes(IMAGE) == (6, 8)
    assert f"eight columns: {' '.join(map(digits, IMAGE[0]))}." in page()
    assert f"makes {' '.join(map(digits, WANTED[0]))} of each row" in page()
    assert f"the output has {len(flat(WANTED))} cells" in page()


def test_the_table_of_steps() -> None:
    """Kernel, loss and gradient of the first five, and the kernel after ten."""
    taken = descend(IMAGE, WANTED, ((0, 0),), 0.03, 10).steps
    for number, step in enumerate(taken[:5], 1):
        kernel, slope = (", ".join(map(digits, flat(each))) for each in (step.kernel, step.gradient))
        assert f"| {number} | {kernel} | {digits(step.loss)} | {slope} |" in page()
    assert f"After ten steps the kernel is ({', '.join(map(digits, taken[-1].kernel[0]))})." in page()
    assert list(taken[0].gradient[0]) == [2 * 6 * -1, 2 * 6]


def test_curvature_and_rates() -> None:
    """Second derivatives, their directions, the limit, and what a step leaves."""
    second = curvature(IMAGE, (1, 2))
    [(steep, along), (flatter, across)] = directions(second)

    assert f"are ({', '.join(map(digits, second[0]))}), ({', '.join(map(digits, second[1]))}):" in page()
    assert f"{digits(steep)} along (1, 1), {digits(flatter)} along (1, −1)" in page()
    assert along[0] == along[1]
    assert abs(across[0] + across[1]) < 1e-12
    assert f"rates below 2/{digits(steep)} = {digits(2 / steep)} are stable" in page()
    left = 1 - 0.03 * flatter
    assert rf"$`1 - 0.03 \cdot {digits(flatter)} = {digits(left)}`$" in page()
    assert f"$`{digits(left)}^2 = {digits(left**2)}`$ of the loss" in page()


def test_a_mean_takes_a_larger_rate() -> None:
    """42 times smaller gradients, a limit 42 times larger."""
    limit = LearnKernel().largest_rate
    assert f"{digits(limit * 42)} instead of {digits(limit)}" in page()


def test_a_third_more_diverges() -> None:
    """The lead's example, and the factor in the pitfall."""
    assert "set `lr` to 0.04: a third more" in page()
    demo = LearnKernel(lr=0.04)
    assert demo.descent.steps[-1].loss > demo.descent.steps[0].loss
    assert f"multiplied by {figures(1 - 0.04 * 60)} at each step" in page()


def test_an_image_of_ones_shows_one_direction() -> None:
    """Weights that add up to 0 give 0; the other direction has no curvature."""
    ones = LearnKernel(image=((1,) * 8,) * 6, lr=0.005, steps=30)
    [kernel] = ones.descent.steps[-1].kernel

    assert ones.descent.steps[-1].loss < 1e-9
    assert abs(sum(kernel)) < 1e-6
    assert abs(kernel[0] - 1) > 0.1
    assert ones.bends[1][0] == 0
