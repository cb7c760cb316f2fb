"""`charley phone` for bench/telephone.py: says on standard output what patients answer, and what comes of it.

Who calls is told on standard input. `python bench/measuring/phone_server.py CALLS`
"""

import asyncio
import json
import sys
import threading
from typing import Any

from skill.channels.calls import Calls
from skill.channels.exchange import Exchange
from skill.channels.line import Line
from skill.channels.phone import SWITCH
from skill.demo.patient import Memory, load_patient
from skill.dialogue.events import Concluded, Event, HeardSpeech
from skill.listening.ear import Turn
from skill.settings import usable_settings

_SAYING = threading.Lock()


def say(**values: Any) -> None:
    with _SAYING:
        sys.stdout.write(json.dumps(values) + "\n")
        sys.stdout.flush()


class Watched:
    """A sink of events that passes on what is measured."""

    def __init__(self, call: int) -> None:
        self._call = call

    def emit(self, event: Event) -> None:
        """Pass it on."""
        match event:
            case HeardSpeech():
                say(call=self._call, heard=event.accepted, text=event.text)
            case Concluded():
                say(call=self._call, level=event.level)


class Patients:
    """Who calls, by the number of the call."""

    def __init__(self) -> None:
        self._known: dict[int, Memory] = {}
        self._told = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def memory(self, call: int) -> Memory:
        """What the patient of this call says, as soon as it is told who that is."""
        with self._told:
            self._told.wait_for(lambda: call in self._known)
            return self._known[call]

    def _listen(self) -> None:
        for line in sys.stdin:
            message = json.loads(line)
            with self._told:
                self._known[message["call"]] = Memory(load_patient(message["patient"]))
                self._told.notify_all()


def main() -> None:
    most, patients, calls = int(sys.argv[1]), Patients(), Calls(usable_settings())
    sys.setswitchinterval(SWITCH)
    calls.warm_up()

    def hold(line: Line) -> None:
        call = int.from_bytes(line.identity, "big")
        memory = patients.memory(call)

        def on_turn(turn: Turn) -> None:
            if said := memory.reply(turn):
                say(call=call, say=said)

        calls.hold(line, Watched(call), on_turn)

    exchange = Exchange(hold, most, calls.busy)
    try:
        asyncio.run(exchange.serve("127.0.0.1", 0, lambda _, port: say(port=port)))
    finally:
        calls.close()


if __name__ == "__main__":
    main()
