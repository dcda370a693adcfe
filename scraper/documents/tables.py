"""Names and abbreviations of documents, of their issuers, of laws and of programmes.

Abbreviations: Decree 30/2020/NĐ-CP, appendix III, and the party's Instruction 36-HD/VPTW. Laws: titles in force or
replaced since 2005, as the National Assembly gave them. Programmes: resolutions of the National Assembly and decisions
of the Prime Minister that began them.
"""

from __future__ import annotations

TYPES = {
    "NĐ": "Nghị định",
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "NQLT": "Nghị quyết liên tịch",
    "CT": "Chỉ thị",
    "CĐ": "Công điện",
    "CV": "Công văn",
    "KH": "Kế hoạch",
    "KL": "Kết luận",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "BC": "Báo cáo",
    "TTr": "Tờ trình",
    "CTr": "Chương trình",
    "ĐA": "Đề án",
    "PA": "Phương án",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "SL": "Sắc lệnh",
    "PL": "Pháp lệnh",
    "L": "Lệnh",
    "VBHN": "Văn bản hợp nhất",
}
"""Abbreviation to type."""

_LETTER_HEADS = (
    "UBND UB HĐND VPCP VPCTN NHNN TTCP KTNN UBDT BHXH TCT CT TCHQ TLĐ TANDTC VKSTC VKSNDTC MTTW ĐĐBQH TU TLĐLĐ "
    "BYT BTC BNV BTP BGDĐT BGD&ĐT BCT BXD BGTVT BLĐTBXH BNN BNNPTNT BTNMT BNNMT BVHTTDL BTTTT BKHCN BKHĐT TTg "
    "BCA BQP BNG BDTTG SYT SGDĐT SGD&ĐT STC SXD SNV STP SLĐTBXH SNN SNNPTNT STNMT SNNMT SGTVT SKHĐT SKHCN SVHTT "
    "SVHTTDL STTTT SCT"
)
LETTER_HEADS = frozenset(_LETTER_HEADS.split())
"""Bodies whose letters (công văn) carry only number, body and office: ``1234/UBND-KGVX``."""

ISSUERS = {
    "chính phủ": "CP",
    "thủ tướng": "TTg",
    "quốc hội": "QH",
    "ủy ban thường vụ quốc hội": "UBTVQH",
    "bộ chính trị": "TW",
    "ban bí thư": "TW",
    "trung ương": "TW",
    "bộ y tế": "BYT",
    "bộ tài chính": "BTC",
    "bộ nội vụ": "BNV",
    "bộ tư pháp": "BTP",
    "bộ giáo dục và đào tạo": "BGDĐT",
    "bộ gd&đt": "BGDĐT",
    "bộ công thương": "BCT",
    "bộ xây dựng": "BXD",
    "bộ công an": "BCA",
    "bộ quốc phòng": "BQP",
    "bộ nông nghiệp và môi trường": "BNNMT",
    "bộ nông nghiệp và phát triển nông thôn": "BNNPTNT",
    "bộ tài nguyên và môi trường": "BTNMT",
    "bộ lao động - thương binh và xã hội": "BLĐTBXH",
    "bộ giao thông vận tải": "BGTVT",
    "bộ khoa học và công nghệ": "BKHCN",
    "bộ thông tin và truyền thông": "BTTTT",
    "bộ kế hoạch và đầu tư": "BKHĐT",
    "bộ văn hóa, thể thao và du lịch": "BVHTTDL",
    "bộ dân tộc và tôn giáo": "BDTTG",
    "ngân hàng nhà nước": "NHNN",
    "ủy ban nhân dân": "UBND",
    "ubnd": "UBND",
    "hội đồng nhân dân": "HĐND",
    "hđnd": "HĐND",
}
"""Issuing body in lower case to its abbreviation in numbers."""

ASSEMBLIES = {12: range(2008, 2011), 13: range(2012, 2016), 14: range(2017, 2021), 15: range(2022, 2026)}
"""Whole years of each National Assembly; years in which two sat do not tell which."""

_LAWS = (
    "An ninh mạng; An ninh quốc gia; An toàn thông tin mạng; An toàn thực phẩm; An toàn, vệ sinh lao động; Ban "
    "hành văn bản quy phạm pháp luật; Biên phòng Việt Nam; Biển Việt Nam; Báo chí; Bình đẳng giới; Bưu chính; "
    "Bảo hiểm tiền gửi; Bảo hiểm xã hội; Bảo hiểm y tế; Bảo vệ bí mật nhà nước; Bảo vệ dữ liệu cá nhân; Bảo vệ "
    "môi trường; Bảo vệ quyền lợi người tiêu dùng; Bảo vệ và kiểm dịch thực vật; Bảo vệ và phát triển rừng; Bầu "
    "cử đại biểu Quốc hội và đại biểu Hội đồng nhân dân; Chuyển giao công nghệ; Chuyển đổi số; Chăn nuôi; Chất "
    "lượng sản phẩm, hàng hóa; Chứng khoán; Các tổ chức tín dụng; Cán bộ, công chức; Công an nhân dân; Công "
    "chứng; Công nghiệp công nghệ số; Công nghệ cao; Công nghệ thông tin; Công đoàn; Căn cước; Căn cước công "
    "dân; Cơ yếu; Cư trú; Cạnh tranh; Cảnh sát cơ động; Cảnh vệ; Di sản văn hóa; Doanh nghiệp; Du lịch; Dân "
    "quân tự vệ; Dân số; Dân sự; Dược; Dầu khí; Dữ liệu; Giao dịch điện tử; Giao thông đường bộ; Giao thông "
    "đường thủy nội địa; Giá; Giám định tư pháp; Giáo dục; Giáo dục nghề nghiệp; Giáo dục quốc phòng và an "
    "ninh; Giáo dục đại học; Hoạt động giám sát của Quốc hội và Hội đồng nhân dân; Hàng hải Việt Nam; Hàng "
    "không dân dụng Việt Nam; Hình sự; Hòa giải ở cơ sở; Hòa giải, đối thoại tại Tòa án; Hóa chất; Hôn nhân và "
    "gia đình; Hải quan; Hỗ trợ doanh nghiệp nhỏ và vừa; Hộ tịch; Hợp tác xã; Khiếu nại; Khoa học và công nghệ; "
    "Khoa học, công nghệ và đổi mới sáng tạo; Khoáng sản; Khám bệnh, chữa bệnh; Khí tượng thủy văn; Kinh doanh "
    "bảo hiểm; Kinh doanh bất động sản; Kiến trúc; Kiểm toán nhà nước; Kiểm toán độc lập; Kế toán; Lao động; "
    "Luật sư; Lâm nghiệp; Lưu trữ; Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở; Mặt trận Tổ quốc Việt "
    "Nam; Nghĩa vụ quân sự; Ngân hàng Nhà nước Việt Nam; Ngân sách nhà nước; Người cao tuổi; Người khuyết tật; "
    "Người lao động Việt Nam đi làm việc ở nước ngoài theo hợp đồng; Nhà giáo; Nhà ở; Nuôi con nuôi; Năng lượng "
    "nguyên tử; Phá sản; Phí và lệ phí; Phòng bệnh; Phòng cháy và chữa cháy; Phòng cháy, chữa cháy; Phòng cháy, "
    "chữa cháy và cứu nạn, cứu hộ; Phòng thủ dân sự; Phòng, chống bạo lực gia đình; Phòng, chống bệnh truyền "
    "nhiễm; Phòng, chống ma túy; Phòng, chống mua bán người; Phòng, chống rửa tiền; Phòng, chống tham nhũng; "
    "Phòng, chống thiên tai; Phòng, chống tác hại của rượu, bia; Phòng, chống tác hại của thuốc lá; Phổ biến, "
    "giáo dục pháp luật; Quy hoạch; Quy hoạch đô thị; Quy hoạch đô thị và nông thôn; Quản lý ngoại thương; Quản "
    "lý nợ công; Quản lý thuế; Quản lý, sử dụng tài sản công; Quản lý, sử dụng vốn nhà nước đầu tư vào sản "
    "xuất, kinh doanh tại doanh nghiệp; Quảng cáo; Quốc phòng; Quốc tịch Việt Nam; Sở hữu trí tuệ; Sử dụng năng "
    "lượng tiết kiệm và hiệu quả; Thanh niên; Thanh tra; Thi hành án dân sự; Thi hành án hình sự; Thi đua, khen "
    "thưởng; Thuế giá trị gia tăng; Thuế sử dụng đất phi nông nghiệp; Thuế thu nhập cá nhân; Thuế thu nhập "
    "doanh nghiệp; Thuế tiêu thụ đặc biệt; Thuế xuất khẩu, thuế nhập khẩu; Thú y; Thương mại; Thể dục, thể "
    "thao; Thống kê; Thủ đô; Thủy lợi; Thủy sản; Thực hiện dân chủ ở cơ sở; Thực hành tiết kiệm, chống lãng "
    "phí; Tiếp công dân; Tiếp cận thông tin; Trách nhiệm bồi thường của Nhà nước; Trưng cầu ý dân; Trưng mua, "
    "trưng dụng tài sản; Trật tự, an toàn giao thông đường bộ; Trẻ em; Trồng trọt; Trợ giúp pháp lý; Tài nguyên "
    "nước; Tín ngưỡng, tôn giáo; Tư pháp người chưa thành niên; Tương trợ tư pháp; Tần số vô tuyến điện; Tố "
    "cáo; Tố tụng dân sự; Tố tụng hành chính; Tố tụng hình sự; Tổ chức Chính phủ; Tổ chức Quốc hội; Tổ chức Tòa "
    "án nhân dân; Tổ chức Viện kiểm sát nhân dân; Tổ chức chính quyền địa phương; Viên chức; Viễn thông; Việc "
    "làm; Xuất bản; Xuất cảnh, nhập cảnh của công dân Việt Nam; Xây dựng; Xử lý vi phạm hành chính; Đa dạng "
    "sinh học; Điện lực; Điện ảnh; Đê điều; Đường bộ; Đường sắt; Đất đai; Đấu giá tài sản; Đấu thầu; Đầu tư; "
    "Đầu tư công; Đầu tư theo phương thức đối tác công tư; Đặc xá; Địa chất và khoáng sản; Ưu đãi người có công "
    "với cách mạng"
)
LAWS = tuple(_LAWS.split("; "))
"""Titles of laws, codes and ordinances without the word for the type."""

PROGRAMMES = {
    "xây dựng nông thôn mới": "Chương trình mục tiêu quốc gia xây dựng nông thôn mới",
    "nông thôn mới": "Chương trình mục tiêu quốc gia xây dựng nông thôn mới",
    "giảm nghèo bền vững": "Chương trình mục tiêu quốc gia giảm nghèo bền vững",
    "giảm nghèo": "Chương trình mục tiêu quốc gia giảm nghèo bền vững",
    "phát triển kinh tế - xã hội vùng đồng bào dân tộc thiểu số và miền núi": (
        "Chương trình mục tiêu quốc gia phát triển kinh tế - xã hội vùng đồng bào dân tộc thiểu số và miền núi"
    ),
    "phát triển kinh tế - xã hội vùng đồng bào dtts và miền núi": (
        "Chương trình mục tiêu quốc gia phát triển kinh tế - xã hội vùng đồng bào dân tộc thiểu số và miền núi"
    ),
    "dân tộc thiểu số": (
        "Chương trình mục tiêu quốc gia phát triển kinh tế - xã hội vùng đồng bào dân tộc thiểu số và miền núi"
    ),
    "phát triển văn hóa": "Chương trình mục tiêu quốc gia phát triển văn hóa",
    "chăm sóc sức khỏe, dân số và phát triển": (
        "Chương trình mục tiêu quốc gia chăm sóc sức khỏe, dân số và phát triển"
    ),
    "hiện đại hóa, nâng cao chất lượng giáo dục và đào tạo": (
        "Chương trình mục tiêu quốc gia hiện đại hóa, nâng cao chất lượng giáo dục và đào tạo"
    ),
    "phòng, chống ma túy": "Chương trình mục tiêu quốc gia phòng, chống ma túy",
}
"""What a national target programme is called after ``Chương trình mục tiêu quốc gia``, to its full name."""
