"""What stands in a body without being the story: labels, counters, buttons, links to other stories, times, captions.

An extractor lets some of it in when it stands under a name that it does not know, and it changes with every look. Only
whole lines, or sentences at the end of a paragraph, are noise: "Xem thêm: Hộ nghèo vay vốn" is, "Xem thêm nhiều hiện
vật, du khách được nghe kể chuyện." is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scraper.revise.notices import is_notice
from scraper.text import clean, match_form

LINK = 40
"""Words of a line that begins as a link to another story does; longer ones are paragraphs."""
CAPTION = 45
"""Words of a caption with its credit."""
LETTERS = 300
"""Letters of a line of noise: what the expressions below are let loose on."""
TITLE = range(3, 26)
"""Words of a line that may be another story's headline or an advertisement."""

_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$|[\"”»]$")
_SENTENCES = re.compile(r"(?<=[.!?…])([\"”’»)]*)\s+(?=[^\W_]|[\"“(>#→»])")
_EDGES = " \t>»›→►▶☞•*|()[]{}-+=_~·…."

_FURNITURE = (
    "quảng cáo|qc|advertisement|advertising|ads?|sponsored(?: content)?|promoted|nội dung tài trợ|tài trợ|"
    "(?:bạn|người|độc giả) đã (?:xem|đọc)(?: (?:bài|tin) (?:này|viết))?|lượt (?:xem|đọc|thích|chia sẻ|bình luận|bình chọn)|"
    "đã (?:xem|đọc|thích)|lượt|lần|views?|reads?|"
    "(?:gửi |viết |thêm |xem |tất cả )?(?:bình luận|ý kiến|phản hồi|nhận xét)(?: (?:của bạn|bạn đọc|độc giả|của bạn đọc))?|"
    "(?:hãy )?(?:là|trở thành) người đầu tiên bình luận(?: (?:về |cho )?bài (?:viết )?này)?|"
    "đăng nhập(?: để (?:gửi )?bình luận)?|comments?|leave a comment|be the first to comment|reply|trả lời|"
    "thích|likes?|chia sẻ(?: bài viết)?|shares?(?: this)?(?: (?:article|story|post))?|tweet|facebook|fanpage|zalo|twitter|x|"
    "e-?mail|messenger|linkedin|pinterest|telegram|viber|whatsapp|google news|youtube|tiktok|instagram|"
    "copy(?: link)?|sao chép(?: liên kết)?|liên kết|lưu(?: (?:bài|tin)(?: viết)?)?|in(?: (?:bài|trang)(?: (?:viết|này))?)?|"
    "print|save|gửi (?:mail|email|bài)|theo dõi|follow(?: us)?|báo lỗi|"
    "nghe(?: đọc)? (?:bài|tin|audio)(?: viết)?|nghe|(?:giọng )?(?:nữ|nam)(?: miền (?:bắc|trung|nam))?|miền (?:bắc|trung|nam)|"
    "tốc độ(?: đọc)?|phút đọc|min(?:ute)?s? read|cỡ chữ|audio|"
    "(?:mời )?(?:xem|đọc|tìm hiểu|tham khảo)(?: (?:thêm|tiếp|ngay|chi tiết))(?: (?:tại đây|ở đây|tin|bài))?|tại đây|"
    "(?:các )?(?:tin|bài)(?: viết)? (?:liên quan|cùng (?:chuyên mục|chủ đề)|khác|mới(?: nhất)?|nổi bật|đọc nhiều|cũ hơn)|"
    "cùng (?:chuyên mục|chủ đề|tác giả)|có thể bạn (?:quan tâm|thích)|đừng bỏ lỡ|mới nhất|đọc nhiều|xem nhiều|tin nóng|"
    "related(?: (?:articles?|news|stories|posts?|content))?|read (?:more|also|next)|see (?:also|more)|also read|more(?: news)?|"
    "most read|latest(?: news)?|you may also like|recommended(?: for you)?|trending|"
    "tags?|từ khóa|chủ đề|về đầu trang|trở lại|quay lại|đăng ký(?: nhận)?(?: bản)? tin|(?:nhận|đăng ký) bản tin|newsletter|"
    "subscribe|sign up|đánh giá(?: bài viết)?|bình chọn|điểm|sao"
)
_ONLY_FURNITURE = re.compile(rf"(?:(?:{_FURNITURE})(?!\w)|[\s\d.,:;/()|·•+\-–?&%]|(?<=\d)[kmtr]+(?!\w))++")
_ANY_FURNITURE = re.compile(rf"(?<!\w)(?:{_FURNITURE})(?!\w)")
_LABELS = re.compile(
    r"(?:quảng cáo|qc|advertisement|sponsored|tài trợ|nội dung tài trợ|(?:mời )?(?:xem|đọc) (?:thêm|tiếp)|"
    r"(?:các )?(?:tin|bài)(?: viết)? (?:liên quan|cùng (?:chuyên mục|chủ đề)|khác|mới(?: nhất)?|nổi bật|đọc nhiều)|"
    r"cùng (?:chuyên mục|chủ đề)|có thể bạn (?:quan tâm|thích)|đừng bỏ lỡ|mới nhất|đọc nhiều|xem nhiều|"
    r"related(?: \w+)?|read (?:more|also)|see (?:also|more)|most read|you may also like|recommended)"
)

_ARROW = re.compile(r"\s*(?:>>+|»|›|→|►|▶|☞|=>)\s*\S")
_LINK = (
    r"(?:mời (?:bạn đọc |độc giả |quý vị )?)?(?:xem|đọc)(?: thêm| tiếp| ngay)|mời xem|mời đọc|(?:tin|bài) liên quan|"
    r"có thể bạn quan tâm|tham khảo thêm|tìm hiểu thêm|xem (?:video|clip|ảnh|infographic)|related|read (?:more|also)|"
    r"see (?:also|more)|also read"
)
_LABELLED = re.compile(
    rf"(?:{_LINK}|video|clip|infographic|quảng cáo|advertisement|từ khóa|tags?|hashtags?|chủ đề|nguồn tham khảo)\s*[:|]"
)
_UNLABELLED = re.compile(rf"(?:{_LINK})(?!\w)")
_ELSEWHERE = r"(?:google news|google tin tức|facebook|fanpage|zalo|youtube|tiktok|telegram|instagram|twitter|viber)"
_FOLLOW = re.compile(
    rf"(?:mời )?(?:quý )?(?:bạn đọc |độc giả |quý vị )?(?:hãy )?(?:theo dõi|follow|bấm|nhấn|like)(?!\w).{{0,80}}"
    rf"(?:trên|on|qua|tại|kênh|via)\s+(?:mạng xã hội |trang |kênh )?{_ELSEWHERE}(?: (?:của|để).{{0,40}})?"
)
_INVITES = re.compile(
    r"(?:tải (?:ngay )?(?:ứng dụng|app)|đăng ký (?:nhận|theo dõi|kênh|bản tin|gói)|(?:liên hệ|báo giá|đặt) quảng cáo|"
    r"hotline|đường dây nóng|download (?:the |our )?app|subscribe to|sign up for|nhập email)(?!\w)"
)
_AD = re.compile(
    r"(?<!\w)(?:giảm (?:giá|nửa giá|sốc|đến)|khuyến mãi|tặng một|tặng ngay|miễn phí|trả góp|trả trước|đặt hàng|mua ngay|"
    r"ưu đãi|giao tận|khởi hành|hotline|học thử|chỉ từ)(?!\w)"
)
_HASHTAGS = re.compile(r"(?:#\w+[\s,]*)+")
_STAMP = re.compile(
    r"(?:(?:thời gian )?(?:cập nhật|đăng|xuất bản|sửa|ngày đăng|đăng tải)(?: lần)?(?: cuối)?|(?:last )?(?:updated|modified|published)"
    r"(?: on| at)?|lúc|ngày|thứ|chủ nhật)?[\s:|,-]*"
    r"(?:(?:\d{1,4}(?:[:/.h-]\d{1,4})*+h?+(?!\d)|thứ(?: (?:hai|ba|tư|năm|sáu|bảy))?|chủ nhật|ngày|tháng|năm|giờ|phút|giây|lúc|"
    r"gmt|utc|ict|am|pm|sa|ch|at|on|st|nd|rd|th|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)(?![^\W\d_])[\s,.|()+-]*+)++"
)
_DIGIT = re.compile(r"\d")
_CREDIT = re.compile(r"(?:^|[(.!?\-–|/]\s*|\s)(?:Ảnh|ẢNH|Nguồn ảnh|Ảnh minh họa|Photo|Clip|Video|Đồ họa)\s*:\s*[^.!?:]{2,45}[.)]*$")
_ENDING = re.compile(r"\s*[(\[]([^()\[\]]{2,80})[)\]]\.?$")
_LATE_ARROW = re.compile(r"\s(?:>>+|»|►|▶|☞|=>)\s")
_MANY_PARTS = re.compile(r"[:;|]|^\s*[-•*+]|^\d")


def without(paragraphs: Iterable[str]) -> list[str]:
    """The paragraphs that are the story, cleaned, without noise at their ends."""
    return list(_kept(map(clean, paragraphs)))


def _kept(paragraphs: Iterable[str]) -> Iterator[str]:
    under_label = False
    for text in paragraphs:
        if is_noise(text):
            under_label = bool(_LABELS.fullmatch(_form(text).rstrip(" :"))) or (under_label and not text.strip(_EDGES))
        elif not (under_label and is_title(text, digits=True)):
            under_label = False
            yield without_tail(text)


def is_noise(text: str) -> bool:
    """Whether a line by itself is no part of a story."""
    if len(text) > LETTERS:
        return False
    form = _form(text)
    if not form:
        return True
    words = len(form.split())
    if words > max(LINK, CAPTION) or is_notice(text):
        return False
    return (
        _is_furniture(form)
        or _leads_away(text, form, words)
        or (words <= CAPTION and _CREDIT.search(text) is not None)
        or (_DIGIT.search(form) is not None and _STAMP.fullmatch(form) is not None)
        or _HASHTAGS.fullmatch(form) is not None
    )


def is_title(text: str, *, digits: bool = False) -> bool:
    """Whether a line is put as a headline: short, no full stop, no list item, with ``digits`` or without figures.

    Links to other stories and advertisements without a label are such lines; so are subheads.
    """
    if _SENTENCE_END.search(text) or len(text.split()) not in TITLE:
        return False
    if _AD.search(match_form(text)):
        return True
    return not _MANY_PARTS.search(text) and (digits or not _DIGIT.search(text))


def without_tail(text: str) -> str:
    """A paragraph without the links, labels and times at its end."""
    arrow = _LATE_ARROW.search(text)
    if arrow and arrow.start() and is_noise(text[arrow.start() :]):
        text = text[: arrow.start()].rstrip()
    while (ending := _ENDING.search(text)) and ending.start() and is_noise(ending[1]):
        text = text[: ending.start()].rstrip()
    parts = sentences(text)
    for at in range(max(1, len(parts) - 3), len(parts)):
        if is_noise(" ".join(parts[at:])) or all(map(is_noise, parts[at:])):
            return " ".join(parts[:at])
    return text


def sentences(text: str) -> list[str]:
    """A paragraph's sentences; joined by spaces they are the paragraph again."""
    return _SENTENCES.sub(r"\1\n", text).split("\n") if text else []


def _form(text: str) -> str:
    return match_form(text).strip(_EDGES)


def _is_furniture(form: str) -> bool:
    return _ONLY_FURNITURE.fullmatch(form) is not None and _ANY_FURNITURE.search(form) is not None


def _leads_away(text: str, form: str, words: int) -> bool:
    """Whether the line points to another story, another channel or a shop."""
    if words > LINK:
        return False
    if _ARROW.match(text) or _LABELLED.match(form) or _FOLLOW.fullmatch(form):
        return True
    return not _SENTENCE_END.search(text) and (_UNLABELLED.match(form) or _INVITES.match(form)) is not None
