"""Two models side by side: the figures, the words for them, and what was changed from one to the other."""

from __future__ import annotations

import json
import re

import pytest

from calc.fence import SpecError, parse_fence
from calc.model_catalogue import models
from calc.render import answer, render, widget
from calc.reported.compared.changes import Difference, differences, summary
from calc.reported.compared.match import matched
from calc.reported.compared.parts import merged, modules_of, parts_of
from calc.reported.compared.totals import compared, depth, in_words
from calc.torch import words
from calc.tracing import trace
from site_tests.unit.test_markup import written_back

NET = """
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)
        self.norm = nn.BatchNorm2d(c)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)) + x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2)
        self.blocks = nn.Sequential(*[Block(8) for _ in range(4)])
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)).mean((2, 3)))
"""

LIST = """
from torch import nn
model = nn.Sequential(
    nn.Linear(4, 8), nn.ReLU(),
    nn.Linear(8, 8), nn.ReLU(),
    nn.Linear(8, 2),
)
"""


def told(one: str, other: str, *inputs: object) -> list[Difference]:
    """The differences of two sources."""
    return differences(modules_of(trace(one, *inputs)), modules_of(trace(other, *inputs)))


def fields(**given: str) -> dict[str, str]:
    """A form with both sources alike."""
    blank = dict.fromkeys(("input", "entry", "input_b", "entry_b", "batch_size"), "")
    chosen = {"framework": "torch", "dtype": "float32", "optimizer": "Adam"}
    return {
        "source": NET,
        "source_b": NET,
        **blank,
        **chosen,
        "input": "1, 3, 32, 32",
        "input_b": "1, 3, 32, 32",
    } | given


def asked(**given: str) -> dict[str, object]:
    """What the page is answered."""
    found: dict[str, object] = json.loads(answer(json.dumps({"layer": "TwoModels", "fields": fields(**given)}), str))
    return found


def seen(html: str) -> str:
    """The words of a panel."""
    return " ".join(re.sub("<[^>]*>", " ", html).split())


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


def test_the_answer_in_words_and_figures() -> None:
    """ConvNeXt-T beside ResNet-50, by published counts; equal figures are called equal."""
    spec = parse_fence("TwoModels", 'model = "ResNet-50"\nmodel_b = "ConvNeXt-T"')
    shown = seen(render(spec, str)["answer"])

    assert shown.startswith("Compared with A, B has 11.9 % more parameters and 9 % more multiply-adds, and needs ")
    assert "memory for training with Adam. Both give (1, 1000)." in shown
    assert "Of one call A ResNet B ConvNeXt B compared with A" in shown
    assert "Output shape (1, 1000) (1, 1000) equal" in shown
    assert "Parameters 25,557,032 28,589,128 +11.9 % +3,032,096" in shown
    assert "MACs twice as many FLOPs 4,089,184,256 4,455,531,264 +9 % +366,347,008" in shown
    assert "Memory of the parameters 97.49 MiB 102,228,128 B 109.06 MiB 114,356,512 B +11.9 % +11.57 MiB" in shown


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (100, 100, "just as many"),
        (100, 150, "50 % more"),
        (1000, 1001, "0.1 % more"),
        (10_000_000, 10_000_001, "1 more"),
        (100, 200, "2 times as many"),
        (100, 99, "1 % fewer"),
        (100, 50, "50 % fewer"),
        (100, 49, "only 49 % of the"),
        (0, 5, "5 more"),
        (5, 0, "no"),
        (0, 0, "just as many"),
    ],
)
def test_how_far_apart(a: int, b: int, said: str) -> None:
    """Percent to twice as many and down to half; beyond it how many times, or how much is left."""
    assert compared(a, b) == said


def test_words_where_input_and_output_differ() -> None:
    """Both are told, since counts of work belong to an input."""
    one, other = trace(NET, (1, 3, 32, 32)), trace(NET.replace("(8, 10)", "(8, 5)"), (2, 3, 64, 64))

    assert in_words(one, other, "SGD").endswith(
        "memory for training with SGD. They are given different inputs: A (1, 3, 32, 32), B (2, 3, 64, 64). "
        "A gives (1, 10), B gives (2, 5)."
    )


@pytest.mark.parametrize(
    ("name", "layers"),
    [("VGG-16", 16), ("VGG-19", 19), ("ResNet-18", 18), ("ResNet-50", 50), ("ResNet-152", 152), ("DenseNet-121", 121)],
)
def test_the_depth_is_the_number_in_the_name(name: str, layers: int) -> None:
    """Convolutions and dense layers one behind the other: the longest way through."""
    model = models()[name]

    assert depth(trace(model.source, *model.inputs, entry=model.entry)) == layers


def test_parts_are_cut_alike_and_add_up() -> None:
    """Each parameter and each multiply-add is in one part; a part that only one model has is nothing in the other."""
    for one, other in (("ResNet-50", "ConvNeXt-T"), ("GPT-2", "BERT-base"), ("VGG-11", "VGG-16")):
        a, b = (trace(each.source, *each.inputs, entry=each.entry) for each in (models()[one], models()[other]))
        word, parts = parts_of(a, b)

        assert word == "Part"
        assert [sum(column) for column in zip(*(sums for _, sums in parts), strict=True)] == [
            a.params, b.params, a.macs, b.macs,
        ]  # fmt: skip
        assert len(parts) <= 32


def test_many_equal_parts_are_put_together_by_class() -> None:
    """A thousand layers are no picture."""
    stack = trace("from torch import nn\nmodel = nn.Sequential(*[nn.Linear(4, 4) for _ in range(1000)])\n", (1, 4))

    assert parts_of(stack, stack) == ("Class", [("Linear", (20_000, 20_000, 16_000, 16_000))])


def test_two_orders_become_one() -> None:
    """What only one has stands where it stands there."""
    assert merged("abd", "acde") == list("abcde")
    assert merged("", "xy") == list("xy")
    assert merged("ab", "ba") == list("ab")


FAULTS = [
    # (fields, the one that is blamed, its line, words of the sentence)
    (
        {"source": NET.replace("(8, 10)", "(9, 10)")},
        "source",
        24,
        "Linear: input (=(1, 8)) must end in in_features (=9)",
    ),
    ({"source_b": NET.replace("(8, 10)", "(9, 10)")}, "source_b", 24, "in_features (=9)"),
    ({"source_b": "\n\nimport torch\ntorch.foo(1)\nmodel = 3"}, "source_b", 4, "torch.foo is not known"),
    ({"source_b": "from torch import nn\nnn.Linear("}, "source_b", 2, "the source is not valid Python"),
    ({"source_b": NET.replace("(c, c, 3,", "(c, c, 3, groups=3,")}, "source_b", 9, "must be divisible by groups (=3)"),
    # A layer of a list is called in no line of the source: the one where it is made is marked.
    ({"source": LIST.replace("(8, 2)", "(9, 2)"), "input": "1, 4"}, "source", 6, "set in_features=8 in line 6"),
    ({"source_b": LIST.replace("(8, 2)", "(9, 2)"), "input_b": "1, 4"}, "source_b", 6, "set in_features=8 in line 6"),
    ({"entry": "Nat()"}, "entry", 0, "entry (='Nat()')"),
    ({"entry_b": "Net("}, "entry_b", 0, "must be an expression"),
    ({"input_b": "1, x"}, "input_b", 0, "input (='1, x')"),
    ({"batch_size": "0"}, "batch_size", 0, "must be at least 1"),
]


@pytest.mark.parametrize(("given", "blamed", "line", "said"), FAULTS, ids=[str(each[1:3]) for each in FAULTS])
def test_a_fault_belongs_to_its_field(given: dict[str, str], blamed: str, line: int, said: str) -> None:
    """The sentence stands at the model that it is about, with the line in that model's source."""
    found = asked(**given)
    errors = found["errors"]

    assert isinstance(errors, dict)
    assert list(errors) == [blamed]
    assert said in errors[blamed]
    assert found["line"] == line


def test_a_fence_names_networks_of_the_catalogue() -> None:
    """Either of the two, with inputs of its own where they are given; an unknown name is refused."""
    made, _ = parse_fence("TwoModels", 'model = "VGG-11"\nmodel_b = "VGG-13"\ninput_b = "2, 3, 224, 224"').build()

    assert (made.source, made.entry, made.input) == (models()["VGG-11"].source, "VGG(11)", "1, 3, 224, 224")  # type: ignore[attr-defined]
    assert (made.source_b, made.entry_b, made.input_b) == (models()["VGG-13"].source, "VGG(13)", "2, 3, 224, 224")  # type: ignore[attr-defined]
    with pytest.raises(SpecError, match="needs source_b"):
        parse_fence("TwoModels", 'model = "VGG-11"')


def test_batch_dtype_and_optimizer_are_shared() -> None:
    """One batch size for both, one format, one optimizer."""
    panels = asked(batch_size="4", dtype="float16", optimizer="SGD")["panels"]

    assert isinstance(panels, dict)
    shown = seen(panels["answer"])
    assert "Input (4, 3, 32, 32) (4, 3, 32, 32) equal" in shown
    assert "Memory for training SGD" in shown
    assert "Memory of the parameters 5.3 KiB 5,428 B" in shown


ALLOWED = set(
    words(
        "div span p b small code table thead tbody tfoot tr th td caption details summary ul ol li dl dt dd figure "
        "figcaption pre svg g rect path line circle text tspan title desc marker defs"
    )
)


def test_panels_use_plain_tags_and_are_written_as_a_browser_writes_them() -> None:
    """What comes from the sandbox is cleaned by a narrow list, and compared with what the page shows."""
    spec = parse_fence("TwoModels", 'model = "ResNet-18"\nmodel_b = "ResNet-34"')
    panels = render(spec, str)

    assert panels == render(spec, str)
    for name, html in panels.items():
        assert html == written_back(html), name
        assert set(re.findall("<([a-z]+)", html)) <= ALLOWED, name
        assert not re.search(r'\s(style|href|id|on\w+)="', html), name
    assert len(widget(spec, str)) < 250_000


def test_names_in_the_source_stay_text() -> None:
    """A class or a path cannot bring markup into a panel."""
    source = (
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.add_module('<img src=x>', nn.Linear(2, 2))\n"
        "    def forward(self, x):\n        return self._modules['<img src=x>'](x)\n"
        "Net.__name__ = '<script>'\n"
    )
    panels = asked(source=source, source_b=source.replace("(2, 2)", "(2, 3)"), input="1, 2", input_b="1, 2",
                   entry="Net()", entry_b="Net()")["panels"]  # fmt: skip

    assert isinstance(panels, dict)
    for name, html in panels.items():
        assert set(re.findall("<([a-z]+)", html)) <= ALLOWED, name
    assert "&lt;script&gt;" in panels["answer"]
    assert "&lt;img src=x&gt;" in panels["changes"]
