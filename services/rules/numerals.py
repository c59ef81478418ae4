"""Chinese numerals from 零 to 九十九, written with digits so that one pattern reads both."""

import re

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6,
           "七": 7, "八": 8, "九": 9}  # fmt: skip
_RUN = re.compile("[零〇一二两三四五六七八九十]+")
_TENS = re.compile("([一二三四五六七八九])?十([一二三四五六七八九])?")


def with_digits(text: str) -> str:
    """The text with its Chinese numerals as digits: 十一月二十五日 becomes 11月25日."""
    return _RUN.sub(lambda run: _as_digits(run[0]), text)


def _as_digits(run: str) -> str:
    if tens := _TENS.fullmatch(run):
        return str(_DIGITS.get(tens[1], 1) * 10 + _DIGITS.get(tens[2], 0))
    return "".join(str(_DIGITS[numeral]) if numeral in _DIGITS else numeral for numeral in run)
