"""What a reader waits for: the first right number, the first answer to an edit, the first answer that needs Python.

For each profile and run the competitors take turns, so that a busy moment of the machine falls on all. Every cold
measurement has a browser and a profile of its own, so nothing is cached and no service worker is there. For the second
visit the page is opened once, used until Python has answered, and left alone until it has come to rest (whatever it
keeps for later is kept by then); each measurement is a new tab of that profile.

- *first number*: from the start of the navigation to the frame in which output shape and parameters are right, laid
  out and in sight; the probe scrolls to them once they are there, on all pages alike.
- *first answer*: likewise, to the right numbers after an edit of one field. The edit is made in the first moment in
  which the field is there and enabled, and made again every 10 ms until a listener has heard it.
- *first answer by Python*: likewise, after an edit that only Python can answer; on the site all panels stand then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from site_tests.bench.competitors import PLAIN, SITE, STOCK, STOCK_WITHIN, THEMED, Competitor
from site_tests.bench.devtools import DevtoolsError
from site_tests.bench.figures import Figure, Target, table
from site_tests.bench.parts import Outcome, Place
from site_tests.bench.profiles import DESKTOP, FAST_4G, PROFILES, Profile
from site_tests.bench.question import BAKED, EDITED, UNEVEN, Question
from site_tests.bench.visit import Tab, plan, profile_of_its_own

NUMBER, ANSWER, PYTHON = "first number", "first answer", "first answer by Python"
QUESTIONS: dict[str, Question] = {NUMBER: BAKED, ANSWER: EDITED, PYTHON: UNEVEN}
ASKED: tuple[tuple[Competitor, tuple[str, ...]], ...] = (
    (SITE, (NUMBER, ANSWER, PYTHON)),
    (PLAIN, (NUMBER, ANSWER)),
    (THEMED, (NUMBER, ANSWER)),
    (STOCK, (NUMBER, PYTHON)),
    (STOCK_WITHIN, (PYTHON,)),
)
COLD, SECOND = "cold", "second visit"

Key = tuple[str, str, str, str]
"""Profile, visit, measure, competitor."""


def run(place: Place) -> Outcome:
    """Measure all, and print what comes in."""
    taken: dict[Key, list[float]] = defaultdict(list)
    tries = broken = 0
    for count in range(place.runs):
        for profile in PROFILES:
            while (turn := _whole_turn(place, profile)) is None:
                if (broken := broken + 1) > place.runs:
                    raise DevtoolsError("pages gave no answer in time, again and again")
            for key, milliseconds, tried in turn:
                taken[key].append(milliseconds)
                tries = max(tries, tried)
                print(f"  run {count + 1} of {place.runs}, {', '.join(key)}: {milliseconds:,.0f} ms", flush=True)
    figures = {key: Figure(tuple(values)) for key, values in taken.items()}
    outcome = Outcome("First number, first answer")
    outcome.notes.append(
        f"Milliseconds from the start of the navigation, medians of {place.runs} interleaved runs, quartiles in "
        f"brackets. An edit had to be made at most {tries} times until it was heard. "
        f"Turns taken again since a page gave no answer in time: {broken}."
    )
    outcome.tables += [_table(figures, visit) for visit in (COLD, SECOND)]
    outcome.targets += targets(figures)
    outcome.data = {"/".join(key): figure.data() for key, figure in figures.items()}
    return outcome


def _whole_turn(place: Place, profile: Profile) -> list[tuple[Key, float, int]] | None:
    """A turn of all competitors, or None if one of them never answered: half a turn would favour somebody."""
    turn: list[tuple[Key, float, int]] = []
    try:
        for each in _turn(place, profile):
            turn.append(each)
    except DevtoolsError as error:
        print(f"  the turn is taken again; after {turn[-1:]}: {error}", flush=True)
        return None
    return turn


def _turn(place: Place, profile: Profile) -> Iterator[tuple[Key, float, int]]:
    """Every competitor once, cold and again."""
    for measure in QUESTIONS:
        for competitor, measures in ASKED:
            if measure not in measures:
                continue
            with profile_of_its_own(place.program, *place.flags) as browser:
                tab = Tab(browser, profile)
                tab.go(place.address + competitor.path, _plan(competitor, measure))
                seen = tab.seen()
                yield (profile.name, COLD, measure, competitor.name), seen.painted, seen.tries
                if measure != measures[-1]:
                    continue
                # The last one has woken all that the page can wake.
                tab.rest()
                tab.close()
                for again in measures:
                    tab = Tab(browser, profile)
                    tab.go(place.address + competitor.path, _plan(competitor, again))
                    seen = tab.seen()
                    yield (profile.name, SECOND, again, competitor.name), seen.painted, seen.tries
                    tab.close()


def _plan(competitor: Competitor, measure: str) -> dict[str, object]:
    return plan(competitor, QUESTIONS[measure], by_python=measure == PYTHON)


def _table(figures: dict[Key, Figure], visit: str) -> str:
    rows = []
    for measure in QUESTIONS:
        for competitor, measures in ASKED:
            if measure in measures:
                cells = [figures[profile.name, visit, measure, competitor.name].text() for profile in PROFILES]
                rows.append((f"{measure}: {competitor.name}", *cells))
    return table((visit, *(profile.name for profile in PROFILES)), rows)


def targets(figures: dict[Key, Figure]) -> list[Target]:
    """What is aimed at, as ratios of medians of the same runs."""

    def ratio(profile: Profile, visit: str, measure: str, rival: Competitor) -> float:
        ours, theirs = (figures[profile.name, visit, measure, name].median for name in (SITE.name, rival.name))
        return ours / theirs

    found = []
    for measure, wanted in ((NUMBER, 1.1), (ANSWER, 1.5)):
        for rival in (PLAIN, THEMED):
            for profile in PROFILES:
                what = f"{measure}, cold, {profile.name}, to {rival.name}"
                found.append(Target(what, ratio(profile, COLD, measure, rival), wanted))
    for profile, visit, wanted in (
        (DESKTOP, COLD, 0.25),
        (FAST_4G, COLD, 0.35),
        *((profile, SECOND, 0.25) for profile in PROFILES),
    ):
        for rival in (STOCK, STOCK_WITHIN):
            what = f"{PYTHON}, {visit}, {profile.name}, to {rival.name}"
            found.append(Target(what, ratio(profile, visit, PYTHON, rival), wanted))
    return found
