"""Search: its index and its worker come when somebody means to search, and find what they found before."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from site_tests.browser.watch import Watch

INDEX = "search/search_index.json"
RESULTS = ".md-search-result__item"


def found(page: Page, words: str) -> None:
    """The results hold these words."""
    expect(page.locator(RESULTS).first).to_be_visible()
    expect(page.locator(RESULTS, has_text=words).first).to_be_visible()


def index_was_asked_for(watch: Watch) -> bool:
    """Whether the index of all words, or its worker, was requested."""
    return any(url.endswith(INDEX) or "/workers/search." in url for url in watch.requests)


def test_a_click_into_the_box_fetches_the_index_and_finds(page: Page, watch: Watch) -> None:
    """Nothing before; then results, each a link, and what is missing in a word is suggested."""
    page.goto("dense/")
    page.wait_for_load_state("networkidle")
    assert not index_was_asked_for(watch)

    box = page.get_by_role("textbox", name="Search")
    box.click()
    box.press_sequentially("lene")
    found(page, "LeNet")
    assert index_was_asked_for(watch)
    expect(page.locator('[data-md-component="search-suggest"]')).to_have_text("lenet")

    page.locator(RESULTS, has_text="LeNet").get_by_role("link").first.click()
    expect(page.locator(".md-content h1")).to_contain_text("LeNet")
    expect(page.locator("mark[data-md-highlight]").first).to_have_text("LeNe")


def test_a_key_opens_the_box(page: Page, watch: Watch) -> None:
    """As in many sites, a slash."""
    page.goto("dense/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    page.keyboard.type("LeNet")
    found(page, "LeNet")
    assert index_was_asked_for(watch)


def test_a_link_with_a_query_opens_its_results(page: Page) -> None:
    """As shared by somebody else."""
    page.goto("dense/?q=LeNet")
    found(page, "LeNet")
    expect(page.get_by_role("textbox", name="Search")).to_have_value("LeNet")


def test_a_link_with_found_words_marks_them(page: Page) -> None:
    """Where a result was opened in a new tab."""
    page.goto("lenet/?h=lenet")
    expect(page.locator("mark[data-md-highlight]").first).to_have_text("LeNet")
