"""Places named in Vietnamese text: provinces by their present-day code, smaller units as written."""

from scraper.places.districts import District, districts
from scraper.places.provinces import ALIASES, FORMER, PRESENT, Province, code_of, nearest, provinces

__all__ = ["ALIASES", "FORMER", "PRESENT", "District", "Province", "code_of", "districts", "nearest", "provinces"]
