"""The step of a cell as PyTorch code that prints the same, and as formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from calc.panels.printed import printed, prints, tensor
from calc.panels.snippet import snippet
from calc.worked import tex


def given(tensors: Mapping[str, Sequence[object]]) -> list[str]:
    """The imports, and each tensor under its name."""
    lines = [f"{name} = {tensor(values, len(name) + 3)}" for name, values in tensors.items()]
    return ["import torch", "from torch import nn", "", *lines, ""]


def load_line(layer: str, names: Mapping[str, str]) -> str:
    """What gives a layer its weights: PyTorch's names to those of variables."""
    pairs = "".join(f'    "{own}": {variable},\n' for own, variable in names.items())
    return f"{layer}.load_state_dict({{\n{pairs}}})"


def cell_code(
    name: str,
    tensors: Mapping[str, Sequence[object]],
    state: str,
    answers: Mapping[str, Sequence[float]],
    nonlinearity: str = "tanh",
) -> str:
    """A cell given its weights and applied to x and `state`; each answer is printed.

    `tensors` are the weights, then x and the states, by name.
    """
    options = "" if nonlinearity == "tanh" else f'nonlinearity="{nonlinearity}", '
    sizes = f"{len(tensors['x'])}, {len(tensors['h'])}"
    lines = [*given(tensors), f"cell = nn.{name}({sizes}, {options}dtype=torch.float64)"]
    lines.append(load_line("cell", {name: name for name in tensors if "_" in name}))
    lines += ["with torch.no_grad():", f"    {', '.join(answers)} = cell(x, {state})"]
    lines += [prints(name, printed(values)) for name, values in answers.items()]
    return snippet("\n".join(lines) + "\n")


def vector(numbers: Sequence[float]) -> str:
    """A list of numbers as TeX, in a line."""
    return f"({', '.join(map(tex, numbers))})"


def blend(*parts: str) -> str:
    """Lists of numbers multiplied number by number, in pairs that are added up."""
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return " + ".join(rf"{one} \odot {other}" for one, other in pairs)


def gate_line(
    name: str, function: str, from_x: Sequence[float], from_h: Sequence[float], made: Sequence[float]
) -> list[str]:
    """The formula of a gate, its sums, and its numbers as TeX."""
    sides = (rf"W_{{{side}{name}}}\,{of} + b_{{{side}{name}}}" for side, of in ("ix", "hh"))
    return [
        rf"{name} = {function}({' + '.join(sides)})",
        rf"{function}({vector(from_x)} + {vector(from_h)})",
        vector(made),
    ]


def reset_first_code(tensors: Mapping[str, Sequence[object]], answer: Sequence[float]) -> str:
    """A GRU that multiplies the state with the reset gate before the product, written out."""
    source = [*given(tensors), *RESET_FIRST, prints("h", printed(answer))]
    source.remove("from torch import nn")
    return snippet("\n".join(source) + "\n")


RESET_FIRST = (
    "# PyTorch has no such cell; this is what Keras computes with reset_after=False.",
    "m = len(h)",
    "from_x = weight_ih @ x + bias_ih",
    "r, z = torch.sigmoid(from_x[: 2 * m] + weight_hh[: 2 * m] @ h + bias_hh[: 2 * m]).chunk(2)",
    "n = torch.tanh(from_x[2 * m :] + weight_hh[2 * m :] @ (r * h) + bias_hh[2 * m :])",
    "h = (1 - z) * n + z * h",
)
