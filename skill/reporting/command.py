"""Tells somebody of grave advice by running the user's own command, the setting `on_verdict`."""

import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Final

from skill.dialogue.telling import Tidings
from skill.errors import CharleyError, UsageError
from skill.triage.model import Level

#: The advice at which somebody else should know.
TOLD: Final = frozenset({Level.EMERGENCY.id, Level.URGENT.id})
#: Seconds that the command may take, and those until it is killed that does not end then.
PATIENCE: Final = 60.0
_LAST: Final = 5.0
#: What `timeout` of coreutils returns where the command took too long, twice, cannot be run, and does not exist.
_WHY: Final = {
    124: "it took too long",
    137: "it took too long",
    126: "it cannot be run",
    127: "there is no such program",
}


class Command:
    """Runs the command once for each change to grave advice. It never waits for it, and neither does its end.

    `timeout` of coreutils holds the command: it ends with all that it has started when its time is over, also when
    Charley has ended before, and a program on a disk that hangs can only keep `timeout` waiting.
    """

    def __init__(
        self, command: Sequence[str], on_fault: Callable[[CharleyError], None], *, patience: float = PATIENCE
    ) -> None:
        """`command`: the program and its arguments, with the fields of Tidings in braces. No shell reads them.

        `on_fault` is told once that it has failed, by another thread. `patience`: seconds that it may take.
        """
        self._command = tuple(command)
        self._on_fault = on_fault
        self._limits = ("timeout", f"--kill-after={_LAST}", str(patience))
        self._level = ""
        self._told = False
        self._failed = threading.Event()

    def tell(self, tidings: Tidings) -> None:
        """Start the command where the advice is grave, and not what was told last."""
        news, self._level = tidings.level != self._level, tidings.level
        if not news or tidings.level not in TOLD:
            return
        program = [part.format(**asdict(tidings)) for part in self._command]
        try:
            started = subprocess.Popen(
                (*self._limits, *program),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # an interrupt at the keyboard is for Charley alone
            )
        except (OSError, ValueError) as problem:
            self._fail(str(problem))
            return
        threading.Thread(target=self._watch, args=(started,), name="on_verdict", daemon=True).start()

    def has_failed(self) -> bool:
        """Whether a command has failed since this was last asked."""
        failed = self._failed.is_set()
        self._failed.clear()
        return failed

    def _watch(self, started: "subprocess.Popen[bytes]") -> None:
        status = started.wait()
        if status:
            self._fail(_WHY.get(status, f"its exit status is {status}"))

    def _fail(self, why: str) -> None:
        """Once: a second command fails for the same reason."""
        if not self._told:
            self._told = True
            self._failed.set()
            self._on_fault(
                UsageError(f"The command of on_verdict, {self._command[0]!r}, has failed ({why}): try it by hand.")
            )
