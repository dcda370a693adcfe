"""What makes two articles copies of one story: every threshold, and why it stands where it does.

Measured on 13,836 labelled Vietnamese texts (adjusted Rand index of the groups; ``python -m benchmarks duplicates``).
The texts were split by story into two halves; each figure was chosen on one and holds on the other.
"""

from __future__ import annotations

from datetime import timedelta

MIN_SYLLABLES = 40
"""Shorter bodies never fold: captions, notices and pages that failed to parse are alike without being copies."""

MAX_LETTERS = 200_000
"""Letters of a text that are looked at, 40,000 syllables; a page may hold twenty times as much to cost us seconds."""

# --- the index ---------------------------------------------------------------------------------------------

SHINGLE = 4
"""Syllables in a shingle. Two make a Vietnamese word, so four are a phrase that chance does not repeat."""

SAMPLED_BITS = 3
"""A shingle is indexed when this many low bits of its hash are 0: one of 8. Both texts of a pair sample the same
shingles, which is what random samples would not do; a text of 500 syllables has about 62 rows."""

MIN_SAMPLED = 8
"""Of a short text the lowest hashes are taken until there are this many: with fewer, chance decides what is found."""

MAX_SAMPLED = 512
"""Of a text beyond about 4,000 syllables the lowest hashes are taken: the size of a page must not set our cost."""

HITS = 100
"""Articles counted for one hash, the newest: what more have is boilerplate, and copies come within days."""

PROBED = 40
"""Articles with the most shared hashes whose sizes are compared; beyond, none was a copy."""

CANDIDATES = 10
"""Articles whose text is read and compared. On average there are 1.4; round-ups and bulletins have more."""

MIN_ESTIMATE = 0.25
"""Share of the smaller sample that must be shared before a text is read: with 40 hashes, the estimate of
``CONTAINED`` falls this low once in a hundred."""

# --- across outlets ----------------------------------------------------------------------------------------

CONTAINED = 0.45
"""Share of the shorter text's shingles that the longer has. At .50 heavily reworded copies are lost (recall .985
instead of .992); at .40 recurring stories join."""

SHARED = 0.20
"""The same shingles as a share of the longer text's: an abridged copy keeps a fifth, a story quoted in another less."""

OPENING = 120
"""Syllables at the start that must be alike: news says what is new first. A follow-up opens with its own news and
reuses background below."""

OPENING_COVERED = 0.25
"""Share of either opening that stands anywhere in the other text. At .30 and .40 recall falls to .990 and .975,
at .20 twice as many follow-ups join."""

NEARLY_ALL = (0.80, 0.60)
"""With this much of the shorter and of the longer text shared, openings may differ: the desk reordered the story."""

FIGURES_AGREE = 0.75
"""Of the runs of three syllables that are alike but for digits, the share that are alike with them. Bulletins of two
days (gold, fuel, weather, lottery) differ there and nowhere else. At .60 ten times as many weather bulletins join."""

MIN_FIGURES = 3
"""With fewer such runs nothing is said about figures."""

LATE = timedelta(hours=18)
"""Copies come within hours (median 5 in the labelled texts); what comes later may be the next day's story."""

LATE_CONTAINED = 0.60
LATE_OPENING = 0.40
"""A late copy must share more: 3 instead of 10 pairs of follow-ups join, for .003 of recall."""

STALE = timedelta(days=30)
"""After a month only near identity counts: yearly stories reuse last year's text."""

# --- within one outlet, and after a month ------------------------------------------------------------------

IDENTICAL = 0.85
"""Jaccard of the shingles. An outlet that runs its own story twice changes next to nothing; anything less is a
follow-up over its own background."""

IDENTICAL_FIGURES = 0.95
"""An outlet's bulletins of morning and afternoon share all but their figures."""

# --- what a copy adds --------------------------------------------------------------------------------------

ADDS_SHARE = 0.30
ADDS_SYLLABLES = 80
"""A copy that adds this share or this many syllables of its own joins its story and is told as ``adds facts``:
about three sentences, more than a desk's rewording of what it took over."""
