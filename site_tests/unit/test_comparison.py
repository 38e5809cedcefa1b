"""Two models side by side: the figures, and the words for them; test_model_differences.py has what was changed."""

from __future__ import annotations

import json
import re

import pytest

from calc.fence import SpecError, parse_fence
from calc.model_catalogue import models
from calc.render import answer, render
from calc.reported.compared.parts import merged, parts_of
from calc.reported.compared.totals import compared, depth, in_words
from calc.torch import words
from calc.tracing import trace
from calc.widget import widget
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
