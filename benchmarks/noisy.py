"""What changes on an outlet's pages without the story changing: one small function or fragment each.

Fragments go between two paragraphs, behind the last one, or before the end of the page, under names that no list of
class names has. ``{n}`` is a number and ``{t}`` a time of day, other ones before and after.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from markupsafe import escape

LINKED = (
    "Vì sao giá lúa ở đồng bằng tăng trở lại",
    "Bốn nhóm đối tượng được vay vốn ưu đãi từ năm sau",
    "Cô giáo mầm non mở lớp xóa mù chữ giữa bản",
    "Hàng nghìn người đổ về lễ hội đầu xuân",
    "Xe buýt mất lái, hành khách hoảng loạn",
)
_A, _B = (f'<a href="/bai-khac-{number}.html">{title}</a>' for number, title in enumerate(LINKED[:2], start=7))

BETWEEN = {
    "ad: label": '<div class="zx-slot-7"><span>Quảng cáo</span></div>',
    "ad: label in capitals, picture": (
        '<div class="bnr_in"><p>QUẢNG CÁO</p><a href="//ads.example/{n}"><img src="/q{n}.jpg"></a></div>'
    ),
    "ad: slot without text": '<ins class="adsbygoogle" data-ad-slot="{n}"></ins><div id="adm-{n}"></div>',
    "ad: label and a linked line": (
        '<div class="inread"><p class="lbl">Advertisement</p><p>'
        '<a href="//ads.example/{n}">Mua một tặng một: bột giặt hương chanh</a></p></div>'
    ),
    "ad: linked line": (
        '<div class="mid-box"><a href="//ads.example/{n}" rel="sponsored">Nệm cao su giảm nửa giá hôm nay</a></div>'
    ),
    "ad: linked paragraph": (
        '<p><a href="//ads.example/{n}" target="_blank">Tour hai ngày một đêm, khởi hành hằng tuần</a></p>'
    ),
    "ad: label and plain line": (
        '<div class="ntv"><p>Tài trợ</p><p>Căn hộ ven sông, trả trước 20% nhận nhà ngay</p></div>'
    ),
    "views": '<p class="stat">{n} lượt xem</p>',
    "views, label first": '<p class="info-line">Lượt xem: {n}</p>',
    "views, read": "<p>Đã đọc: {n} lần</p>",
    "comments counted": '<p class="cnt">Bình luận ({n})</p>',
    "comments counted, number first": "<p>{n} bình luận</p>",
    "shares": "<p>Chia sẻ {n}</p>",
    "likes and shares": "<p><span>Thích {n}</span> <span>Chia sẻ</span></p>",
    "views, English": "<p>{n} views</p>",
    "comments, English": "<p>{n} comments</p>",
    "related: arrows": f"<p>&gt;&gt; {_A}</p>",
    "related: arrows and label": f"<p><em>&gt;&gt;&gt; Mời xem: {_B}</em></p>",
    "related: see also": f"<p>Xem thêm: {_A}</p>",
    "related: see also, bold": f"<p><strong>Xem thêm:</strong> {_B}</p>",
    "related: read more, two lines": f"<p><strong>Đọc thêm</strong></p><p>{_A}</p>",
    "related: box": f'<div class="lq"><h4>Tin liên quan</h4><ul><li>{_A}</li><li>{_B}</li></ul></div>',
    "related: capitals, paragraphs": f"<p>TIN LIÊN QUAN</p><p>{_A}</p><p>{_B}</p>",
    "related: list without label": f'<ul class="rl9"><li>{_A}</li><li>{_B}</li></ul>',
    "related: English": f"<p>Read more: {_A}</p>",
    "related: English, label": f"<p>Related:</p><p>{_B}</p>",
    "share: names": "<p>Facebook Zalo Sao chép liên kết</p>",
    "share: list": '<ul class="sns"><li>Facebook</li><li>Zalo</li><li>Email</li></ul>',
    "share: word": "<p>Chia sẻ</p>",
    "share: save": "<p>Lưu bài viết</p>",
    "share: English": "<p>Share this article</p>",
    "follow: Google News": "<p>Theo dõi Báo Vùng Cao trên Google News</p>",
    "follow: English": "<p>Follow us on Google News</p>",
    "stamp: updated at": '<p class="upd">Cập nhật lúc {t}</p>',
    "stamp: updated, date": "<p>Cập nhật: {t} 12/03/2026</p>",
    "stamp: last": "<p>Cập nhật lần cuối: 12/03/2026, {t}</p>",
    "stamp: English": "<p>Last updated: 12 March 2026, {t}</p>",
    "stamp: weekday": "<p>Thứ Năm, 12/03/2026 {t} (GMT+7)</p>",
    "audio": "<p>Nghe đọc bài 0:00 / 3:{n} Nữ miền Bắc</p>",
    "photo with credit": (
        '<div class="pht"><img src="/p{n}.jpg"><p class="cap-x">Bà con phơi ngô trước sân. Ảnh: Minh Hà</p></div>'
    ),
    "photo with credit in brackets": '<p class="px"><img src="/p{n}.jpg"> Một góc xã nhìn từ trên cao (Ảnh: TTXVN)</p>',
    "keywords": "<p>Từ khóa: giảm nghèo, nhà ở, vùng cao</p>",
}
TAILS = {
    "tail: see also": f" Xem thêm: {_A}",
    "tail: arrows": f" &gt;&gt; {_B}",
    "tail: here": ' <a href="/x">(Xem thêm tại đây)</a>',
    "tail: ad": " <small>Quảng cáo</small>",
    "tail: stamp": " <i>(Cập nhật lúc {t})</i>",
    "tail: follow": " Theo dõi Báo Vùng Cao trên Google News.",
}
END = {
    "comment box": '<div class="ykbd"><h3>Ý kiến bạn đọc ({n})</h3><p>Gửi bình luận</p><textarea></textarea></div>',
    "reader's comment": (
        '<div class="cm-row"><b>Minh</b>'
        "<p>Rất hay, mong báo viết thêm về bà con vùng cao, vì còn nhiều nơi khó khăn lắm.</p>"
        "<span>Thích {n} Trả lời</span></div>"
    ),
    "sidebar": f'<div class="cot-phai"><h3>Mới nhất</h3><div>{_A}</div><div>{_B}</div><p>{LINKED[3]}</p></div>',
    "newsletter": '<div class="nl-7"><p>Nhập email để nhận bản tin mỗi sáng</p><input></div>',
}
HELD_BETWEEN = {
    "may interest": f'<div class="k14"><b>Có thể bạn quan tâm</b><p>{_A}</p></div>',
    "read on": f"<p>Đọc tiếp: {_B}</p>",
    "reads": "<p>Lượt đọc {n}</p>",
    "updated, English": "<p>Updated at {t} AM</p>",
    "rating": "<p>Đánh giá bài viết: 4,5/5 ({n} lượt)</p>",
    "first to comment": "<p>Hãy là người đầu tiên bình luận</p>",
    "ad contact": "<p>Liên hệ quảng cáo: 0900 000 0{n}</p>",
    "app": "<p>Tải ứng dụng của báo để đọc tin nhanh hơn</p>",
    "bulletin": "<p>Đăng ký nhận bản tin</p>",
    "same section": f"<p>BÀI CÙNG CHUYÊN MỤC</p><p>{_A}</p><p>{_B}</p>",
    "arrow": f"<p>→ {_A}</p>",
    "hashtags": "<p>#giamngheo #nhao</p>",
    "updated, in words": "<p>Cập nhật 16 giờ {n} phút ngày 3/4</p>",
    "viewed": "<p>{n} người đã xem bài này</p>",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an outlet prints of one story."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...]
    caption: str = "Người dân trong buổi lễ. (Ảnh: Báo Vùng Cao)"
    tags: tuple[str, ...] = ("đời sống", "chính sách")
    photo: int = 11

    def over(self, change: Callable[[str], str]) -> Sheet:
        """The same with every text changed."""
        paragraphs = tuple(map(change, self.paragraphs))
        return replace(self, title=change(self.title), lead=change(self.lead), paragraphs=paragraphs)


def _curled(text: str) -> str:
    if text.count('"') % 2 == 0:
        text = re.sub(r'"([^"]*)"', r"“\1”", text)
    return text.replace("...", "…")


def _straight(text: str) -> str:
    return text.replace("“", '"').replace("”", '"').replace(" - ", " – ")


_OLD_TONES = {"òa": "oà", "óa": "oá", "ọa": "oạ", "ỏa": "oả", "ủy": "uỷ", "úy": "uý", "òe": "oè", "ùy": "uỳ"}


def _older(text: str) -> str:
    return re.sub("|".join(rf"{new}(?!\w)" for new in _OLD_TONES), lambda found: _OLD_TONES[found.group()], text)


def _split(sheet: Sheet) -> Sheet:
    """Every paragraph of several sentences in two."""
    halves = (re.sub(r"(?<=[.!?]) (?=[A-ZĐÂÔƯ])", "\n", text, count=1).split("\n") for text in sheet.paragraphs)
    return replace(sheet, paragraphs=tuple(half for pair in halves for half in pair))


def _joined(sheet: Sheet) -> Sheet:
    first, second, *rest = sheet.paragraphs
    return replace(sheet, paragraphs=(f"{first} {second}", *rest))


RESET: dict[str, Callable[[Sheet], Sheet]] = {
    "curly quotes": lambda sheet: sheet.over(_curled),
    "straight quotes, dashes": lambda sheet: sheet.over(_straight),
    "spaces that do not break": lambda sheet: sheet.over(lambda text: text.replace(" ", "\xa0", 7)),
    "soft hyphens": lambda sheet: sheet.over(lambda text: text.replace("ng ", "n\xadg ")),
    "tone placement": lambda sheet: sheet.over(_older),
    "decomposed letters": lambda sheet: sheet.over(lambda text: unicodedata.normalize("NFD", text)),
    "headline in capitals": lambda sheet: replace(sheet, title=sheet.title.upper()),
    "full stop after the headline": lambda sheet: replace(sheet, title=f"{sheet.title}."),
    "headline in quotes": lambda sheet: replace(sheet, title=f"“{sheet.title}”"),
    "caption": lambda sheet: replace(sheet, caption="Toàn cảnh nơi diễn ra sự việc. (Ảnh: CTV)"),
    "picture": lambda sheet: replace(sheet, photo=sheet.photo + 1),
    "tags": lambda sheet: replace(sheet, tags=(*sheet.tags[:1], "tin nóng")),
    "paragraphs split": _split,
    "paragraphs joined": _joined,
    "author in capitals": lambda sheet: replace(sheet, authors=tuple(name.upper() for name in sheet.authors)),
}


def _tracked(page: str) -> str:
    return re.sub(r'href="(/[^"?]*)"', r'href="\1?utm_source=web&amp;ref=tk"', page).replace("<p>", '<p data-tk="7f3">')


def _renamed(page: str) -> str:
    return page.replace("<p>", '<p class="css-1x9 t8">')


def _wrapped(page: str) -> str:
    return re.sub(r"<p>(.*?)</p>", r'<p><span style="font-size:17px">\1</span></p>', page)


REPAGED: dict[str, Callable[[str], str]] = {
    "tracking attributes": _tracked,
    "class names": _renamed,
    "wrapped in spans": _wrapped,
    "comments in the markup": lambda page: page.replace("</p>", "</p><!-- zone 12 -->"),
}


def between(page: str, sheet: Sheet, fragment: str, rng: Random, *, at: int | None = None) -> str:
    """The page with a fragment behind one of its paragraphs."""
    place = rng.randrange(len(sheet.paragraphs)) if at is None else at
    end = page.index("</p>", page.index(str(escape(sheet.paragraphs[place])))) + len("</p>")
    return page[:end] + filled(fragment, rng) + page[end:]


def tail(page: str, sheet: Sheet, fragment: str, rng: Random) -> str:
    """The page with a fragment at the end of one of its paragraphs."""
    text = str(escape(rng.choice(sheet.paragraphs)))
    end = page.index(text) + len(text)
    return page[:end] + filled(fragment, rng) + page[end:]


def end(page: str, fragment: str, rng: Random) -> str:
    """The page with a fragment before its end."""
    place = page.rindex("</body>")
    return page[:place] + filled(fragment, rng) + page[place:]


def filled(fragment: str, rng: Random) -> str:
    """The fragment with its number and time."""
    number, time = str(rng.randint(10, 59)), f"{rng.randint(10, 23)}:{rng.randint(10, 59)}"
    return fragment.replace("{n}", number).replace("{t}", time)
