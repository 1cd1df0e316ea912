"""The language of a request: Chinese by its letters, others by a model; brands and typos are English."""

import json
from pathlib import Path

import pytest
import skucast.evals.agent
from skucast.prompts.reading.language import language_of


@pytest.mark.parametrize(
    ("request_", "language"),
    [
        ("预测 1029743 下个月", "zh"),
        ("Coca-Cola 下周卖多少", "zh"),
        ("forecast 鸡蛋 for next month please", "en"),
        ("forecast 1082185", "en"),
        ("croissants", "en"),
        ("haagen dazs vanilla", "en"),
        ("forecast haagen dazs vanilla 8w pls", "en"),
        ("whats teh demnad for hambuger buns next weak", "en"),
        ("comapre hamburgr buns wiht hot dog buns", "en"),
        ("", "en"),
        ("8w?", "en"),
        ("バナナは来月何個売れますか", "other"),
        ("다음 달 바나나는 몇 개 팔릴까요?", "other"),
        ("Сколько бананов мы продадим в следующем месяце?", "other"),
        ("Combien de bananes allons-nous vendre le mois prochain ?", "other"),
        ("Warum ist der Absatz von Melonen gefallen?", "other"),
        ("¿Cuántos plátanos venderemos el próximo mes?", "other"),
        ("Quantas bananas vamos vender no próximo mês?", "other"),
    ],
)
def test_languages(request_: str, language: str) -> None:
    assert language_of(request_) == language


def test_no_english_request_is_called_foreign() -> None:
    path = Path(next(iter(skucast.evals.agent.__path__))) / "development.jsonl"
    requests = [json.loads(line)["request"] for line in path.read_text(encoding="utf-8").splitlines()]
    latin = [one for one in requests if one.isascii()]
    assert len(latin) > 300
    assert [one for one in latin if language_of(one) != "en"] == []
