"""The commands of `charley`, their options and their help. Each imports what it needs, when it is called."""

import sys
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, CycloptsError, Group, Parameter

from skill.errors import UsageError

app = App(
    name="charley",
    help="""Charley: an offline voice companion for muscle cramps and spasms.

    Say where it cramps; Charley asks a few questions, coaches you out of the cramp, and says plainly when to call an
    ambulance, be seen today, book an appointment, or carry on at home. It follows published advice and is not a
    clinician. Nothing leaves this machine.

    Exit status: 0 finished; 1 a case of `cases` came out wrong; 2 wrong usage; 3 no usable microphone or loudspeaker;
    4 broken installation; 130 interrupted.""",
    help_format="markdown",
    group_commands=Group("More", sort_key=8),
    group_parameters=Group("Options", sort_key=9),
    version=lambda: metadata.version("charley"),
    version_flags=["--version"],
    suppress_keyboard_interrupt=False,
)

Events = Annotated[
    bool, Parameter("--events", negative="", help="Print JSON Lines, one event a line, and nothing else.")
]
Model = Annotated[
    Path | None, Parameter("--model", help="Folder of a standard Vosk model to use in place of Charley's.")
]


@app.default
def converse(
    *,
    record: Annotated[Path | None, Parameter(help="Keep what is heard and said in this folder, as WAV files.")] = None,
    events: Events = False,
    model: Model = None,
) -> int:
    """Hold a conversation with microphone and loudspeaker; at a terminal, answers may be typed as well."""
    import skill.app as composition

    return composition.converse(followup=False, events=events, model=model, record=record)


@app.command
def wait(*, events: Events = False, model: Model = None) -> int:
    """Sleep until somebody says "hey Charley" or presses Enter, hold a conversation, and sleep again.

    What is said with it counts: "hey Charley, my calf is cramping"; so does what is typed. Ctrl-C ends it.
    """
    import skill.app as composition

    return composition.wait(events=events, model=model)


@app.command
def followup(
    *,
    type_: Annotated[bool, Parameter("--type", negative="", help="By typing, one answer a line.")] = False,
    events: Events = False,
    model: Model = None,
) -> int:
    """Tell how the last cramp went: gone, better, worse, or back again."""
    import skill.app as composition

    if type_:
        return composition.typed(followup=True, events=events)
    return composition.converse(followup=True, events=events, model=model)


@app.command
def episodes(
    *,
    export: Annotated[Path | None, Parameter(help="Write them to this file as JSON.")] = None,
    forget: Annotated[bool, Parameter(negative="", help="Delete them all.")] = False,
) -> int:
    """List the cramps that Charley remembers; they are kept on this machine only."""
    from skill.commands import episodes as commands

    if export is not None and forget:
        raise UsageError("Use either --export or --forget, not both.")
    if export is not None:
        return commands.export_episodes(export)
    return commands.forget_episodes() if forget else commands.list_episodes()


@app.command
def diary(
    *, picture: Annotated[Path | None, Parameter(help="Draw it into this file instead, .svg or .png.")] = None
) -> int:
    """Show a year of cramps: how often and how bad, what came before, what eased it and how soon."""
    from skill.commands import diary as commands

    return commands.show_diary() if picture is None else commands.draw_diary(picture)


@app.command
def report(
    *,
    pdf: Annotated[Path | None, Parameter(help="Write it to this file as a PDF that a screen reader can read.")] = None,
    html: Annotated[Path | None, Parameter(help="Write it to this file as a web page.")] = None,
    fhir: Annotated[Path | None, Parameter(help="Write it to this file for a medical record (FHIR R4, JSON).")] = None,
    since: Annotated[date | None, Parameter("--from", help="Only what was told from this day on: YYYY-MM-DD.")] = None,
) -> int:
    """Report to a doctor, on one page, what Charley remembers; without a file as plain text."""
    from skill.commands import report as commands

    return commands.report(pdf=pdf, html=html, fhir=fhir, since=since)


@app.command
def demo(
    patient: str | None = None,
    /,
    *,
    list_: Annotated[bool, Parameter("--list", negative="", help="List the patients and leave.")] = False,
    realtime: Annotated[
        bool, Parameter(negative="", help="At the pace of life, on the loudspeaker if there is one.")
    ] = False,
    events: Events = False,
    model: Model = None,
) -> int:
    """Let a simulated patient answer with a synthetic voice, through the real recogniser; needs no sound card.

    Parameters
    ----------
    patient
        The patient's name from --list; without one the calf at night.
    """
    if list_:
        from skill.commands import tools

        return tools.list_patients()
    import skill.app as composition

    return composition.demo(patient, realtime=realtime, events=events, model=model)


@app.command(name="type")
def type_(*, events: Events = False) -> int:
    """Hold the same conversation by typing, one answer a line."""
    import skill.app as composition

    return composition.typed(followup=False, events=events)


@app.command
def page(
    *,
    listen: Annotated[str | None, Parameter(help="Where to listen, as HOST:PORT; without it 127.0.0.1:8765.")] = None,
    touch: Annotated[bool, Parameter(negative="", help="Without any sound: read, touch and type.")] = False,
) -> int:
    """Hold the conversation on a page in the browser: large letters, big buttons, the voice beside it.

    It is to be had on this machine only unless --listen says otherwise, and ends when every page is closed.
    """
    from skill.commands import page as commands

    return commands.page(listen=listen, touch=touch)


@app.command
def phone(
    *,
    listen: Annotated[str, Parameter(help="Address and port.")] = "127.0.0.1:9092",
    calls: Annotated[int | None, Parameter(help="Calls at a time; without it ten for each processor core.")] = None,
    model: Model = None,
) -> int:
    """Answer the calls that a telephone exchange (Asterisk's AudioSocket) puts through; docs/telephone.md.

    Nothing about a call is kept. Ctrl-C ends it.
    """
    from skill.channels.phone import answer_calls

    return answer_calls(listen, calls, model)


@app.command
def hear(
    files: Annotated[list[Path], Parameter(consume_multiple=True)],
    /,
    *,
    question: Annotated[str | None, Parameter(help="Use this question's grammar, parse and thresholds.")] = None,
    phrases: Annotated[Path | None, Parameter(help="Use a grammar of the lines of this file.")] = None,
    model: Model = None,
) -> int:
    """Show what the recogniser makes of recordings: one JSON object a line.

    Parameters
    ----------
    files
        WAV, FLAC or Opus files. Without --question or --phrases they are decoded freely.
    """
    from skill.commands import tools

    if question is not None and phrases is not None:
        raise UsageError("Use either --question or --phrases, not both.")
    return tools.hear(files, question=question, phrases=phrases, model=model)


@app.command
def read(*, question: Annotated[str, Parameter(help="The question, or the moment, at which they are said.")]) -> int:
    """Show what is made of sentences, one a line on standard input: one JSON object a line, as `hear` without sound."""
    from skill.commands.read import read_all

    return read_all(question, sys.stdin, sys.stdout)


@app.command
def serve(
    *,
    listen: Annotated[str, Parameter(help="Where to answer, HOST:PORT.")] = "127.0.0.1:10600",
    zeroconf: Annotated[bool, Parameter(negative="", help="Let Home Assistant find it on the network.")] = False,
) -> int:
    """Answer Home Assistant, or whatever else speaks Wyoming, until Ctrl-C; nothing is kept of who calls."""
    from skill.commands import serve as commands

    return commands.serve(listen, zeroconf=zeroconf)


@app.command
def check() -> int:
    """Check that protocol, grammars, prompts and the model's vocabulary fit together, and print the safety proof."""
    from skill.commands import tools

    return tools.check()


@app.command
def cases(file: Path, /) -> int:
    """Put a reviewer's cases through the interview and print what each comes to; exit status 1 when one is not right.

    Parameters
    ----------
    file
        YAML: name of the case → story, answers (question: value), level, source. `docs/clinical.md` describes it.
    """
    from skill.commands.cases import run_cases

    return run_cases(file)


@app.command
def selftest(*, model: Model = None) -> int:
    """Measure microphone, loudspeaker, voice and model, and say how to mend what fails."""
    from skill.commands import tools

    return tools.selftest(model=model)


@app.command
def voices(
    name: str = "",
    /,
    *,
    say: Annotated[bool, Parameter(negative="", help="Let each of them speak a sample.")] = False,
    choose: Annotated[str | None, Parameter(help="Speak with this voice from now on: ENGINE/VOICE.")] = None,
) -> int:
    """List the voices that can speak here, hear them, or choose one.

    Parameters
    ----------
    name
        Only the voices with this in their name, such as natural or en-gb.
    """
    from skill.commands import voices as commands

    return commands.choose_voice(choose) if choose is not None else commands.list_voices(name, say=say)


#: The groups of `charley --help`, the everyday ones first, and what stands in each.
_GROUPS: Final = {
    "Every day": ("page", "wait", "type", "followup", "diary", "report", "episodes", "demo"),
    "Other ways in": ("serve", "phone"),
    "Setting it up": ("selftest", "voices", "check"),
    "For reviewers and other programs": ("hear", "read", "cases"),
}
for _place, (_title, _names) in enumerate(_GROUPS.items()):
    _group = Group(_title, sort_key=_place)
    for _order, _name in enumerate(_names):
        app[_name].group = _group
        app[_name].sort_key = _order


def run_command(arguments: list[str]) -> int:
    """Run the command that `arguments` name, and return its exit status. Raises UsageError where they name none."""
    try:
        return int(app(arguments, exit_on_error=False, print_error=False, result_action="return_value") or 0)
    except CycloptsError as problem:
        raise UsageError(f"{' '.join(str(problem).split())} Try `charley --help`.") from problem
