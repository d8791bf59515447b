"""The HTML report in a real browser, opened from disk with the network off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browser as chromium
import pages_sample as sample
import pytest

from scanner.reports.html.page import render

VIEWS = ("overview", "findings", "drift", "network", "trace", "trend")
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium.started() as made:
        yield made


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("pages")
    made = {
        "all": render(sample.report(base), extras=sample.extras()),
        "hostile": render(sample.hostile(base), extras=sample.extras(sample.HOSTILE)),
        "large": render(sample.large(base, 20_000)),
    }
    for name, text in made.items():
        (base / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: base / f"{name}.html" for name in made}


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path]) -> Iterator[Open]:
    """Opens a page at a permalink; at the end no page may have complained or asked for anything."""
    watched: list[chromium.Watched] = []

    def open_(link: str = "", name: str = "all", **options: Any) -> Any:
        watched.append(chromium.Watched(browser, pages[name], **options))
        return watched[-1].open(link)

    yield open_
    for item in watched:
        item.close()


def turn(page: Any, view: str) -> None:
    """Goes to another part of the page."""
    page.locator(f'#nav [data-view="{view}"]').click()
    page.locator(f"#{view}").wait_for()


def rows(page: Any) -> list[str]:
    """The ids of the requirements that the list shows."""
    return [text.strip() for text in page.locator("#list .finding .rule code").all_inner_texts()]


def test_every_part_shows_what_it_has(opened: Open) -> None:
    page = opened()
    assert page.locator("#overview h1").inner_text() == "Code against shop"
    assert "module ./missing is not there" in page.locator(".banner").inner_text()
    assert page.locator(".figures .big").all_inner_texts() == ["3", "1", "1", "1", "1", "1"]
    assert "1 fixed; 3 known before" in page.locator(".compared").inner_text()
    expected = {
        "findings": "8 findings",
        "drift": "7 facts",
        "network": "0.0.0.0/0",
        "trace": "SHOP-X1",
        "trend": "2 violations persist.",
    }
    for view, text in expected.items():
        turn(page, view)
        assert text in page.locator(f"#{view}").text_content()
        assert page.locator("main .view:visible").count() == 1
        assert page.locator("#nav [aria-current]").get_attribute("data-view") == view


def test_figures_lead_to_the_findings_behind_them(opened: Open) -> None:
    page = opened()
    page.locator(".figures .waived").first.click()
    page.locator("#findings").wait_for()
    assert rows(page) == ["SHOP-3"]
    page.go_back()
    page.locator("#overview .matrix a", has_text="process").click()
    page.locator("#findings").wait_for()
    assert rows(page) == ["SHOP-6"]
    page.go_back()
    page.get_by_role("link", name="without a document").click()
    page.locator("#findings").wait_for()
    assert rows(page) == ["SHOP-7"]


def test_filters_narrow_the_list_and_stand_in_the_link(opened: Open) -> None:
    page = opened("#view=findings")
    assert rows(page)[0] == "SHOP-1"
    page.locator('[data-chip="verdict:fail"]').click()
    assert rows(page) == ["SHOP-1", "SHOP-2", "SHOP-4", "SHOP-3"]
    assert page.locator("#count").inner_text() == "4 of 8 findings"
    assert page.evaluate("document.activeElement.dataset.chip") == "verdict:fail"
    page.locator('[data-chip="severity:critical"]').click()
    assert rows(page) == ["SHOP-1"]
    page.locator('[data-chip="severity:critical"]').click()
    page.locator('select[data-key="category"]').select_option("secrets")
    assert rows(page) == ["SHOP-2"]
    again = opened(page.evaluate("location.hash"))
    assert rows(again) == ["SHOP-2"]
    again.get_by_role("button", name="Clear filters").click()
    assert len(rows(again)) == 8
    assert again.evaluate("location.hash") == "#view=findings"


def test_what_is_typed_is_searched_for_in_both_languages(opened: Open) -> None:
    page = opened("#view=findings")
    field = page.get_by_role("searchbox")
    field.press_sequentially("두 곳 shop-5")
    page.locator("#count", has_text="1 of 8 findings").wait_for()
    assert rows(page) == ["SHOP-5"]
    assert page.evaluate("document.activeElement.value") == "두 곳 shop-5"
    field.fill("nothing like it")
    page.get_by_text("Nothing fits these filters.").wait_for()


def test_the_list_can_be_sorted(opened: Open) -> None:
    page = opened("#view=findings")
    head = page.locator("#list th", has_text="Requirement")
    page.locator('[data-sort="rule"]').click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert rows(page) == [f"SHOP-{number}" for number in range(1, 9)]
    page.locator('[data-sort="rule"]').click()
    assert head.get_attribute("aria-sort") == "descending"
    assert rows(page)[0] == "SHOP-8"


def test_a_finding_shows_its_evidence(opened: Open) -> None:
    page = opened("#view=findings")
    page.locator("#list [data-open]").first.click()
    article = page.locator("article")
    text = article.inner_text()
    assert "section 5-1 of Shop design 1.0" in text
    assert "Set multi_az = true." in text
    assert article.locator("mark").all_inner_texts()[0].strip() == "default = false"
    assert [mark.strip() for mark in article.locator(".way mark").all_inner_texts()] == [
        "multi_az   = var.multi_az",
        "default = false",
    ]
    assert article.locator(".diff .removed").inner_text().startswith('- variable "multi_az" { default = false }')
    assert article.locator(".diff .added").inner_text().startswith('+ variable "multi_az" { default = true }')
    assert article.locator(".values code").all_inner_texts() == ["true", "false"]


def test_secrets_are_withheld_and_waivers_told(opened: Open) -> None:
    page = opened("#view=findings&q=shop-2")
    page.locator("#list [data-open]").click()
    assert "may hold a secret" in page.locator("article").inner_text()
    assert "not-for-your-eyes" not in page.content()
    page = opened("#view=findings&q=shop-3")
    page.locator("#list [data-open]").click()
    waiver = page.locator(".waiver").inner_text()
    assert all(text in waiver for text in ("rebuilt nightly", "data-team", "2027-01-31", "asbuilt.yaml:4:3"))


def test_a_permalink_opens_one_finding(opened: Open) -> None:
    page = opened("#view=findings&sort=rule")
    button = page.locator("#list [data-open]").nth(4)
    button.click()
    assert f"open={button.get_attribute('data-open')}" in page.evaluate("location.hash")
    there = opened(page.evaluate("location.hash"), viewport={"width": 800, "height": 300})
    assert "var.zones has no value" in there.locator("article").inner_text()
    assert there.evaluate("document.activeElement.dataset.open") == button.get_attribute("data-open")
    assert there.locator("article .lead-message").is_visible()
    alone = opened(f"#open={button.get_attribute('data-open')}")
    assert alone.locator("article").count() == 1


def test_links_that_mean_nothing_do_no_harm(opened: Open) -> None:
    odd = "#view=nowhere&lang=xx&sort=constructor&page=-3&verdict=<b>&open=%22%5D&q=%5B&category=__proto__"
    assert opened(odd).locator("#overview").is_visible()
    page = opened(odd.replace("nowhere", "findings"))
    assert page.get_by_text("Nothing fits these filters.").is_visible()
    page.get_by_role("button", name="Clear filters").click()
    assert len(rows(page)) == 8


def test_links_can_be_copied(opened: Open) -> None:
    page = opened("#view=findings&verdict=fail", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link to this list").click()
    page.locator("#said", has_text="The link is copied.").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.locator("#list [data-open]").first.click()
    page.get_by_role("button", name="Copy link to this finding").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('open='))")


def test_the_language_changes_everything_at_once(opened: Open) -> None:
    page = opened("#view=findings&verdict=fail")
    page.get_by_role("button", name="한국어").click()
    assert page.evaluate("document.documentElement.lang") == "ko"
    assert "가용 영역 두 곳 SHOP-1" in page.locator("#list").inner_text()
    assert page.locator("#count").inner_text() == "점검 결과 8건 중 4건"
    for view in VIEWS:
        turn(page, view)
        assert page.evaluate("document.documentElement.lang") == "ko"
        assert page.locator(f"#{view} h1").inner_text() not in ("", view)
    assert opened(page.evaluate("location.hash")).evaluate("document.documentElement.lang") == "ko"
    page.get_by_role("button", name="English").click()
    assert page.locator("#trend h1").inner_text() == "Audits so far"


def test_light_and_dark(opened: Open) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    page = opened()
    light = page.evaluate(paper)
    page.locator("#theme").select_option("dark")
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    page.locator("#theme").select_option("auto")
    assert page.evaluate(paper) == light
    assert opened(color_scheme="dark").evaluate(paper) == dark


def test_drift_has_its_seven_meanings(opened: Open) -> None:
    page = opened("#view=drift")
    assert page.locator("#drift-list .line").count() == 7
    assert len(set(page.locator("#drift-list .meaning").all_inner_texts())) == 7
    page.locator('[data-chip="meaning:changed_by_hand"]').click()
    line = page.locator("#drift-list .line")
    assert line.locator("td > code").all_inner_texts()[:3] == ["true", "true", "false"]
    assert line.locator(".odd").all_inner_texts() == ["false"]
    assert "apply the code again" in line.inner_text()
    assert "meaning=changed_by_hand" in page.evaluate("location.hash")


def test_unexpected_flows_are_marked(opened: Open) -> None:
    page = opened("#view=network")
    arrow = page.locator('.drawing path[stroke="#c53030"]')
    assert arrow.evaluate("path => getComputedStyle(path).strokeWidth") == "2.6px"
    assert page.locator(".flows .flow.unexpected").inner_text() == "unexpected"
    assert page.locator('#nav [data-view="network"] .badge').inner_text() == "1"


def test_hostile_names_stay_names(opened: Open) -> None:
    page = opened(name="hostile")
    for view in VIEWS:
        turn(page, view)
        assert "<img src=x onerror" in page.locator(f"#{view}").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
    turn(page, "findings")
    for button in page.locator("#list [data-open]").all():
        button.click()
    assert page.locator("article").count() == 8
    page.locator("article").first.hover()
    assert page.evaluate("[window.hacked ?? null, document.scripts.length, document.images.length]") == [None, 2, 0]
    assert not set(page.locator("body").inner_text()) & set("\u202e\x1b")
    assert page.locator("[onmouseover], [onerror], [style*=hacked]").count() == 0


def test_nothing_but_the_page_own_script_would_run(opened: Open, pages: dict[str, Path], tmp_path: Path) -> None:
    """Even if markup slipped in, the policy in the head would stop it."""
    text = pages["all"].read_text(encoding="utf-8")
    file = tmp_path / "slipped.html"
    slipped = (
        "<script>window.hacked=1</script><img src=x onerror='window.hacked=2'><img src='https://example.com/x.png'>"
    )
    file.write_text(text.replace("<main", slipped + "<main", 1), encoding="utf-8")
    page = opened()
    context = page.context.browser.new_context()
    other = context.new_page()
    refused: list[str] = []
    other.on("console", lambda message: refused.append(message.text))
    other.goto(file.as_uri())
    assert other.evaluate("window.hacked ?? null") is None
    assert sum("Content Security Policy" in text for text in refused) >= 3
    context.close()


def test_twenty_thousand_findings_stay_usable(opened: Open) -> None:
    page = opened("#view=findings", name="large")
    nodes = "document.querySelectorAll('*').length"
    assert page.evaluate(nodes) < 3_000
    assert page.locator("#count").inner_text() == "20,000 findings"
    page.get_by_role("button", name="Last").click()
    assert page.locator("#list .finding").count() == 100
    assert "page 200 of 200" in page.locator("#pages").inner_text()
    page.get_by_role("searchbox").fill("shop[19999]")
    page.locator("#count", has_text="1 of 20,000 findings").wait_for()
    page.get_by_role("searchbox").fill("")
    page.locator("#count", has_text="20,000 findings").wait_for()
    page.locator('[data-chip="verdict:fail"]').click()
    page.locator('[data-sort="resource"]').click()
    assert page.locator("#count").inner_text() == "5,000 of 20,000 findings"
    assert page.evaluate(nodes) < 3_000
    measured = "{ const from = performance.now(); document.querySelector('[data-sort=rule]').click(); %s }"
    took = page.evaluate(f"() => {measured % 'return performance.now() - from;'}")
    assert took < 5_000  # some 40 ms on a quiet machine
    turn(page, "overview")
    assert page.evaluate(nodes) < 4_500


def test_the_keyboard_is_enough(opened: Open) -> None:
    page = opened("#view=findings&verdict=fail")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    button = page.locator("#list [data-open]").first
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator("article").is_visible()
    page.keyboard.press("Space")
    assert button.get_attribute("aria-expanded") == "false"
    assert page.locator("article").count() == 0
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


@pytest.mark.parametrize("width", [320, 620, 900])
def test_narrow_screens_never_scroll_sideways(opened: Open, width: int) -> None:
    page = opened("#view=findings", viewport={"width": width, "height": 700})
    page.locator("#list [data-open]").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for view in VIEWS:
        turn(page, view)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view


def test_paper_has_everything_and_no_controls(opened: Open) -> None:
    page = opened("#view=drift", color_scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert [view for view in VIEWS if not page.locator(f"#{view}").is_visible()] == []
    assert page.locator("article").count() == 2
    assert not page.locator("#nav").is_visible()
    assert not page.locator("#filters").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("main .view:visible").count() == 1
    assert page.pdf().startswith(b"%PDF")


@pytest.mark.skipif(not chromium.AXE.exists(), reason="axe-core is not installed (make tools)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(opened: Open, scheme: str) -> None:
    page = opened("#view=findings", color_scheme=scheme, bypass_csp=True)
    page.evaluate(chromium.AXE.read_text(encoding="utf-8"))
    found = {}
    for view in VIEWS:
        turn(page, view)
        if view == "findings":
            for button in page.locator("#list [data-open]").all()[:3]:
                button.click()
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found[view] = [
            (item["id"], item["nodes"][0]["html"], item["nodes"][0]["failureSummary"]) for item in result["violations"]
        ]
    assert found == {view: [] for view in VIEWS}
