"""Blocks and networks against PyTorch: their printed source, run and compared."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import calc
from calc.blocks import BLOCKS
from calc.calculators import CALCULATORS
from calc.layer_base import Layer, Shape
from calc.network import Network
from calc.networks import NETWORKS
from site_tests.examples import EXAMPLES
from site_tests.examples.example import made
from site_tests.parity.configs.blocks import DRAWN, block_cases
from site_tests.parity.configs.case import Case
from site_tests.parity.reference_blocks import REFERENCE

WIRED = [name for name, kind in (BLOCKS | NETWORKS).items() if issubclass(kind, Network) and not kind.dialect]
"""Everything that is wired from layers of PyTorch."""

COUNT, SEED = 60, 5


def module_of(network: Layer) -> nn.Module:
    """What the printed source makes."""
    space: dict[str, Any] = {}
    exec("\n".join(["import torch", "from torch import nn", *network.torch_lines()]), space)
    module: nn.Module = space["layer"]
    return module


def shapes_of(case: Case) -> dict[str, Shape]:
    return case.input if isinstance(case.input, dict) else {"input": case.input}


def answer(module: nn.Module, shapes: dict[str, Shape]) -> Shape | None:
    """The output's shape, None where PyTorch refuses the input."""
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # of tensors without cells
            return tuple(module(*(torch.randn(shape) for shape in shapes.values())).shape)
    except (RuntimeError, ValueError, IndexError):
        return None


def named(tensors: Any) -> list[tuple[str, Shape]]:
    return [(name, tuple(tensor.shape)) for name, tensor in tensors]


def test_random_blocks_agree_with_their_printed_source() -> None:
    """Names and shapes of parameters and buffers, output shapes, and which inputs are refused."""
    refused: Counter[bool] = Counter()
    for case in block_cases(COUNT, SEED):
        layer, shapes = CALCULATORS[case.layer](**case.arguments), shapes_of(case)
        module = module_of(layer)
        try:
            ours = layer(**shapes)
        except calc.CalcError:
            ours = None
        refused[ours is None] += 1

        assert ours == answer(module, shapes), case
        assert list(layer.weights()) == named(module.named_parameters()), case
        assert list(layer.buffers()) == named(module.named_buffers()), case
    assert min(refused.values()) > len(DRAWN) * COUNT // 8


def test_random_blocks_compute_what_blocks_written_by_hand_compute() -> None:
    """With the same weights, handed over by name, the printed source gives the numbers of code apart from it."""
    for case in block_cases(COUNT // 2, SEED + 1):
        layer = CALCULATORS[case.layer](**case.arguments)
        try:
            layer(**shapes_of(case))
        except calc.CalcError:
            continue
        compare_values(layer, REFERENCE[case.layer](**case.arguments), shapes_of(case))


@pytest.mark.parametrize("options", [{}, {"batch_norm": True}, {"batch_norm": True, "bias": False}])
def test_a_unet_computes_what_one_written_by_hand_computes(options: dict[str, bool]) -> None:
    """Levels, skips and their order in the concatenation."""
    layer = calc.calculators.layer("UNet", in_channels=2, num_classes=3, base_channels=2, **options)

    compare_values(layer, REFERENCE["UNet"](2, 3, 2, **options), {"input": (2, 2, 32, 48)})


def compare_values(layer: Layer, reference: nn.Module, shapes: dict[str, Shape]) -> None:
    torch.manual_seed(0)
    module, given = module_of(layer), [torch.randn(shape) for shape in shapes.values()]
    reference.load_state_dict(module.state_dict())
    with torch.no_grad():
        assert torch.allclose(module(*given), reference(*given), atol=1e-5), layer


@pytest.mark.parametrize("name", WIRED)
def test_products_are_those_that_pytorch_counts(name: str) -> None:
    """Half of what FlopCounterMode says about the printed source, on the meta device."""
    for example in EXAMPLES[name]:
        layer, shapes = made(CALCULATORS[name], example)
        # In training, because in eval mode a fused kernel of the Transformer is not counted.
        with torch.device("meta"), FlopCounterMode(display=False) as counter, torch.no_grad():
            module_of(layer)(*meta_inputs(layer, shapes))

        assert 2 * layer.macs(*shapes) == counter.get_total_flops(), layer


def meta_inputs(layer: Layer, shapes: Any) -> list[torch.Tensor]:
    types = [torch.long if port.dtype == "int" else torch.float for port in layer.required_inputs()]
    return [torch.zeros(shape, dtype=dtype, device="meta") for shape, dtype in zip(shapes, types, strict=True)]
