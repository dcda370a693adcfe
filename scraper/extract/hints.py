"""What classes and ids say an element is for. A hint tilts a choice and trims an article; it never overrules the text.

The words are those that publishing systems and designers of many outlets use; a name that one outlet alone uses belongs
in its source file. Words are matched whole: a weblog writes every tag of a story into its classes ("tag-sport"), and
"paywall" marks the paid part of an article itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ASIDE = """
    nav navi navbar navigation menu submenu megamenu mainmenu footer colophon breadcrumb breadcrumbs pagination pager
    comment comments commentlist kommentare kommentar disqus respond discussion reactions
    related relatednews relate-news related-posts related-articles tin-lien-quan tinlienquan lien-quan tin-khac
    read-more readmore xem-them doc-them read-also see-also more-stories more-news more-articles more-from
    recommend recommended recommends recommendation recommendations recirc recirculation jp-relatedposts yarpp
    share shares sharing sharebar sharedaddy shariff social socials social-media addthis addtoany follow follow-us
    banner ad ads advert adverts advertisement advertising anzeige adsbygoogle dfp promo promos promotion sponsor
    sponsored affiliate newsletter newsletters subscribe subscription news-letter signup sign-up login paywall-message
    tags taglist tag-list tagcloud keywords keysword popup modal lightbox overlay cookie cookies consent onetrust
    onetrust-consent-sdk gdpr authorbox author-box author-bio author-info authorinfo about-author bio
    byline bylines postmeta post-meta entry-meta article-meta meta widget widgets sidebar aside toolbar
    outbrain taboola teaser teasers trending popular most-popular most-read mostread disclaimer copyright
    sr-only visually-hidden visuallyhidden screen-reader-text screenreader noprint no-print print-hidden
    gallery slideshow carousel poll quiz rating ratings toc table-of-contents inhaltsverzeichnis tooltip dropdown
    author autor author-description saboxplugin-wrap about-the-author factbox buybox nextstory next-post next-story
    prev-post embed-article related-story top-stories latest-news site-description site-title site-header masthead
    content-blocker comment-form
    post-footer post-nav post-navigation entry-footer article-footer skip-link
"""
_CAPTION = """
    caption captions figcaption wp-caption-text image-caption photo-caption credit credits image-credit photo-credit
    photocms_caption newscaption bildunterschrift bildnachweis chu-thich chuthich legend legende legenda pie-de-foto
    bilduntertitel imagedescription bildtext image-description
    photo image picture img figure pic bild foto imagen
"""
_STAMP = "date datetime time timestamp pubdate publish published publishdate dateline posted-on ngay datum fecha"
_LEAD = """
    lead lede leadtext lead-text leader intro introbox introduction sommario introtext intro-text standfirst
    subtitle sub-title subheadline sub-headline subheading subhead dek deck summary sapo chapo
    chapeau strapline kicker-text description desc excerpt abstract
    vorspann teasertext teaser-text article-teaser header-teaser entradilla bajada copete zajawka zapowiedz
    synopsis snippet underrubrik ingress sommario occhiello lid
"""
_KICKER = """
    kicker overline topline dachzeile roofline eyebrow spitzmarke volanta label badge flag supertitle uberzeile
    headline-prefix pretitle pre-title
"""
_PART = (
    "box|wrap|wrapper|container|list|block|area|section|bar|links?|buttons?|content|items?|group|inner|module|holder|"
    "title|head|header|widget|posts|articles|news|story|stories"
)
_RELATED_TYPE = re.compile(r"^Related", re.IGNORECASE)  # <div type="RelatedOneNews"> of VCCorp's editor


def _words(words: str, *, parts: bool = False) -> re.Pattern[str]:
    """The words as whole parts of a class or id; with ``parts`` also as "share-box", "share_wrapper", "share__list"."""
    tail = rf"(?=$|\s|__|[_-](?:{_PART})\b)" if parts else r"(?=$|[\s_-])"
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(re.escape(word) for word in words.split())}){tail}")


_ASIDE_NAMES = _words(_ASIDE, parts=True)
_CAPTION_NAMES, _STAMP_NAMES, _LEAD_NAMES, _KICKER_NAMES = map(_words, (_CAPTION, _STAMP, _LEAD, _KICKER))


@lru_cache(16_384)
def is_aside(names: str) -> bool:
    """Whether the names (lower case) are those of menus, comments, share buttons, related stories and the like."""
    return _ASIDE_NAMES.search(names) is not None


@lru_cache(16_384)
def is_caption(names: str) -> bool:
    """Whether the names are those of a picture's caption or credit."""
    return _CAPTION_NAMES.search(names) is not None


@lru_cache(16_384)
def is_stamp(names: str) -> bool:
    """Whether the names are those of a time of publication."""
    return _STAMP_NAMES.search(names) is not None


@lru_cache(16_384)
def is_lead(names: str) -> bool:
    """Whether the names are those of a standfirst."""
    return _LEAD_NAMES.search(names) is not None


@lru_cache(16_384)
def is_kicker(names: str) -> bool:
    """Whether the names are those of the words above or before a headline."""
    return _KICKER_NAMES.search(names) is not None


def is_related_type(kind: str) -> bool:
    """Whether an editor's ``type`` attribute marks a box of other stories."""
    return _RELATED_TYPE.match(kind) is not None
