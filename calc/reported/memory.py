"""To be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calc.report import Report

OPTIMIZERS = ("SGD", "SGD with momentum", "Adam")


def memory(report: Report, optimizer: str) -> str:
    """To be written."""
    return f"<p>{optimizer} {report.params}</p>"
