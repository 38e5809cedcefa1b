"""Lighthouse as of package.json beside this file, for a phone: its own simulation of a slow line and processor."""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from pathlib import Path
from statistics import median

from site_tests.bench.figures import Target, number, table
from site_tests.bench.parts import Outcome, Place

FOLDER = Path(__file__).parent
PAGES = ("", "convolution/", "lenet/", "your-model/")
RUNS = 5
CATEGORIES = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
TIMES = {"first-contentful-paint": "FCP", "largest-contentful-paint": "LCP", "total-blocking-time": "blocking"}


def run(place: Place) -> Outcome:
    """Every page, by turns."""
    _install()
    flags = ["--headless=new", *place.flags]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    addresses = [f"{place.address}site/{page}" for page in PAGES]
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    lost: dict[str, list[str]] = {}
    for count in range(RUNS):
        command = ["node", "lighthouse.mjs", place.program, json.dumps(flags), *addresses]
        done = subprocess.run(command, cwd=FOLDER, check=True, stdout=subprocess.PIPE, text=True)
        for line in done.stdout.splitlines():
            said = json.loads(line)
            for name, score in said["scores"].items():
                scores[said["address"], name].append(score)
            for name, time in said["times"].items():
                times[said["address"], name].append(time)
            lost[said["address"]] = said["lost"]
        print(f"  run {count + 1} of {RUNS}", flush=True)
    outcome = Outcome(f"Lighthouse {version()}, phone, medians of {RUNS}")
    rows = []
    for page, address in zip(PAGES, addresses, strict=True):
        name = page or "index"
        rows.append(
            (
                name,
                *(number(median(scores[address, each])) for each in CATEGORIES),
                *(f"{median(times[address, each]):,.0f}" for each in TIMES),
            )
        )
        outcome.notes.append(f"{name}: {'; '.join(lost[address]) or 'nothing lost'}")
        for category, wanted in CATEGORIES.items():
            here = median(scores[address, category])
            outcome.targets.append(Target(f"{name}: {category}", here, wanted, "", least=True))
    outcome.tables.append(table(("page", *CATEGORIES, *(f"{each}, ms" for each in TIMES.values())), rows))
    outcome.data = {f"{address}/{name}": values for (address, name), values in (scores | times).items()}
    return outcome


def version() -> str:
    """The locked version."""
    return str(json.loads((FOLDER / "package.json").read_text())["dependencies"]["lighthouse"])


def _install() -> None:
    """What only the benchmark needs is installed with its first run."""
    if not (FOLDER / "node_modules" / "lighthouse").is_dir():
        subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=FOLDER, check=True)
