"""Words that pages print around a story, in Vietnamese and English, in matching form: tables for :mod:`noise`."""

from __future__ import annotations

import re


def alternatives(phrases: str) -> str:
    """Comma-separated phrases as one expression, the longest first."""
    found = sorted(
        {" ".join(phrase.split()) for phrase in phrases.split(",")} - {""}, key=lambda each: (-len(each), each)
    )
    return "|".join(re.escape(phrase) for phrase in found)


LABELS = """
    quảng cáo, qc, advertisement, advertising, sponsored, sponsored content, tài trợ, nội dung tài trợ,
    xem thêm, đọc thêm, xem tiếp, đọc tiếp, mời xem thêm, mời đọc thêm, tin liên quan, các tin liên quan, bài liên quan,
    các bài liên quan, tin bài liên quan, bài viết liên quan, tin cùng chuyên mục, bài cùng chuyên mục,
    bài viết cùng chuyên mục, tin cùng chủ đề, bài cùng chủ đề, cùng chuyên mục, cùng chủ đề, cùng tác giả, tin khác,
    các tin khác, bài khác, tin mới, tin mới nhất, bài mới, bài mới nhất, tin nổi bật, tin đọc nhiều, bài đọc nhiều,
    tin nóng, mới nhất, đọc nhiều, xem nhiều, có thể bạn quan tâm, có thể bạn thích, đừng bỏ lỡ, related,
    related articles, related news, related stories, related posts, related content, read more, read also, read next,
    see also, see more, also read, more news, most read, latest, latest news, you may also like, recommended,
    recommended for you, trending
"""
"""What stands over links to other stories or an advertisement."""

BUTTONS = """
    thích, like, likes, chia sẻ, chia sẻ bài viết, share, shares, share this, share this article, share this story,
    tweet, facebook, fanpage, zalo, twitter, x, email, e-mail, messenger, linkedin, pinterest, telegram, viber,
    whatsapp, google news, youtube, tiktok, instagram, copy, copy link, sao chép, sao chép liên kết, liên kết, lưu,
    lưu bài, lưu tin, lưu bài viết, in, in bài, in bài viết, in bài này, in trang, print, save, gửi mail, gửi
    email, gửi bài, theo dõi, follow, follow us, báo lỗi, nghe, nghe bài, nghe đọc bài, nghe đọc bài viết, nghe
    tin, audio, nữ, nam, giọng nữ, giọng nam, miền bắc, miền trung, miền nam, tốc độ, tốc độ đọc, cỡ chữ, tại đây,
    ở đây, xem thêm tại đây, đọc thêm tại đây, xem tại đây, xem chi tiết, xem chi tiết tại đây, tag, tags, từ khóa,
    chủ đề, về đầu trang, trở lại, quay lại, đăng ký tin, đăng ký nhận tin, đăng ký bản tin, đăng ký nhận bản tin,
    nhận bản tin, newsletter, subscribe, sign up, đánh giá, đánh giá bài viết, bình chọn, điểm, sao
"""
"""What a reader can press, and what stands beside it."""

COUNTERS = """
    lượt xem, lượt đọc, lượt thích, lượt chia sẻ, lượt bình luận, lượt bình chọn, lượt, lần, đã xem, đã đọc, đã thích,
    người đã xem, người đã đọc, bạn đã xem, bạn đã đọc, độc giả đã xem, độc giả đã đọc, bài này, tin này, view, views,
    read, reads, phút đọc, min read, mins read, minute read, minutes read, bình luận, gửi bình luận, viết bình luận,
    thêm bình luận, xem bình luận, tất cả bình luận, ý kiến, ý kiến bạn đọc, ý kiến độc giả, ý kiến của bạn,
    gửi ý kiến, bình luận của bạn, bình luận bạn đọc, bình luận của bạn đọc, bình luận của độc giả, phản hồi,
    gửi phản hồi, nhận xét, trả lời, reply, comment, comments, leave a comment, be the first to comment, đăng nhập,
    đăng nhập để bình luận, đăng nhập để gửi bình luận, hãy là người đầu tiên bình luận, là người đầu tiên bình luận,
    hãy là người đầu tiên bình luận bài viết này, hãy trở thành người đầu tiên bình luận
"""
"""What is counted, and the box for readers' comments."""

POINTERS = """
    xem thêm, đọc thêm, xem tiếp, đọc tiếp, xem ngay, mời xem, mời đọc, mời xem thêm, mời đọc thêm,
    mời bạn đọc xem thêm, mời độc giả xem thêm, tin liên quan, bài liên quan, bài viết liên quan, có thể bạn quan tâm,
    tham khảo thêm, tìm hiểu thêm, xem video, xem clip, xem ảnh, xem infographic, related, read more, read also,
    see also, see more, also read
"""
"""What stands before a link to another story; with a colon after it, or without a full stop at the end of the line."""

HEADS = "video, clip, infographic, quảng cáo, advertisement, từ khóa, tag, tags, hashtag, hashtags, chủ đề"
"""What begins a line of the page only with a colon after it."""

CHANNELS = "google news, google tin tức, facebook, fanpage, zalo, youtube, tiktok, telegram, instagram, twitter, viber"
"""Where outlets ask to be followed."""

INVITATIONS = """
    tải ứng dụng, tải ngay ứng dụng, tải app, tải ngay app, đăng ký nhận, đăng ký theo dõi, đăng ký kênh,
    đăng ký bản tin, đăng ký gói, liên hệ quảng cáo, báo giá quảng cáo, đặt quảng cáo, hotline, đường dây nóng,
    download the app, download our app, subscribe to, sign up for, nhập email
"""
"""What begins a line that asks for something, when no full stop ends it."""

SALES = """
    giảm giá, giảm nửa giá, giảm sốc, giảm đến, khuyến mãi, tặng một, tặng ngay, miễn phí, trả góp, trả trước, đặt hàng,
    mua ngay, ưu đãi, giao tận, khởi hành, hotline, học thử, chỉ từ
"""
"""What advertisements say."""
