"""Who may see the page, and who may not."""

import http.client
import json
import socket
import stat
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.channels.address import Address
from skill.channels.page import browser
from skill.channels.page.board import Board
from skill.channels.page.document import document
from skill.channels.page.door import Door
from skill.channels.page.server import Document, Server
from skill.channels.page.texts import load_texts
from skill.dialogue.events import Asked
from skill.errors import StorageError


@pytest.fixture(name="door")
def _door() -> Door:
    return Door(Address("127.0.0.1", 0))


@pytest.fixture(name="board")
def _board(door: Door) -> Iterator[Board]:
    texts = load_texts()
    board = Board(texts)
    board.begin()
    more = (
        Document("diary", lambda: "<h1>Diary</h1>", label="Diary & more"),
        Document("report", lambda: "<style></style>", styled=True),
        Document("broken", broken),
    )
    server = Server(board, door, document(texts, "112", "Call 112 now.", more), more)
    server.start()
    yield board
    server.close()


def broken() -> str:
    raise StorageError("The memory is damaged: run `charley episodes --forget`.")


def ask(
    door: Door, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
) -> tuple[int, str, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", door.address.port, timeout=10)
    own = {"Origin": door.origin} if method == "POST" else {}
    connection.request(method, path, body, {**own, **(headers or {})})
    reply = connection.getresponse()
    read = reply.read().decode()
    connection.close()
    return reply.status, read, reply.headers


def test_the_page_is_complete_sealed_and_loads_nothing_from_elsewhere(door: Door, board: Board) -> None:
    del board
    status, page, headers = ask(door, "GET", f"/{door.token}/")
    assert status == 200
    assert "$" not in page
    assert page.count("http") == 0
    assert "Diary &amp; more" in page
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    for name in ("page.css", "page.js"):
        assert ask(door, "GET", f"/{door.token}/{name}")[0] == 200


def test_further_documents_are_sealed_too_and_a_broken_one_is_a_sentence(door: Door, board: Board) -> None:
    del board
    _, diary, headers = ask(door, "GET", f"/{door.token}/diary")
    assert diary == "<h1>Diary</h1>"
    assert "unsafe" not in headers["content-security-policy"]
    _, _, headers = ask(door, "GET", f"/{door.token}/report")
    assert headers.get_all("content-security-policy") == [headers["content-security-policy"]]
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    status, said, _ = ask(door, "GET", f"/{door.token}/broken")
    assert (status, said) == (500, "The memory is damaged: run `charley episodes --forget`.\n")


@pytest.mark.parametrize("path", ["/", "/page.js", "/wrong/", "/wrong/events", "/open/wrong"])
def test_without_the_secret_there_is_nothing(door: Door, board: Board, path: str) -> None:
    del board
    assert ask(door, "GET", path)[0] == 404


@pytest.mark.parametrize("host", ["evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "evil.example", ""])
def test_a_foreign_host_gets_nothing(door: Door, board: Board, host: str) -> None:
    del board
    status, _, _ = ask(door, "GET", f"/{door.token}/", headers={"Host": host.format(port=door.address.port)})
    assert status in (400, 403)


def test_this_machine_by_its_other_name_is_let_in(door: Door, board: Board) -> None:
    del board
    host = f"localhost:{door.address.port}"
    assert ask(door, "GET", f"/{door.token}/", headers={"Host": host})[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"])
def test_another_page_can_neither_answer_nor_listen(door: Door, board: Board, origin: str) -> None:
    board.show("I am Charley.")
    foreign = {"Origin": origin.format(port=door.address.port)}
    sent = json.dumps({"moment": 0, "line": "Stop"})
    assert ask(door, "POST", f"/{door.token}/answer", sent, foreign)[0] == 403
    assert ask(door, "GET", f"/{door.token}/events", headers=foreign)[0] == 403
    assert not board.ready()


def test_an_answer_is_taken_once_and_a_late_one_refused(door: Door, board: Board) -> None:
    board.emit(Asked("heart", "yes_no", (), "Is it heavy?"))
    board.show("Is it heavy?")
    sent = json.dumps({"moment": board.view.moment, "line": "Yes"})
    assert ask(door, "POST", f"/{door.token}/answer", sent)[0] == 200
    assert ask(door, "POST", f"/{door.token}/answer", sent)[0] == 409
    assert board.take().text == "Yes"


@pytest.mark.parametrize("body", ["", "{", "[]", '{"moment": "1", "line": "Yes"}', '{"line": 3, "moment": 1}', "\xff"])
def test_what_is_no_answer_is_refused(door: Door, board: Board, body: str) -> None:
    del board
    assert ask(door, "POST", f"/{door.token}/answer", body)[0] == 400


def test_more_than_a_sentence_is_refused(door: Door, board: Board) -> None:
    del board
    assert ask(door, "POST", f"/{door.token}/answer", "x" * 5000)[0] == 413


def test_a_ticket_leads_in_once(door: Door, board: Board) -> None:
    del board
    path = urllib.parse.urlparse(door.ticket()).path
    status, _, headers = ask(door, "GET", path)
    assert (status, headers["location"]) == (303, f"/{door.token}/")
    assert ask(door, "GET", path)[0] == 404


def test_every_page_sees_each_view_and_is_counted_while_it_looks(door: Door, board: Board) -> None:
    first = urllib.request.urlopen(f"{door.url}events", timeout=10)
    assert json.loads(first.readline().decode().removeprefix("data: "))["caption"] == ""
    board.show("I am Charley.")
    seen = ""
    while seen != "I am Charley.":
        line = first.readline().decode()
        if line.startswith("data: {"):
            seen = json.loads(line.removeprefix("data: "))["caption"]
    assert board.view.pages == 1
    first.close()
    gone = threading.Event()
    board.watch(lambda: gone.set() if board.view.pages == 0 else None)
    while not gone.wait(0.05):
        board.show("Are you there?")


def test_a_second_command_finds_the_first(door: Door, board: Board, tmp_path: Path) -> None:
    del board
    mark = browser.Mark(door, tmp_path / "cache" / "page")
    assert stat.S_IMODE((tmp_path / "cache" / "page").stat().st_mode) == 0o600
    ticket = browser.open_already(tmp_path / "cache" / "page")
    assert ticket is not None
    assert ask(door, "GET", urllib.parse.urlparse(ticket).path)[0] == 303
    mark.close()
    assert browser.open_already(tmp_path / "cache" / "page") is None


def test_on_every_interface_only_names_of_this_machine_and_addresses_are_let_in() -> None:
    door = Door(Address("0.0.0.0", 0))
    here, port = socket.gethostname(), door.address.port
    assert all(door.is_ours(f"{name}:{port}") for name in ("localhost", here, "192.168.1.7", "[::1]"))
    assert not door.is_ours(f"evil.example:{port}")
    door.socket.close()
