"""Every example in a docstring of `calc` is run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import calc

MODULES = ["calc", *(module.name for module in pkgutil.walk_packages(calc.__path__, "calc."))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    """What a docstring shows is what Python prints."""
    failed, _ = doctest.testmod(importlib.import_module(name))

    assert failed == 0


def test_there_are_examples() -> None:
    """The verbs of the package are shown at work."""
    found = [test for name in MODULES for test in doctest.DocTestFinder().find(importlib.import_module(name))]

    assert {"calc", "calc.calculators.layer", "calc.derive.derivation_text"} <= {
        test.name for test in found if test.examples
    }


def test_all_names_are_there() -> None:
    """`__all__` lists what `calc` promises, and everything in it has a docstring."""
    assert {"CalcError", "Cost", "LAYERS", "Layer", "Weight", "layer"} <= set(calc.__all__)
    for name in calc.__all__:
        assert isinstance(getattr(calc, name), dict) or getattr(calc, name).__doc__, name
