"""How a class of modules is made where nobody says: as the source writes it somewhere, or with its own settings."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

from calc.errors import CalcError
from calc.torch import words
from calc.torch.modules import Module
from calc.tracing.code_read import bound
from calc.tracing.pasted import Pasted

CONFIGURATIONS = words("config cfg conf configs args opt opts hparams params hyperparameters")
"""Names of an argument that is an object of settings."""

USUAL = {
    "num_classes": 10, "n_classes": 10, "nclass": 10, "n_class": 10, "class_num": 10, "classes": 10, "nc": 10,
    "num_class": 10, "out_features": 10, "output_size": 10, "output_dim": 10, "out_dim": 10, "n_out": 10,
    "num_labels": 2,
    "in_channels": 3, "in_channel": 3, "in_ch": 3, "n_channels": 3, "channels": 3, "img_channels": 3, "in_chans": 3,
    "inplanes": 64, "in_planes": 64, "channel": 64, "dim": 64, "out_channels": 64, "out_ch": 64, "planes": 64,
    "vocab_size": 10000, "src_vocab_size": 10000, "tgt_vocab_size": 10000, "src_vocab": 10000, "tgt_vocab": 10000,
    "ntoken": 10000, "num_embeddings": 10000, "input_dim": 100, "input_size": 100, "in_features": 100, "n_in": 100,
    "d_model": 512, "embed_dim": 512, "embed_size": 512, "embedding_dim": 128, "emb_dim": 128, "hidden_size": 128,
    "hidden_dim": 128, "nhid": 128, "d_ff": 2048, "num_heads": 8, "nhead": 8, "n_heads": 8, "heads": 8, "h": 8,
    "num_layers": 2, "n_layers": 2, "nlayers": 2, "depth": 6, "image_size": 224, "img_size": 224, "patch_size": 16,
    "mlp_dim": 2048, "frames": 16, "image_patch_size": 16, "frame_patch_size": 2, "ndim": 2, "input_shape": (3, 64, 64),
    "cls_depth": 2, "spatial_depth": 6, "temporal_depth": 6, "ninp": 512, "n_hidden": 128, "n_layer": 6, "n_head": 8,
    "n_embd": 512, "n_embed": 512, "z_dim": 100, "nz": 100, "ngf": 64, "ndf": 64, "max_len": 512,
    "max_length": 512, "seq_len": 128, "block_size": 128, "dropout": 0.1, "latent_dim": 100,
}  # fmt: skip
"""Values that such arguments often have, for the way out of an error."""


def needed(made: Any) -> list[str]:
    """The arguments without which it cannot be made."""
    try:
        parameters = inspect.signature(made).parameters.values()
    except (TypeError, ValueError):
        return []
    fixed = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [each.name for each in parameters if each.default is inspect.Parameter.empty and each.kind not in fixed]


def unclear(name: str, made: Any) -> CalcError:
    """An error that shows a signature, and an entry that may do."""
    names = needed(made)
    example = ", ".join(f"{each}={USUAL.get(each.lower(), '...')!r}".replace("'...'", "...") for each in names)
    whole = inspect.signature(made)
    plain = [each.replace(annotation=inspect.Parameter.empty) for each in whole.parameters.values()]
    signature = whole.replace(parameters=plain, return_annotation=inspect.Signature.empty)
    return CalcError(
        f"it is not plain how {name}{signature} is made", knob="entry", hint=f"say so, as in {name}({example})"
    )


def without_arguments(name: str, made: type[Module]) -> Module:
    """A module of a class that needs none; an error with its signature where it does."""
    if needed(made):
        raise unclear(name, made)
    model: Module = made()
    return model


def constructions(name: str, found: Pasted) -> Iterator[ast.Call]:
    """Calls of a class outside classes, with arguments that the script knows, in its order."""
    for statement in found.tree.body:
        if isinstance(statement, ast.ClassDef):
            continue
        local: set[str] = set()
        if isinstance(statement, ast.FunctionDef):
            local = {each.arg for each in ast.walk(statement) if isinstance(each, ast.arg)}
            local |= {name for each in statement.body for name in bound(each)}
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                given = [*node.args, *(each.value for each in node.keywords)]
                read = {each.id for value in given for each in ast.walk(value) if isinstance(each, ast.Name)}
                if not read & local:
                    yield node


def configured(name: str, made: type[Module], found: Pasted) -> tuple[Module, str] | None:
    """A model that takes one object of settings, which the source defines with defaults."""
    names = needed(made)
    if len(names) != 1 or names[0].lower() not in CONFIGURATIONS:
        return None
    for other, each in found.scope.items():
        settings = isinstance(each, type) and (is_dataclass(each) or other.lower().endswith(CONFIGURATIONS))
        if settings and not issubclass(each, Module) and not needed(each):
            return made(each()), f"Model: {name}({other}())."
    return None
