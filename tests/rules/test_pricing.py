"""Prices as the catalogue states them, amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.pricing import PriceMode, estimate, parse_money, parse_quantity

fen = st.integers(0, 10_000_00)


@pytest.mark.parametrize(
    ("mode", "unit", "quantity", "minutes", "amount"),
    [
        (PriceMode.FIXED, 40_00, 1, 40, 40_00),
        (PriceMode.FIXED, 5_00, 88, 300, 440_00),
        (PriceMode.FIXED, 0, 3, 5, 0),
        (PriceMode.FIXED, None, 1, 40, None),
        (PriceMode.HOURLY, 50_00, 1, 20, 50_00),
        (PriceMode.HOURLY, 50_00, 1, 60, 50_00),
        (PriceMode.HOURLY, 50_00, 1, 61, 75_00),
        (PriceMode.HOURLY, 50_00, 1, 90, 75_00),
        (PriceMode.HOURLY, 50_00, 2, 120, 200_00),
        (PriceMode.HOURLY, 33_33, 1, 90, 50_00),
        (PriceMode.QUOTE, 100_00, 1, 60, None),
    ],
)
def test_3_12_price_by_mode(
    mode: PriceMode, unit: int | None, quantity: int, minutes: int, amount: int | None
) -> None:
    assert estimate(mode, unit, quantity, minutes) == amount


@given(fen, st.integers(1, 5), st.integers(1, 600), st.integers(0, 600))
def test_3_12_longer_work_is_never_cheaper(
    unit: int, workers: int, minutes: int, more: int
) -> None:
    shorter = estimate(PriceMode.HOURLY, unit, workers, minutes)
    longer = estimate(PriceMode.HOURLY, unit, workers, minutes + more)
    assert shorter is not None
    assert longer is not None
    assert unit * workers <= shorter <= longer


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("40", 40_00),
        ("40.5元", 40_50),
        ("¥120", 120_00),
        ("￥１２０", 120_00),
        ("1,200.05", 1200_05),
        ("40块", 40_00),
        ("RMB 40", 40_00),
        (" 0 ", 0),
    ],
)
def test_amounts_are_read_as_fen(text: str, amount: int) -> None:
    assert parse_money(text) == amount


@pytest.mark.parametrize(
    "text", ["", "-5", "1.234", "12,34", "四十", "40-50", "1e3", "40美元", "99999999", "٤٠"]
)
def test_unclear_amounts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_money(text)


@given(fen)
def test_every_amount_survives_being_written(amount: int) -> None:
    yuan, rest = divmod(amount, 100)
    assert parse_money(f"¥{yuan:,}.{rest:02}") == amount


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("3", 3),
        ("３ 台", 3),
        ("两个", 2),
        ("十二", 12),
        ("88㎡", 88),
        ("88平方米", 88),
        ("2 pieces", 2),
    ],
)
def test_quantities_are_whole_numbers(text: str, quantity: int) -> None:
    assert parse_quantity(text) == quantity


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "many", "12345", "2 or 3"])
def test_unclear_quantities_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        parse_quantity(text)
