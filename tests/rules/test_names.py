"""Names, numbers and rooms: one spelling to compare, one mask to show."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.names import mask_name, mask_phone, normalise_phone, normalise_room


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张伟", "张*"),
        ("张", "张*"),
        ("王小明", "王*"),
        ("欧阳修", "欧阳*"),
        ("司马相如", "司马*"),
        ("东方", "东*"),
        ("John Smith", "J."),
        ("élodie", "É."),
        (" 李四 ", "李*"),
        ("", ""),
    ],
)
def test_3_11_a_worker_sees_the_surname_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+85291234567", "+852****4567"),
        ("91234567", "****4567"),
        ("12345", "****5"),
        ("110", "****"),
        ("", "****"),
    ],
)
def test_3_11_phones_are_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@given(st.from_regex(r"\+?[0-9]{4,15}", fullmatch=True))
def test_3_11_a_masked_phone_hides_four_digits_at_least(phone: str) -> None:
    assert len(re.sub(r"\D", "", mask_phone(phone))) <= len(re.sub(r"\D", "", phone)) - 4


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13812341234", "13812341234"),
        ("+86 138-1234-1234", "13812341234"),
        ("008613812341234", "13812341234"),
        ("8613812341234", "13812341234"),
        ("１３８ １２３４ １２３４", "13812341234"),
        ("(010) 6552-9988", "01065529988"),
        ("+86 10 6552 9988", "01065529988"),
        ("+852 9123 4567", "+85291234567"),
        ("0044 20 7946 0000", "+442079460000"),
    ],
)
def test_3_3_equal_phones_are_equal_text(text: str, phone: str) -> None:
    assert normalise_phone(text) == phone
    assert normalise_phone(phone) == phone


@pytest.mark.parametrize("text", ["", "phone", "12", "1381234123412345678", "138a12341234"])
def test_3_3_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a telephone number"):
        normalise_phone(text)


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("3-1201", "3-1201"),
        ("3栋1201室", "3-1201"),
        ("３－１２０１", "3-1201"),
        ("3幢 1201", "3-1201"),
        ("3 1201", "3-1201"),
        ("3#1201", "3-1201"),
        ("3—1201号", "3-1201"),
        ("3号楼2单元1201室", "3-2-1201"),
        ("a座1201", "A-1201"),
        ("Building 3, Unit 2, Room 1201", "3-2-1201"),
        ("1201", "1201"),
        ("", ""),
    ],
)
def test_3_3_equal_rooms_are_equal_text(text: str, room: str) -> None:
    assert normalise_room(text) == room


@given(st.text())
def test_3_3_a_room_in_its_plain_form_stays_as_it_is(text: str) -> None:
    room = normalise_room(text)
    assert normalise_room(room) == room
