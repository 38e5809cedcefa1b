"""Gradient descent on a kernel, against PyTorch's autograd."""

from __future__ import annotations

from random import Random
from typing import Any

from calc.values.convolve import correlate, flat
from calc.values.descent import curvature, descend, directions, edge_image, loss
from site_tests.values import Case


def _matrix(draw: Random, rows: int, columns: int) -> Any:
    return tuple(tuple(round(draw.uniform(-1, 1), 3) for _ in range(columns)) for _ in range(rows))


def _drawn(draw: Random) -> dict[str, Any]:
    """An image, a target and a start of equal size, and a rate that is stable for most."""
    size = (draw.randint(1, 3), draw.randint(1, 3))
    image = _matrix(draw, *(each + draw.randint(0, 4) for each in size))
    target, start = _matrix(draw, *size), _matrix(draw, *size)
    return {"image": image, "target": target, "start": start, "rate": draw.uniform(0.001, 0.03)}


def _ours(image: Any, target: Any, start: Any, rate: float) -> Any:
    taken = descend(image, correlate(image, target), start, rate, 6).steps
    return [[step.loss, step.gradient, step.kernel] for step in taken]


def _torch(image: Any, target: Any, start: Any, rate: float) -> Any:
    import torch
    from torch.nn.functional import conv2d

    x, wanted, kernel = (torch.tensor(each, dtype=torch.float64)[None, None] for each in (image, target, start))
    y = conv2d(x, wanted)
    taken = []
    for _ in range(7):
        kernel.requires_grad_(True)
        total = ((conv2d(x, kernel) - y) ** 2).sum()
        [slope] = torch.autograd.grad(total, kernel)
        taken.append([total.item(), slope[0, 0].tolist(), kernel[0, 0].tolist()])
        kernel = kernel.detach() - rate * slope
    return taken


def _curved(image: Any, target: Any, start: Any, rate: float) -> Any:
    """The second derivatives, and their eigenvalues from the largest."""
    second = curvature(image, (len(start), len(start[0])))
    return [second, [value for value, _ in directions(second)]]


def _torch_curved(image: Any, target: Any, start: Any, rate: float) -> Any:
    import torch
    from torch.nn.functional import conv2d

    x, kernel = (torch.tensor(each, dtype=torch.float64)[None, None] for each in (image, start))
    y = conv2d(x, torch.tensor(target, dtype=torch.float64)[None, None])

    def total(entries: Any) -> Any:
        return ((conv2d(x, entries.reshape(kernel.shape)) - y) ** 2).sum()

    hessian: Any = torch.autograd.functional.hessian
    second = hessian(total, kernel.flatten())
    return [second.tolist(), torch.linalg.eigvalsh(second).flip(0).tolist()]


def _slope(image: Any, target: Any, start: Any, rate: float) -> Any:
    """The gradient from the loss alone: a parabola's slope is that of its chord, however wide."""
    wanted = correlate(image, target)
    slopes = []
    for index in range(len(flat(start))):
        losses = []
        for step in (0.5, -0.5):
            moved = [entry + step * (place == index) for place, entry in enumerate(flat(start))]
            width = len(start[0])
            losses.append(loss(image, [moved[at : at + width] for at in range(0, len(moved), width)], wanted))
        slopes.append(losses[0] - losses[1])
    return slopes


def _torch_slope(image: Any, target: Any, start: Any, rate: float) -> Any:
    return flat(_torch(image, target, start, rate)[0][1])


def _learned(given: dict[str, Any]) -> Any:
    """A truth row: the loss before each step, the kernel after it."""
    image = edge_image()
    wanted = correlate(image, [given["target_kernel"]])
    taken = descend(image, wanted, [given["init"]], given["lr"], given["steps"]).steps
    return {"losses": [step.loss for step in taken[:-1]], "weights_after_step": [step.kernel[0] for step in taken[1:]]}


TRUTH = {"learn_edge_kernel": _learned}

CASES = {
    "descend": Case(_drawn, _ours, _torch),
    "curvature": Case(_drawn, _curved, _torch_curved),
    "loss": Case(_drawn, _slope, _torch_slope),
}
