"""Links that somebody made to do harm: a plain sentence or nothing, never half of it, and the page works on."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from calc.model_catalogue import models
from site_tests.browser.calculator import Calculator
from site_tests.browser.model import ADDRESS, HELD, Model
from site_tests.browser.served import Site
from site_tests.browser.watch import Watch

MARKUP = "<img src=x onerror=hit=1>"
SCRIPT = "'\"><script>hit = 1</script>"
LONG = 20_000  # letters of an address that the server of the tests takes no longer
UNREADABLE = (
    "The code in this link cannot be read: the link is incomplete, or holds too much. This is the page’s own example."
)


@pytest.fixture
def visitor(context: BrowserContext, page: Page, site: Site) -> Iterator[Page]:
    """A tab that opens links of any length: the longest are answered as by a service worker that kept the page."""

    def kept(route: Route) -> None:
        address = route.request.url.split("?")[0].removeprefix(site.address)
        route.fulfill(path=site.folder / address / "index.html", content_type="text/html")

    context.route(lambda url: len(url) > LONG, kept)
    yield page
    assert page.evaluate("window.hit") is None
    context.unroute_all()


def built(page: Page) -> dict[str, dict[str, str]]:
    """The fields of every calculator as the page was built."""
    fields: dict[str, dict[str, str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("calc-widget")].map(widget => [widget.id,
            Object.fromEntries([...widget.querySelectorAll("form [name]")].map(each => [each.name,
                each.defaultValue ?? [...each.options].find(option => option.defaultSelected)?.value]))]))"""
    )
    return fields


def works(page: Page, id: str, name: str, text: str) -> None:
    """An edit is answered with what CPython says."""
    calculator = Calculator(page, id)
    assert calculator.type(name, text) == "current"
    assert calculator.panels() == calculator.expected()
    assert calculator.errors() == {}


def test_hostile_values_get_their_sentences(visitor: Page) -> None:
    """Each field says what CPython says of it, as text; resetting gives the page's own answer back."""
    values = {
        "input": "1, 3, 10, 10\u202e",
        "in_channels": SCRIPT,
        "out_channels": "javascript:hit=1",
        "kernel_size": MARKUP,
        "stride": "__proto__",
        "padding": "9" * 5_000,
        "dilation": "\x00",
        "groups": "constructor",
        "bias": "toString",
        "padding_mode": f"{MARKUP}{'x' * 200}",
    }
    visitor.goto("convolution/?" + urlencode({f"conv2d.{name}": text for name, text in values.items()}))
    calculator = Calculator(visitor, "conv2d")
    assert calculator.answered() == "stale"

    assert calculator.fields() == values
    expected = calculator.expected_errors()
    assert set(expected) == set(values)
    assert calculator.errors() == expected
    assert calculator.root.locator("img, script").count() == 0
    options = calculator.field("padding_mode").locator("option").all_inner_texts()
    assert options[-1] == f"{values['padding_mode'][:57]}…"
    calculator.button("reset").click()
    assert calculator.fields() == built(visitor)["conv2d"]
    works(visitor, "conv2d", "kernel_size", "7")


BROKEN = {
    "half an escape": ("%E0%A4%A", "\ufffd%A"),
    "no escape": ("%zz%", "%zz%"),
    "half a character": ("%ED%A0%80", "\ufffd\ufffd\ufffd"),
    "bytes that are no text": ("%FF%FE", "\ufffd\ufffd"),
}


def test_broken_escapes_are_text(visitor: Page) -> None:
    """What cannot be decoded stands in its field as it is read everywhere, with its sentence."""
    names = ("kernel_size", "stride", "padding", "dilation")
    query = "&".join(f"conv2d.{name}={raw}" for name, (raw, _) in zip(names, BROKEN.values(), strict=True))
    visitor.goto(f"convolution/?{query}")
    calculator = Calculator(visitor, "conv2d")
    assert calculator.answered() == "stale"

    assert [calculator.fields()[name] for name in names] == [text for _, text in BROKEN.values()]
    assert calculator.errors() == calculator.expected_errors()
    assert set(calculator.errors()) == set(names)


NAMELESS = {
    "unknown fields": "conv2d.kernel=9&conv2d.=9&conv2d.kernel_size.x=9&conv2d=9&.kernel_size=9",
    "names of JavaScript's": "conv2d.__proto__=9&conv2d.constructor=9&conv2d.toString=9&__proto__.kernel_size=9",
    "names of a form's own": "conv2d.length=9&conv2d.elements=9&conv2d.0=9&conv2d.submit=9",
    "unknown calculators": "nobody.kernel_size=9&CONV2D.kernel_size=9&window.kernel_size=9",
    "selectors": "*.kernel_size=9&%23conv2d.kernel_size=9&%5Bid%5D.kernel_size=9&conv2d%20*.kernel_size=9",
    "thousands": "&".join(f"conv2d.x{number}=9" for number in range(50_000)),
    "a long name": f"conv2d.{'x' * 1_000_000}=9",
    "a long value of nothing": f"conv2d.x={'9' * 1_000_000}",
    "no step": "subsequentmask.grid.at=-3",
}


@pytest.mark.parametrize("query", NAMELESS.values(), ids=NAMELESS)
def test_what_names_nothing_is_ignored(visitor: Page, query: str) -> None:
    """No field changes and nothing is said; the next edit is answered, and takes what was ignored from the address."""
    visitor.goto(f"convolution/?{query}")
    calculator = Calculator(visitor, "conv2d")
    expect(calculator.root.locator("fieldset").first).to_be_enabled()

    assert calculator.fields() == built(visitor)["conv2d"]
    assert calculator.root.get_attribute("data-state") is None
    works(visitor, "conv2d", "kernel_size", "7")
    visitor.wait_for_function("() => new URLSearchParams(location.search).get('conv2d.kernel_size') === '7'")
    kept = visitor.evaluate("[...new URLSearchParams(location.search).keys()]")
    assert [key for key in kept if key.startswith("conv2d.")] == ["conv2d.kernel_size"]


@pytest.mark.parametrize("length", [10_001, 1_000_000])
def test_a_long_value_is_refused_with_the_whole_link(visitor: Page, length: int) -> None:
    """A sentence says so, no other field of the link is filled, nothing is asked, and the page works on."""
    visitor.goto(f"convolution/?conv2d.stride=2&conv2d.kernel_size={'9' * length}&conv2d.padding=1")
    calculator = Calculator(visitor, "conv2d")
    assert calculator.answered() == "current"

    said = f"The link gives kernel_size {length:,} characters; at most 10,000 are read. The page’s own values stand."
    assert calculator.root.locator(".calc-status").inner_text() == said
    assert calculator.fields() == built(visitor)["conv2d"]
    works(visitor, "conv2d", "kernel_size", "7")
    assert calculator.root.locator(".calc-status").inner_text() == ""
    visitor.wait_for_function("() => location.search === '?conv2d.kernel_size=7'")


def test_the_longest_value_that_is_read(visitor: Page) -> None:
    """One character less is taken to Python, which has its sentence for it."""
    visitor.goto(f"convolution/?conv2d.kernel_size={'9' * 10_000}")
    calculator = Calculator(visitor, "conv2d")
    assert calculator.answered() == "stale"

    assert calculator.errors() == calculator.expected_errors() != {}


def test_of_a_name_that_stands_twice_the_last_counts(visitor: Page) -> None:
    """As everywhere in the form; the address then has it once."""
    visitor.goto("convolution/?conv2d.kernel_size=3&conv2d.kernel_size=9")
    calculator = Calculator(visitor, "conv2d")
    assert calculator.answered() == "current"

    assert calculator.fields()["kernel_size"] == "9"
    assert calculator.panels() == calculator.expected()
    visitor.wait_for_function("() => location.search === '?conv2d.kernel_size=9'")


STEPS = ["-3", "0", "1e3", "0x2", "1.5", "NaN", "Infinity", "", " 2", "２", "9999999", "constructor", MARKUP]


def test_a_step_that_is_none_is_the_whole_picture(visitor: Page) -> None:
    """Only a number as the page writes it goes to a step; one behind the last waits for a picture that has it."""
    for text in STEPS:
        visitor.goto(f"masks/?subsequentmask.grid.at={quote(text)}")
        slider = visitor.locator("#subsequentmask .calc-stepper input").first
        expect(slider).to_be_visible()
        assert slider.input_value() == "0", text
        assert slider.get_attribute("aria-valuetext") == "The whole picture", text
    visitor.goto("masks/?subsequentmask.grid.at=2")
    assert visitor.locator("#subsequentmask .calc-stepper input").first.input_value() == "2"


HASHES = [
    '#"]',
    "#\\",
    '#a\\"]',
    "#%",
    "#%E0%A4%A",
    f"#{quote(MARKUP)}",
    "#conv2d&source=x",
    "#__proto__",
    "#" + "x" * 500_000,
]


def test_fragments_that_name_nothing(visitor: Page) -> None:
    """Neither the theme nor a calculator stumbles over them, as an address or as a jump within the page."""
    visitor.goto("convolution/")
    for fragment in HASHES:
        visitor.evaluate("hash => { location.hash = hash; }", fragment)
    for fragment in HASHES[:-1]:
        visitor.goto("about:blank")
        visitor.goto(f"convolution/{fragment}")
    works(visitor, "conv2d", "kernel_size", "7")


def test_words_for_the_search_are_text(visitor: Page) -> None:
    """What the theme reads from an address, to mark it or to look for it, is no HTML and no pattern."""
    for query in (
        f"h={quote(MARKUP)}",
        f"q={quote(MARKUP)}",
        f"h={quote('((a+)+)+$[')}",
        f"h={quote(SCRIPT)}",
    ):
        visitor.goto(f"convolution/?{query}")
        expect(visitor.locator("calc-widget form fieldset").first).to_be_enabled()
        assert visitor.locator("article img, .md-search img").count() == 0
    assert Calculator(visitor, "conv2d").type("kernel_size", "7") == "current"  # with marks in what stays


def packed(data: bytes) -> str:
    """As packed.js writes it."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.urlsafe_b64encode(deflater.compress(data) + deflater.flush()).decode().rstrip("=")


CODES = {
    "a million letters": "source=" + "A" * 1_000_000,
    "letters that are none": "source=" + quote(MARKUP),
    "no deflated text": "source=AAAA",
    "cut off": f"source={packed(b'import torch' * 1_000)[:-8]}",
    "bytes that are no text": f"source={packed(bytes([0xC3, 0x28, 0xFF]))}",
    "half a character": f"source={packed(bytes([0xED, 0xA0, 0x80]))}",
    "200 MB of zeros": f"source={packed(bytes(200_000_000))}",
    "one byte too many": f"source={packed(b'#' * 200_001)}",
}


@pytest.mark.parametrize("fragment", CODES.values(), ids=CODES)
def test_code_that_cannot_be_read(visitor: Page, watch: Watch, fragment: str) -> None:
    """The page's own example stands, with a plain sentence, and nothing else of the link is taken."""
    watch.allow("console warning: ")
    visitor.goto("about:blank")
    visitor.goto(f"{ADDRESS}?your-model.batch_size=9#your-model&{fragment}")
    model = Model(visitor)
    assert model.answered() == "current"

    assert model.status == UNREADABLE
    assert model.fields() == built(visitor)["your-model"]
    assert model.fields()["source"] == models()["LeNet-5"].source


IGNORED = {
    "names of JavaScript's": "__proto__=AAAA&constructor=AAAA&toString=AAAA",
    "fields that hold no code": f"batch_size={packed(b'9')}&input={packed(b'9')}",
    "thousands": "&".join(f"source{number}=AAAA" for number in range(100_000)),
    "nothing": "&&&===&",
}


@pytest.mark.parametrize("fragment", IGNORED.values(), ids=IGNORED)
def test_code_of_no_source_is_ignored(visitor: Page, fragment: str) -> None:
    """Names that the calculator has no source for change nothing, and are not even unpacked."""
    visitor.goto("about:blank")
    visitor.goto(f"{ADDRESS}#your-model&{fragment}")
    model = Model(visitor)
    expect(model.root.locator(".calc-editor").first).to_be_visible()

    assert model.fields() == built(visitor)["your-model"]
    assert model.root.get_attribute("data-state") is None


HELD_CODES = {
    "markup": MARKUP,
    "nothing, written": "x = 1\x00\nimport torch",
    "letters that turn the order": "# \u202e)1(tnirp\nimport torch",
    "lines of other scripts": "x = 1\u2028y = 2\u0085z = 3",
}


@pytest.mark.parametrize("source", HELD_CODES.values(), ids=HELD_CODES)
def test_code_that_is_wrong_is_held_and_then_told(visitor: Page, watch: Watch, source: str) -> None:
    """Nothing runs before Run is pressed; then there is a sentence beside the editor, and the example still works."""
    watch.allow("console warning: ")
    visitor.goto("about:blank")
    visitor.goto(f"{ADDRESS}#your-model&source={packed(source.encode())}&source={packed(source.encode())}")
    model = Model(visitor)
    expect(model.root).to_have_attribute("data-state", "held")
    assert model.status == HELD
    assert model.parameters() == "61,706"
    expect(model.root.locator(".calc-editor").first).to_be_visible()

    model.forget()
    model.button("run").click()
    assert model.answered() == "stale"
    [message] = model.errors().values()
    assert message.startswith(("the source is not valid Python: ", "entry (='LeNet()'): name 'LeNet' is not defined."))
    assert len(message) < 200
    model.button("reset").click()
    assert model.parameters() == "61,706"


def test_code_that_brings_python_down_is_told(visitor: Page, watch: Watch) -> None:
    """Tens of thousands of brackets are too deep for Python's parser in a browser; the next Python answers."""
    watch.allow("console (warning|error): ")
    visitor.goto("about:blank")
    visitor.goto(f"{ADDRESS}#your-model&source={packed(b'(' * 50_000)}")
    model = Model(visitor)
    expect(model.root).to_have_attribute("data-state", "held")

    model.forget()
    model.button("run").click()
    assert model.answered() in ("failed", "stale")  # a parser with more room has a sentence for it
    assert model.status.startswith(("Python could not be started, or stopped without an answer.", "Not computed: "))
    model.button("reset").click()
    assert model.type("batch_size", "2") == "current"
