"""The report as a tagged PDF on one page (PDF/UA-1), made of its HTML by WeasyPrint."""

from collections.abc import Iterable
from typing import Any

from skill.errors import InstallationError
from skill.reporting.report.as_html import as_html
from skill.reporting.report.document import Document

_VARIANT = "pdf/ua-1"


def as_pdf(documents: Iterable[Document]) -> bytes:
    """The first of the documents that fits one page; where none does, the first. They come from the longest on.

    Raises InstallationError where WeasyPrint, or Pango, which it draws letters with, is not installed.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ImportError as missing:
        raise InstallationError(
            "A PDF needs WeasyPrint: type `pip install 'charley[report]'`, or use --html and print the page from a "
            "browser."
        ) from missing
    except OSError as missing:
        raise InstallationError(
            "A PDF needs Pango: type `sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0`, or use --html and print "
            "the page from a browser."
        ) from missing
    own = URLFetcher(allowed_protocols={"data"})
    longest = None
    for document in documents:
        rendered = HTML(string=as_html(document), url_fetcher=own).render()
        longest = longest or rendered
        if len(rendered.pages) == 1:
            break
    else:
        rendered = longest
    written = rendered.write_pdf(pdf_variant=_VARIANT, finisher=_name_headers)
    assert isinstance(written, bytes)
    return written


def _name_headers(_document: Any, pdf: Any) -> None:
    """Say of each head of a table whether it names a column or a row: WeasyPrint tells it of those with cells only.

    It numbers heads by table, row and column.
    """
    from pydyf import Dictionary, String

    for element in pdf.objects:
        if isinstance(element, Dictionary) and element.get("S") == "/TH" and isinstance(element.get("ID"), String):
            _table, row, _column = element["ID"].string.split("-")
            element["A"]["Scope"] = "/Column" if row == "0" else "/Row"
