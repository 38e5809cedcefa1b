"""Normalisation in PyTorch: the code that computes what a demo shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from calc.panels.printed import literal, printed, prints, tensor
from calc.values.matrix import Matrix, Vector
from calc.values.nested import Nested, at_cell, filled, shape_of
from calc.values.normalize import refusal

CALLS = {
    "batch": "F.batch_norm(x, None, None, {learned}training=True, eps={eps})",
    "layer": "F.layer_norm(x, {shape}, {learned}eps={eps})",
    "group": "F.group_norm(x, {groups}, {learned}eps={eps})",
    "instance": "F.instance_norm(x, {learned}eps={eps})",
    "RMS": "F.rms_norm(x, {shape}, {learned}eps={eps})",
}


def torch_code(kind: str, x: Nested, output: Nested, learned: Mapping[str, Nested], num_groups: int, eps: float) -> str:
    """The call that computes the very same, and what it prints."""
    given = {name: value for name, value in learned.items() if value is not None}
    shape = shape_of(x)[1:]
    call = CALLS[kind].format(
        shape=str(tuple(shape)),
        groups=num_groups,
        learned="".join(f"{name}={name}, " for name in given),
        eps=f"{eps:g}",
    )
    tensors = "".join(f"{name} = {tensor(value, len(name) + 3)}\n" for name, value in {"x": x, **given}.items())
    shown = prints("y.round(decimals=4) + 0", rounded(output))
    return f"import torch\nfrom torch.nn import functional as F\n\n{tensors}y = {call}\n{shown}\n"


def rounded(numbers: Nested) -> str:
    """A tensor as it prints with `.round(decimals=4) + 0`.

    Rounded, because next to a number such as 1e-17 PyTorch would print all of them with exponents; + 0 makes 0 of −0.
    """
    return printed(filled(shape_of(numbers), lambda cell: round(at_cell(numbers, cell), 4) + 0.0))


def module(features: int, learned: Mapping[str, Vector | None], eps: float, momentum: float) -> str:
    """A batch norm as `norm`."""
    options = f"eps={eps:g}, momentum={momentum:.12g}, dtype=torch.float64"
    start = f"import torch\nfrom torch import nn\n\nnorm = nn.BatchNorm1d({features}, {options})\n"
    lines = [
        f"    norm.{name}[:] = torch.tensor({literal(given)})\n" for name, given in learned.items() if given is not None
    ]
    return start + (f"with torch.no_grad():\n{''.join(lines)}" if lines else "")


def refused_code(batch: Matrix) -> str:
    """A batch that PyTorch does not train on."""
    said = refusal((len(batch), len(batch[0])))
    call = f"try:\n    norm({tensor(batch, 9)})\nexcept ValueError as refused:\n    print(refused)"
    return f"{call}  # {said}\n"


def trained_code(batches: Sequence[Matrix], kept: tuple[Vector, Vector], inferred: Matrix, *, biased: bool) -> str:
    """One call for each batch, the running statistics, and the last batch at inference.

    With `biased` the running statistics move as in Keras, which takes the batch's variance as it is.
    """
    listed = "".join(f"    {tensor(batch, 4)},\n" for batch in batches)
    step = "    norm(batch)\n"
    if biased:
        step = (
            "    # PyTorch would divide by n − 1 here.\n"
            "    norm.running_mean.lerp_(batch.mean(0), norm.momentum)\n"
            "    norm.running_var.lerp_(batch.var(0, unbiased=False), norm.momentum)\n"
        )
    return (
        f"for batch in (\n{listed}):\n{step}\n"
        f"{prints('norm.running_mean.round(decimals=4) + 0', rounded(kept[0]))}\n"
        f"{prints('norm.running_var.round(decimals=4) + 0', rounded(kept[1]))}\n\n"
        f"norm.eval()\n{prints('norm(batch).detach().round(decimals=4) + 0', rounded(inferred))}\n"
    )
