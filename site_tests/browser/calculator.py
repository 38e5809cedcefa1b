"""A calculator on a page, as a reader handles it, and the answer that CPython gives."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from calc.render import render
from calc.spec import FieldErrors, Spec
from site_build.typeset import typeset

ANSWERED = re.compile("^(current|stale|failed)$")


class Calculator:
    """One `<calc-widget>`."""

    def __init__(self, page: Page, id: str = "") -> None:
        self.page = page
        self.root = page.locator(f'calc-widget[id="{id}"]' if id else "calc-widget").first

    def field(self, name: str) -> Locator:
        """A knob's control, or the one of the input shape."""
        return self.root.locator(f'form [name="{name}"]')

    def message(self, name: str) -> Locator:
        """The place beside a field where its error is said."""
        return self.root.locator(f'[id$=".{name}.error"]')

    def panel(self, name: str) -> Locator:
        """What a panel shows."""
        return self.root.locator(f'[data-panel="{name}"]')

    def button(self, does: str) -> Locator:
        """A button by what it does: link, reset."""
        return self.root.locator(f'button[data-do="{does}"]')

    @property
    def layer(self) -> str:
        """The name of the layer or network."""
        return self.root.get_attribute("layer") or ""

    def forget(self) -> None:
        """Take the mark of the last answer away, so that the next one can be waited for."""
        self.root.evaluate("widget => delete widget.dataset.state")

    def answered(self) -> str:
        """Wait for the answer to the last edit: current, stale (an error) or failed."""
        expect(self.root).to_have_attribute("data-state", ANSWERED)
        return self.root.get_attribute("data-state") or ""

    def type(self, name: str, text: str) -> str:
        """Put text into a field, wait for the answer, and say what kind it is."""
        self.forget()
        control = self.field(name)
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
        return self.answered()

    def ask_again(self) -> str:
        """Have the fields as they stand computed in the browser, once somebody listens to them."""
        expect(self.root.locator("form [name]").first).to_be_enabled()
        self.forget()
        self.root.locator("form").dispatch_event("input")
        return self.answered()

    def copied(self, button: Locator) -> str:
        """Press a button that copies, and read the clipboard once it has said so, for however short a time."""
        button.evaluate(
            "button => { button.copied = false; "
            "new MutationObserver(() => { button.copied ||= button.textContent === 'Copied' })"
            ".observe(button, { childList: true }); }"
        )
        button.click()
        self.page.wait_for_function("button => button.copied", arg=button.element_handle())
        text: str = self.page.evaluate("navigator.clipboard.readText()")
        return text

    def waiting(self) -> set[str]:
        """The panels that are marked as old, because only Python can answer for them."""
        return {
            each.locator("[data-panel]").get_attribute("data-panel") or ""
            for each in self.root.locator(".calc-section[data-old]").all()
        }

    def fields(self) -> dict[str, str]:
        """What stands in the form."""
        values: dict[str, str] = self.root.locator("form").evaluate(
            "form => Object.fromEntries([...form.elements].filter(each => each.name).map(each => "
            "[each.name, each.value]))"
        )
        return values

    def panels(self) -> dict[str, str]:
        """The HTML of every panel as it stands in the page."""
        html: dict[str, str] = self.root.evaluate(
            "widget => Object.fromEntries([...widget.querySelectorAll('[data-panel]')].map(each => "
            "[each.dataset.panel, each.innerHTML]))"
        )
        return html

    def expected(self) -> dict[str, str]:
        """The panels that CPython gives for what stands in the form."""
        return render(Spec(self.layer, "", self.fields(), tuple(self.panels())), typeset)

    def expected_errors(self) -> dict[str, str]:
        """The messages that CPython gives for what stands in the form."""
        try:
            self.expected()
        except FieldErrors as errors:
            return errors.messages
        return {}

    def errors(self) -> dict[str, str]:
        """The messages in sight, by field."""
        shown: dict[str, str] = self.root.evaluate(
            "widget => Object.fromEntries([...widget.querySelectorAll('.calc-error:not([hidden])')].map(each => "
            "[each.id.slice(widget.id.length + 1, -'.error'.length), each.textContent]))"
        )
        return shown
