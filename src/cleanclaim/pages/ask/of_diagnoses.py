"""Answers on diagnoses: whether one may be billed, and whether it supports a procedure."""

from __future__ import annotations

from typing import Final

from cleanclaim.index.cite import cite_answer
from cleanclaim.pages.ask.desk import Desk, Reply, listed, together
from cleanclaim.types import Citation, dotted

_CONTRACTOR: Final = "depends on the contractor"
_MOST: Final = 10
"""Codes below a heading that are named."""


def diagnosis_billable(desk: Desk) -> Reply:
    """Can the diagnosis be billed?"""
    replies = []
    plain = desk.manner.plain and not desk.manner.needs
    for code in desk.named.diagnoses:
        answer, title = desk.day.icd10cm(code), _title(desk, code)
        found = cite_answer(answer, dotted(code))
        citations = () if found is None else (found,)
        if answer.no_data:
            replies.append(Reply("no data", f"No loaded ICD-10-CM release covers {desk.date}.", known=False))
        elif not answer.known:
            text = f"{dotted(code)} is no ICD-10-CM code on {desk.date}."
            replies.append(Reply("no" if plain else "no code", text, citations))
        elif answer.fact.billable:
            replies.append(Reply("yes" if plain else "billable", f"{title} is billable.", citations))
        else:
            below = [dotted(fact.icd10cm) + ("" if fact.billable else " and below") for fact in desk.below(code)]
            text = f"{title} is a heading and needs more characters"
            word = "no" if plain else "not billable"
            replies.append(Reply(word, f"{text}{': ' + ', '.join(below[:_MOST]) if below else ''}.", citations))
    if len(replies) == 1:
        return replies[0]
    pairs = zip(desk.named.diagnoses, replies, strict=True)
    return together("; ".join(f"{dotted(code)}: {reply.answer}" for code, reply in pairs), replies)


def _title(desk: Desk, code: str) -> str:
    """The code with its title, where a release has it."""
    answer = desk.day.icd10cm_title(code)
    return f"{dotted(code)}, {answer.fact.description}," if answer.known and answer.fact.description else dotted(code)


def _refuted(desk: Desk, dx: str) -> Reply | None:
    """Why a diagnosis supports nothing: it is no code, or a heading. None for one that may be billed, or not known."""
    answer = desk.day.icd10cm(dx)
    if answer.no_data or (answer.known and answer.fact.billable):
        return None
    found = cite_answer(answer, dotted(dx))
    why = "is a heading that may not be billed" if answer.known else f"is no ICD-10-CM code on {desk.date}"
    return Reply("no", f"{dotted(dx)} {why}, so it supports no service.", () if found is None else (found,))


def diagnosis_supports(desk: Desk) -> Reply:
    """Does the diagnosis support the procedure, by the coverage articles loaded?"""
    code = desk.code
    rows = desk.day.coverage("article-hcpcs", code)
    names = ", ".join(dotted(dx) for dx in desk.named.diagnoses) or "a diagnosis"
    refuted = [reply for dx in desk.named.diagnoses if (reply := _refuted(desk, dx)) is not None]
    if refuted and len(refuted) == len(desk.named.diagnoses):
        text = " ".join(reply.text for reply in refuted)
        return Reply("no", text, tuple(found for reply in refuted for found in reply.citations))
    if rows.no_data or not desk.day.coverage_loaded("article-hcpcs"):
        text = (
            f"No coverage articles are loaded, which say whether {names} supports {code}. Load the Medicare Coverage "
            "Database."
        )
        return Reply("no data", text, known=False)
    if not rows.known:
        text = f"No loaded coverage article lists {code}, so none says whether {names} supports it."
        return Reply("no data", text, known=False)
    articles = list(dict.fromkeys(row.article_id for row in rows.facts))
    cite = cite_answer(rows, code)
    citations = () if cite is None else (cite,)
    if not desk.named.diagnoses:
        text = (
            f"{len(articles)} coverage articles list {code}, each with diagnoses of its own: "
            f"{listed(f'A{article}' for article in articles)}. Ask of one diagnosis, such as M54.16."
        )
        return Reply("see the articles", text, citations)
    covered, of_covered = _with_diagnoses(desk, "article-covered", articles)
    refused, of_refused = _with_diagnoses(desk, "article-noncovered", articles)
    if not covered and not refused:
        text = f"{names} is on no list of {len(articles)} articles on {code}; an article may still cover it in prose."
        return Reply("not listed", text, citations)
    text = (
        f"{names}: listed as supporting it in {len(covered)}, as not supporting it in {len(refused)} of "
        f"{len(articles)} articles on {code}; the contractor of the place decides."
    )
    every = set(articles)
    word = "yes" if covered == every and not refused else "no" if refused == every and not covered else _CONTRACTOR
    return Reply(word, text, (*of_covered, *of_refused))


def _with_diagnoses(desk: Desk, table: str, articles: list[str]) -> tuple[set[str], list[Citation]]:
    """The articles whose list has one of the diagnoses, and where."""
    found: set[str] = set()
    citations = []
    for article in articles:
        for dx in desk.named.diagnoses:
            answer = desk.day.coverage(table, article, dx)
            if answer.known:
                found.add(article)
                citations.append(cite_answer(answer, article))
    return found, [entry for entry in citations if entry is not None]
