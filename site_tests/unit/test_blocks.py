"""Blocks, U-Net and the small CNN in Keras: figures of courses, and those on the pages."""

from __future__ import annotations

from typing import Any

import calc
from calc.network import Value, Wires
from site_tests.unit.wired import layers, network, page, rows


def test_the_first_inception_block() -> None:
    """64 + 128 + 32 + 32 channels; branch by branch, and without the 1×1 convolutions that come first."""
    block = network("Inception", in_channels=192, c1=64, c2=(96, 128), c3=(16, 32), c4=32)
    found = rows(block, (1, 192, 28, 28))
    straight = layers(("Conv2d", (192, 64, 1)), ("Conv2d", (192, 128, 3)), ("Conv2d", (192, 32, 5)))

    assert block((1, 192, 28, 28)) == (1, 256, 28, 28)
    assert list(found.values()) == [12_352, 18_528, 110_720, 3_088, 12_832, 6_176]
    assert block.params == sum(found.values()) == 163_696
    assert straight == 387_296
    assert layers(("Conv2d", (192, 32, 5))) == 153_632
    assert found["b3_1"] + found["b3_2"] == 15_920
    for number in (*found.values(), block.params, straight, 153_632, 15_920):
        assert f"{number:,}" in page("blocks")


def test_unet_level_by_level() -> None:
    """Stages, up-convolutions and batch norm add up to the published counts."""
    unet = network("UNet", base_channels=32)
    found = {row.name: row for row in unet.rows((1, 1, 256, 256))}
    ups, stages = [], []
    for level in range(1, 5):
        inner = {row.name: row.params for row in _rows_within(found[f"up{level}"])}
        head = found["head"].params if level == 1 else 0
        ups.append(inner["up"])
        stages.append(found[f"enc{level}"].params + inner["conv"] + head)
    stages.append(found["bottom"].params)
    normed = network("UNet", base_channels=32, batch_norm=True).params

    assert stages == [37_346, 166_144, 664_064, 2_655_232, 3_539_968]
    assert (sum(stages), sum(ups), normed - unet.params) == (7_062_754, 696_800, 5_888)
    assert unet.params == sum(stages) + sum(ups) == 7_759_554
    for number in (*stages, *ups, sum(stages), sum(ups), normed, 5_888):
        assert f"{number:,}" in page("unet")


def _rows_within(row: Any) -> Any:
    return row.layer.rows(*row.inputs)


def test_unets_up_convolutions_of_3x3_would_be_more() -> None:
    """1,567,200 parameters instead of 696,800."""
    found = [
        calc.layer("ConvTranspose2d", in_channels=2 * c, out_channels=c, kernel_size=3).params
        for c in (32, 64, 128, 256)
    ]

    assert sum(found) == 1_567_200
    assert "1,567,200 parameters instead of 696,800" in page("unet")


def test_unets_work_is_spread_evenly() -> None:
    """905,969,664 MACs on each level down from the second on, 1,946,157,056 on each level up."""
    found = {row.name: row.macs for row in network("UNet", base_channels=32).rows((1, 1, 256, 256))}

    assert {found[name] for name in ("enc2", "enc3", "enc4", "bottom")} == {905_969_664}
    assert {found[f"up{level}"] for level in (1, 2, 3, 4)} == {1_946_157_056}
    assert "905,969,664" in page("unet")
    assert "1,946,157,056" in page("unet")


def test_places_of_a_unets_output_see_differently_much() -> None:
    """Of 16 in a row four see 188 cells and twelve 204; at the bottom all see 140."""
    unet = network("UNet", base_channels=32)
    found = {row.name: row.receptive_field for row in unet.rows((1, 1, 256, 256))}
    [sight, _] = unet.wire(Wires(), Value("input", (1, 1, 256, 256))).sights or ()
    widths = [last - first + 1 for first, last in sight.spans]

    assert (found["bottom"], found["head"]) == ((140, 140), (204, 204))
    assert (len(widths), widths.count(188), widths.count(204)) == (16, 4, 12)
    for text in ("140 × 140", "four of 16 in a row see 188 cells and twelve see 204"):
        assert text in page("unet")


def test_the_papers_unet_takes_572_to_388() -> None:
    """Without padding every convolution takes two rows and columns."""
    side = 572
    for _ in range(4):
        side = (side - 4) // 2
    side -= 4
    for _ in range(4):
        side = 2 * side - 4

    assert side == 388
    assert "572 × 572 in, 388 × 388 out" in page("unet")


def test_a_separable_convolution_beside_a_plain_one() -> None:
    """1/64 + 1/9 of the weights and of the work, nearly all of it in the 1×1 step."""
    block = network("DepthwiseSeparable", in_channels=32, out_channels=64)
    [(_, plain)] = block.alternatives()  # type: ignore[attr-defined]
    found = rows(block, (1, 32, 112, 112))

    assert (found["depthwise"] - 32, found["pointwise"] - 64) == (288, 2_048)
    assert block.macs((1, 32, 112, 112)) * 64 * 9 == plain.macs((1, 32, 112, 112)) * (9 + 64)
    assert f"{(9 + 64) / (9 * 64):.1%}" == "12.7%"
    assert "= 12.7 %" in page("blocks")
    assert "2,048 of the 2,336 weights" in page("blocks")


def test_one_wide_window_beside_two_small_ones() -> None:
    """From 64 to 128 channels one 5×5 has fewer parameters than two 3×3, 204,928 against 221,440."""
    block = network("VGGBlock", num_convs=2, in_channels=64, out_channels=128)
    [(words, wide)] = block.alternatives()  # type: ignore[attr-defined]

    assert words == "one convolution that sees as far, 5 × 5"
    assert (wide.params, block.params) == (204_928, 221_440)
    assert "204,928 against 221,440" in page("blocks")


def test_the_keras_cnn_without_and_with_a_flatten() -> None:
    """208 + 0 + 2,261 parameters and (111, 111, 133); a flatten makes it 26,219,221 in the dense layer."""
    shape = (1, 224, 224, 3)
    plain, flat = network("keras.SmallCNN"), network("keras.SmallCNN", flatten=True)

    assert plain(shape) == (1, 111, 111, 133)
    assert [row.params for row in plain.rows(shape)] == [208, 0, 2_261]
    assert plain.params == 208 + 2_261
    assert (flat(shape), rows(flat, shape)["dense"]) == ((1, 133), 26_219_221)
    for text in ("= 208 |", "= 2,261 |", "(N, 111, 111, 133)", "26,219,221"):
        assert text in page("keras-cnn")
