"""How far a place of a network sees, asked of PyTorch: which cells of the input get a gradient from it."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest
import torch
from torch import nn

from calc.calculators import CALCULATORS
from calc.layer_base import Shape
from calc.network import Network, Sequential
from site_tests.parity.test_networks import module_of

SEEN = [
    # (block or network, arguments, input that it is made for, sides of the one that PyTorch is asked about)
    ("VGGBlock", {"num_convs": 2, "in_channels": 1, "out_channels": 2}, (1, 1, 40, 40), (40, 40)),
    ("NiNBlock", {"in_channels": 1, "out_channels": 2, "kernel_size": 5, "stride": 2}, (1, 1, 40, 40), (40, 40)),
    ("Inception", {"in_channels": 1, "c1": 1, "c2": (1, 1), "c3": (1, 1), "c4": 1}, (1, 1, 20, 20), (20, 20)),
    ("BasicBlock", {"in_channels": 1, "out_channels": 1, "stride": 2}, (1, 1, 40, 40), (40, 40)),
    ("Bottleneck", {"in_channels": 4, "width": 1}, (1, 4, 40, 40), (40, 40)),
    ("DepthwiseSeparable", {"in_channels": 2, "out_channels": 1, "kernel_size": 5}, (1, 2, 20, 20), (20, 20)),
    ("DoubleConv", {"in_channels": 1, "out_channels": 1}, (1, 1, 20, 20), (20, 20)),
    # an image of a network is taken tall and narrow, so that much less is worked out
    ("UNet", {"base_channels": 1}, (1, 1, 432, 16), (432, 16)),
    ("LeNet5", {}, (1, 1, 28, 28), (60, 28)),
    ("AlexNet", {"num_classes": 2}, (1, 3, 227, 227), (400, 67)),
    ("NiN", {}, (1, 1, 224, 224), (400, 67)),
    ("VGG", {}, (1, 3, 224, 224), (448, 32)),
    ("GoogLeNet", {}, (1, 3, 224, 224), (1800, 33)),
    ("ResNet", {"depth": 18}, (1, 3, 224, 224), (600, 33)),
    ("ResNet", {}, (1, 3, 224, 224), (600, 33)),
]


@pytest.mark.parametrize(("name", "arguments", "shape", "sides"), SEEN)
def test_what_a_place_sees_is_what_has_a_gradient(
    name: str, arguments: dict[str, Any], shape: Shape, sides: tuple[int, int]
) -> None:
    """A place in the middle of each row's map depends on as many cells of the input as the table says."""
    network = CALCULATORS[name](**arguments)
    assert isinstance(network, Network)
    fields = {row.name: row.receptive_field[0] for row in network.rows(shape) if row.receptive_field}
    x = torch.ones((1, shape[1], *sides), requires_grad=True)
    maps = put_out(network, smoothed(module_of(network)), x, set(fields))

    assert {row: widest(out, x) for row, out in maps.items()} == {row: fields[row] for row in maps}
    assert len(maps) >= len(fields) * 3 // 4, "sums, concatenations and flattening have no module or no map"


def put_out(network: Network, module: nn.Module, x: torch.Tensor, wanted: set[str]) -> dict[str, torch.Tensor]:
    """What the layers give on an input; of a sequence those are called that see only a part of it."""
    maps: dict[str, torch.Tensor] = {}
    if isinstance(network, Sequential):
        for name in [name for name, _ in network.layers() if name in wanted]:
            maps[name] = x = getattr(module, name)(x)
        return {name: out for name, out in maps.items() if out.ndim == 4}
    for name, child in module.named_children():
        child.register_forward_hook(lambda _, __, out, name=name: maps.update({name: out}))
    module(x)
    return maps


def smoothed(module: nn.Module) -> nn.Module:
    """The same with positive weights and means for maxima, so that no gradient is 0 where there is a path."""
    for path, each in list(module.named_modules()):
        if isinstance(each, nn.MaxPool2d):
            parent = module.get_submodule(path.rpartition(".")[0])
            mean = nn.AvgPool2d(each.kernel_size, each.stride, each.padding, ceil_mode=each.ceil_mode)
            setattr(parent, path.rpartition(".")[2], mean)
    for parameter in module.parameters():
        nn.init.constant_(parameter, 1 / max(1, prod(parameter.shape[1:])))
    return module.eval()


def widest(out: torch.Tensor, x: torch.Tensor) -> int:
    """Cells between the first and the last with a gradient; the most of sixteen places in the middle.

    Behind a layer that makes a map larger, neighbours look into different cells.
    """
    found, places = 0, 16 if x.shape[1] == 1 and out.shape[2] > 100 else 2
    for row in range(out.shape[2] // 2, out.shape[2] // 2 + places):
        [gradient] = torch.autograd.grad(out[0, :, row, out.shape[3] // 2].sum(), x, retain_graph=True)
        touched = gradient[0].abs().sum(0).sum(1).nonzero()
        found = max(found, int(touched.max() - touched.min()) + 1)
    return found
