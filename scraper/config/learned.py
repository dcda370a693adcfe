"""What was learned from the analysts' words: weights beside the rules, fitted by :mod:`scraper.learn`."""

from __future__ import annotations

from scraper.config.units import Section


class Learned(Section):
    """Weights that correct what the rules say; they are fitted, not written.

    Attributes:
        version: Changes with the weights; stands in the policy's version while they are used.
        form: How :mod:`scraper.learned` read articles when they were fitted; weights of another form mean nothing.
        policy_version: The rules that they correct.
        rows: Stories with an analyst's word that they were fitted to.
        weights: Points for one unit of a feature, see :func:`scraper.learned.features`.
    """

    version: str
    form: int
    policy_version: str
    rows: int
    weights: dict[str, float]
