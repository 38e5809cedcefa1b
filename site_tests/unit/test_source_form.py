"""The form around Python source: its text area, the examples to begin with, and what the answer can be taken as."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from calc.calculator import Calculator
from calc.errors import CalcError
from calc.knob import Example
from calc.model_catalogue import FOLDER, models
from calc.report_forms import FORMS as WRITTEN
from calc.reported import REPORTED
from calc.reported.asked import report_for
from calc.reported.examples import SHORT, examples
from calc.source_form import FORMS, MOST_LINES, copies, source_field

SHORT_ONES = Path(__file__).parents[2] / "docs" / "en" / "assets" / "models"


class _Read(HTMLParser):
    """A form's HTML as a browser reads it: tags with their attributes, and the text of the text area."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text = "" if tag == "textarea" else self.text

    def handle_data(self, data: str) -> None:
        if self.tags[-1][0] == "textarea" and self.text == "":
            self.text = data.removeprefix("\n")  # as the standard has it

    def only(self, tag: str) -> dict[str, str | None]:
        [found] = [attributes for name, attributes in self.tags if name == tag]
        return found


@pytest.mark.parametrize("source", ["x = 1 < 2 & 3", "\n\nx = 1\n", "</textarea><script>", "s = '\"'", "\tpass"])
def test_the_text_area_holds_the_source_to_the_letter(source: str) -> None:
    """Whatever the source holds, a browser reads it back from the HTML as it was."""
    read = _Read(source_field("one.source", "source", source, ()))

    assert read.text == source
    assert read.only("textarea")["id"] == "one.source"
    assert read.only("label")["for"] == "one.source"
    assert read.only("textarea")["aria-describedby"] == "one.source.error"


@pytest.mark.parametrize(("lines", "rows"), [(1, 8), (12, 12), (400, MOST_LINES)])
def test_the_text_area_is_as_high_as_its_source_within_limits(lines: int, rows: int) -> None:
    """Short sources have room to grow, long ones scroll."""
    read = _Read(source_field("one.source", "source", "\n".join(["pass"] * lines), ()))

    assert read.only("textarea")["rows"] == str(rows)


def test_an_example_carries_what_goes_into_the_fields() -> None:
    """File, entry, input and framework stand at the option, escaped; options are grouped."""
    listed = [
        Example("A & B", "Two", "a_b", {"entry": 'Net("x")', "input": ""}),
        Example("C", "Two", "c"),
        Example("D", "One", "d"),
    ]
    read = _Read(source_field("one.source", "source", "", listed))

    assert [attributes["label"] for tag, attributes in read.tags if tag == "optgroup"] == ["Two", "One"]
    options = [attributes for tag, attributes in read.tags if tag == "option"][1:]
    assert options[0] == {"data-file": "a_b", "data-entry": 'Net("x")', "data-input": ""}
    assert [each["data-file"] for each in options] == ["a_b", "c", "d"]


def test_every_network_of_the_catalogue_is_an_example() -> None:
    """None is left out, and each example's file is one that the site serves."""
    listed = examples()

    assert {each.name for each in listed[len(SHORT) :]} == set(models())
    served = {path.stem for path in (*FOLDER.glob("*.py"), *SHORT_ONES.glob("*.py"))}
    assert [each.file for each in listed if each.file not in served] == []
    assert {path.stem for path in SHORT_ONES.glob("*.py")} == {file for _, file, *_ in SHORT}
    assert not {path.stem for path in SHORT_ONES.glob("*.py")} & {path.stem for path in FOLDER.glob("*.py")}
    names = [each.name for each in listed]
    assert len(names) == len(set(names))


def _traced(file: str, entry: str, input: str, framework: str) -> object:
    source = (SHORT_ONES / f"{file}.py").read_text(encoding="utf-8")
    return report_for(source, input or None, entry or None, framework, None, "float32").params


@pytest.mark.parametrize(
    ("file", "params"),
    [
        ("mlp", 784 * 256 + 256 + 256 * 10 + 10),
        ("lstm_last_step", 10_000 * 128 + 4 * 256 * (128 + 256 + 2) + 256 * 2 + 2),
        ("residual_block", 9 * 64 * 128 + 9 * 128 * 128 + 64 * 128 + 3 * 2 * 128),
        ("keras_cnn", 9 * 32 + 32 + 9 * 32 * 64 + 64 + 5 * 5 * 64 * 10 + 10),
    ],
)
def test_a_short_example_runs(file: str, params: int) -> None:
    """With the entry and the input that it brings, it has the parameters that can be counted by hand."""
    [asked] = [each[1:] for each in SHORT if each[1] == file]

    assert _traced(*asked) == params


def test_the_mistake_to_find_is_found() -> None:
    """The example with a mistake is refused at its last line, with the number that mends it."""
    [asked] = [each[1:] for each in SHORT if each[1] == "flatten_mistake"]

    with pytest.raises(CalcError, match=re.escape("set in_features=1152 in line 11")) as caught:
        _traced(*asked)
    assert getattr(caught.value, "line", 0) == 17


def test_forms_on_offer_are_those_that_a_report_has() -> None:
    """Each form that can be chosen is written, and each that is written can be chosen."""
    assert set(FORMS) == set(WRITTEN)


def test_only_what_there_is_can_be_taken() -> None:
    """A calculator that writes nothing and draws nothing has no such line."""
    values = [each["value"] for tag, each in _Read(copies("one", True, True)).tags if tag == "option"]

    assert values == [*FORMS, "svg", "png"]
    assert copies("one", False, False) == ""
    assert '"svg"' not in copies("one", False, True)


@pytest.mark.parametrize("name", REPORTED)
def test_a_calculator_that_runs_code_is_sandboxed(name: str) -> None:
    """Nothing that takes a source is asked in the page's own interpreter."""
    kind: type[Calculator] = REPORTED[name]

    assert kind.sandboxed
