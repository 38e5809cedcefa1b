"""`make bench`: all parts, or those that are named; tables go to the screen and to build/bench/.

    make bench                      # everything, 7 runs
    make bench PART=boot RUNS=3     # one part; `PART="weight lighthouse"` for several

Nothing here passes or fails: times belong to a machine and are read by people, side by side.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

from site_tests.bench import boot, competitors, growth, keystroke, lighthouse, weight
from site_tests.bench.parts import Outcome, Place
from site_tests.bench.serving import serve
from site_tests.browser import chromium

INTO = competitors.ROOT / "build" / "bench"
PORT = int(os.environ.get("BENCH_PORT", "8790"))

SERVED: dict[str, Callable[[Place], Outcome]] = {
    "boot": boot.run,
    "weight": weight.run,
    "keystroke": keystroke.run,
    "lighthouse": lighthouse.run,
}
"""Parts that open pages."""
ALONE: dict[str, Callable[[int], Outcome]] = {"package": growth.run}
"""Parts that need Python only."""


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join([*SERVED, *ALONE])}; all if none is named")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--as-built", action="store_true", help="serve what was laid out last time")
    asked = parser.parse_args()
    parts = asked.parts or [*SERVED, *ALONE]
    if unknown := set(parts) - SERVED.keys() - ALONE.keys():
        parser.error(f"there is no part called {', '.join(sorted(unknown))}")
    INTO.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        place = None
        if SERVED.keys() & set(parts):
            place = _place(stack, asked.runs, asked.as_built)
        for name in parts:
            print(f"{name} …", flush=True)
            outcome = SERVED[name](place) if place and name in SERVED else ALONE[name](asked.runs)
            _keep(name, outcome, asked.runs)


def _place(stack: ExitStack, runs: int, as_built: bool) -> Place:
    program = chromium.find()
    if program is None:
        raise SystemExit(chromium.MISSING)
    folder = INTO / "served"
    if not as_built:
        print("building the competitors …", flush=True)
        competitors.lay_out(folder, f"https://127.0.0.1:{PORT}/")
    served = stack.enter_context(serve(folder, INTO / "compressed", PORT))
    return Place(served.address, program, (served.flag,), runs)


def _keep(name: str, outcome: Outcome, runs: int) -> None:
    """Print it, and write it where the README and a page can quote it from."""
    print(f"\n{outcome.text()}", flush=True)
    (INTO / f"{name}.md").write_text(outcome.text(), encoding="utf-8")
    data = {
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "runs": runs,
        "targets": [vars(each) | {"reached": each.reached} for each in outcome.targets],
        "data": outcome.data,
    }
    (INTO / f"{name}.json").write_text(json.dumps(data, indent=1), encoding="utf-8")
    every = [path.read_text(encoding="utf-8") for part in (*SERVED, *ALONE) if (path := INTO / f"{part}.md").exists()]
    (INTO / "README.md").write_text("\n".join(["# Figures\n", *every]), encoding="utf-8")


if __name__ == "__main__":
    main()
