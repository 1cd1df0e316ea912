"""What the pages show is what the command shows."""

from contextlib import suppress
from pathlib import Path

import pytest
from skucast.agent.models.store import cache_dir
from skucast.evals.bench.transcript import ASKED, CHAT, END, FORECAST, PAGES, begin, held, put, shape, transcript


@pytest.fixture
def shared_cache(learned_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the models and the demo data where they are, and what other tests learned."""
    for folder in ("models", "merged", "complete_journey"):
        (cache_dir() / folder).mkdir(parents=True, exist_ok=True)
    for name in ("models", "merged", "complete_journey", "processor.json"):
        with suppress(FileExistsError):
            (learned_here.parent / name).symlink_to(cache_dir() / name)
    monkeypatch.setenv("SKUCAST_CACHE", str(learned_here.parent))


@pytest.mark.slow
@pytest.mark.usefixtures("shared_cache")
@pytest.mark.parametrize("command", [CHAT, FORECAST])  # in this order: the session learns what the forecast needs
def test_the_page_shows_what_the_command_shows(command: str) -> None:
    assert shape(transcript(command)) == shape(held(PAGES[command].read_text(encoding="utf-8"), command))


def test_the_readme_shows_a_forecast_and_the_chats_page_a_session() -> None:
    assert [page.name for page in (PAGES[FORECAST], PAGES[CHAT])] == ["README.md", "CHAT.md"]
    session, report = (held(PAGES[command].read_text(encoding="utf-8"), command) for command in (CHAT, FORECAST))
    assert session.count("skucast> ") == len(ASKED[CHAT]) and "→ forecast(product=1082185, horizon=1m)" in session
    assert report.startswith(f"$ {FORECAST}\n") and "Why" in report


def test_a_session_is_put_between_the_marks_and_read_back() -> None:
    made = put(f"before\n{begin(CHAT)}old{END}\nafter\n", CHAT, "skucast> hi\n")
    assert made == f"before\n{begin(CHAT)}```\nskucast> hi\n```\n{END}\nafter\n"
    assert held(made, CHAT) == "skucast> hi\n"
    with pytest.raises(ValueError, match="no marks"):
        put("before", CHAT, "x")


def test_the_shape_holds_words_and_not_figures() -> None:
    assert shape("sold 1,234 units ▁▂▃") == shape("sold 99.5 units ▃▂▁") != shape("kept 99.5 units ▃▂▁")
