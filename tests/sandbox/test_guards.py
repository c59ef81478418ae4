"""Only this machine's browser, on this page, may use the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.channels.sandbox import upload
from bot.channels.sandbox.settings import NotLoopbackError, SandboxSettings, loopback_address
from bot.event import Trouble, Unusable
from tests.sandbox.centre import Centre
from tests.sandbox.hand import Hand, new_id
from tests.sandbox.stand_in import OWNER


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "example.org", ""])  # noqa: S104
def test_a_host_other_machines_can_reach_is_refused_with_the_reason(host: str) -> None:
    with pytest.raises(ValidationError, match="no passwords"):
        SandboxSettings(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_is_taken(host: str) -> None:
    assert SandboxSettings(host=host).host == host


def test_the_address_is_looked_up_again_at_the_start() -> None:
    assert loopback_address("127.0.0.1", 8765) == "127.0.0.1"
    with pytest.raises(NotLoopbackError):
        loopback_address("192.0.2.7", 8765)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "10.0.0.1"])
@pytest.mark.parametrize("path", ["", "api/state", "api/feed", "app.js"])
async def test_a_name_rebound_to_this_machine_is_refused(hand: Hand, host: str, path: str) -> None:
    port = hand.url.rsplit(":", 1)[1].rstrip("/")
    headers = {"Host": host.format(port=port)}
    async with hand.session.get(hand.url + path, headers=headers) as response:
        assert response.status == 403
        assert await response.json() == {"error": "foreign-host"}


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "null"}, {"Origin": "http://evil.example"}, {"Origin": "http://127.0.0.1:1"}],
)
@pytest.mark.parametrize("path", [f"api/phones/{OWNER}/text", "api/clock"])
async def test_a_post_from_another_site_changes_nothing(
    centre: Centre, hand: Hand, headers: dict[str, str], path: str
) -> None:
    body = {"id": new_id(), "text": "恶意"}
    async with hand.session.post(hand.url + path, json=body, headers=headers) as response:
        assert response.status == 403
    assert centre.desk.events == []


async def test_a_form_of_another_kind_is_not_read(centre: Centre, hand: Hand) -> None:
    url = f"{hand.url}api/phones/{OWNER}/text"
    async with hand.session.post(url, data=b'{"id":1}', headers=hand.origin) as response:
        assert response.status == 415
    assert centre.desk.events == []


@pytest.mark.parametrize("path", ["", "style.css", "app.js", "api/state", "nothing-here"])
async def test_every_answer_forbids_foreign_script(hand: Hand, path: str) -> None:
    async with hand.session.get(hand.url + path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_holds_no_inline_script_or_style_and_loads_nothing_from_afar() -> None:
    folder = Path(upload.__file__).parent / "page"
    html = (folder / "index.html").read_text()
    assert "<style" not in html
    assert "style=" not in html
    assert html.count("<script") == html.count('<script type="module" src="app.js"')
    for file in folder.iterdir():
        text = file.read_text().replace("http://www.w3.org/", "")
        assert "http://" not in text
        assert "https://" not in text
        assert "innerHTML" not in text


class TestPhotos:
    async def test_a_photo_is_served_as_what_it_is(
        self, centre: Centre, hand: Hand, picture: bytes
    ) -> None:
        await hand.sends_photo(OWNER, picture)
        (name,) = (await hand.phone(OWNER)).bubbles[0].content.photos
        async with hand.session.get(f"{hand.url}photo/{name}") as response:
            assert response.status == 200
            assert response.content_type == "image/jpeg"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert await response.read() == centre.photos.path(name).read_bytes()

    @pytest.mark.parametrize("name", ["..%2Fsandbox.jsonl", "a" * 64, "A" * 64, "x"])
    async def test_nothing_but_a_stored_picture_is_served(self, hand: Hand, name: str) -> None:
        async with hand.session.get(f"{hand.url}photo/{name}") as response:
            assert response.status == 404

    async def test_a_file_that_is_no_picture_is_not_served(
        self, centre: Centre, hand: Hand
    ) -> None:
        (centre.photos.folder / ("b" * 64)).write_text("<script>alert(1)</script>")
        async with hand.session.get(f"{hand.url}photo/{'b' * 64}") as response:
            assert response.status == 404


class TestSizes:
    async def test_a_picture_too_large_is_told_of(self, centre: Centre, hand: Hand) -> None:
        await hand.sends_photo(OWNER, bytes(upload.PHOTO_BYTES + 1))
        assert centre.desk.events[0].what == Unusable(Trouble.PHOTO_TOO_LARGE)

    async def test_a_form_beyond_all_measure_is_cut_off(
        self, centre: Centre, hand: Hand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upload, "FORM_BYTES", 1024)
        answer = await hand.sends_photo(OWNER, bytes(4096))
        assert (answer.status, answer.error) == (413, "too-large")
        assert centre.desk.events == []

    async def test_a_form_without_a_photo_is_refused(self, hand: Hand) -> None:
        url = f"{hand.url}api/phones/{OWNER}/photo"
        boundary = {"Content-Type": "multipart/form-data; boundary=x", **hand.origin}
        for body in (b"--x--\r\n", b"no form at all", b""):
            async with hand.session.post(url, data=body, headers=boundary) as response:
                assert response.status == 400

    async def test_words_beyond_the_limit_are_refused(self, centre: Centre, hand: Hand) -> None:
        assert (await hand.types(OWNER, "长" * 4097)).error == "text-too-long"
        assert (await hand.types(OWNER, "   ")).error == "empty"
        assert (await hand.types(OWNER, "x" * 70_000)).error == "text-too-long"
        assert (await hand.types("nobody", "在吗")).error == "no-such-phone"
        assert centre.desk.events == []

    async def test_a_caption_beyond_the_limit_is_refused(self, hand: Hand, picture: bytes) -> None:
        assert (await hand.sends_photo(OWNER, picture, "长" * 1025)).error == "text-too-long"
