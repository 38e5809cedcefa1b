"""Runs before Pyodide's own start, in the page only.

That start imports asyncio to have `get_event_loop` at hand for code that awaits, and
two classes of importlib.abc to inherit from; through them come sockets, threads and
temporary files, half of the time that Python takes to start. So modules of these
names are there for as long as the start lasts. Who imports one of them afterwards
gets the real one: see pyodide/__init__.py beside this.
"""

import sys
from importlib._abc import Loader
from types import ModuleType


def get_event_loop() -> object:
    """The real asyncio's, for code that awaits after all."""
    import asyncio

    return asyncio.get_event_loop()


class MetaPathFinder:
    """What importlib.abc declares, without its register of other classes."""

    def invalidate_caches(self) -> None:
        """There is no cache."""


for name, members in (("asyncio", (get_event_loop,)), ("importlib.abc", (Loader, MetaPathFinder))):
    sys.modules[name] = ModuleType(name)
    for member in members:
        setattr(sys.modules[name], member.__name__, member)
