"""The setting `on_verdict`, as somebody uses it: run for a person, never for what is piped in, and never without it."""

from pathlib import Path

from tests.end_to_end.conftest import Charley, without_sound
from tests.support.terminal_session import TerminalSession


def settings(home: Path, told: Path) -> None:
    file = home / "config" / "charley" / "settings.toml"
    file.parent.mkdir(parents=True)
    tell = f"""'echo "$1 $2" > {told}'"""
    file.write_text(f'on_verdict = ["sh", "-c", {tell}, "tell", "{{level}}", "{{reasons}}"]\n')


def test_somebody_is_told_of_an_emergency_before_the_advice_is_over(tmp_path: Path) -> None:
    told = tmp_path / "told"
    settings(tmp_path, told)
    with TerminalSession(without_sound(tmp_path), "type", "--events") as session:
        session.type("yes")
        events = session.events()
        verdict = next(event for event in events if event["event"] == "verdict")
        next(event for event in events if event.get("prompt") == "dialogue.once_more")
        session.type("no")
        assert session.end()[0] == 0
    assert told.read_text() == f"emergency {' '.join(reason['text'] for reason in verdict['reasons'])}\n"


def test_what_is_piped_in_is_no_person_and_calls_nobody(charley: Charley, tmp_path: Path) -> None:
    told = tmp_path / "told"
    settings(tmp_path, told)
    assert '"emergency"' in charley("type", "--events", typed="yes\n").stdout
    assert not told.exists()
