"""What a calculator can be set to: one declaration serves the code, the form and the page.

A knob is the metadata of a dataclass field: its symbol in formulas, a line of
prose, and a kind that says which values it takes and how they are typed.
Every kind answers with a reason instead of raising, so that a constructor can
raise it and a form can show it.
"""

from calc.knob.declare import Kind, Knob, Unfit, knob, knobs
from calc.knob.nested import Nested
from calc.knob.real import Answer, Real, Reals
from calc.knob.shape import Extents, Sizes
from calc.knob.table import Table
from calc.knob.text import Example, Source, Text
from calc.knob.whole import LARGEST, MOST_AXES, Margins, PerAxis, Seed, Whole
from calc.knob.word import Choice, Flag
from calc.knob.written import shape_text, written

__all__ = [
    "LARGEST",
    "MOST_AXES",
    "Answer",
    "Choice",
    "Example",
    "Extents",
    "Flag",
    "Kind",
    "Knob",
    "Margins",
    "Nested",
    "PerAxis",
    "Real",
    "Reals",
    "Seed",
    "Sizes",
    "Source",
    "Table",
    "Text",
    "Unfit",
    "Whole",
    "knob",
    "knobs",
    "shape_text",
    "written",
]
