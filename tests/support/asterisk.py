"""A real Asterisk, of this machine or of a folder with a Debian in it, that calls itself by SIP, in µ-law."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: A Debian with Asterisk in it, made by `make test-telephone` where the machine's own has none.
ROOT = Path(__file__).parents[2] / ".telephone"
#: Seconds for Asterisk to start, and for a command.
PATIENCE = 60.0
SIP, RTP = 15_060, 15_100

_MODULES = """[modules]
autoload = yes
noload = chan_iax2.so
noload = chan_sip.so
noload = res_phoneprov.so
noload = cdr_csv.so
"""

#: `charley`: what docs/telephone.md tells. `caller`: the other end, whose sound comes from the test.
_EXTENSIONS = """[charley]
exten => 100,1,Answer()
 same => n,AudioSocket(${{UUID()}},127.0.0.1:{charley})

[caller]
exten => voice,1,AudioSocket(${{UUID()}},127.0.0.1:{caller})
exten => keys,1,Wait(4)
 same => n,SendDTMF({keys},400,200)
 same => n,Wait(60)
"""

_PJSIP = f"""[udp]
type = transport
protocol = udp
bind = 127.0.0.1:{SIP}

[loop]
type = endpoint
context = charley
disallow = all
allow = ulaw
aors = loop
dtmf_mode = rfc4733
direct_media = no

[loop]
type = aor
contact = sip:100@127.0.0.1:{SIP}

[loop]
type = identify
endpoint = loop
match = 127.0.0.1
"""


@dataclass(frozen=True)
class Asterisk:
    """One that runs."""

    command: tuple[str, ...]
    configuration: str

    def run(self, command: str) -> str:
        """What its console says to a command."""
        return subprocess.run(
            [*self.command, "-C", self.configuration, "-rx", command],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        ).stdout

    def call(self, extension: str) -> None:
        """Let the caller's `extension` call Charley, by SIP."""
        self.run(f"channel originate PJSIP/loop extension {extension}@caller")


def program() -> tuple[str, ...] | None:
    """How Asterisk is started; None where there is none."""
    if found := shutil.which("asterisk"):
        return (found,)
    if (ROOT / "usr" / "sbin" / "asterisk").is_file() and os.geteuid() == 0:
        return ("chroot", str(ROOT), "/usr/sbin/asterisk")
    return None


@contextmanager
def asterisk(folder: Path, charley: int, caller: int, keys: str = "") -> Iterator[Asterisk]:
    """Run one. `charley` and `caller`: the ports of its AudioSockets; `keys`: what the extension of that name sends."""
    command = program()
    assert command is not None
    inside = command[0] == "chroot"
    home = ROOT / "tmp" / folder.name if inside else folder
    seen = Path("/tmp") / folder.name if inside else folder
    etc = home / "etc"
    etc.mkdir(parents=True)
    for name in ("run", "log", "spool", "lib", "keys"):
        (home / name).mkdir()
    places = {"astetcdir": "etc", "astvarlibdir": "lib", "astspooldir": "spool", "astrundir": "run", "astlogdir": "log"}
    files = {
        "asterisk.conf": "[directories]\n"
        + "".join(f"{name} => {seen / where}\n" for name, where in places.items())
        + f"astdbdir => {seen / 'lib'}\nastkeydir => {seen / 'keys'}\nastdatadir => /usr/share/asterisk\n",
        "modules.conf": _MODULES,
        "extensions.conf": _EXTENSIONS.format(charley=charley, caller=caller, keys=keys),
        "pjsip.conf": _PJSIP,
        "rtp.conf": f"[general]\nrtpstart={RTP}\nrtpend={RTP + 100}\n",
        "logger.conf": "[logfiles]\nmessages => notice,warning,error\n",
    }
    for name, text in files.items():
        (etc / name).write_text(text, encoding="utf-8")
    running = Asterisk(command, str(seen / "etc" / "asterisk.conf"))
    server = subprocess.Popen(
        [*command, "-C", running.configuration, "-f"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + PATIENCE
        while "fully booted" not in running.run("core waitfullybooted") and time.monotonic() < until:
            time.sleep(0.5)
        yield running
    finally:
        running.run("core stop now")
        _end(server)
        if inside:
            shutil.rmtree(home, ignore_errors=True)


def _end(server: "subprocess.Popen[bytes]") -> None:
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
