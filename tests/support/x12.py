"""Claims files of a few synthetic patients, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Patient:
    """Who is never to be read in anything we print."""

    last: str = "QUILLFEATHER"
    first: str = "ZEBEDIAH"
    member: str = "7XK9QJ4ZZ71"
    born: str = "19310917"
    street: str = "4711 HOLLYHOCK CRESCENT"
    city: str = "WIGTOWNSHIRE"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every text that tells who the patient is, in the forms a report might print it in."""
        year, month, day = self.born[:4], self.born[4:6], self.born[6:]
        return (
            self.last,
            self.first,
            self.member,
            self.born,
            f"{year}-{month}-{day}",
            f"{month}/{day}/{year}",
            self.street,
            self.city,
        )


def professional(
    *claims: tuple[str, Sequence[str]], patient: Patient | None = None, date: str = "20260715", dx: str = "K222"
) -> str:
    """An 837P: for each claim its number, and its lines as codes (``43214``, ``74360:26``)."""
    who = patient or Patient()
    segments = [
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*12345          *260716*0900*^*00501*000000001*0*T*:",
        "GS*HC*SENDER*12345*20260716*0900*1*X*005010X222A1",
        "ST*837*0001*005010X222A1",
        "BHT*0019*00*1*20260716*0900*CH",
        "NM1*41*2*SAMPLE BILLING*****46*SENDER",
        "PER*IC*DESK*TE*6145550100",
        "NM1*40*2*MEDICARE*****46*12345",
        "HL*1**20*1",
        "NM1*85*2*SAMPLE CLINIC*****XX*1987654328",
        "N3*200 MAIN ST",
        "N4*COLUMBUS*OH*432150003",
        "REF*EI*311234567",
        "HL*2*1*22*0",
        "SBR*P*18*******MB",
        f"NM1*IL*1*{who.last}*{who.first}****MI*{who.member}",
        f"N3*{who.street}",
        f"N4*{who.city}*OH*432150001",
        f"DMG*D8*{who.born}*F",
        "NM1*PR*2*MEDICARE*****PI*12345",
    ]
    for number, lines in claims:
        segments += [
            f"CLM*{number}*{100 * len(lines)}***11:B:1*Y*A*Y*Y",
            f"HI*ABK:{dx}",
            "NM1*82*1*RENDER*ANN****XX*1234567893",
        ]
        for place, code in enumerate(lines, start=1):
            segments += [f"LX*{place}", f"SV1*HC:{code}*100*UN*1***1", f"DTP*472*D8*{date}"]
    segments += [f"SE*{len(segments) - 1}*0001", "GE*1*1", "IEA*1*000000001"]
    return "".join(f"{segment}~\n" for segment in segments)


PAIR = ("PAIR-1", ("43214", "74360"))
"""A bundled pair, of which the starter knows."""
VISIT = ("VISIT-2", ("99213",))
"""A claim with nothing to deny."""
