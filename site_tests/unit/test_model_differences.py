"""What was changed from one model to another, and not what follows from it."""

from __future__ import annotations

import pytest

from calc.fence import parse_fence
from calc.render import render
from calc.reported.compared.changes import Difference, differences, summary
from calc.reported.compared.match import matched
from calc.reported.compared.parts import modules_of
from calc.tracing import trace
from site_tests.unit.test_comparison import LIST, NET, seen


def told(one: str, other: str, *inputs: object) -> list[Difference]:
    """The differences of two sources."""
    return differences(modules_of(trace(one, *inputs)), modules_of(trace(other, *inputs)))


CHANGES = [
    # (what is changed in NET, to what, the differences)
    ("F.relu", "F.relu", []),
    (
        "F.relu",
        "F.gelu",
        [
            Difference(
                "blocks.0", ("Tensor.add, F.relu",), ("Tensor.add, F.gelu",), alike=("blocks.1", "blocks.2", "blocks.3")
            )
        ],
    ),
    # A stride changes all sizes behind it; only where it is set is a difference.
    ("stride=2", "stride=1", [Difference("stem", ("output (1, 8, 15, 15)",), ("output (1, 8, 30, 30)",))]),
    (
        "range(4)",
        "range(6)",
        [Difference("blocks.4", b=("Block", "600 parameters", "129,600 MACs"), alike=("blocks.5",))],
    ),
    (
        "range(4)",
        "range(3)",
        [Difference("blocks.3", a=("Block", "600 parameters", "129,600 MACs"))],
    ),
    (
        "(8, 10)",
        "(8, 99)",
        [
            Difference(
                "head",
                ("weight (10, 8)", "bias (10,)", "output (1, 10)"),
                ("weight (99, 8)", "bias (99,)", "output (1, 99)"),
            )
        ],
    ),
    (
        "padding=1",
        "padding=1, bias=False",
        [
            Difference(
                "blocks.0.conv",
                ("bias (8,)",),
                ("no bias",),
                alike=("blocks.1.conv", "blocks.2.conv", "blocks.3.conv"),
            )
        ],
    ),
    (
        "self.blocks(self.stem(x))",
        "self.blocks(self.blocks(self.stem(x)))",
        [
            Difference(
                "blocks.0",
                ("Tensor.add, F.relu",),
                ("Tensor.add, F.relu, Tensor.add, F.relu",),
                alike=("blocks.1", "blocks.2", "blocks.3"),
            ),
            *(
                Difference(f"blocks.0.{name}", ("called once",), ("called twice",), alike=tuple(
                    f"blocks.{at}.{name}" for at in (1, 2, 3)
                ))
                for name in ("conv", "norm")
            ),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "wanted"), CHANGES, ids=[new for _, new, _ in CHANGES])
def test_an_edit_is_told_and_not_what_follows_from_it(old: str, new: str, wanted: list[Difference]) -> None:
    """What has the same form in both is left out, members of a list that differ alike are told once."""
    assert sorted(told(NET, NET.replace(old, new), (1, 3, 32, 32)), key=lambda each: each.path) == sorted(
        wanted, key=lambda each: each.path
    )


def test_a_layer_put_into_a_list_moves_the_others() -> None:
    """Those behind it have other numbers and are no others."""
    dropped = LIST.replace("nn.Linear(4, 8), nn.ReLU(),", "nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5),")
    one, other = (modules_of(trace(each, (1, 4))) for each in (LIST, dropped))

    assert matched(one, other) == [
        ("", ""), ("0", "0"), ("1", "1"), (None, "2"), ("2", "3"), ("3", "4"), ("4", "5"),
    ]  # fmt: skip
    assert differences(one, other) == [Difference("2", b=("Dropout",))]
    assert differences(other, one) == [Difference("2", a=("Dropout",))]
    wider = dropped.replace("nn.Linear(8, 2)", "nn.Linear(8, 3)")
    assert told(LIST, wider, (1, 4))[1:] == [
        Difference(
            "4", ("weight (2, 8)", "bias (2,)", "output (1, 2)"), ("weight (3, 8)", "bias (3,)", "output (1, 3)"), "5"
        )
    ]


def test_long_lists_of_one_class_are_matched_at_once() -> None:
    """A thousand layers beside a thousand and one."""
    stack = "from torch import nn\nmodel = nn.Sequential(*[nn.Linear(4, 4) for _ in range({})])\n"

    assert told(stack.format(1000), stack.format(1001), (1, 4)) == [
        Difference("1000", b=("Linear", "20 parameters", "16 MACs"))
    ]


def test_known_variants() -> None:
    """ResNet-101 has 17 blocks more than ResNet-50; VGG with batch norm has 13 norms more."""
    for one, other, wanted in (
        ("ResNet-50", "ResNet-101", "17 modules only in B"),
        ("VGG-16", "VGG-16 with batch norm", "13 modules only in B"),
        ("ResNet-34", "ResNet-18", "8 modules only in A"),
    ):
        panels = render(parse_fence("TwoModels", f'model = "{one}"\nmodel_b = "{other}"'), str)

        said = "the others are equal. A module that only one has stands for its parts, too."
        assert seen(panels["changes"]).startswith(f"{wanted}; {said}")


def test_the_summary_counts_each_sort() -> None:
    """Changed, only in A, only in B; one is singular."""
    parts = " A module that only one has stands for its parts, too."
    found = [Difference("a", ("x",), ("y",)), Difference("b", a=("x",)), Difference("c.0", b=("x",), alike=("c.1",))]

    assert summary(found) == f"1 module changed, 1 module only in A, 2 modules only in B; the others are equal.{parts}"
    assert summary(found[:1]) == "1 module changed; the others are equal."


def test_different_networks_are_not_listed_against_each_other() -> None:
    """A list of everything in both would say nothing."""
    panels = render(parse_fence("TwoModels", 'model = "ResNet-50"\nmodel_b = "ConvNeXt-T"'), str)

    assert seen(panels["changes"]) == (
        "By place and class the two have 0 modules in common, where the smaller one has 82 and the other 138: they are "
        "different networks. Two variants of one network are listed here module by module."
    )
