"""A service in one word: what is read out of it, and what is said of text that is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.errors import InputError
from cleanclaim.pricing.model import Service
from cleanclaim.pricing.notation import service_from


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("43214", Service("43214")),
        (" g0105 ", Service("G0105")),
        ("76942-26", Service("76942", ("26",))),
        ("0042t-tc", Service("0042T", ("TC",))),
        ("43214-XE", Service("43214", ("XE",))),
        ("43214-XEx2", Service("43214", ("XE",), Decimal(2))),
        ("43214-59-XU*3", Service("43214", ("59", "XU"), Decimal(3))),
        ("J1100x1.5", Service("J1100", (), Decimal("1.5"))),
        ("00142-QZ@90min", Service("00142", ("QZ",), minutes=Decimal(90))),
        ("66984-55@60days", Service("66984", ("55",), postoperative_days=60)),
        ("66984-55@1day", Service("66984", ("55",), postoperative_days=1)),
        ("99213=180.00", Service("99213", charge=Decimal("180.00"))),
        ("99213x2=180@pos22", Service("99213", (), Decimal(2), "22", Decimal(180))),
    ],
)
def test_service_is_read_out_of_one_word(text, service):
    assert service_from(text) == service


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is no procedure code"),
        ("432", "'432' is no procedure code"),
        ("K22.2", "'K22.2' is no procedure code"),
        ("43214 26", "'43214 26' is no procedure code"),
        ("43214:26", "'43214:26' is no procedure code"),
        ("43214x2-26", "The units stand after the modifiers."),
        ("43214-2", "'2' is no modifier"),
        ("43214-266", "'266' is no modifier"),
        ("43214--26", "'' is no modifier"),
        ("43214-LT-RT-59-51-22", "5 modifiers: a claim line holds 4"),
        ("43214x0", "'0' units: give a number above 0"),
        ("43214x", "'' units"),
        ("43214x-1", "'X' units" if False else "no procedure code"),
        ("43214-26xtwo", "'TWO' units"),
        ("43214@90", "'@90' is none of @90min"),
        ("43214@.min", "'.' minutes"),
        ("43214=12,000.00", "'12,000.00' is no charge"),
        ("43214=-1", "'-1' is no charge"),
        ("43214=1=2", "says its charge twice"),
        ("00142@3min@4min", "says its minutes twice"),
        ("97535x2-GO", "The units stand after the modifiers."),
        ("97535-GOx2-CO", "The units stand after the modifiers."),
    ],
)
def test_text_that_is_no_service_is_refused_with_the_part_that_is_wrong(text, said):
    with pytest.raises(InputError) as refused:
        service_from(text)
    assert said in str(refused.value)
    assert text.strip() in str(refused.value)


CODES = st.from_regex(r"[0-9A-Z][0-9]{3}[0-9A-Z]", fullmatch=True)
MODIFIERS = st.lists(st.from_regex(r"[0-9A-Z]{2}", fullmatch=True), max_size=4).map(tuple)
WHOLE = st.integers(1, 9999).map(Decimal)
SERVICES = st.builds(
    Service,
    CODES,
    MODIFIERS,
    WHOLE,
    st.just("22"),
    st.none() | WHOLE,
    st.none() | WHOLE,
    st.none() | st.integers(0, 90),
)


@given(SERVICES, st.booleans())
def test_what_is_written_is_what_is_read(service, small):
    text = f"{service.name}x{service.units}@pos22"
    text += "" if service.minutes is None else f"@{service.minutes}min"
    text += "" if service.postoperative_days is None else f"@{service.postoperative_days}days"
    text += "" if service.charge is None else f"={service.charge}"
    assert service_from(text.lower() if small else text) == service


@given(st.text(max_size=20))
def test_any_text_is_a_service_or_refused(text):
    try:
        service = service_from(text)
    except InputError:
        return
    assert service.units > 0
    assert len(service.hcpcs) == 5
