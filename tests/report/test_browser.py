"""The page in a browser: it shows something, complains of nothing, and asks nobody."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS_MAX = 120


@pytest.fixture(scope="session")
def browser() -> str:
    """The system's Chromium; without one these tests skip with this reason."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    return found


@pytest.fixture
def opened(russian_html: str, tmp_path: Path) -> Path:
    """The Russian report as a file."""
    path = tmp_path / "report.html"
    path.write_text(russian_html, encoding="utf-8")
    return path


def run(browser: str, path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page without a window, in a profile of its own, logging everything."""
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--enable-logging=stderr",
        f"--user-data-dir={path.parent / 'profile'}",
        *options,
        path.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def test_the_page_is_read_as_it_was_written(browser: str, opened: Path) -> None:
    done = run(browser, opened, "--dump-dom")
    assert "Russia 2015-2020 in the crisis of 2014" in done.stdout
    assert done.stdout.count("<svg") >= 12
    # What a page does wrong is logged with its place: "CONSOLE:12] Refused to load ...".
    assert "CONSOLE" not in done.stderr


def test_no_request_leaves_the_machine(browser: str, opened: Path) -> None:
    log = opened.parent / "net.json"
    run(browser, opened, "--dump-dom", f"--log-net-log={log}", "--net-log-capture-mode=Everything")
    asked = set(re.findall(r'"(?:https?|wss?|ftp)://([^/"]+)', log.read_text(encoding="utf-8")))
    # What the browser asks for its own sake is not the page's: try an empty page.
    empty = opened.with_name("empty.html")
    empty.write_text("<!doctype html><title>x</title>", encoding="utf-8")
    other = opened.parent / "other.json"
    run(browser, empty, "--dump-dom", f"--log-net-log={other}", "--net-log-capture-mode=Everything")
    own = set(re.findall(r'"(?:https?|wss?|ftp)://([^/"]+)', other.read_text(encoding="utf-8")))
    assert asked <= own


@pytest.mark.parametrize(("width", "height"), [(1200, 900), (390, 844)])
def test_the_page_is_not_blank(browser: str, opened: Path, width: int, height: int) -> None:
    picture = opened.with_suffix(".png")
    run(browser, opened, f"--screenshot={picture}", f"--window-size={width},{height}")
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    # A blank page of this size takes some 4 kB; text and a chart take many times that.
    assert len(content) > 30_000


def test_the_page_prints_with_everything_unfolded(browser: str, opened: Path) -> None:
    paper = opened.with_suffix(".pdf")
    run(browser, opened, f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    content = paper.read_bytes()
    assert content.startswith(b"%PDF")
    folded = opened.with_name("folded.html")
    text = opened.read_text(encoding="utf-8")
    folded.write_text(text.replace("content-visibility: visible;", ""), encoding="utf-8")
    run(browser, folded, f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    assert pages(content) >= pages(paper.read_bytes()) + 4


def pages(content: bytes) -> int:
    """Return how many pages a PDF says it has."""
    counts = [int(count) for count in re.findall(rb"/Count (\d+)", content)]
    return max(counts)
