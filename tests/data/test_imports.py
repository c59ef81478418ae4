"""Sheets into the books: whole or not at all, once, and without losing what people said since."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.desk import Desk
from services.imports import How, ImportKind, import_sheet
from storage import people
from storage import residents as roll
from tests.data.conftest import CATALOGUE, CENTRE, ROLL, ROSTER, Books, table

ZHANG = "3-1201,张伟,13800110001,业主,\n"
LIU = "5-0802,刘芳,13800110002,租户,2028-06-30\n"
WANG = '王建国,13800100001,服务人员,"水暖,电工",全天,,1001\n'
TAP = "PL01,换水龙头,Replace tap,plumbing,ordinary,piece,40,fixed,45,plumber,covered\n"
DRILL = "IN01,打孔(噪声),Drill,install,ordinary,point,20.5,fixed,25,handyman,approved\n"
GAS = "GS01,燃气改装,Gas alteration,gas,other,,,quote,,gas_firm,refer\n"


@pytest.fixture
async def centre(both: Books) -> Books:
    """Books of one centre, on each database."""
    await both.take(ImportKind.CENTRES, CENTRE)
    return both


@pytest.fixture
async def one(books: Books) -> Books:
    """Books of one centre, on SQLite."""
    await books.take(ImportKind.CENTRES, CENTRE)
    return books


async def _bind(books: Books, phone: str) -> int:
    """Somebody writes and is bound to the line with this number; returns the person."""

    def unit(desk: Desk) -> int:
        ((line, _room),) = roll.lines_with_phone(desk.connection, phone)
        person = people.add_person(desk.connection, line.name, line.phone, "zh-CN", desk.now)
        roll.bind(desk.connection, line.id, person.id, desk.now)
        return person.id

    return await books.do(unit)


# Every kind, twice


@pytest.mark.parametrize(
    ("kind", "sheet", "lines"),
    [
        (ImportKind.CENTRES, CENTRE.replace("YH", "NB"), 1),
        (ImportKind.RESIDENTS, ROLL + ZHANG + LIU, 2),
        (ImportKind.STAFF, ROSTER + WANG, 1),
        (ImportKind.CATALOGUE, CATALOGUE + TAP + DRILL + GAS, 3),
    ],
    ids=lambda value: value if isinstance(value, ImportKind) else "",
)
async def test_the_second_time_changes_nothing(
    centre: Books, kind: ImportKind, sheet: str, lines: int
) -> None:
    first = await centre.take(kind, sheet)
    assert (first.written, first.added, first.changed, first.problems) == (True, lines, 0, ())
    before = await centre.everything()
    again = await centre.take(kind, sheet, later=1)
    assert (again.added, again.changed, again.unchanged) == (0, 0, lines)
    assert await centre.everything() == before


_words = st.text(string.ascii_letters + "张王李赵", min_size=1, max_size=6)
_lines = st.tuples(
    st.sampled_from(["3-1201", "3栋1201室", "５－０８０２", "1-0101"]),
    _words,
    st.sampled_from(["13800110001", "138 0011 0001", "+86 13800110002", "12", ""]),
    st.sampled_from(["业主", "owner", "家庭成员", "租户", "?"]),
    st.sampled_from(["", "2028-06-30", "2028年6月30日", "30/6"]),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(_lines, max_size=8), complete=st.booleans())
async def test_whatever_a_sheet_says_taking_it_again_changes_nothing(
    one: Books, lines: list[tuple[str, ...]], complete: bool
) -> None:
    sheet = one.sheet(ROLL + table(*lines))
    how = How(complete=True) if complete else How(skip_bad=True)
    await one.do(lambda desk: import_sheet(desk, ImportKind.RESIDENTS, sheet, how))
    before = await one.everything()
    again = await one.do(lambda desk: import_sheet(desk, ImportKind.RESIDENTS, sheet, how))
    assert (again.added, again.changed, again.gone) == (0, 0, 0)
    assert await one.everything() == before


# What is wrong, and where


@pytest.mark.parametrize(
    ("kind", "line", "column", "key"),
    [
        (ImportKind.RESIDENTS, ",张伟,13800110001,业主,", "房号", "import-empty"),
        (ImportKind.RESIDENTS, "栋,张伟,13800110001,业主,", "房号", "import-bad-room"),
        (ImportKind.RESIDENTS, f"1,{'长' * 81},13800110001,业主,", "姓名", "import-too-long"),
        (ImportKind.RESIDENTS, "1,张伟,没有,业主,", "手机号", "import-bad-phone"),
        (ImportKind.RESIDENTS, "1,张伟,13800110001,房东,", "身份", "import-not-a-choice"),
        (ImportKind.RESIDENTS, "1,张伟,13800110001,租户,", "到期日", "import-tenant-needs-date"),
        (ImportKind.RESIDENTS, "1,张,13800110001,租户,2028-2-30", "到期日", "import-bad-date"),
        (
            ImportKind.RESIDENTS,
            "1,张,13800110001,业主,2028-2-1",
            "到期日",
            "import-owner-has-no-date",
        ),
        (ImportKind.STAFF, "王,13800100001,厨师,,全天,,", "岗位", "import-not-a-choice"),
        (ImportKind.STAFF, "王,13800100001,,,全天,,", "岗位", "import-empty"),
        (ImportKind.STAFF, "王,13800100001,客服,炒菜,全天,,", "技能", "import-not-a-choice"),
        (ImportKind.STAFF, "王,13800100001,客服,,有空时,,", "班次", "import-bad-shift"),
        (
            ImportKind.STAFF,
            "王,13800100001,客服,,全天,,@wang",
            "telegram_id",
            "import-bad-telegram",
        ),
        (ImportKind.CATALOGUE, TAP.replace(",40,fixed", ",,fixed"), "price_cny", "import-empty"),
        (ImportKind.CATALOGUE, TAP.replace(",40,", ",4.005,"), "price_cny", "import-bad-price"),
        (ImportKind.CATALOGUE, TAP.replace(",40,", ",NaN,"), "price_cny", "import-bad-price"),
        (
            ImportKind.CATALOGUE,
            TAP.replace("fixed", "quote"),
            "price_cny",
            "import-quote-has-no-price",
        ),
        (ImportKind.CATALOGUE, TAP.replace("fixed,45", "fixed,"), "minutes", "import-empty"),
        (ImportKind.CATALOGUE, TAP.replace("fixed,45", "fixed,0"), "minutes", "import-bad-minutes"),
        (ImportKind.CATALOGUE, TAP.replace("piece", ""), "unit", "import-empty"),
        (ImportKind.CATALOGUE, TAP.replace("covered", "safe"), "risk", "import-not-a-choice"),
        (ImportKind.CENTRES, "N B,北,Asia/Shanghai,1234567", "编码", "import-bad-centre-code"),
        (ImportKind.CENTRES, "NB,北,Asia/Nowhere,1234567", "时区", "import-bad-zone"),
        (ImportKind.CENTRES, "NB,北,Asia,1234567", "时区", "import-bad-zone"),
    ],
    ids=lambda value: value if str(value).startswith("import-") else "",
)
async def test_a_bad_cell_is_named_and_nothing_is_taken(
    one: Books, kind: ImportKind, line: str, column: str, key: str
) -> None:
    heads = {
        ImportKind.RESIDENTS: ROLL,
        ImportKind.STAFF: ROSTER,
        ImportKind.CATALOGUE: CATALOGUE,
        ImportKind.CENTRES: CENTRE.split("\n", maxsplit=1)[0] + "\n",
    }
    before = await one.everything()
    report = await one.take(kind, heads[kind] + line.rstrip() + "\n")
    assert [(bad.line, bad.column, bad.reason.key) for bad in report.problems] == [(2, column, key)]
    assert not report.written
    assert await one.everything() == before


async def test_bad_lines_may_be_skipped(one: Books) -> None:
    report = await one.take(
        ImportKind.RESIDENTS, ROLL + ZHANG + "1,2,3,4,5\n" + LIU, How(skip_bad=True)
    )
    assert (report.written, report.added) == (True, 2)
    assert {bad.line for bad in report.problems} == {3}


async def test_a_sheet_with_lines_left_out_is_not_complete(one: Books) -> None:
    with pytest.raises(ValueError, match="not complete"):
        await one.take(ImportKind.RESIDENTS, ROLL, How(skip_bad=True, complete=True))


async def test_a_missing_column_cannot_be_skipped(one: Books) -> None:
    report = await one.take(ImportKind.RESIDENTS, "房号,姓名\n1,张\n", How(skip_bad=True))
    assert not report.written
    assert report.bad_headings


async def test_one_line_twice_is_a_question(one: Books) -> None:
    again = ZHANG.replace("3-1201", "3栋1201室")
    report = await one.take(ImportKind.RESIDENTS, ROLL + ZHANG + again)
    (problem,) = report.problems
    assert (problem.line, problem.reason.key, problem.reason.facts) == (
        3,
        "import-repeated",
        {"line": 2},
    )


async def test_with_several_centres_a_line_must_say_which(one: Books) -> None:
    await one.take(ImportKind.CENTRES, CENTRE.replace("YH", "NB"))
    report = await one.take(ImportKind.RESIDENTS, ROLL + ZHANG)
    assert [bad.reason.key for bad in report.problems] == ["import-which-centre"]
    assert (await one.take(ImportKind.RESIDENTS, ROLL + ZHANG, How(centre="NB"))).written
    unknown = await one.take(ImportKind.RESIDENTS, ROLL + ZHANG, How(centre="XX"))
    assert [bad.reason.key for bad in unknown.problems] == ["import-no-such-centre"]


# Residents


async def test_a_binding_outlives_the_next_sheet(centre: Books) -> None:
    await centre.take(ImportKind.RESIDENTS, ROLL + ZHANG + LIU)
    person = await _bind(centre, "13800110001")
    report = await centre.take(
        ImportKind.RESIDENTS, ROLL + ZHANG.replace("13800110001", "13800110009") + LIU, later=1
    )
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)
    bound = await centre.rows("SELECT phone, person_id FROM residents WHERE person_id IS NOT NULL")
    assert bound == [("13800110009", person)]
    assert await centre.rows(f"SELECT phone FROM persons WHERE id = {person}") == [  # noqa: S608
        ("13800110009",)
    ]


async def test_who_is_not_on_a_complete_sheet_has_moved_out(centre: Books) -> None:
    await centre.take(ImportKind.RESIDENTS, ROLL + ZHANG + LIU)
    await _bind(centre, "13800110002")
    stays = await centre.take(ImportKind.RESIDENTS, ROLL + ZHANG)
    assert stays.gone == 0
    leaves = await centre.take(ImportKind.RESIDENTS, ROLL + ZHANG, How(complete=True))
    assert leaves.gone == 1
    query = "SELECT name, person_id, ended_at IS NULL FROM residents ORDER BY name"
    found = {str(name): (person, bool(here)) for name, person, here in await centre.rows(query)}
    assert found == {"刘芳": (None, False), "张伟": (None, True)}


async def test_who_comes_back_has_to_show_who_they_are_again(one: Books) -> None:
    await one.take(ImportKind.RESIDENTS, ROLL + ZHANG + LIU)
    await _bind(one, "13800110002")
    await one.take(ImportKind.RESIDENTS, ROLL + ZHANG, How(complete=True))
    back = await one.take(ImportKind.RESIDENTS, ROLL + LIU)
    assert (back.added, back.changed) == (0, 1)
    query = "SELECT person_id, ended_at FROM residents WHERE name = '刘芳'"
    assert await one.rows(query) == [(None, None)]


async def test_a_housemate_with_the_same_number_takes_over_nobodys_chat(one: Books) -> None:
    await one.take(ImportKind.RESIDENTS, ROLL + ZHANG)
    await _bind(one, "13800110001")
    report = await one.take(
        ImportKind.RESIDENTS, ROLL + "3-1201,余红,13800110001,家庭成员,\n", How(complete=True)
    )
    assert (report.added, report.gone) == (1, 1)
    assert await one.rows("SELECT name FROM residents WHERE person_id IS NOT NULL") == []


# Staff


async def test_staff_are_persons_who_can_be_known_by_their_account(centre: Books) -> None:
    await centre.take(ImportKind.STAFF, ROSTER + WANG)
    query = (
        "SELECT p.name, s.skills, s.telegram_id FROM staff s JOIN persons p ON p.id = s.person_id"
    )
    assert await centre.rows(query) == [("王建国", "plumber,electrician", "1001")]


async def test_a_column_that_is_not_there_changes_nothing(one: Books) -> None:
    await one.take(ImportKind.STAFF, ROSTER + WANG)
    short = "姓名,手机号,岗位,班次\n王建国,13800100001,服务人员,夜班\n"
    report = await one.take(ImportKind.STAFF, short)
    assert report.changed == 1
    query = "SELECT skills, shift, telegram_id FROM staff"
    assert await one.rows(query) == [("plumber,electrician", "夜班", "1001")]


async def test_accounts_may_change_hands_in_one_sheet(centre: Books) -> None:
    li = "李志强,13800100002,服务人员,水暖,全天,,1002\n"
    await centre.take(ImportKind.STAFF, ROSTER + WANG + li)
    report = await centre.take(
        ImportKind.STAFF, ROSTER + WANG.replace("1001\n", "1002\n") + li.replace(",1002", ",1001")
    )
    assert report.changed == 2
    query = "SELECT name, telegram_id FROM staff ORDER BY name"
    assert sorted(await centre.rows(query)) == [("李志强", "1001"), ("王建国", "1002")]


async def test_an_account_of_somebody_else_is_refused_by_name(one: Books) -> None:
    await one.take(ImportKind.STAFF, ROSTER + WANG)
    report = await one.take(ImportKind.CENTRES, CENTRE.replace("YH", "NB"))
    report = await one.take(
        ImportKind.STAFF, ROSTER + "李,13800100002,客服,,全天,,1001\n", How(centre="NB")
    )
    (problem,) = report.problems
    assert (problem.reason.key, problem.reason.facts) == (
        "import-account-taken",
        {"name": "王建国"},
    )


async def test_wecom_accounts_are_compared_without_case_and_kept_as_typed(one: Books) -> None:
    wang, li = (
        "王建国,13800100001,服务人员,水暖,全天,{},\n",
        "李志强,13800100002,服务人员,水暖,全天,{},\n",
    )
    await one.take(ImportKind.STAFF, ROSTER + wang.format("WangJianGuo"))
    query = "SELECT name, wecom_userid, person_id FROM staff"
    ((_, kept, before),) = await one.rows(query)
    assert kept == "WangJianGuo"

    twice = ROSTER + wang.format("WangJianGuo") + li.format("wangjianguo")
    (problem,) = (await one.take(ImportKind.STAFF, twice)).problems
    assert problem.reason.key == "import-repeated"
    await one.take(ImportKind.CENTRES, CENTRE.replace("YH", "NB"))
    elsewhere = ROSTER + li.format("WANGJIANGUO")
    (problem,) = (await one.take(ImportKind.STAFF, elsewhere, How(centre="NB"))).problems
    assert problem.reason.key == "import-account-taken"

    # Another number and spelling of the same account are the same colleague's.
    moved = "王建国,13800100009,服务人员,水暖,全天,wangjianguo,\n"
    assert (await one.take(ImportKind.STAFF, ROSTER + moved, How(centre="YH"))).changed == 1
    assert await one.rows(query) == [("王建国", "wangjianguo", before)]


async def test_a_telephone_handed_on_does_not_hand_on_the_chat(one: Books) -> None:
    await one.take(ImportKind.STAFF, ROSTER + WANG)
    ((before,),) = await one.rows("SELECT person_id FROM staff")
    await one.take(ImportKind.STAFF, ROSTER + "孙德海,13800100001,服务人员,水暖,全天,,\n")
    ((after,),) = await one.rows("SELECT person_id FROM staff")
    assert before != after


async def test_a_name_put_right_under_the_same_account_stays_the_same_person(one: Books) -> None:
    await one.take(ImportKind.STAFF, ROSTER + WANG)
    ((before,),) = await one.rows("SELECT person_id FROM staff")
    await one.take(ImportKind.STAFF, ROSTER + WANG.replace("王建国", "王建囯"))
    query = "SELECT s.person_id, p.name FROM staff s JOIN persons p ON p.id = s.person_id"
    assert await one.rows(query) == [(before, "王建囯")]


async def test_who_has_left_names_no_account_any_more(centre: Books) -> None:
    await centre.take(ImportKind.STAFF, ROSTER + WANG)
    li = "李志强,13800100002,服务人员,水暖,全天,,1001\n"
    report = await centre.take(ImportKind.STAFF, ROSTER + li, How(complete=True))
    query = "SELECT name, phone, telegram_id FROM staff WHERE active"
    # The account says that it is the same human, with another name and number.
    assert (report.added, report.changed, report.gone) == (0, 1, 0)
    assert await centre.rows(query) == [("李志强", "13800100002", "1001")]
    zhao = "赵敏,13800100003,主管,,全天,,1003\n"
    report = await centre.take(ImportKind.STAFF, ROSTER + zhao, How(complete=True))
    assert (report.added, report.gone) == (1, 1)
    query = "SELECT name, telegram_id FROM staff WHERE NOT active"
    assert await centre.rows(query) == [("李志强", None)]


# Catalogue and centres


async def test_the_catalogue_as_it_is_sold(centre: Books) -> None:
    await centre.take(ImportKind.CATALOGUE, CATALOGUE + TAP + DRILL + GAS)
    query = "SELECT code, price_fen, minutes, skills, risk, noisy FROM items ORDER BY code"
    assert [(*row[:5], bool(row[5])) for row in await centre.rows(query)] == [
        ("GS01", None, 0, "gas_firm", "refer", False),
        ("IN01", 2050, 25, "handyman", "approved", True),
        ("PL01", 4000, 45, "plumber", "covered", False),
    ]
    report = await centre.take(ImportKind.CATALOGUE, CATALOGUE + TAP, How(complete=True))
    assert (report.unchanged, report.gone) == (1, 2)
    back = await centre.take(ImportKind.CATALOGUE, CATALOGUE + DRILL)
    assert back.changed == 1


async def test_a_noise_column_wins_over_the_name(one: Books) -> None:
    heads = CATALOGUE.replace("risk", "risk,噪声")
    await one.take(ImportKind.CATALOGUE, heads + TAP.rstrip() + ",是\n" + DRILL.rstrip() + ",否\n")
    query = "SELECT code, noisy FROM items ORDER BY code"
    noisy = {str(code): bool(yes) for code, yes in await one.rows(query)}
    assert noisy == {"IN01": False, "PL01": True}


async def test_a_centre_departs_from_the_standard_by_columns_of_its_names(one: Books) -> None:
    sheet = "编码,名称,时区,电话,arrival_late,emergency_accept_steps\n"
    line = 'YH,云湖,Asia/Shanghai,021-55500100,{},"1 min, 2 min, 4 min"\n'
    report = await one.take(ImportKind.CENTRES, sheet + line.format("3 min"))
    assert (report.changed, report.ignored) == (1, ())
    looser = await one.do(lambda desk: desk.standard(1).looser_than_standard())
    assert looser == ("arrival_late",)
    await one.take(ImportKind.CENTRES, CENTRE)  # without the columns, they stay as they are
    assert await one.do(lambda desk: desk.standard(1).looser_than_standard()) == looser
    await one.take(ImportKind.CENTRES, sheet + line.format(""))
    assert await one.do(lambda desk: desk.standard(1).looser_than_standard()) == ()
    bad = await one.take(ImportKind.CENTRES, sheet + line.format("3"))
    assert [(one_.column, one_.reason.key) for one_ in bad.problems] == [
        ("arrival_late", "import-bad-standard")
    ]


async def test_twenty_thousand_lines_are_taken_whole(one: Books) -> None:
    lines = [(f"{n % 90}-{n:05d}", f"业主{n}", f"139{n:08d}", "业主", "") for n in range(20_000)]
    sheet = one.sheet(ROLL + table(*lines))
    told: list[tuple[int, int]] = []
    report = await one.do(
        lambda desk: import_sheet(
            desk, ImportKind.RESIDENTS, sheet, None, lambda *done: told.append(done)
        )
    )
    assert report.added == 20_000
    assert told[-1] == (40_000, 40_000)
    assert told == sorted(told)
