"""Unit tests that speak of something else than the interpreter that is shipped, with the reason for each."""

LEFT_OUT = {
    "site_tests/unit/test_boundary.py": "reads the sources of the package, and starts other processes",
    "site_tests/unit/test_import.py": "starts other processes of CPython",
    "site_tests/unit/test_evidence.py": "the record of comparisons belongs to the build",
    "site_tests/unit/test_doctests.py": "docstrings are not shipped",
    "site_tests/test_every_layer.py::test_docstring_is_a_sentence": "docstrings are not shipped",
    "site_tests/test_every_demo.py::test_it_says_what_it_is": "docstrings are not shipped",
    "site_tests/unit/test_model_pages.py::test_the_changelog_counts_them": "reads the list of changes, not the package",
    "site_tests/unit/test_your_model_page.py::test_what_keeps_the_code_in_is_there": "reads scripts, not the package",
    "site_tests/unit/test_bench_figures.py": "the benchmark is no part of the page",
}
