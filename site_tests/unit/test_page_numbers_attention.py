"""Numbers on the pages about attention, Transformers and positions, worked out by the layers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import calc
from calc.derive import run
from calc.layer_base import Layer
from calc.panels.weights import folded
from calc.units import bytes_of

PAGES = Path(__file__).parents[2] / "docs" / "en"

BASE: dict[str, Any] = {"d_model": 512, "nhead": 8, "batch_first": True}


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def says(name: str, *words: str) -> None:
    """The page has a line with all of these words."""
    assert any(all(word in line for word in words) for line in page(name).splitlines()), words


def attention(length: int, heads: int = 8, width: int = 512) -> tuple[Layer, dict[str, tuple[int, ...]]]:
    """Self-attention and its inputs."""
    shape = (1, length, width)
    layer = calc.layer("MultiheadAttention", embed_dim=width, num_heads=heads, batch_first=True)
    return layer, {"query": shape, "key": shape, "value": shape}


def between(length: int) -> tuple[int, int]:
    """Multiply-adds in the projections, and between queries, keys and values."""
    layer, inputs = attention(length)
    project = [cost.amount for cost in layer.costs(*inputs.values()) if cost.what.startswith("project")]
    return sum(project), layer.macs(**inputs) - sum(project)


def test_heads_change_neither_parameters_nor_work() -> None:
    """The head count does not change the total when heads split the width: a formula that multiplies by it is wrong."""
    for heads in (1, 8, 64, 512):
        layer, inputs = attention(128, heads)

        assert (1_050_624, 150_994_944) == (layer.params, layer.macs(**inputs))
        says("attention", f"| {heads} | {512 // heads} | 1,050,624 | 150,994,944 |")


def test_heads_that_share_the_width_and_heads_that_have_it_whole() -> None:
    """4d² + 4d in PyTorch, and in Keras with key_dim = d/h; 4hd² where every head maps d to d."""
    layer, inputs = attention(128)
    found = layer.conventions(*inputs.values())
    assert found is not None
    counts = {version.framework: sum(weight.size for weight in version.weights) for version in found.versions}

    assert counts == {
        "PyTorch": 4 * 512**2 + 4 * 512,
        "Keras": 4 * 512**2 + 4 * 512,
        "Keras, key_dim = d": 4 * 8 * 512**2 + 3 * 8 * 512 + 512,
        "textbook, h heads d → d": 4 * 8 * 512**2,
    }
    says("attention", "4d^2", f"{4 * 512**2:,}")
    says("attention", "4hd^2", f"{counts['textbook, h heads d → d']:,}")
    says("attention", f"{counts['Keras, key_dim = d']:,}", f"{counts['PyTorch']:,}")


@pytest.mark.parametrize(("length", "share"), [(128, "11.1 %"), (1024, "50 %"), (8192, "88.9 %")])
def test_scores_are_part_of_the_work(length: int, share: str) -> None:
    """Left out, they hide 11 % at 128 positions and half of it at 1,024, which is 2d."""
    project, score = between(length)

    assert share == f"{score / (project + score):.1%}".replace("%", " %").replace(".0 ", " ")
    says("attention", f"| {length:,} | {project:,} | {score:,} | {share} |")


@pytest.mark.parametrize(("kept", "name"), [(32, "multi-head"), (8, "grouped-query"), (1, "multi-query")])
def test_shared_keys_shrink_projections_and_cache_alone(kept: int, name: str) -> None:
    """Scores and sums cost the same however many heads of keys there are."""
    layer = calc.layer("GroupedQueryAttention", embed_dim=4096, num_heads=32, num_kv_heads=kept)
    shape = (1, 1024, 4096)
    inner = sum(cost.amount for cost in layer.costs(shape) if "every query head" in cost.what)
    _, keys, values = layer(shape)
    assert keys == values
    cached = 2 * math.prod(keys) // 1024

    assert inner == 2 * 1024 * 1024 * 4096
    assert layer.macs(shape) - inner == 1024 * layer.params
    says("attention", f"| {kept} | {name} | {layer.params:,} | {inner:,} | {cached:,} |")


def test_the_cache_counts_heads_of_keys() -> None:
    """2 for keys and values, times layers, heads of keys, their width, tokens, bytes of a number."""
    layer = calc.layer("GroupedQueryAttention", embed_dim=4096, num_heads=32, num_kv_heads=8)
    _, keys, values = layer((1, 1, 4096))
    token = 32 * bytes_of(math.prod(keys) + math.prod(values), "bfloat16")

    assert (131_072, 128 * 1024) == (token, 2 * 32 * 8 * 128 * 2)
    assert token * 8192 == 1024**3
    says("attention", "131,072 bytes", "128 KiB", "1 GiB for 8,192 tokens", "four times")


def test_a_latent_cache_has_no_factor_2() -> None:
    """DeepSeek-V3: layers times one compressed row and one key for the position, two bytes each."""
    assert 61 * bytes_of(512 + 64, "bfloat16") == 70_272
    says("attention", "61 layers of 512 + 64 numbers", "61 · 576 · 2 = 70,272 bytes")


def test_attention_by_hand() -> None:
    """The worked example, step by step, on plain numbers."""
    x = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    q, k, v = (product(x, w) for w in ([[1, 0], [0, 1]], [[0, 1], [2, 0]], [[1, 2], [0, 1]]))
    scores = [[sum(a * b for a, b in zip(row, key, strict=True)) / math.sqrt(2) for key in k] for row in q]
    exponents = [[math.exp(score) for score in row] for row in scores]
    weights = [[value / sum(row) for value in row] for row in exponents]
    text = page("attention")

    for rows in (scores, weights, product(weights, v)):
        assert r" \\ ".join(" & ".join(f"{value:.4f}" for value in row) for row in rows) in text
    layer = calc.layer("MultiheadAttention", embed_dim=2, num_heads=1)
    costs = [cost.amount for cost in layer.costs((3, 2), (3, 2), (3, 2)) if cost.unit == "MAC"]
    assert ([12, 12, 12], [18, 18]) == (costs[:3], costs[3:5])
    says("attention", "3 \\cdot 3 \\cdot 2^2 = 36", "2 \\cdot 3 \\cdot 3 \\cdot 2 = 36")


def product(a: list[list[float]], b: Any) -> list[list[float]]:
    """A matrix product."""
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a]


def parts(layer: Layer) -> dict[str, int]:
    """Parameters by sub-layer."""
    found: dict[str, int] = {}
    for weight in layer.weights():
        name = weight.name.partition(".")[0].rstrip("123")
        found[name] = found.get(name, 0) + weight.size
    return found


def test_an_encoder_layer_by_sub_layer() -> None:
    """A third of the parameters is in the attention, two thirds are in the feed-forward net."""
    layer = calc.layer("TransformerEncoderLayer", **BASE)
    found = parts(layer)

    assert {"self_attn": 1_050_624, "linear": 2_099_712, "norm": 2_048} == found
    for name, share in (("self_attn", "33.3 %"), ("linear", "66.6 %"), ("norm", "0.1 %")):
        assert share == f"{found[name] / layer.params:.1%}".replace("%", " %")
        says("transformer", f"| {found[name]:,} | {share} |")
    says("transformer", "encoder layer", f"{layer.params:,}")


def test_a_decoder_layer_by_sub_layer() -> None:
    """One more attention and one more norm."""
    layer = calc.layer("TransformerDecoderLayer", **BASE)

    assert {"self_attn": 1_050_624, "multihead_attn": 1_050_624, "linear": 2_099_712, "norm": 3_072} == parts(layer)
    assert layer.params == 4_204_032
    says("transformer", "decoder layer", "4,204,032")
    says("transformer", "three layer norms", "3,072")


def test_a_small_encoder_layer_by_hand() -> None:
    """80 + 76 + 16 parameters; 320 + 200 + 320 multiply-adds."""
    layer = calc.layer("TransformerEncoderLayer", d_model=4, nhead=2, dim_feedforward=8)
    costs = [(cost.what, cost.amount) for cost in layer.costs((5, 4)) if cost.unit == "MAC"]
    project = sum(amount for what, amount in costs if "project" in what)
    ffn = sum(amount for what, amount in costs if what.startswith("feed-forward"))

    assert [80, 76, 16] == list(parts(layer).values())
    assert (172, 320, 320, 840) == (layer.params, project, ffn, layer.macs((5, 4)))
    says("transformer", "172 parameters", "320", "200", "840 MACs")


def test_the_feed_forward_net_is_a_convolution_of_one_position() -> None:
    """The same parameters and the same work as two convolutions with a window of 1."""
    linear = calc.layer("Linear", in_features=512, out_features=2048)
    conv = calc.layer("Conv1d", in_channels=512, out_channels=2048, kernel_size=1)

    assert (linear.params, linear.macs((1, 128, 512))) == (conv.params, conv.macs((1, 512, 128)))
    assert calc.layer("PositionwiseFFN", d_model=512, d_ff=2048).params == 2_099_712
    says("transformer", "1,050,624 parameters each")


def test_every_sub_layer_keeps_the_shape() -> None:
    """So that its output can be added to its input."""
    shape = (2, 7, 512)

    assert shape == calc.layer("TransformerEncoderLayer", **BASE)(src=shape)
    assert shape == calc.layer("TransformerDecoderLayer", **BASE)(tgt=shape, memory=(2, 9, 512))
    assert shape == calc.layer("PositionwiseFFN", d_model=512, d_ff=2048)(shape)
    assert shape == calc.layer("AddNorm", d_model=512)(x=shape, sublayer=shape)
    assert shape == attention(7)[0](query=shape, key=shape, value=shape)[0]


def test_the_base_and_the_big_transformer() -> None:
    """PyTorch's two extra norms, the paper's body, and the body with the shared embedding."""
    base = calc.layer("Transformer")
    big = calc.layer("Transformer", d_model=1024, nhead=16, dim_feedforward=4096)
    extra = sum(weight.size for weight in base.weights() if ".norm." in weight.name and "layers" not in weight.name)

    assert (44_140_544, 2_048, 44_138_496) == (base.params, extra, base.params - extra)
    assert base.params - extra + 37_000 * 512 == 63_082_496
    assert big.params - 2 * 2 * 1024 + 37_000 * 1024 == 214_245_376
    says("transformer", "44,140,544", "2,048", "44,138,496")
    says("transformer", "44,138,496", "63,082,496", "214,245,376")
    vocabulary = calc.layer("Linear", in_features=512, out_features=37_000)
    assert (18_944_000, 37_000) == tuple(weight.size for weight in vocabulary.weights())
    says("transformer", "18,944,000 weights and 37,000 offsets")


def test_prediction_runs_the_decoder_once_for_each_token() -> None:
    """In training once; without a cache 57 times the work, with one that of training but for the masked half."""
    decoder = calc.layer("TransformerDecoder", num_layers=6, decoder_layer=BASE)
    memory = (1, 128, 512)
    once = decoder.macs((1, 100, 512), memory)
    again = sum(decoder.macs((1, written, 512), memory) for written in range(1, 101))
    pairs = 100 * 100 - sum(range(1, 101))
    kept = once - 6 * 2 * pairs * 512

    assert again // once == 57
    for runs, macs in ((1, once), (100, again), (100, kept)):
        says("transformer", f"| {runs} | {macs:,} |")


def test_bias_false_reaches_the_norms() -> None:
    """Of an encoder layer 5,632 offsets go."""
    without = calc.layer("TransformerEncoderLayer", **BASE, bias=False)

    assert 3_152_384 - 5_632 == without.params == 3_146_752
    assert not [weight for weight in without.weights() if weight.name.endswith("bias")]
    says("transformer", "3,152,384 to 3,146,752")


def test_positions_by_hand() -> None:
    """The table for width 4, and that a distance is a turn by a fixed angle."""
    for i in range(4):
        row = [f"{value:.4f}".replace("-", "−") for value in angles(i, 4)]
        says("positions", f"| {i} | {' | '.join(row)} |")
    for i in (0, 3, 50):
        # The product of two rows depends on their distance alone.
        near = sum(a * b for a, b in zip(angles(i, 64), angles(i + 5, 64), strict=True))
        assert math.isclose(near, sum(math.cos(5 / 10000 ** (2 * j / 64)) for j in range(32)))


def angles(i: int, d: int) -> list[float]:
    """One row of the table of sines and cosines."""
    return [(math.cos if column % 2 else math.sin)(i / 10000 ** (column // 2 * 2 / d)) for column in range(d)]


def test_learned_positions_are_parameters_and_sines_are_not() -> None:
    """BERT's and GPT-2's tables; the table of sines is a buffer."""
    for length, width, count in ((512, 768, 393_216), (1024, 768, 786_432)):
        assert count == calc.layer("LearnedPositions", d_model=width, max_len=length).params
        says("positions", f"{length:,} · {width} = {count:,}")
    waves = calc.layer("SinusoidalPositions", d_model=512, max_len=5000)
    assert (0, [("pe", (5000, 512))]) == (waves.params, list(waves.buffers()))
    assert waves((1, 128, 512)) == (1, 128, 512)


def test_equal_layers_are_listed_once() -> None:
    """Of 184 tensors of the whole Transformer the page shows those of one layer of each kind, and says how many."""
    found = run(calc.layer("Transformer", batch_first=True), (1, 8, 512), (1, 8, 512))
    shown = folded(found.weights)

    assert (184, 34) == (len(found.weights), len(shown))
    assert sum(weight.size * times for weight, times in shown) == found.params
    assert {1, 6} == {times for _, times in shown}


def test_layers_that_differ_are_all_listed() -> None:
    """Folding needs equal shapes; short lists stay as they are."""
    short = run(calc.layer("TransformerEncoderLayer", d_model=8, nhead=2), (5, 8)).weights
    long = [calc.Weight(f"layers.{i}.weight", (i + 1,), part=f"layer#{i}") for i in range(30)]

    assert [(weight, 1) for weight in short] == folded(short)
    assert [(weight, 1) for weight in long] == folded(long)
