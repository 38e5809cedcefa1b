"""What the page shows of a traced model: the answer, the shares of its parts, the memory, in HTML that may pass."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from calc.model_catalogue import models
from calc.render import answer as answered
from calc.report import Report
from calc.report_forms import input_text
from calc.reported.answer import answer
from calc.reported.memory import OPTIMIZERS, held, inference_bytes, memory, training_bytes
from calc.reported.model import Model
from calc.reported.rows import rows
from calc.reported.where import MOST, percent, shares_of, where
from calc.torch import words
from calc.tracing import trace
from site_tests.unit.test_markup import written_back

MLP = """
from torch import nn
model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10))
"""

TWO_OUTPUTS = """
from torch import nn

class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(8, 4)
        self.frozen = nn.Linear(8, 4, bias=False)
        self.frozen.requires_grad_(False)
    def forward(self, x, ids):
        return {"a<b": self.body(x), "rest": (self.frozen(x), None)}
"""

TAGS = set(
    words(
        "div span p b i small code table thead tbody tfoot tr th td caption details summary ul ol li dl dt dd "
        "figure figcaption pre svg g rect path line circle text tspan title desc marker defs wbr"
    )
)
ATTRIBUTES = {"class", "role", "tabindex", "scope", "open", "viewbox", "preserveaspectratio", "width", "height"}


def report_on(name: str) -> Report:
    """The run of a network of the catalogue."""
    model = models()[name]
    return trace(model.source, *model.inputs, entry=model.entry)


def text(html: str) -> str:
    """HTML without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def panels(report: Report) -> dict[str, str]:
    """Every panel but the diagram."""
    return {"answer": answer(report), "where": where(report), "rows": rows(report), "memory": memory(report, "Adam")}


class Seen(HTMLParser):
    """The tags and the attributes of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs if not name.startswith(("data-", "aria-"))}


@pytest.mark.parametrize("name", models())
def test_html_that_the_page_lets_pass(name: str) -> None:
    """Plain tags and attributes, without a style, a link or an id; written as a browser writes it back."""
    for html in panels(report_on(name)).values():
        seen = Seen()
        seen.feed(html)

        assert seen.tags <= TAGS
        assert seen.attributes <= ATTRIBUTES
        case = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
        back = written_back(html)
        for small, camel in case.items():
            back = back.replace(f" {small}=", f" {camel}=")
        assert html == back


def test_what_a_reader_wrote_is_shown_as_text() -> None:
    """Names from pasted source are escaped wherever they come out."""
    report = trace(TWO_OUTPUTS, (2, 8), "int64[2]")

    assert "<code>a&lt;b</code>" in answer(report)
    assert all("a<b" not in html for html in panels(report).values())


def test_the_answer_of_lenet() -> None:
    """156 + 2,416 + 48,120 + 10,164 + 850 = 61,706 parameters of 4 bytes each, and 416,520 multiply-adds."""
    said = text(answer(report_on("LeNet-5")))

    assert said.startswith("Input (1, 1, 28, 28) Output shape (1, 10) Parameters 61,706 Cost of one call 416,520 MACs")
    assert "833,040 FLOPs" in said
    assert "241.04 KiB" in said
    assert "246.82 KB" in said


def test_several_inputs_and_outputs_frozen_parameters_and_buffers() -> None:
    """Each shape under its name; what is not trained and what is not learned stand apart."""
    said = text(answer(trace(TWO_OUTPUTS, (2, 8), "int64[2]")))

    assert "Inputs (2, 8) int64 (2,)" in said
    assert "Output shapes a<b (2, 4)".replace("<", "&lt;") in said
    assert "rest ((2, 4), None)" in said
    assert "36 trained, 32 not" in said
    assert "besides 53,120 buffer numbers, 53 counters" in text(answer(report_on("ResNet-50")))


def test_notes_and_the_summary_of_keras() -> None:
    """How the run came about is told below the facts; a Keras model has what model.summary() prints."""
    source = "import keras\nfrom keras import layers\nmodel = keras.Sequential([layers.Dense(3), layers.Dense(2)])\n"
    report = trace(source, (1, 4), framework="keras")

    assert "What model.summary() prints" in answer(report)
    assert "dense_1 (Dense)" in answer(report)


@pytest.mark.parametrize("name", models())
def test_the_shares_are_the_whole(name: str) -> None:
    """At most twelve parts, which together have all parameters, multiply-adds and memory."""
    report = report_on(name)
    shares = shares_of(report)

    assert 1 < len(shares) <= MOST
    assert [sum(each.sums[at] for each in shares) for at in range(3)] == [report.params, report.macs, report.new_bytes]


def test_the_finding_in_words() -> None:
    """Shares of AlexNet by hand, and a sentence for each case: two parts, one part, equal blocks in a row."""
    report = report_on("AlexNet")
    dense = 9216 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000

    assert percent(dense, report.params) == "96.2 %"
    assert percent(report.macs - (9216 * 4096 + 4096 * 4096 + 4096 * 1000), report.macs) == "91.9 %"
    assert text(where(report)).startswith(
        "96.2 % of the parameters are in classifier , 91.9 % of the multiply-adds in features ."
    )
    assert text(where(report_on("LeNet-5"))).startswith(
        "78 % of the parameters are in fc1 , 57.6 % of the multiply-adds"
    )
    assert text(where(report_on("GPT-2"))).startswith(
        "68.3 % of the parameters and 72.9 % of the multiply-adds are in blocks. 0 … blocks. 11 ."
    )
    assert "12 × Block" in text(where(report_on("GPT-2")))


def test_a_model_that_learns_nothing() -> None:
    """Neither panel divides by nothing."""
    report = trace("from torch import nn\nmodel = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2))", (1, 2, 4, 4))

    assert text(where(report)).startswith("It has neither parameters nor multiply-adds.")
    nothing = trace("from torch import nn\nmodel = nn.Sequential(nn.Identity())", (1, 2))
    assert text(where(nothing)) == "There are neither parameters nor multiply-adds."
    assert "Total" in text(memory(nothing, "SGD"))


def test_a_thousand_layers_are_twelve_parts() -> None:
    """A long stack is cut where its neighbours matter least."""
    source = (
        "from torch import nn\nmodel = nn.Sequential(*[nn.Linear(4 + i % 3, 4 + (i + 1) % 3) for i in range(1000)])"
    )
    shares = shares_of(trace(source, (1, 4)))

    assert len(shares) == MOST
    assert sum(each.parts for each in shares) == 1000


def test_memory_by_hand() -> None:
    """An MLP on a batch of 32: 101,770 parameters; outputs 128, 10 and in training those of the dropout for each."""
    report = trace(MLP, (32, 784))
    params = 784 * 128 + 128 + 128 * 10 + 10
    outputs = 32 * (128 + 128 + 10)

    assert report.params == params
    assert report.new_bytes == 4 * outputs
    assert report.new_bytes_in_training == 4 * (outputs + 32 * 128)
    assert report.fullest == 4 * 32 * (128 + 128)
    assert inference_bytes(report) == 4 * (params + 32 * 784 + 32 * (128 + 128))
    for optimizer, state in (("SGD", 0), ("SGD with momentum", 1), ("Adam", 2)):
        assert training_bytes(report, optimizer) == 4 * (params * (2 + state) + 32 * 784 + outputs + 32 * 128)


def test_memory_of_a_keras_model() -> None:
    """Layers that only look take nothing: of 8 x 8 x 4, pooled to 4 x 4 x 4, flattened and dropped, two are at once."""
    source = (
        "import keras\nfrom keras import layers\nmodel = keras.Sequential([keras.Input((8, 8, 1)), "
        "layers.Conv2D(4, 3, padding='same'), layers.MaxPooling2D(), layers.Flatten(), layers.Dropout(0.5), "
        "layers.Dense(3)])\n"
    )
    report = trace(source, (2, 8, 8, 1), framework="keras")

    assert report.new_bytes == 4 * 2 * (256 + 64 + 3)
    assert report.new_bytes_in_training == 4 * 2 * (256 + 64 + 64 + 3)
    assert report.fullest == 4 * 2 * (256 + 64)
    assert report.input_bytes == 4 * 2 * 64


def test_half_precision_halves_and_counters_stay() -> None:
    """float16 halves everything but the int64 counters of batch norm; frozen parameters have no gradient."""
    model = models()["ResNet-18"]
    full, half = (trace(model.source, *model.inputs, entry=model.entry, dtype=kind) for kind in ("float32", "float16"))
    counters = 8 * sum(name.endswith("num_batches_tracked") for name, _ in full.buffers)

    assert full.buffer_bytes - counters == 2 * (half.buffer_bytes - counters)
    assert full.new_bytes == 2 * half.new_bytes
    assert "mixed precision" in memory(half, "Adam")
    frozen = [each.numbers for each in held(trace(TWO_OUTPUTS, (2, 8), "int64[2]"), "Adam")]
    assert frozen[:3] == [36 + 32, 36, 72]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_one_more_sample(optimizer: str) -> None:
    """What the next sample takes is the difference to a run with it."""
    one, two = (trace(MLP, (batch, 784)) for batch in (32, 33))
    said = text(memory(one, optimizer, two))

    assert "One more sample in the batch takes 4.6 KiB 4.71 KB more in training" in said
    assert training_bytes(two, optimizer) - training_bytes(one, optimizer) == 4 * (784 + 128 * 3 + 10)


def test_the_page_can_ask_for_a_form() -> None:
    """`form` gives the whole report as text; a word that is no form, and a calculator that has none, say so."""
    fields = {"source": MLP, "input": "2, 784", "framework": "torch", "dtype": "float32", "optimizer": "Adam"}

    def ask(layer: str, fields: dict[str, str], form: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(
            answered(json.dumps({"layer": layer, "fields": fields, "form": form}), lambda tex: tex)
        )
        return found

    made = Model(source=MLP, input="2, 784")
    assert ask("Model", fields, "csv") == {"text": made.report.to("csv")}
    assert ask("Model", fields, "html")["errors"] == {
        "form": "form (='html') must be one of 'text', 'json', 'csv', 'markdown', 'latex'; try 'text'."
    }
    assert ask("ReLU", {"inplace": "False", "input": "2"}, "csv")["errors"] == {
        "form": "ReLU is not written in another form (='csv'); copy a panel."
    }


@pytest.mark.parametrize(
    ("described", "shown"),
    [("1, 3", "(1, 3)"), ("5", "(5,)"), ("int64[1, 12]", "int64 (1, 12)"), ("bool[3]", "bool (3,)"), ("", "()")],
)
def test_inputs_as_shapes(described: str, shown: str) -> None:
    """What a reader typed, as Python prints a shape."""
    assert input_text(described) == shown
