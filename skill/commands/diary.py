"""The command `charley diary`: a year of cramps at a glance, in sentences, or as a picture."""

import sys
from contextlib import closing
from datetime import datetime, time
from pathlib import Path
from typing import Final

from skill.dialogue.prompts import load_prompts, load_written
from skill.episodes.store import EpisodeStore
from skill.reporting.diary import QUESTIONS, Diary, diary_of, first_day
from skill.reporting.diary_words import DiaryWords

#: Cramps that are told one by one below the calendar; where nobody sits at a terminal, all of them.
NEWEST: Final = 10


def show_diary() -> int:
    """Print the calendar and what it amounts to; where nobody sits at a terminal, sentences, one a line."""
    diary, words = _diary(), DiaryWords(load_written(), load_prompts())
    if not sys.stdout.isatty():
        for sentence in (*words.overview(diary), *words.cramps(diary)):
            sys.stdout.write(f"{' '.join(sentence.split())}\n")
        return 0
    from rich.console import Console

    from skill.reporting.diary_calendar import calendar, legend

    console = Console(highlight=False, markup=False, emoji=False)
    if diary.cramps:
        blocks = not console.options.ascii_only
        console.print(*calendar(diary, words, console.width, blocks=blocks), sep="\n", no_wrap=True, crop=False)
        console.print(*legend(words, blocks=blocks), sep="\n")
        console.print()
    console.print(*words.overview(diary), sep="\n")
    if diary.cramps:
        console.print()
        console.print(*words.cramps(diary, NEWEST), sep="\n")
    return 0


def draw_diary(file: Path) -> int:
    """Write the picture, SVG or PNG by the name of the file. Raises UsageError where that is impossible."""
    from skill.reporting.diary_picture import draw
    from skill.reporting.pictures import write_picture

    write_picture(file, lambda: draw(_diary(), DiaryWords(load_written(), load_prompts())))
    return 0


def in_sentences() -> tuple[str, ...]:
    """What it amounts to, then cramp by cramp. Raises StorageError."""
    diary, words = _diary(), DiaryWords(load_written(), load_prompts())
    return (*words.overview(diary), *words.cramps(diary))


def as_svg() -> str:
    """The picture. Raises StorageError."""
    from skill.reporting.diary_picture import draw

    return draw(_diary(), DiaryWords(load_written(), load_prompts())).source()


def _diary() -> Diary:
    today = datetime.now().astimezone().date()
    since = datetime.combine(first_day(today), time()).astimezone()
    with closing(EpisodeStore()) as store:
        return diary_of(store.all(QUESTIONS, since), today, None, store.count("place", before=since))
