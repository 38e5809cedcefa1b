"""Hostile code in the sandbox: it gets nowhere, it is stopped, and honest code is answered all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from calc.model_catalogue import models
from calc.render import render
from calc.spec import Spec
from site_build.typeset import typeset
from site_tests.browser.escape import Elsewhere, elsewhere
from site_tests.browser.served import Site
from site_tests.browser.watch import Watch

HONEST = "import torch.nn as nn\n\nmodel = nn.Sequential(nn.Linear(3, 5), nn.ReLU())\n"
PANELS = ("answer", "where", "diagram", "rows", "memory")

ASK = """async ([module, question]) => {
    const { ask } = await import(module);
    try {
        return { reply: await ask(question) };
    } catch (error) {
        return { kind: error.kind, message: error.message, cause: String(error.cause) };
    }
}"""

# Ways to the browser's objects that do not go through the import statement of pasted code.
WAYS = """
def from_frames():
    try:
        raise ValueError
    except ValueError as error:
        frame = error.__traceback__.tb_frame
    while "sys" not in frame.f_globals:
        frame = frame.f_back
    return frame.f_globals["sys"]

def from_subclasses():
    loader = [each for each in ().__class__.__base__.__subclasses__() if each.__name__ == "BuiltinImporter"][0]
    return loader.load_module.__globals__["sys"]

def imported(name, *parts):
    return from_subclasses().modules["builtins"].__import__(name, fromlist=parts)

def by_frames():
    return from_frames().modules["importlib"].import_module("js")

def by_subclasses():
    return imported("js")

def by_run_js():
    return imported("pyodide.code", "run_js").run_js("globalThis")

def by_constructor():
    return imported("pyodide_js")._module.HEAPU8.constructor.constructor("return globalThis")()

WAYS = by_frames, by_subclasses, by_run_js, by_constructor

def outcome(act):
    try:
        return str(act())
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
"""


def fields(source: str, **others: str) -> dict[str, str]:
    """A form with this source and an input that fits the honest one."""
    return {
        "source": source,
        "input": "2, 3",
        "entry": "",
        "framework": "torch",
        "batch_size": "",
        "dtype": "float32",
        "optimizer": "Adam",
        **others,
    }


class Sandbox:
    """The sandbox's module in a page, asked as the model's calculator asks it."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.module = f"{site.address}assets/js/sandbox.js"

    def ask(self, source: str, *panels: str, module: str = "", **others: str) -> Any:
        """The reply, or the kind and text of the error."""
        question = {"layer": "Model", "fields": fields(source, **others), "panels": panels or ("answer",)}
        return self.page.evaluate(ASK, [module or self.module, question])

    def said(self, source: str, module: str = "") -> Any:
        """What code found out, told as JSON in the text of an error."""
        [text] = self.ask(source, module=module)["reply"]["errors"].values()
        return json.loads(text[text.index("{") : text.rindex("}") + 1])

    def answers_honestly(self) -> bool:
        """Honest code gets the panels that CPython makes of it."""
        expected = render(Spec("Model", "", fields(HONEST), PANELS), typeset)
        return bool(self.ask(HONEST, *PANELS) == {"reply": {"panels": expected}})


@pytest.fixture(scope="module")
def other() -> Iterator[Elsewhere]:
    """Another host."""
    with elsewhere() as other:
        yield other


@pytest.fixture
def sandbox(kept_page: Page, watch: Watch, site: Site) -> Sandbox:
    """The sandbox of a page that the tests share."""
    if kept_page.url == "about:blank":
        kept_page.goto("counting/")
    return Sandbox(kept_page, site)


def test_an_honest_panel_comes_out_unchanged(sandbox: Sandbox) -> None:
    """Cleaned, every panel is the string that CPython bakes, of a small model and of one with everything in it."""
    unet = models()["U-Net"]
    for source, others in ((HONEST, {}), (unet.source, {"input": "; ".join(unet.inputs), "entry": unet.entry})):
        expected = render(Spec("Model", "", fields(source, **others), PANELS), typeset)
        assert sandbox.ask(source, *PANELS, **others) == {"reply": {"panels": expected}}
    assert sandbox.ask(HONEST, "answer", batch_size="8")["reply"]["panels"] == render(
        Spec("Model", "", fields(HONEST, batch_size="8"), ("answer",)), typeset
    )


def test_a_wrong_model_is_told_with_its_line(sandbox: Sandbox) -> None:
    """An error of the code comes out as a sentence beside the field, with its line."""
    reply = sandbox.ask("import torch.nn as nn\nmodel = nn.Lineer(3, 5)\n")["reply"]

    assert list(reply) == ["errors", "line"]
    assert "Lineer" in reply["errors"]["source"]
    assert reply["line"] == 2


REQUESTS = """
import json

def request(way, url):
    asked = way().XMLHttpRequest.new()
    asked.open("GET", url + way.__name__, False)
    asked.send()
    return "reached"

found = {
    f"{way.__name__}, {to}": outcome(lambda: request(way, url)) for way in WAYS for to, url in ADDRESSES.items()
}
raise ValueError(json.dumps(found))
"""


def test_python_that_reaches_the_browser_reaches_nobody(
    sandbox: Sandbox, watch: Watch, site: Site, other: Elsewhere
) -> None:
    """Past the imports of pasted code and all the way to a request, nothing arrives, at the site or elsewhere."""
    watch.allow(r"\?try=", "Content Security Policy", "console warning: ")
    addresses = {"site": f"{site.address}assets/logo.svg?try=", "elsewhere": f"{other.address}?try="}
    source = f"{WAYS}\nADDRESSES = {addresses!r}\n{REQUESTS}"
    before = len(other.asked), sum("?try=" in path for path in site.asked)

    found = sandbox.said(source)

    assert len(found) == 8
    assert "reached" not in found.values()
    assert (len(other.asked), sum("?try=" in path for path in site.asked)) == before
    # in the page's own worker, which never runs pasted code, the same code is noticed by both servers
    unprotected = sandbox.said(source, module=f"{site.address}assets/js/client.js")
    assert set(unprotected.values()) == {"reached"}, unprotected
    assert len(other.asked) == before[0] + 4
    assert sum("?try=" in path for path in site.asked) == before[1] + 4
    assert sandbox.answers_honestly()


PATCHED = """
from_subclasses().modules["calc.render"].render = lambda *_: {"answer": HTML}
"""
HOSTILE = {
    "picture": '<p>fine</p><img src="x" onerror="window.hit = 1">',
    "script": "<p>fine</p><script>window.hit = 1</script>",
    "link": '<p>fine<a href="javascript:window.hit = 1">here</a></p>',
    "handler": '<p onclick="window.hit = 1" class="calc-facts">fine</p>',
    "style": '<p style="position:fixed;inset:0">fine</p><style>body { display: none }</style>',
    "form": '<p>fine</p><form action="//a.example"><input name="q"><button>go</button></form>',
    "frame": '<p>fine</p><iframe srcdoc="<script>top.hit = 1</script>"></iframe>',
    "name": '<p id="location" name="body">fine</p>',
    "drawing that loads": '<p>fine</p><svg><use href="//a.example/x#a"></use><image href="//a.example"></image></svg>',
    "drawing with HTML": "<p>fine</p><svg><foreignObject><p>x</p></foreignObject></svg>",
    "drawing that moves": '<p>fine</p><svg><a><animate attributeName="href" to="javascript:hit=1"></animate></a></svg>',
    "handler in a drawing": '<p>fine</p><svg onload="window.hit = 1"><g onfocus="hit = 1" tabindex="0"></g></svg>',
    "mutation": "<p>fine</p><svg><title><style><img src=x onerror=window.hit=1></style></title></svg>",
    "own element": "<p>fine</p><calc-widget layer='Model'></calc-widget>",
    "class of the theme": '<p class="calc-quiet md-overlay">fine</p><div class="md-dialog md-dialog--active"></div>',
}
FORBIDDEN = """([html, press]) => {
    const place = document.createElement("div");
    document.querySelector("article").append(place);
    place.innerHTML = html;
    const wrong = [...place.querySelectorAll("*")].filter(each =>
        ["script", "img", "a", "style", "form", "input", "button", "iframe", "use", "image", "foreignobject", "animate",
         "calc-widget"].includes(each.localName.toLowerCase())
        || [...each.classList].some(name => name.startsWith("md-"))
        || [...each.attributes].some(({ name }) => /^(on|style|href|xlink|src|id|name)/.test(name)));
    if (press) place.querySelectorAll("*").forEach(each => each.click?.());
    const found = [wrong.map(each => each.outerHTML), place.textContent.includes("fine")];
    place.remove();
    return found;
}"""


def test_hostile_panels_are_cleaned(sandbox: Sandbox, watch: Watch) -> None:
    """Whatever pasted code puts into a panel, the page gets plain tags; the plain part stays."""
    watch.allow("a.example", "/x$", "404", "addEventListener")
    page = sandbox.page
    # one code, so one interpreter, which is taken over at the first run; then a knob picks the panel
    source = WAYS + PATCHED.replace("HTML", f"{list(HOSTILE.values())!r}[int(_[0].fields['batch_size'])]")
    assert "errors" in sandbox.ask(source)["reply"]
    panels = {
        name: sandbox.ask(source, batch_size=str(number))["reply"]["panels"]["answer"]
        for number, name in enumerate(HOSTILE)
    }

    for name, html in panels.items():
        assert page.evaluate(FORBIDDEN, [html, True]) == [[], True], name
    assert page.evaluate("window.hit") is None
    # uncleaned, the same check finds every one of them
    assert [name for name, html in HOSTILE.items() if page.evaluate(FORBIDDEN, [html, False])[0] == []] == []
    page.wait_for_function("window.hit === 1")
    page.evaluate("delete window.hit")
    assert sandbox.answers_honestly()


FOREVER = {
    "deaf to interrupts": "while True:\n    try:\n        while True:\n            pass\n"
    "    except BaseException:\n        pass\n",
    "endless in the model": "import torch.nn as nn\nclass Net(nn.Module):\n    def forward(self, x):\n"
    "        while True:\n            x = x + 1\n",
}
TOO_MUCH = {
    "a list that grows": "kept = []\nwhile True:\n    kept.append(bytearray(10 ** 6))\n",
    "a long text": "text = 'x' * (2 ** 31 - 100)\n",
}


WRITING = """
import json

tries = {
    "open": lambda: imported("io").open("/home/x", "wb"),
    "append": lambda: imported("io").open("/lib/python313.zip", "ab"),
    "mkdir": lambda: imported("os").mkdir("/home/x"),
    "temporary file": lambda: imported("tempfile").TemporaryFile(),
    "rename": lambda: imported("os").rename("/lib/python313.zip", "/lib/x"),
    "truncate": lambda: imported("os").truncate("/lib/python313.zip", 2 ** 31 - 1),
    "link": lambda: imported("os").symlink("/lib", "/home/x"),
}
for _ in range(20):
    print("x" * 10 ** 6, end="")
raise ValueError(json.dumps({name: outcome(act) for name, act in tries.items()}))
"""


def test_nothing_can_be_written(sandbox: Sandbox) -> None:
    """Files lie outside of Python's memory and its maximum, so there are none to fill; what is printed is dropped."""
    found = sandbox.said(WAYS + WRITING)

    assert [what for what in found.values() if "Read-only file system" not in what] == []
    assert sandbox.answers_honestly()


@pytest.mark.parametrize("source", FOREVER.values(), ids=FOREVER)
def test_code_that_never_ends_is_stopped(sandbox: Sandbox, source: str) -> None:
    """The page says so in a sentence, and honest code is answered by another interpreter."""
    stopped = sandbox.ask(source)

    assert stopped.pop("cause") == ""
    assert stopped == {"kind": "time", "message": "The code was stopped: it gave no answer within 10 seconds."}
    assert sandbox.answers_honestly()


@pytest.mark.parametrize("source", TOO_MUCH.values(), ids=TOO_MUCH)
def test_code_that_eats_memory_is_stopped(sandbox: Sandbox, source: str) -> None:
    """At 1 GiB it ends, the page says so, and honest code is answered by another interpreter."""
    stopped = sandbox.ask(source)

    assert "MemoryError" in stopped.pop("cause")
    assert stopped == {"kind": "memory", "message": "The code was stopped: it needed more than 1 GiB of memory."}
    assert sandbox.answers_honestly()


def test_the_reader_can_stop_it(sandbox: Sandbox) -> None:
    """`end` takes a run back at once; what was asked is told so."""
    stopped = sandbox.page.evaluate(
        """async ([module, ask, question]) => {
            const { end, wake } = await import(module);
            await wake();
            const asked = (0, eval)(ask)([module, question]);
            await new Promise(resolve => setTimeout(resolve, 300));
            end();
            return asked;
        }""",
        [
            sandbox.module,
            ASK,
            {"layer": "Model", "fields": fields(FOREVER["deaf to interrupts"]), "panels": ["answer"]},
        ],
    )

    assert stopped == {"kind": "ended", "message": "The code was stopped.", "cause": ""}
    assert sandbox.answers_honestly()


@pytest.mark.parametrize("missing", ["sandbox/frame.html", "js/sandbox-worker.js", "pyodide.asm.wasm", "purify.min.js"])
def test_a_missing_file_is_told_and_forgiven(page: Page, watch: Watch, site: Site, missing: str) -> None:
    """What cannot be loaded is one kind of failure, and asking again later works."""
    watch.allow("net::ERR_FAILED", "console error: ")
    page.context.route(f"**/{missing}", lambda route: route.abort())
    page.goto("counting/")
    sandbox = Sandbox(page, site)

    failed = sandbox.ask(HONEST)

    assert failed["kind"] == "failed"
    assert failed["message"] == "Python could not be started, or stopped without an answer."
    page.context.unroute(f"**/{missing}")
    assert sandbox.answers_honestly()
