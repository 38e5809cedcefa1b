"""Figures of widely used study notes: attention, positions, encoder and decoder (C12 to C16)."""

from __future__ import annotations

import pytest

import calc
from calc.layer_base import Layer
from site_tests.unit.facts import called


def test_c12_every_sub_layer_keeps_the_shape() -> None:
    """C12: attention, the position-wise network (a 1×1 convolution over positions), add and norm."""
    x, d = (2, 10, 512), 512
    attended = calc.layer("MultiheadAttention", embed_dim=d, num_heads=8, batch_first=True)(x, x, x)
    ffn = calc.layer("PositionwiseFFN", d_model=d, d_ff=2048)
    convs = [
        calc.layer("Conv1d", in_channels=inside, out_channels=outside, kernel_size=1)
        for inside, outside in ((d, 2048), (2048, d))
    ]

    assert attended[0] == ffn(x) == calc.layer("AddNorm", d_model=d)(x, x) == x
    assert ffn.params == sum(conv.params for conv in convs) == 2 * d * 2048 + 2048 + d
    assert ffn.macs(x) == sum(conv.macs((2, width, 10)) for conv, width in zip(convs, (d, 2048), strict=True))


@pytest.mark.parametrize("h", [1, 2, 4, 8])
def test_c13_heads_that_split_the_width_and_heads_of_full_width(h: int) -> None:
    """C13: 4·h·d² where each head maps d to d, 4·d² + 4·d where the heads split d."""
    d, x = 64, (1, 10, 64)
    wide = called("keras.MultiHeadAttention", x, x, num_heads=h, key_dim=d, use_bias=False)
    split = called("keras.MultiHeadAttention", x, x, num_heads=h, key_dim=d // h, use_bias=False)
    torch = calc.layer("MultiheadAttention", embed_dim=d, num_heads=h)

    assert (4 * h * d**2, 4 * d**2) == (wide.params, split.params)
    assert torch.params == 4 * d**2 + 4 * d
    assert calc.layer("MultiheadAttention", embed_dim=d, num_heads=h, bias=False).params == 4 * d**2


def test_c14_sinusoidal_positions_learn_nothing() -> None:
    """C14: a table of waves, one row for each position; learned positions have as many parameters."""
    waves = calc.layer("SinusoidalPositions", d_model=512, max_len=1000)
    learned = calc.layer("LearnedPositions", d_model=512, max_len=1000)

    assert (0, 512 * 1000) == (waves.params, learned.params)
    assert [(1000, 512)] == [buffer.shape for buffer in waves.buffers()]
    assert waves((1, 10, 512)) == (1, 10, 512)


def by_sub_layer(layer: Layer) -> dict[str, int]:
    """The parameters of each sub-layer."""
    found: dict[str, int] = {}
    for weight in layer.weights():
        found[weight.part] = found.get(weight.part, 0) + weight.size
    return found


def test_c15_encoder_and_decoder_by_sub_layer() -> None:
    """C15: one attention in the encoder, two in the decoder, whose second takes keys and values from the encoder."""
    attention, ffn, norm = 4 * 512**2 + 4 * 512, 2 * 512 * 2048 + 2048 + 512, 2 * 512
    encoder = calc.layer("TransformerEncoderLayer", d_model=512, nhead=8)
    decoder = calc.layer("TransformerDecoderLayer", d_model=512, nhead=8)

    assert (1_050_624, 2_099_712, 1_024) == (attention, ffn, norm)
    assert [attention, ffn, norm, norm] == list(by_sub_layer(encoder).values())
    assert [attention, attention, ffn, norm, norm, norm] == list(by_sub_layer(decoder).values())
    assert decoder(tgt=(7, 2, 512), memory=(10, 2, 512)) == (7, 2, 512)
    head = calc.layer("Linear", in_features=512, out_features=10_000)
    assert head((2, 7, 512)) == (2, 7, 10_000)


def test_c16_training_runs_the_decoder_once() -> None:
    """C16: one run over all positions, or one for each token, over all that is written so far."""
    decoder = calc.layer("TransformerDecoder", num_layers=2, decoder_layer={"d_model": 8, "nhead": 2})
    memory, runs = (6, 1, 8), [decoder((length, 1, 8), (6, 1, 8)) for length in range(1, 6)]

    assert [(length, 1, 8) for length in range(1, 6)] == runs
    assert decoder.macs((5, 1, 8), memory) < sum(decoder.macs((length, 1, 8), memory) for length in range(1, 6))
