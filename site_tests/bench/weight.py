"""What goes over the line: bytes as encoded, with headers, of the page, its workers and its service worker, as the
browser counts them (encodedDataLength).

- *read*: the page is opened cold, scrolled to its end and back and left alone until nothing is fetched any more.
- *with the interpreter*: likewise, and one field is edited so that Python has to answer.
- *stock*: likewise with the stock page.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from site_tests.bench.competitors import PLAIN, SITE, STOCK, THEMED, Competitor
from site_tests.bench.figures import Figure, Target, table
from site_tests.bench.parts import Outcome, Place
from site_tests.bench.profiles import DESKTOP
from site_tests.bench.question import BAKED, UNEVEN
from site_tests.bench.visit import Line, Tab, plan, profile_of_its_own

SCROLL = """
(async () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
  for (let at = 0; at < document.documentElement.scrollHeight; at += innerHeight) { scrollTo(0, at); await pause(); }
  scrollTo(0, 0);
})()
"""

READ, WITH_PYTHON = "read", "with the interpreter"
WEIGHED: tuple[tuple[str, Competitor], ...] = (
    (READ, PLAIN),
    (READ, THEMED),
    (READ, SITE),
    (WITH_PYTHON, SITE),
    (WITH_PYTHON, STOCK),
)
LISTED = 12
"""So many files are listed by name."""


def weigh(place: Place, competitor: Competitor, by_python: bool) -> tuple[Line, Line]:
    """What a first and a second visit take."""
    with profile_of_its_own(place.program, *place.flags) as browser:
        lines = []
        for _ in range(2):
            tab = Tab(browser, DESKTOP)
            asked = UNEVEN if by_python else BAKED
            tab.go(place.address + competitor.path, plan(competitor, asked, by_python))
            tab.seen()
            tab.evaluate(SCROLL)
            tab.rest()
            lines.append(tab.line)
            tab.close()
        return lines[0], lines[1]


def run(place: Place) -> Outcome:
    """Weigh each as often as asked for; bytes hardly differ between runs."""
    outcome = Outcome("Bytes on the line")
    cold: dict[tuple[str, str], Figure] = {}
    rows = []
    lines: dict[tuple[str, str], Line] = {}
    for kind, competitor in WEIGHED:
        weighed = [weigh(place, competitor, kind == WITH_PYTHON) for _ in range(min(place.runs, 3))]
        cold[kind, competitor.name] = Figure(tuple(first.total for first, _ in weighed))
        second = Figure(tuple(second.total for _, second in weighed))
        lines[kind, competitor.name] = weighed[-1][0]
        rows.append(
            (f"{kind}: {competitor.name}", kilobytes(cold[kind, competitor.name].median), kilobytes(second.median))
        )
        outcome.data[f"{kind}/{competitor.name}"] = {
            "cold": cold[kind, competitor.name].data(), "second": second.data(), "files": weighed[-1][0].lengths,
        }  # fmt: skip
        print(f"  {kind}: {competitor.name}", flush=True)
    outcome.tables.append(table(("kB, brotli, with headers", "cold", "second visit"), rows))
    for key in ((READ, SITE.name), (WITH_PYTHON, SITE.name)):
        outcome.tables.append(_files(f"largest files of {key[1]}, {key[0]}", lines[key]))
    outcome.targets += [
        Target("bytes of a page that is only read", cold[READ, SITE.name].median / 1000, 200, " kB"),
        Target(
            "bytes with the interpreter, to stock",
            cold[WITH_PYTHON, SITE.name].median / cold[WITH_PYTHON, STOCK.name].median,
            0.6,
        ),
    ]
    return outcome


def _files(title: str, line: Line) -> str:
    largest = sorted(line.lengths.items(), key=lambda each: -each[1])
    rows = [(urlsplit(address).path, kilobytes(length)) for address, length in largest[:LISTED]]
    rest = sum(length for _, length in largest[LISTED:])
    return table((title, "kB"), [*rows, (f"{max(0, len(largest) - LISTED)} others", kilobytes(rest))])


def kilobytes(count: float) -> str:
    """In thousands."""
    return f"{count / 1000:,.1f}"
