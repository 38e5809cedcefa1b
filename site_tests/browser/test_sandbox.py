"""Hostile code in the sandbox: it gets nowhere, it is stopped, and honest code is answered all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from calc.model_catalogue import models
from calc.render import render
from calc.spec import Spec
from site_build.typeset import typeset
from site_tests.browser.escape import Elsewhere, elsewhere
from site_tests.browser.sandbox import HONEST, PANELS, WAYS, Sandbox, fields
from site_tests.browser.served import Site
from site_tests.browser.watch import Watch


@pytest.fixture(scope="module")
def other() -> Iterator[Elsewhere]:
    """Another host."""
    with elsewhere() as other:
        yield other


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

UNPROTECTED = {
    "unprotected.js": """
        export const ask = (question) => new Promise((resolve, reject) => {
            const worker = new Worker(new URL("./unprotected-worker.js", import.meta.url), { type: "module" });
            worker.onmessage = ({ data }) => resolve(JSON.parse(data));
            worker.onerror = ({ message }) => reject(new Error(message));
            worker.postMessage(JSON.stringify(question));
        });""",
    "unprotected-worker.js": """
        import { boot } from "./boot.js";
        import { inflated } from "./inflated.js";
        import { asked } from "./python-files.js";
        import { pythonFolder, pythonLock } from "./runtime.js";
        const models = fetch(new URL(`../${pythonFolder}/models.zip.deflated`, import.meta.url)).then(inflated);
        onmessage = async ({ data }) => {
            const { files, loader } = asked();
            const { answer } = await boot(await loader, pythonLock, { ...files, "models.zip": models });
            postMessage(answer(data, (tex) => tex));
        };""",
}


@pytest.fixture
def unprotected_module(site: Site) -> Iterator[str]:
    """The address of a module that asks Python in an ordinary worker of the site."""
    folder = site.folder / site.own.removeprefix(site.address) / "js"
    for name, script in UNPROTECTED.items():
        (folder / name).write_text(script)
    yield f"{site.own}js/unprotected.js"
    for name in UNPROTECTED:
        (folder / name).unlink()


def test_python_that_reaches_the_browser_reaches_nobody(
    sandbox: Sandbox, watch: Watch, site: Site, other: Elsewhere, unprotected_module: str
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
    # in a worker of the page, where no pasted code is ever run, the same code is noticed by both servers
    unprotected = sandbox.said(source, module=unprotected_module)
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


def test_hostile_panels_are_cleaned(sandbox: Sandbox, unsealed: Page, watch: Watch) -> None:
    """Whatever pasted code puts into a panel, the page gets plain tags; the plain part stays."""
    watch.allow("a.example", "/x$", "404", "addEventListener", "Content Security Policy")
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
    # uncleaned, the same check finds every one of them, and they run where there is no policy either
    for place in (page, unsealed):
        assert [name for name, html in HOSTILE.items() if place.evaluate(FORBIDDEN, [html, False])[0] == []] == []
    unsealed.wait_for_function("() => window.hit === 1")
    assert page.evaluate("window.hit") is None
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
import tempfile

tries = {
    "open": lambda: imported("io").open("/home/x", "wb"),
    "append": lambda: imported("io").open("/lib/python313.zip", "ab"),
    "mkdir": lambda: imported("os").mkdir("/home/x"),
    "temporary file": lambda: imported("tempfile").TemporaryFile(dir="/home"),
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
        """async ([module, question]) => {
            const { ask, end, wake } = await import(module);
            await wake();
            const asked = ask(question).catch(({ kind, message, cause }) => ({ kind, message, cause: String(cause) }));
            await new Promise(resolve => setTimeout(resolve, 300));
            end();
            return asked;
        }""",
        [
            sandbox.module,
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
