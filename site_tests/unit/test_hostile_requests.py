"""Whatever stands in a form or a request: a sentence beside the field, or one for the whole, and never a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from calc.calculators import WIDGETS
from calc.fence import parse_fence
from calc.knob import Text
from calc.render import RequestError, answer
from calc.spec import Spec, form_knobs

PAGES = Path(__file__).parents[2] / "docs" / "en"

MARKUP = "<img src=x onerror=alert(1)>"
TEXTS = {
    "markup": MARKUP,
    "quotes": "\"'>`",
    "an address that runs": "javascript:alert(1)",
    "a name of JavaScript's": "__proto__",
    "nothing, written": "\x00",
    "a number with nothing behind it": "1\x00",
    "half a character": "\ud800",
    "a letter that turns the order": "\u202e3",
    "digits of other scripts": "٣𝟛",
    "many of them": "٣" * 5_000,
    "an exponent": "²",
    "5,000 digits": "9" * 5_000,
    "5,000 digits below zero": "-" + "9" * 5_000,
    "thousands of numbers": "1, " * 3_000,
    "thousands of brackets": "(" * 3_000,
    "brackets in brackets": "[" * 3_000 + "]" * 3_000,
    "a gap": "1" + " " * 5_000 + "2",
    "lines": "\n" * 5_000,
    "beyond all numbers": "1e999",
    "no number": "nan",
    "without end": "inf",
    "far below one": "1e-400",
    "divided by nothing": "1/0",
    "a million characters": "1" * 1_000_000,
}


def request(**given: Any) -> str:
    return json.dumps(given)


def untypeset(tex: str) -> str:
    return "<i></i>"


def declared() -> Iterator[Spec]:
    """Every calculator of every page."""
    for page in sorted(PAGES.rglob("*.md")):
        for info, body in re.findall(r"^```calc ([\w ]+)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            yield parse_fence(info.replace(" ", "."), body)


def places() -> dict[str, tuple[Spec, str]]:
    """One field for each way of reading a text, by layer and name."""
    found: dict[object, tuple[Spec, str]] = {}
    for spec in declared():
        kind = WIDGETS[spec.layer]
        for knob in form_knobs(kind):
            # a network of another size is another computation, but not another way of reading
            found.setdefault((repr(knob.kind), knob.name if isinstance(knob.kind, Text) else ""), (spec, knob.name))
        for port in kind.required_inputs():
            found.setdefault(type(port), (spec, port.name))
    return {f"{spec.layer} {name}": (spec, name) for spec, name in found.values()}


PLACES = places()


def test_every_way_of_reading_is_tried() -> None:
    """Numbers, shapes, words, tables, texts and source are among them."""
    assert len(PLACES) > 100
    assert {"ReLU input", "Conv2d padding", "keras.ZeroPadding2D padding", "NoamRate factor"} <= set(PLACES)
    assert {"TwoModels source", "ConvolutionByHand image", "ConvolutionOverText sentence"} <= set(PLACES)


@pytest.mark.parametrize("place", PLACES)
def test_a_field_is_read_or_refused_in_a_sentence(place: str) -> None:
    """Nothing is raised; a message is short, names the field, and shows what was typed without what nobody sees."""
    spec, name = PLACES[place]
    for text in TEXTS.values():
        fields = {**spec.fields, name: text}
        asked = request(layer=spec.layer, fields=fields, panels=list(spec.panels))

        reply = json.loads(answer(asked, untypeset))

        assert set(reply) in ({"panels"}, {"errors", "line"}), text[:20]
        assert all(MARKUP not in html for html in reply.get("panels", {}).values()), text[:20]
        for field, message in reply.get("errors", {}).items():
            assert message.startswith(f"{spec.layer}: ") or re.match("(source|entry|input)(_b)?$", field), message
            assert "Traceback" not in message
            assert len(message) < 900, message
            assert all(each.isprintable() or each.isspace() for each in message), ascii(message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1" * 1_000_000, f"(={'1' * 57}…) must have at most 10,000 characters, and has 1,000,000; leave some out."),
        (
            "9" * 5_000,
            f"(={'9' * 57}…) must be at most 1,000,000,000; no tensor has so long an axis, so check the digits.",
        ),
        (
            "٣" * 5_000,
            f"(={'٣' * 57}…) must be at most 1,000,000,000; no tensor has so long an axis, so check the digits.",
        ),
        ("3 " * 65, f"(={('3 ' * 65)[:57]}…) must have at most 64 numbers; give one for each axis."),
        ("\ud800", "(=\\ud800) has half a character in it; type it anew."),
        (
            "\u202e3",
            "(=\\u202e3) must be a whole number; type a whole number such as 3, or one for each axis such as 3, 5.",
        ),
        (
            "\x00",
            "(=\\u0000) must be a whole number; type a whole number such as 3, or one for each axis such as 3, 5.",
        ),
        (
            MARKUP,
            f"(={MARKUP}) must be a whole number; type a whole number such as 3, or one for each axis such as 3, 5.",
        ),
    ],
)
def test_the_sentence_for_a_kernel_size(text: str, expected: str) -> None:
    """What is wrong, what was typed, and the way out; the text is not HTML, so markup in it stays text."""
    spec, _ = PLACES["Conv2d padding"]
    fields = {**spec.fields, "kernel_size": text}
    reply = json.loads(answer(request(layer="Conv2d", fields=fields, panels=["result"]), untypeset))

    assert reply == {"errors": {"kernel_size": f"Conv2d: kernel_size {expected}"}, "line": 0}


FIELDS = {"layer": "Conv2d", "fields": {}}
NO_JSON = "The request is not JSON that can be read; send {layer, fields, panels}."
NO_OBJECT = "The request is not an object; send {layer, fields, panels}."
WRONG: dict[str, tuple[str, str]] = {
    "nothing": ("", NO_JSON),
    "half": ('{"layer": "Conv2d", ', NO_JSON),
    "deep": ("[" * 200_000 + "]" * 200_000, NO_JSON),
    "huge number": (f'{{"layer": {"9" * 5_000}}}', NO_JSON),
    "list": ("[]", NO_OBJECT),
    "null": ("null", NO_OBJECT),
    "no layer": ("{}", "The request's layer (=None) is no calculator; send a name such as 'Conv2d'."),
    "unknown layer": (
        request(layer="__init__", fields={}),
        "The request's layer (='__init__') is no calculator; send a name such as 'Conv2d'.",
    ),
    "layer of another type": (
        request(layer=["Conv2d"], fields={}),
        "The request's layer (=['Conv2d']) is no calculator; send a name such as 'Conv2d'.",
    ),
    "long layer": (
        request(layer="x" * 10**6, fields={}),
        f"The request's layer (='{'x' * 56}...) is no calculator; send a name such as 'Conv2d'.",
    ),
    "no fields": (
        request(layer="Conv2d"),
        "The request's fields (=None) must be texts by name; send {name: text}.",
    ),
    "fields that are no texts": (
        request(layer="Conv2d", fields={"stride": 1}),
        "The request's fields (={'stride': 1}) must be texts by name; send {name: text}.",
    ),
    "panel that is a method": (
        request(layer="AttentionByHand", fields={}, panels=["__init__"]),
        "The request's panels (=['__init__']) must be some of PANELS.",
    ),
    "panels that are a text": (
        request(layer="AttentionByHand", fields={}, panels="scores"),
        "The request's panels (='scores') must be some of PANELS.",
    ),
    "form of another type": (
        request(**FIELDS, form=1),
        "The request's form (=1) must be a text such as 'csv'.",
    ),
}


@pytest.mark.parametrize(("asked", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_no_request_is_refused_in_a_sentence(asked: str, expected: str) -> None:
    """No page asks so; whoever does reads what is wrong."""
    with pytest.raises(RequestError) as raised:
        answer(asked, untypeset)

    assert str(raised.value) == expected.replace("PANELS", ", ".join(WIDGETS["AttentionByHand"].panels))
    assert raised.value.__cause__ is None


def test_unknown_fields_name_nothing() -> None:
    """Names that no form has, JavaScript's own among them, change no answer."""
    spec, _ = PLACES["Conv2d padding"]
    more = dict.fromkeys(("__proto__", "constructor", "toString", "Kernel_size", "self", "x" * 1000), "9")
    asked = [
        request(layer="Conv2d", fields=fields, panels=["result"]) for fields in (spec.fields, {**spec.fields, **more})
    ]

    plain, with_more = (json.loads(answer(each, untypeset)) for each in asked)

    assert set(plain) == {"panels"}
    assert with_more == plain
