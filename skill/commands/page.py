"""The command `charley page`, and what can be read there beside the conversation."""

from typing import TYPE_CHECKING

from skill.channels.page.texts import Texts, load_texts
from skill.errors import InstallationError

if TYPE_CHECKING:
    from skill.channels.page.server import Document


def page(*, listen: str | None, touch: bool) -> int:
    """Hold conversations on a page until it is closed. Raises UsageError, and InstallationError without the extra."""
    try:
        more = _documents(load_texts())
    except ImportError:
        raise InstallationError(
            "The page needs two more libraries: install them by `pip install 'charley[page]'`."
        ) from None
    import skill.app as composition

    return composition.page(listen=listen, touch=touch, more=more)


def _documents(texts: Texts) -> "tuple[Document, ...]":
    from skill.channels.page import document
    from skill.channels.page.server import Document

    picture = "diary.svg"

    def diary() -> str:
        from skill.commands.diary import in_sentences

        return document.diary(texts, in_sentences(), picture)

    def drawn() -> str:
        from skill.commands.diary import as_svg

        return as_svg()

    def report() -> str:
        from skill.commands.report import as_page

        return as_page()

    return (
        Document("report", report, styled=True, label=texts("report_link")),
        Document("diary", diary, label=texts("diary_link")),
        Document(picture, drawn, "image/svg+xml", styled=True),
    )
