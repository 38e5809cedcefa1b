"""Attention as PyTorch code: the call, or what a layer does inside that has no such call."""

from __future__ import annotations

from collections.abc import Mapping

from calc.panels.printed import literal, prints_values, tensor
from calc.panels.snippet import snippet
from calc.values.attention import FILL, ZERO
from calc.values.matrix import Matrix

NONE, CAUSAL, LOWER, TYPED = "none", "causal, as is_causal=True has it", "causal, lower right", "as typed below"


def attention_code(tensors: Mapping[str, Matrix], mask: str, allowed: Matrix, whole: str, output: Matrix) -> str:
    """The three `tensors` under their names, the mask, and the output, which is printed."""
    lines = [f"{name} = {tensor(matrix, len(name) + 3)}" for name, matrix in tensors.items()]
    queries, keys = len(tensors["query"]), len(tensors["key"])
    built_in = whole == ZERO
    if mask == TYPED:
        lines.append(f"mask = torch.tensor({literal(allowed, 20)}, dtype=torch.bool)")
    elif mask == LOWER or (mask == CAUSAL and not built_in):
        ahead = keys - queries if mask == LOWER else 0
        lines.append(f"mask = torch.ones({queries}, {keys}, dtype=torch.bool).tril({ahead or ''})")
    if built_in:
        given = {NONE: "", CAUSAL: ", is_causal=True"}.get(mask, ", attn_mask=mask")
        lines += ["", f"output = F.scaled_dot_product_attention(query, key, value{given})"]
    else:
        lines += ["", "scores = query @ key.T / query.shape[1] ** 0.5"]
        if mask != NONE:
            fill = "-1e9" if whole == FILL else 'float("-inf")'
            lines.append(f"scores = scores.masked_fill(~mask, {fill})")
        lines.append("output = scores.softmax(dim=-1) @ value")
    imports = "import torch\nimport torch.nn.functional as F\n\n" if built_in else "import torch\n\n"
    return snippet(imports + "\n".join(lines) + "\n" + prints_values("output", output))
