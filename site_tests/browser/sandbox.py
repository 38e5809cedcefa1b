"""The sandbox that runs pasted code, asked as its calculator asks it; honest code, and code that finds ways out."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from calc.render import render
from calc.spec import Spec
from site_build.typeset import typeset
from site_tests.browser.served import Site

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
        self.module = f"{site.own}js/sandbox.js"

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
