"""A model of a few lines, to be wrong in one of them."""

from __future__ import annotations

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def net(made: str, run: str, takes: str = "x") -> str:
    """A model of a few lines: `__init__` goes on in line 7, `forward` follows."""
    begin = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    init = "".join(f"        {line}\n" for line in made.splitlines())
    forward = "".join(f"        {line}\n" for line in run.splitlines())
    return f"{HEAD}{begin}{init}    def forward(self, {takes}):\n{forward}"
