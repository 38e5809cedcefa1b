"""Find a Chromium, or install one: run as `python -m site_tests.browser.chromium`.

Without a browser these tests fail; they never pass by being left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from shutil import which

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = (
    "No Chromium was found and none could be installed: install Chromium or Chrome, or name one in the "
    "environment variable CHROMIUM."
)


def find() -> str | None:
    """A Chromium that starts: named by the caller, on the path, or Playwright's own."""
    return next((each for each in _candidates() if _starts(each)), None)


def _candidates() -> Iterator[str]:
    if named := os.environ.get("CHROMIUM"):
        yield which(named) or named
    yield from filter(None, map(which, NAMES))
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _starts(program: str) -> bool:
    # On Ubuntu `chromium-browser` may be a script that only says how to get it.
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """Try Playwright's download, then the system's package; `find` tells whether it worked."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    # The libraries that a browser needs are the system's: only root can add them unasked.
    libraries = ["--with-deps"] if as_root or os.environ.get("CI") else []
    _run(sys.executable, "-m", "playwright", "install", *libraries, "chromium")
    if find() is None and as_root and which("apt-get"):
        _run("apt-get", "update")
        _run("apt-get", "install", "-y", "chromium")


def _run(*command: str) -> None:
    print("$", " ".join(command), flush=True)
    subprocess.run(command, check=False)


def main() -> int:
    """Make sure that there is a browser."""
    if find() is None:
        install()
        if find() is None:
            print(MISSING, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
