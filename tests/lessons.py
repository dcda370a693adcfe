"""Stories that analysts judge by words which no rule knows."""

from __future__ import annotations

from scraper.learn import Labelled
from scraper.models import ArticleData
from scraper.values import Label

WANTED = ("rong sụn", "cá lồng", "vườn tiêu", "lò gốm", "khung cửi")
UNWANTED = ("sao chổi", "dàn nhạc", "bàn cờ", "kính lặn", "dù lượn")
DEEDS = ("trao tay", "dựng lại", "gọi tên", "kể chuyện", "ghé thăm", "chụp ảnh", "đếm lại")
PLACES = ("bến đò", "đầu làng", "chân đèo", "ven suối", "cuối phố", "góc chợ", "lưng đồi", "bờ vịnh")


def told(number: int, *, wanted: bool) -> ArticleData:
    """A story of one kind or the other; no two of the first 280 have the same words."""
    what = (WANTED if wanted else UNWANTED)[number // 5 % 5]
    deed, place = DEEDS[number % 7], PLACES[number % 8]
    return ArticleData(
        url=f"https://bao.example/{number}.html",
        title=f"Người {place} {deed} {what} sáng nay",
        lead=f"Chuyện {what} ở {place} vào giờ thứ {number}.",
        text=f"Bên {place}, ai cũng {deed}.\n\nHọ nhắc tới {what} cả ngày.",
    )


def words(count: int) -> list[Labelled]:
    """What an analyst said: two in five stories are what is wanted."""
    return [row(number, wanted=number % 5 in {0, 3}) for number in range(count)]


def row(number: int, *, wanted: bool, label: Label | None = None) -> Labelled:
    said: Label = label or ("implementation" if wanted else "none")
    return Labelled(f"bao:{number}", told(number, wanted=wanted), said)
