"""The commands that look at Charley itself: patients, recordings, data and hardware."""

import sys
from pathlib import Path

from skill.dialogue.emergency_number import emergency_number
from skill.dialogue.prompts import load_prompts
from skill.errors import InstallationError, SoundError, UsageError
from skill.settings import model_folder, usable_settings
from skill.system import resources
from skill.triage.loader import load_protocol
from skill.understanding.decision import is_plain, load_thresholds


def list_patients() -> int:
    """Print every simulated patient with the advice that the story must end in."""
    from skill.commands.tables import print_table
    from skill.demo.patient import load_patient, patient_names

    patients = {name: load_patient(name) for name in patient_names()}
    print_table(
        ("patient", "advice", "story"), ((name, patient.level, patient.story) for name, patient in patients.items())
    )
    return 0


def hear(files: list[Path], *, question: str | None, phrases: Path | None, model: Path | None) -> int:
    """Print what the recogniser makes of recordings."""
    from skill.commands.hear import again, free_recogniser, hear_all, judge_by, judge_freely, phrase_grammar
    from skill.commands.judging import judge_by_question
    from skill.commands.read import interpreter_at, question_named
    from skill.equipment import second_hearing
    from skill.listening.ear import Turn
    from skill.listening.recogniser import Recogniser

    settings = usable_settings()
    folder = model_folder(settings, model)
    thresholds = load_thresholds(folder)
    if question is not None:
        asked = question_named(question)
        reads = interpreter_at(asked, settings.emergency_number, thresholds)
        grammar, judge = reads.phrasebook.at(asked), judge_by_question(asked, reads)
        recogniser = Recogniser(folder, grammar.phrases)
        second = second_hearing(recogniser, hurried=False)
        turn = Turn(
            question, grammar, 0.0, plain=lambda heard: is_plain(heard, grammar.read(heard.text), thresholds, asked)
        )
        try:
            return hear_all(
                files, recogniser, grammar, judge, sys.stdout, sys.stderr, again(turn, second) if second else None
            )
        finally:
            if second:
                second.close()
    if phrases is not None:
        grammar = phrase_grammar(_lines(phrases))
        return hear_all(
            files, Recogniser(folder, grammar.phrases), grammar, judge_by(thresholds), sys.stdout, sys.stderr
        )
    return hear_all(files, free_recogniser(folder), None, judge_freely(thresholds), sys.stdout, sys.stderr)


def check() -> int:
    """Print every consistency check and the safety proof; 4 when one of them fails."""
    from skill.commands.check import check_data
    from skill.commands.tables import print_emergency_number, print_findings, print_proof
    from skill.listening.lexicon import Lexicon
    from skill.triage.proof import prove

    protocol, followup = load_protocol(), load_protocol(resources.FOLLOWUP)
    prompts = load_prompts()
    findings = check_data(protocol, followup, prompts, Lexicon(resources.MODEL / "lexicon.txt"))
    proofs = {"the conversation": prove(protocol), "the follow-up": prove(followup)}
    print_findings(findings)
    for subject, proof in proofs.items():
        print_proof(subject, proof)
    print_emergency_number(emergency_number(usable_settings(), prompts))
    sound = all(proof.passed for proof in proofs.values()) and not any(finding.problems for finding in findings)
    return 0 if sound else InstallationError.exit_status


def selftest(*, model: Path | None) -> int:
    """Print what was measured of microphone, loudspeaker, voice and model, and how to mend what fails."""
    from skill.commands.selftest import run_selftest
    from skill.commands.tables import print_emergency_number, print_selftest

    settings = usable_settings()
    checks = run_selftest(settings, model_folder(settings, model))
    print_selftest(checks)
    print_emergency_number(emergency_number(settings, load_prompts()))
    failed = {check.name for check in checks if not check.passed}
    if failed & {"microphone", "loudspeaker"}:
        return SoundError.exit_status
    return InstallationError.exit_status if failed else 0


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{file} cannot be read as a list of phrases ({problem}).") from problem
