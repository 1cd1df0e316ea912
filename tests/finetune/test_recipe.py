"""Recipes: what a file, a flag or a wrong field comes to."""

import re
from pathlib import Path

import pytest
from skucast.finetune.recipe import Recipe, load_recipe, parse_changes, recipes
from skucast.prompts.slots import SlotFormat
from skucast.tools.errors import InputError


@pytest.mark.parametrize("name", recipes())
def test_every_recipe_that_comes_along_is_valid_and_says_what_it_is(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.name == name
    assert recipe.about


def test_a_file_with_changes(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('form = "direct"\nrank = 4\n', encoding="utf-8")
    recipe = load_recipe(
        str(path), parse_changes(["rank=8", "lr=1e-4", "text=false", "optimizer=sgd", 'data=["a.csv"]'])
    )
    assert (recipe.name, recipe.form, recipe.rank, recipe.lr) == ("mine", "direct", 8, 1e-4)
    assert (recipe.text, recipe.optimizer, recipe.data) == (False, "sgd", ["a.csv"])
    assert recipe.format == SlotFormat(history=56, text=False)
    config = recipe.slot_config(12, "abc")
    assert (config.form, config.layers, config.horizon, config.base) == ("direct", 6, 12, "abc")
    assert config.format == recipe.format
    assert config.labels == 9
    assert Recipe(name="p", form="point", loss="mse").slot_config(12, "").labels == 12


@pytest.mark.parametrize("field", ["history", "text", "year_ago", "plan", "signals", "notes", "base"])
def test_each_switch_of_the_prompt_is_its_own(field: str) -> None:
    value = 7 if field == "history" else False
    made = Recipe.model_validate({"name": "x", field: value}).format
    differing = [name for name in SlotFormat.__dataclass_fields__ if getattr(made, name) != getattr(SlotFormat(), name)]
    assert differing == [field]
    assert getattr(made, field) == value


@pytest.mark.parametrize(
    ("form", "loss"), [("residual", "mse"), ("point", "pinball"), ("generative", "pinball_asinh"), ("direct", "ce")]
)
def test_a_loss_that_does_not_fit_is_refused(tmp_path: Path, form: str, loss: str) -> None:
    path = tmp_path / "r.toml"
    path.write_text(f'form = "{form}"\nloss = "{loss}"\n')
    with pytest.raises(InputError, match=f"form '{form}' is trained with loss"):
        load_recipe(str(path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rank = 0", "rank: Input should be greater"),
        ("colour = 3", "colour: Extra inputs"),
        ("rank = ", "not a TOML file"),
        ('name = "No Spaces"', "name: String should match"),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "r.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        load_recipe(str(path))
    assert "\n" not in str(caught.value)


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match=r"unknown recipe 'defualt': did you mean default"):
        load_recipe("defualt")
    with pytest.raises(InputError, match=r"nowhere\.toml: cannot be read"):
        load_recipe("nowhere.toml")
    with pytest.raises(InputError, match="expected name=value"):
        parse_changes(["rank"])
    with pytest.raises(InputError, match=r"no such field; did you mean .*rank"):
        parse_changes(["ranks=3"])
