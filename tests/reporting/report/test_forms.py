"""The report as HTML and as PDF: for everybody's eyes and ears, judged by a real checker."""

import importlib
import re
import zlib
from typing import Any
from xml.etree import ElementTree

import pytest

from skill.reporting.report.as_html import as_html
from skill.reporting.report.as_pdf import as_pdf
from skill.reporting.report.compose import SHORTER, compose
from skill.reporting.report.document import Document, Picture
from skill.reporting.report.history import Told
from skill.reporting.report.wording import Wording
from skill.triage.definition import Protocol
from tests.support.remembered import NOW

#: Of PDF/UA; by its name, which a bench has as well.
CHECKER: Any = importlib.import_module("page")


@pytest.fixture(scope="module", name="pdf")
def _pdf(told: tuple[Told, ...], protocol: Protocol, wording: Wording) -> bytes:
    return as_pdf(compose(told, protocol, wording, NOW, rows) for rows in SHORTER)


def test_the_pdf_is_universally_accessible(pdf: bytes) -> None:
    judged = CHECKER.validate_pdf_bytes(pdf, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in judged.failures] == []
    assert judged.is_compliant


def test_a_hundred_cramps_fit_one_page(pdf: bytes) -> None:
    assert CHECKER.validate_pdf_bytes(pdf, profile="ua1").document.page_count == 1


def test_every_head_of_a_table_says_what_it_names(pdf: bytes) -> None:
    """The checker accepts a head that no cell refers to; a screen reader needs more."""
    (packed,) = re.findall(rb"/ObjStm.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    objects = zlib.decompress(packed)
    heads = len(re.findall(rb"/S /TH\b", objects))
    assert heads >= 8 + 4 + 3 + 4  # of both tables, columns and rows
    assert len(re.findall(rb"/Scope /(?:Column|Row)\b", objects)) == heads


def test_the_page_asks_for_nothing_from_outside(document: Document) -> None:
    html = as_html(document)
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"|<script|@import', html) == []
    assert "default-src 'none'" in html


def test_what_was_noted_is_text_and_no_markup(document: Document) -> None:
    hostile = Document("<b>&</b>", document.lead, document.sections, document.closing)
    assert "<h1>&lt;b&gt;&amp;&lt;/b&gt;</h1>" in as_html(hostile)


def test_the_picture_says_in_words_what_it_shows(document: Document) -> None:
    (picture,) = (block for one in document.sections for block in one.blocks if isinstance(block, Picture))
    drawn = ElementTree.fromstring(picture.svg)
    space = {"svg": "http://www.w3.org/2000/svg"}
    assert drawn.findtext("svg:desc", namespaces=space) == picture.alt
    assert len(drawn.findall("svg:rect", space)) == 100
    assert "The fullest week began on" in picture.alt
