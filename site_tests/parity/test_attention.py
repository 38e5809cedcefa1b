"""Attention, Transformer layers and positions: values in PyTorch and Keras, and what the pages say of both."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

import calc
from calc.code import keras_code, torch_code
from calc.layer_base import NoEquivalent
from site_tests.parity.test_snippets import configurations, run

PAGES = Path(__file__).parents[2] / "docs" / "en"
TRUTH = Path(__file__).parents[3] / "shared" / "truth" / "masks_rnn_etc.json"


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def flops(module: nn.Module, *inputs: torch.Tensor, **call: Any) -> int:
    """What PyTorch's counter says on the meta device."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module.to("meta")(*(each.to("meta") for each in inputs), **call)
    return int(counter.get_total_flops())


Values = list["np.ndarray[Any, Any]"]


def projection(weight: torch.Tensor, bias: torch.Tensor | None, heads: int) -> Values:
    """A projection into heads as Keras keeps it: (width, heads, width of a head)."""
    matrix = weight.detach().numpy().T
    found = [matrix.reshape(matrix.shape[0], heads, -1)]
    return found if bias is None else [*found, bias.detach().numpy().reshape(heads, -1)]


def joined(linear: nn.Linear, heads: int) -> Values:
    """The projection out of the heads: (heads, width of a head, width)."""
    matrix = linear.weight.detach().numpy().T
    found = [matrix.reshape(heads, -1, matrix.shape[1])]
    return found if linear.bias is None else [*found, linear.bias.detach().numpy()]


def of_attention(module: nn.MultiheadAttention) -> Values:
    """Query, key, value and output, each with its bias."""
    names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
    packed = module.in_proj_weight
    weights = packed.chunk(3) if packed is not None else [getattr(module, name) for name in names]
    biases = [None] * 3 if module.in_proj_bias is None else module.in_proj_bias.chunk(3)
    values: Values = []
    for weight, bias in zip(weights, biases, strict=True):
        values += projection(weight, bias, module.num_heads)
    return values + joined(module.out_proj, module.num_heads)


def of_groups(module: Any) -> Values:
    """The block's four projections; keys and values have fewer heads."""
    kept = module.num_kv_heads
    values: Values = []
    for linear, heads in ((module.q_proj, module.num_heads), (module.k_proj, kept), (module.v_proj, kept)):
        values += projection(linear.weight, linear.bias, heads)
    return values + joined(module.out_proj, module.num_heads)


def of_others(module: Any) -> Values:
    """A dense layer or a norm."""
    return [each.detach().numpy().T for each in module.parameters()]


def copied(model: Any, module: nn.Module) -> None:
    """PyTorch's weights into a Keras model, kind by kind in the order of the calls."""
    # A sequence's own linear layers are calls, the ones inside attention are not.
    inside = {id(each.out_proj) for each in module.modules() if isinstance(each, nn.MultiheadAttention)}
    kinds: list[tuple[type, list[Values]]] = [
        (
            keras.layers.MultiHeadAttention,
            [of_attention(each) for each in module.modules() if isinstance(each, nn.MultiheadAttention)],
        ),
        (
            keras.layers.Dense,
            [of_others(each) for each in module.modules() if isinstance(each, nn.Linear) and id(each) not in inside],
        ),
        (
            keras.layers.LayerNormalization,
            [of_others(each) for each in module.modules() if isinstance(each, nn.LayerNorm)],
        ),
    ]
    if hasattr(module, "num_kv_heads"):
        kinds = [(keras.layers.GroupQueryAttention, [of_groups(module)])]
    for kind, values in kinds:
        layers = [layer for layer in model.layers if isinstance(layer, kind)]
        for layer, each in zip(layers, values, strict=True):
            layer.set_weights(each)


@pytest.mark.filterwarnings("ignore:.*softmax over axis")  # of a single key
@pytest.mark.parametrize(
    "name",
    [
        *("MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer"),
        *("GroupedQueryAttention", "PositionwiseFFN", "AddNorm"),
    ],
)
def test_keras_snippets_compute_the_same_numbers(name: str) -> None:
    """With PyTorch's weights, their heads on an axis of their own, the Keras snippet gives PyTorch's output."""
    compared = 0
    for layer, shapes in configurations(name, 120):
        try:
            space = run(keras_code(layer, *shapes))
        except NoEquivalent:
            continue
        torch.manual_seed(0)
        ours = run(torch_code(layer, *shapes))
        module = ours["layer"].eval()
        for parameter in module.parameters():  # norms and biases start as ones and zeros
            torch.nn.init.normal_(parameter)
        ports = layer.required_inputs()
        names = ["x"] if len(ports) == 1 else [port.name for port in ports]
        given = [ours[each] for each in names]
        # The fused path of inference is PyTorch's own affair: gradients switch it off.
        with torch.enable_grad():
            out = module(*given)
        expected = (out[0] if isinstance(out, tuple) else out).detach().numpy()
        if not np.isfinite(expected).all():
            continue  # a norm of one number with eps=0
        target = layer.keras_outputs[0] if layer.keras_outputs else "y"
        model = keras.Model([space[each] for each in names], space[target])
        copied(model, module)

        actual = model([each.numpy() for each in given]).detach().numpy()
        assert np.allclose(expected, actual, atol=1e-3), keras_code(layer, *shapes)
        compared += 1
    assert compared >= 2


def test_blocks_have_the_names_and_the_work_of_their_source() -> None:
    """Parameter names, shapes, buffers and MACs of the blocks are those of the PyTorch source on the page."""
    found = 0
    for name in ("GroupedQueryAttention", "PositionwiseFFN", "AddNorm", "SinusoidalPositions", "LearnedPositions"):
        for layer, shapes in configurations(name, 10):
            space = run(torch_code(layer, *shapes))
            module = space["layer"]
            names = ["x"] if len(shapes) == 1 else [port.name for port in layer.required_inputs()]

            assert list(layer.weights()) == [(key, tuple(each.shape)) for key, each in module.named_parameters()]
            assert list(layer.buffers()) == [(key, tuple(each.shape)) for key, each in module.named_buffers()]
            assert 2 * layer.macs(*shapes) == flops(module, *(space[each] for each in names))
            found += 1
    assert found >= 10


def test_heads_and_key_dim_as_the_page_has_them() -> None:
    """PyTorch's count does not depend on the heads; Keras's key_dim is the width of one."""
    assert {count(nn.MultiheadAttention(512, heads)) for heads in (1, 8, 64, 512)} == {1_050_624}
    for key_dim, expected in ((64, 1_050_624), (512, 8_401_408)):
        layer = keras.layers.MultiHeadAttention(8, key_dim)
        layer.build((1, 128, 512), (1, 128, 512))

        assert expected == layer.count_params()
        assert f"{expected:,}" in page("attention")


def test_a_causal_mask_saves_no_flops() -> None:
    """The counter counts the full square, with the mask and without."""
    x, mask = torch.zeros(1, 64, 32), torch.zeros(64, 64, dtype=torch.bool, device="meta")
    module = nn.MultiheadAttention(32, 4, batch_first=True)

    assert flops(module, x, x, x, attn_mask=mask, need_weights=False) == flops(module, x, x, x, need_weights=False)


def test_is_causal_starts_at_the_top_left() -> None:
    """Two queries and four keys of equal scores: the table on the page."""
    weights = functional.scaled_dot_product_attention(
        torch.zeros(1, 2, 4), torch.zeros(1, 4, 4), torch.eye(4)[None], is_causal=True
    )[0]

    assert [[1, 0, 0, 0], [0.5, 0.5, 0, 0]] == weights.tolist()
    assert "| query 0 | 1 | 0 | 0 | 0 |\n| query 1 | 0.5 | 0.5 | 0 | 0 |" in page("attention")


def test_is_causal_needs_a_mask() -> None:
    """In the module it is a hint."""
    module, x = nn.MultiheadAttention(4, 2), torch.zeros(3, 1, 4)
    with pytest.raises(RuntimeError, match="Need attn_mask"):
        module(x, x, x, is_causal=True)


def test_true_hides_in_one_function_and_shows_in_the_other() -> None:
    """A mask that is True for the last key: the module hides it, the function and Keras show nothing else."""
    q, k, v = torch.zeros(1, 1, 3), torch.zeros(1, 2, 3), torch.tensor([[[1.0, 1, 1], [5, 5, 5]]])
    mask = torch.tensor([[False, True]])
    module = nn.MultiheadAttention(3, 1, bias=False, batch_first=True)
    with torch.no_grad():
        module.in_proj_weight.copy_(torch.eye(3).repeat(3, 1))
        module.out_proj.weight.copy_(torch.eye(3))
        hidden, _ = module(q, k, v, attn_mask=mask)
    shown = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    layer = keras.layers.MultiHeadAttention(1, 3, use_bias=False)
    layer.build((1, 1, 3), (1, 2, 3))
    layer.set_weights([np.eye(3).reshape(3, 1, 3)] * 3 + [np.eye(3).reshape(1, 3, 3)])
    theirs = layer(q.numpy(), v.numpy(), key=k.numpy(), attention_mask=mask.numpy()[None])

    assert ([1.0] * 3, [5.0] * 3) == (hidden[0, 0].tolist(), shown[0, 0].tolist())
    assert [5.0] * 3 == theirs[0, 0].tolist()


def test_packed_and_separate_projections_are_different_checkpoints() -> None:
    """Another width of keys makes three tensors of one, with one bias still."""
    packed, separate = nn.MultiheadAttention(8, 2), nn.MultiheadAttention(8, 2, kdim=6)

    assert {"in_proj_weight", "in_proj_bias"} <= set(packed.state_dict())
    names = {"q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias"}
    assert names <= set(separate.state_dict())
    with pytest.raises(RuntimeError, match="in_proj_weight"):
        separate.load_state_dict(packed.state_dict())


def test_the_whole_transformer_has_two_norms_more() -> None:
    """Also where every layer has just ended with a norm; TransformerEncoder adds none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of paths that it does not take
        module = nn.Transformer()
        layer = nn.TransformerEncoderLayer(512, 8)
        stack = nn.TransformerEncoder(layer, 6)

    assert (44_140_544, 1_024, 1_024) == (count(module), count(module.encoder.norm), count(module.decoder.norm))
    assert 6 * count(layer) == count(stack)
    assert 3_146_752 == count(nn.TransformerEncoderLayer(512, 8, bias=False))


def test_a_dense_layer_is_a_convolution_of_one_position() -> None:
    """The same numbers, once the axes are exchanged."""
    linear, conv, x = nn.Linear(8, 5), nn.Conv1d(8, 5, kernel_size=1), torch.randn(2, 7, 8)
    with torch.no_grad():
        conv.weight.copy_(linear.weight[:, :, None])
        conv.bias.copy_(linear.bias)  # type: ignore[union-attr]

        assert torch.allclose(linear(x), conv(x.transpose(1, 2)).transpose(1, 2), atol=1e-6)


def table(length: int, width: int) -> torch.Tensor:
    """The buffer of the source on the page."""
    layer = calc.layer("SinusoidalPositions", d_model=width, max_len=length)
    pe: torch.Tensor = run(torch_code(layer, (length, width)))["layer"].pe
    return pe


def test_the_table_of_sines_is_the_usual_one() -> None:
    """As widely used code gives it, also for an odd width with the cosines cut."""
    cases = json.loads(TRUTH.read_text(encoding="utf-8"))["cases"]
    found = 0
    for case in cases:
        if case["group"].startswith("sinusoidal_positional_encoding") and case["expected"] is not None:
            length, width = case["inputs"]["length"], case["inputs"]["d_model"]

            assert np.allclose(case["expected"], table(length, width), atol=1e-5), case["name"]
            found += 1
    assert found >= 10


def test_the_usual_code_fails_for_an_odd_width() -> None:
    """There are more sines than cosines; width 1 passes, because the one cosine column is empty."""
    angles = torch.arange(4).unsqueeze(1) * 10000 ** (-torch.arange(0, 5, 2) / 5)
    pe = torch.zeros(4, 5)
    pe[:, 0::2] = torch.sin(angles)
    with pytest.raises(RuntimeError, match="expanded size"):
        pe[:, 1::2] = torch.cos(angles)

    assert table(4, 5).shape == (4, 5)


def test_halves_and_other_exponents_make_another_table() -> None:
    """Sines first is the same table with its columns moved; exponents j/(m − 1) give other numbers."""
    length, width = 9, 8
    pairs = torch.arange(width // 2)
    for last, same in ((width // 2, True), (width // 2 - 1, False)):
        angles = torch.arange(length).unsqueeze(1) * 10000.0 ** (-pairs / last)
        halves = torch.cat([torch.sin(angles), torch.cos(angles)], dim=1)
        moved = halves[:, torch.tensor([0, 4, 1, 5, 2, 6, 3, 7])]

        assert not torch.allclose(halves, table(length, width), atol=1e-4)
        assert same is torch.allclose(moved, table(length, width), atol=1e-4)
