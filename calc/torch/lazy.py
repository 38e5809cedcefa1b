"""`nn.LazyLinear` and its like: layers that learn from their first input how wide it is."""

from __future__ import annotations

from functools import cache
from typing import Any

from calc.torch.layers import LayerModule, layer_module
from calc.torch.modules import Module
from calc.torch.tensor import Tensor

WIDTHS = {
    "Linear": "in_features",
    **{f"Conv{axes}d": "in_channels" for axes in (1, 2, 3)},
    **{f"ConvTranspose{axes}d": "in_channels" for axes in (1, 2, 3)},
    **{f"BatchNorm{axes}d": "num_features" for axes in (1, 2, 3)},
    **{f"InstanceNorm{axes}d": "num_features" for axes in (1, 2, 3)},
}
"""The argument that is worked out."""


class Lazy(Module):
    """A layer without weights until it is called; then it is the layer itself."""

    kind: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        # Checked now: what is wrong with the other arguments is wrong where they stand.
        layer_module(self.kind)(1 if not kwargs.get("groups") else kwargs["groups"], *args, **kwargs)
        self.__dict__.update(_given=(args, kwargs))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        first = next((each for each in (*args, *kwargs.values()) if isinstance(each, Tensor)), None)
        if first is not None and first._shape:
            self._become(first)
        return super().__call__(*args, **kwargs) if isinstance(self, Lazy) else self(*args, **kwargs)

    def _become(self, first: Tensor) -> None:
        given, options = self._given
        line, training = self.__dict__["_made_line"], self.training
        axes = 0 if self.kind == "Linear" else int(self.kind[-2])
        # Without a batch axis channels come first.
        at = -1 if self.kind == "Linear" else 0 if first.ndim == axes + 1 and "Conv" in self.kind else 1
        width = first._shape[at] if first.ndim > max(at, 0) else 1
        made: type[LayerModule] = layer_module(self.kind)
        object.__setattr__(self, "__class__", made)
        made.__init__(self, width, *given, **options)  # type: ignore[arg-type]
        self.__dict__.update(_made_line=line, training=training)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return layer_module(self.kind)(1, *self._given[0], **self._given[1])(*args, **kwargs)


@cache
def lazy_module(kind: str) -> type[Lazy]:
    """The class of a layer that waits for its input."""
    return type(f"Lazy{kind}", (Lazy,), {"kind": kind, "__doc__": f"`nn.{kind}` that works out {WIDTHS[kind]}."})
