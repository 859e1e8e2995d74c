"""The methods of a page that are made from the functions that draw."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

from edp_analysis.exhibits import Page
from edp_analysis.exhibits.pictures import Pictures
from edp_analysis.problems import UserError

KINDS = ("table", "bars", "dots", "likert", "stacked", "lines", "funnel", "curves", "alluvial", "tiles")
FRAME = pd.DataFrame({"a": ["x"], "b": [1.0]})


@pytest.mark.parametrize("kind", KINDS)
def test_a_method_shows_its_words_its_options_and_its_documentation(kind: str) -> None:
    method = getattr(Pictures, kind)
    names = list(inspect.signature(method).parameters)
    assert names[2:8] == ["id", "title", "subtitle", "lecture", "champ", "note"]
    assert names[-1] == "arguments" and "threshold" not in names
    assert method.__name__ == kind
    document = inspect.getdoc(method)
    assert document is not None and document[0].isupper() and "One worked reading" in document


def test_the_options_are_those_of_the_function_that_draws() -> None:
    options = inspect.signature(Pictures.dots).parameters
    assert options["reference"].default is None and options["id"].default is inspect.Parameter.empty


@pytest.mark.parametrize("jedi", [False, True])
def test_jupyterlab_completes_the_words_and_the_options(page: Page, jedi: bool) -> None:
    from IPython.core.completer import provisionalcompleter
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell(user_ns={"page": page})
    shell.Completer.use_jedi = jedi
    for typed, wanted in (("page.dots(groupes, ref", "reference="), ("page.dots(groupes, lec", "lecture=")):
        with provisionalcompleter():
            assert wanted in [found.text for found in shell.Completer.completions(typed, len(typed))]


def test_a_misspelt_word_does_not_vanish(page: Page) -> None:
    with pytest.raises(UserError, match=r"« subtite » .* Peut-être : « subtitle »"):
        page.bars(FRAME, id="a", title="t", lecture="l", champ="c", subtite="Oubliée")


def test_an_argument_that_a_template_uses_may_look_like_an_option(page: Page) -> None:
    assert page.bars(FRAME, id="a", title="{labels}", lecture="l", champ="c", labels="Un mot").title == "Un mot"


def test_an_id_is_required(page: Page) -> None:
    with pytest.raises(TypeError, match="id"):
        page.bars(FRAME, title="t", lecture="l", champ="c")
