"""From a key to the panels: by replay, and through Python once it is awake; and what blocks the main thread.

A key is a true one, sent to the browser; the clock runs from its time stamp to the frame that shows the panels. The
panels are compared to the letter with what `calc.render` says for the fields as they stand; a difference stops the
benchmark. Browsers paint at the screen's pace, so that whatever happens waits up to a sixtieth of a second for the next
frame. The work itself is measured in a browser that makes a frame as soon as there is one to make; beside it stands
what a screen of 60 Hz shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calc.render import render
from calc.spec import Spec
from site_build.typeset import typeset
from site_tests.bench.competitors import SITE, STOCK, Competitor
from site_tests.bench.devtools import PATIENCE, Chromium
from site_tests.bench.figures import Figure, Target, number, table
from site_tests.bench.parts import Outcome, Place
from site_tests.bench.profiles import DESKTOP, SLOW_CPU, Profile
from site_tests.bench.question import UNEVEN
from site_tests.bench.visit import Tab, plan, profile_of_its_own

SCRIPT = Path(__file__).parent / "keystroke.js"
UNPACED = ("--disable-frame-rate-limit", "--disable-gpu-vsync")
REPLAYED, CURRENT = "replayed", "current"
KEYS = 10
"""Keys in each run, after some that do not count."""
FIRST = 3


@dataclass(frozen=True)
class Subject:
    """A field of a calculator; `digits` are what may be typed into it."""

    page: str
    id: str
    layer: str
    field: str
    digits: str = "123456789"
    traced: bool = True


SUBJECTS = (
    Subject("convolution/", "conv2d", "Conv2d", "kernel_size"),
    # The largest panels of the site, the most rows, the slowest run of a trace's expressions.
    Subject("transformer/", "transformer", "Transformer", "num_encoder_layers", "123456"),
    Subject("blocks/", "inception", "Inception", "c4"),
    Subject("googlenet/", "googlenet", "GoogLeNet", "num_classes"),
    # Demos have no trace; these have the largest pictures.
    Subject("recurrent-by-hand/", "lstmstep", "LSTMStep", "seed", traced=False),
    Subject("positions-by-hand/", "positionalencoding", "PositionalEncoding", "position", traced=False),
)


class WrongPanelsError(AssertionError):
    """The page shows something else than `calc` says."""


def run(place: Place) -> Outcome:
    """Type into each subject, then look at what blocked."""
    outcome = Outcome("From a key to the panels")
    outcome.notes.append(f"Milliseconds, {place.runs} runs of {KEYS} keys each; p50 / p95.")
    rows = []
    slowest = {REPLAYED: 0.0, CURRENT: 0.0}
    for subject in SUBJECTS:
        cells = []
        for state in (REPLAYED, CURRENT):
            for flags in (UNPACED, ()):
                if state == REPLAYED and not subject.traced:
                    cells.append("-")
                    continue
                figure = Figure(tuple(_keys(place, subject, state, flags)))
                cells.append(f"{number(figure.median)} / {number(figure.part(0.95))}")
                outcome.data[f"{subject.page}{subject.id}/{state}/{'work' if flags else '60 Hz'}"] = figure.data()
                if flags:
                    slowest[state] = max(slowest[state], figure.part(0.95))
        rows.append((f"{subject.page}#{subject.id}", *cells))
        print(f"  {subject.page}#{subject.id}", flush=True)
    head = ("calculator", "replay: work", "replay: 60 Hz", "Python: work", "Python: 60 Hz")
    outcome.tables.append(table(head, rows))
    outcome.targets += [
        Target("key to panels by replay, p95, slowest", slowest[REPLAYED], 16, " ms"),
        Target("key to panels through Python, p95, slowest", slowest[CURRENT], 50, " ms"),
    ]
    _add_blocking(place, outcome)
    return outcome


def _keys(place: Place, subject: Subject, state: str, flags: tuple[str, ...]) -> Iterator[float]:
    with profile_of_its_own(place.program, *place.flags, *flags) as browser:
        tab = Tab(browser, DESKTOP)
        tab.go(f"{place.address}site/{subject.page}")
        browser.wait(lambda: tab.evaluate(_listens(subject)), PATIENCE, "the calculator")
        tab.evaluate(SCRIPT.read_text())
        _key(browser, tab, subject, CURRENT, 0)  # Python wakes
        tab.rest()
        for at in range(place.runs * KEYS + FIRST):
            taken = _key(browser, tab, subject, state, at + 1)
            if at >= FIRST:
                yield taken
            if state == REPLAYED:
                # What is not asked of it still comes; it must not fall into the next key's time.
                browser.wait(lambda: tab.evaluate(_is(subject, CURRENT)), PATIENCE, "Python's answer")


def _listens(subject: Subject) -> str:
    return f"Boolean(document.getElementById({json.dumps(subject.id)})?.querySelector('fieldset:enabled'))"


def _is(subject: Subject, state: str) -> str:
    return f"document.getElementById({json.dumps(subject.id)}).dataset.state === {json.dumps(state)}"


def _key(browser: Chromium, tab: Tab, subject: Subject, state: str, at: int) -> float:
    digit = subject.digits[at % len(subject.digits)]
    before: dict[str, str] = tab.evaluate(f"benchShown({json.dumps(subject.id)})")
    asked = ", ".join(map(json.dumps, (subject.id, subject.field, state)))
    names: list[str] = tab.evaluate(f"benchKey({asked})")
    browser.call("Input.dispatchKeyEvent", tab.session, type="keyDown", key=digit, text=digit)
    done = tab.evaluate("benchDone")
    fields: dict[str, str] = tab.evaluate("benchFields()")
    expected = render(Spec(subject.layer, "", fields, tuple(names)), typeset)
    compare(expected, done["panels"], before if done["state"] == REPLAYED else {})
    milliseconds: float = done["milliseconds"]
    return milliseconds


def compare(expected: dict[str, str], shown: dict[str, str], before: dict[str, str]) -> None:
    """Raise unless every panel is, to the letter, what `calc` says, and the first at least is new.

    What a trace leaves to Python may stand as it was `before` for the moments in which Python is expected.
    """
    first = next(iter(expected))
    for name, html in shown.items():
        waits = name != first and html == before.get(name)
        if html != expected[name] and not waits:
            raise WrongPanelsError(f"the panel {name} is not what calc says: {_difference(html, expected[name])}")


def _difference(shown: str, expected: str) -> str:
    at = next((at for at, (a, b) in enumerate(zip(shown, expected, strict=False)) if a != b), 0)
    return f"…{shown[at : at + 60]}… for …{expected[at : at + 60]}…"


# -------------------------------------------------------------------------------------------------- Blocking


def _add_blocking(place: Place, outcome: Outcome) -> None:
    """The longest task of a cold visit up to Python's answer, and the longest that a script of the site's took."""
    rows = []
    worst = 0.0
    for profile in (DESKTOP, SLOW_CPU):
        for competitor in (SITE, STOCK):
            longest, ours, who = zip(*(_blocked(place, competitor, profile) for _ in range(place.runs)), strict=True)
            task, script = Figure(longest), Figure(ours)
            rows.append(
                (f"{profile.name}: {competitor.name}", task.text(), script.text(), max(zip(ours, who, strict=True))[1])
            )
            outcome.data[f"blocking/{profile.name}/{competitor.name}"] = {"task": task.data(), "script": script.data()}
            if competitor is SITE and profile is DESKTOP:
                worst = script.median
    head = ("cold visit to Python's answer", "longest task", "longest of own scripts", "which")
    outcome.tables.append(table(head, rows))
    outcome.targets.append(Target("main thread blocked by a script of ours, desktop", worst, 50, " ms"))


def _blocked(place: Place, competitor: Competitor, profile: Profile) -> tuple[float, float, str]:
    with profile_of_its_own(place.program, *place.flags) as browser:
        tab = Tab(browser, profile)
        tab.go(place.address + competitor.path, plan(competitor, UNEVEN, by_python=True))
        tab.seen()
        tab.rest()
        long: dict[str, list[dict[str, Any]]] = tab.evaluate("benchLong()")
    task = max((each["duration"] for each in long["tasks"]), default=0.0)
    script, who = max(_own(long["frames"]), default=(0.0, "none over 5 ms"))
    return task, script, who


def _own(frames: list[dict[str, Any]]) -> Iterator[tuple[float, str]]:
    """Scripts in long frames that are neither the theme's nor the probe's, which has no address."""
    for frame in frames:
        for script in frame["scripts"]:
            path = script["sourceURL"]
            if path.startswith("http") and "/assets/javascripts/" not in path:
                yield script["duration"], f"{path.rsplit('/', 1)[-1]} {script['invoker']}"[:60]
