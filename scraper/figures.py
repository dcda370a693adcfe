"""Figures of a story taken apart: how much, of what unit, what it measures, target or result.

Vietnamese writes a decimal comma and dots between thousands: ``2.800`` is two thousand eight hundred. A dot counts as
a decimal mark only where no thousands can be meant (``0.5``). A number without a unit (a date, a year, a document, an
article of a law, a rank) is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from scraper.text import composed

Aim = Literal["target", "result", ""]
Change = Literal["up", "down", ""]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        value: In the unit, multiplied out: ``2.800 tỷ đồng`` is 2.8e12 ``đồng``.
        high: The upper end of a range (``3 - 5%``), of which ``value`` is the lower.
        unit: As the field writes it: ``%``, ``đồng``, ``đồng/người/năm``, ``ha``, ``hộ nghèo``.
        measures: What is measured, in the sentence's own words; empty when it does not say.
        aim: Whether it is aimed at or was reached; empty when the sentence tells neither.
        change: Whether it is the size of a rise or of a fall.
        approx: Whether it stands with "about", "nearly", "more than".
        span: Where it starts and ends in the text given.
        written: What stands there.
    """

    value: float
    high: float | None
    unit: str
    measures: str
    aim: Aim
    change: Change
    approx: bool
    span: tuple[int, int]
    written: str


MOST = 2_000
"""Figures read of one text: a budget in full has some hundred, a page made to cost any number."""

_SCALES = {
    "nghìn tỷ": 1e12, "nghìn tỉ": 1e12, "ngàn tỷ": 1e12, "ngàn tỉ": 1e12, "tỷ": 1e9, "tỉ": 1e9, "triệu": 1e6,
    "nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4,
}  # fmt: skip
_PER = r"(?:\s?/\s?[^\W\d]+(?:\s(?:khẩu|tháng|lao động|cuối))?){0,2}"
_COUNTS = (
    "hộ nghèo và cận nghèo|hộ nghèo|hộ cận nghèo|hộ mới thoát nghèo|hộ thoát nghèo|hộ gia đình|hộ dân|hộ|"
    "lượt hộ|lượt khách|"
    "lượt người|lượt|người nghèo|người dân|người cao tuổi|người có công|người khuyết tật|người lao động|"
    "người|lao động|"
    "nhân khẩu|khẩu|học sinh|sinh viên|trẻ em|giáo viên|cán bộ, công chức|cán bộ|công chức|viên chức|"
    "đảng viên|hội viên|"
    "đoàn viên|thành viên|tập thể|cá nhân|gia đình|doanh nghiệp|hợp tác xã|tổ hợp tác|xã|phường|thị trấn|"
    "thôn|bản|làng|xóm|"
    "ấp|khu dân cư|huyện|quận|tỉnh, thành phố|tỉnh|địa phương|căn nhà|ngôi nhà|nhà|căn hộ|căn|"
    "dự án thành phần|dự án|công trình|"
    "tiêu chí|chỉ tiêu|mô hình|sản phẩm|thẻ bảo hiểm y tế|thẻ bhyt|thẻ|hồ sơ|thủ tục hành chính|thủ tục|"
    "dịch vụ công|văn bản|"
    "trường học|trường hợp|trường|lớp học|lớp|phòng học|trạm y tế|trạm|bệnh viện|giường bệnh|cơ sở|"
    "tuyến đường|cây cầu|cây|"
    "suất quà|phần quà|suất|bằng khen|cuộc|buổi|đoàn|tổ|vụ việc|vụ|ca mắc|ca|đơn vị|cơ quan|con bò|con|"
    "tàu cá|tàu|phương tiện|"
    "điểm trường|điểm|nhiệm vụ|đề tài|ý kiến|kiến nghị|gương|phong trào|km đường|mũi tiêm|liều|tài khoản"
)
_MONEY = r"(?:đồng|usd|đô la(?:\s+mỹ)?|euro|đ(?![^\W\d]))"
_MEASURES = r"(?:km2|km²|km|m2|m²|m3|m³|ha|héc[\s-]?ta|hecta|tấn|tạ|kg|lít|kwh|mw|gw|mét|sào|mẫu)"
_UNIT = re.compile(
    rf"\s?(?P<percent>%|phần\s+trăm|điểm\s+phần\s+trăm|điểm\s+%)(?!\w)"
    rf"|\s?(?P<money>{_MONEY})(?P<per>{_PER})(?!\w)"
    rf"|\s?(?P<measure>{_MEASURES})(?![^\W\d])(?P<each>{_PER})"
    rf"|\s(?P<count>{_COUNTS})(?!\w)",
    re.IGNORECASE,
)
_DIGITS = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+\.\d{1,2}(?![\d.])|\d+)"
_SCALE = rf"(?:\s(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})(?!\w))"
_NUMBER = re.compile(
    rf"(?<![\w.,/:-])(?P<low>{_DIGITS})(?:\s?(?:-|–|đến|tới)\s?(?P<high>{_DIGITS}))?{_SCALE}?"
    rf"(?:\s(?P<more>\d{{1,3}})\s(?P<finer>triệu|nghìn|ngàn)(?!\w))?",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"(?:\b(?:ngày|tháng|quý|điều|khoản|mục|số|thứ|lần|khóa|khoá|quận|tổ|lớp|hạng|top|lúc|nghị định|"
    r"nghị quyết|thông tư|"
    r"quyết định|chỉ thị|kết luận|kỳ họp))\s+$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_BEFORE = re.compile(r"(?:năm|từ|đến|giai đoạn|nhiệm kỳ|tháng|quý)\s+$", re.IGNORECASE)
_APPROX = re.compile(r"(?:khoảng|gần|hơn|trên|dưới|ước|chừng|xấp xỉ|ngót|quá)\s+$", re.IGNORECASE)
_CHANGE = re.compile(
    r"(?<!\w)(?P<way>tăng|giảm)(?:\s+(?:thêm|bình quân|khoảng|gần|hơn|trên|đến|tới|từ|ít nhất)){0,2}\s+$", re.IGNORECASE
)
_TARGET = re.compile(
    r"(?<!\w)(?:phấn đấu|mục tiêu(?! quốc gia)|chỉ tiêu|dự kiến|kế hoạch|hướng tới|đặt ra|sẽ|cần|"
    r"đến (?:hết )?năm 20[2-9]\d|đến cuối năm|"
    r"dự toán|tối thiểu|ít nhất|bảo đảm)(?!\w)",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"(?<!\w)(?:đạt|đã|hoàn thành|giảm còn|còn|tính đến|đến nay|hiện có|hiện|được|trao|giải ngân|"
    r"huy động được|thực hiện được|"
    r"có|lũy kế|trong năm qua|vừa qua)(?!\w)",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"(?<!\w)(?:tỷ lệ|tỉ lệ|thu nhập|tổng (?:số|vốn|kinh phí|mức|giá trị|nguồn)|kinh phí|vốn|ngân sách|"
    r"nguồn lực|nguồn vốn|giá trị|"
    r"số tiền|số|mức|trợ cấp|dư nợ|doanh số|doanh thu|giải ngân|huy động|diện tích|sản lượng|độ che phủ|"
    r"tốc độ|học phí|lương|"
    r"quỹ|chi phí|trị giá|hỗ trợ|đầu tư|cho vay|chi trả|bao phủ|quà)(?!\w)",
    re.IGNORECASE,
)
_LINKS = (
    "đạt được|đạt|là|còn|giảm còn|giảm xuống còn|giảm xuống|giảm|tăng lên|tăng thêm|tăng|lên đến|lên tới|lên|"
    "xuống|khoảng|gần|hơn|"
    "trên|dưới|với|được|từ|đến|tới|ước|bình quân|cho|và|có|đã|sẽ|chiếm|gồm|trị giá|mỗi|thêm|số tiền"
)
_TRAILING = re.compile(rf"(?:\s+(?:{_LINKS}))+\s*$", re.IGNORECASE)
_CLAUSE = re.compile(r"[.;:!?\n…]|,(?!\d)")
_AFTER = re.compile(r"[.;:!?\n…/]|,(?!\d)|\s(?:và|với|để|nhưng|còn|so với|cho thấy|trong|tại|ở|của|là|khi|do)\s|\s\d")
_SENTENCE = re.compile(r"[.;!?\n…](?!\d)")
_MOST_WORDS = 9
_MOST_AFTER = 6
_LOOK_BACK = 160
_LONGEST_WORDS = 32


def figures(text: str) -> list[Figure]:
    """The figures in the text, in order, the first :data:`MOST`."""
    plain, origins = composed(text)
    found = []
    for match, unit in islice(_measured(plain), MOST):
        before = plain[max(0, match.start() - _LOOK_BACK) : match.start()]
        sentence = _SENTENCE.split(before)[-1]
        change = _ends_with(_CHANGE, plain, match.start())
        start, end = origins[match.start()], origins[unit.end()]
        found.append(
            Figure(
                value=_value(match["low"], match),
                high=_value(match["high"], match) if match["high"] else None,
                unit=_unit(unit),
                measures=_what(_CLAUSE.split(before)[-1], unit, plain[unit.end() : unit.end() + _LOOK_BACK]),
                aim=_aim(sentence),
                change=({"tăng": "up", "giảm": "down"}[change["way"].lower()] if change else ""),  # type: ignore[arg-type]  # both are changes
                approx=_ends_with(_APPROX, plain, match.start()) is not None,
                span=(start, end),
                written=text[start:end],
            )
        )
    return found


def _measured(plain: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Each number with its unit."""
    for match in _NUMBER.finditer(plain):
        unit = _UNIT.match(plain, match.end())
        if unit is None:
            continue
        if not (unit["percent"] or unit["money"]) and _ends_with(_NOT_BEFORE, plain, match.start()):
            continue
        dated = _YEAR.fullmatch(match["low"]) and not match["scale"] and unit["count"]
        if dated and _ends_with(_YEAR_BEFORE, plain, match.start()):
            continue
        yield match, unit


def _ends_with(words: re.Pattern[str], plain: str, end: int) -> re.Match[str] | None:
    """Whether the words stand right before ``end``."""
    return words.search(plain, max(0, end - _LONGEST_WORDS), end)


def _value(digits: str, match: re.Match[str]) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits)
    number = float(digits.replace(".", "").replace(",", ".") if grouped or "," in digits else digits)
    value = number * _SCALES.get(" ".join((match["scale"] or "").lower().split()), 1.0)
    if match["more"]:
        value += float(match["more"]) * _SCALES[match["finer"].lower()]
    return value


def _unit(unit: re.Match[str]) -> str:
    if unit["percent"]:
        return "điểm phần trăm" if "điểm" in unit["percent"].lower() else "%"
    per = "".join((unit["per"] or unit["each"] or "").split(" ")) if unit["per"] or unit["each"] else ""
    name = " ".join((unit["money"] or unit["measure"] or unit["count"]).split())
    if unit["money"] and name.lower() != "usd":
        name = "đồng" if name.lower() in {"đồng", "đ"} else name.lower()
    return (name if unit["measure"] else name.lower() if name.lower() != "usd" else "USD") + per


def _aim(sentence: str) -> Aim:
    targets, results = ([m.end() for m in pattern.finditer(sentence)] for pattern in (_TARGET, _RESULT))
    if targets and (not results or "đã" not in sentence[targets[-1] :].lower().split()):
        return "target"
    return "result" if results else ""


def _what(clause: str, unit: re.Match[str], after: str) -> str:
    """What is measured: the noun that measures, or the words before the number; of things counted, what they do."""
    heads = list(_HEAD.finditer(clause))
    if not heads and unit["count"]:
        return " ".join(_AFTER.split(" " + after)[0].split()[:_MOST_AFTER])
    # The first such noun that is near enough begins the phrase.
    near = (head.start() for head in heads if len(clause[head.start() :].split()) <= _MOST_WORDS)
    start = next(near, heads[-1].start() if heads else 0)
    words = _TRAILING.sub("", " " + clause[start:].strip()).split()
    return " ".join(words[:_MOST_WORDS] if heads else words[-_MOST_AFTER:])
