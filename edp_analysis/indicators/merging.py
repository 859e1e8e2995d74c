"""Categories too small to stand alone, merged by a rule that is written down."""

from __future__ import annotations

import pandas as pd

__all__ = ["merge_small"]


def merge_small(answers: pd.Series, population: pd.Series, minimum: int, ordered: bool) -> dict[str, str]:
    """Merge categories until each has enough respondents and somebody in the population.

    The smallest category is merged first: with its smaller neighbour when the categories have an order (years),
    otherwise with the smallest other one. Ties go to the first in alphabetical order, so that the result never depends
    on the order of the rows.

    Parameters
    ----------
    answers, population : pandas.Series
        Category of each respondent, and of each person who could answer; no missing value.
    minimum : int
        Respondents that a category needs.
    ordered : bool
        The alphabetical order of the categories means something.

    Returns
    -------
    dict of str to str
        Name of the merged category of each; merged names are joined by « + ». A single category is left when the
        respondents are too few for two.

    Examples
    --------
    >>> people = pd.Series(list("aaaaabbbccccccd"))
    >>> merge_small(people, people, 4, ordered=False)
    {'a': 'a', 'b': 'b + d', 'c': 'c', 'd': 'b + d'}
    >>> merge_small(people, people, 4, ordered=True)
    {'a': 'a + b', 'b': 'a + b', 'c': 'c + d', 'd': 'c + d'}
    """
    names = sorted({*answers.astype("str"), *population.astype("str")})
    given, present = answers.astype("str").value_counts(), population.astype("str").value_counts()
    groups = [[name] for name in names]

    def respondents(place: int) -> int:
        return int(sum(given.get(name, 0) for name in groups[place]))

    def lacking(place: int) -> bool:
        return respondents(place) < minimum or not any(present.get(name, 0) for name in groups[place])

    while len(groups) > 1:
        places = range(len(groups))
        small = [place for place in places if lacking(place)]
        if not small:
            break
        first = min(small, key=respondents)
        near = [place for place in (first - 1, first + 1) if place in places] if ordered else places
        other = min((place for place in near if place != first), key=respondents)
        groups[min(first, other)] = sorted(groups[first] + groups[other])
        del groups[max(first, other)]
    return dict(sorted((name, " + ".join(group)) for group in groups for name in group))
