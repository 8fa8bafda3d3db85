"""A row of each table of the LCD export of the Medicare Coverage Database, and how it can be spoiled."""

from __future__ import annotations

import datetime as dt

from cleanclaim.book.tables import (
    mcd_lcd,
    mcd_lcd_article,
    mcd_lcd_contractor,
    mcd_lcd_hcpcs,
    mcd_lcd_ncd,
    mcd_lcd_retirement,
)

CHANGED = "2026-01-23 19:05:54.163000000"
# For each table its module, a header as the dictionary gives it, a row of it, and what is kept.
SAMPLES = {
    "lcd": (
        mcd_lcd,
        (
            "lcd_id,lcd_version,display_id,title,determination_number,orig_det_eff_date,ent_det_end_date,rev_eff_date,"
            "rev_end_date,indication,thirty_percent,status,last_updated,date_retired,icd10_doc,bibliography"
        ),
        (
            '33312,40,,"Chairs &amp;\n<i>Stools</i> \u2013 Options",,2015-10-01 00:00:00,,2026-01-01 00:00:00,,'
            f'"<p>Long,\ntext</p>",N,A,{CHANGED},2026-03-31 00:00:00,Y,Books'
        ),
        {
            "lcd_id": "33312",
            "version": "40",
            "title": "Chairs & Stools \u2013 Options",
            "valid_from": dt.date(2015, 10, 1),
            "binds_from": dt.date(2026, 1, 1),
            "valid_to": dt.date(2026, 3, 31),
        },
    ),
    "contractor": (
        mcd_lcd_contractor,
        "lcd_id,lcd_version,contractor_id,contractor_type_id,contractor_version,last_updated",
        f"33312,40,140,10,2,{CHANGED}",
        {"lcd_id": "33312", "version": "40", "contractor": "140/10/2"},
    ),
    "procedures": (
        mcd_lcd_hcpcs,
        (
            '"lcd_id","lcd_version","hcpc_code_id","hcpc_code_version","hcpc_code_group","range","last_updated",'
            '"long_description","short_description"'
        ),
        f'"33312","40","E1111","99","3","N","{CHANGED}","LONG, TEXT","SHORT"',
        {"lcd_id": "33312", "version": "40", "hcpcs": "E1111", "group": "3"},
    ),
    "articles": (
        mcd_lcd_article,
        (
            "lcd_id,lcd_version,related_num,r_article_id,r_article_version,r_lcd_id,r_lcd_version,r_contractor_id,"
            "last_updated"
        ),
        f"33312,40,2,52504,3,,,228,{CHANGED}",
        {"lcd_id": "33312", "version": "40", "article_id": "52504"},
    ),
    "national": (
        mcd_lcd_ncd,
        "lcd_id,lcd_version,related_num,r_ncd_id,r_ncd_version,last_updated",
        f"33312,40,1,219,2,{CHANGED}",
        {"lcd_id": "33312", "version": "40", "ncd_id": "219", "ncd_version": "2"},
    ),
    "retirements": (
        mcd_lcd_retirement,
        "lcd_id,retire_dt",
        "33422,2026-02-14 00:00:00",
        {"lcd_id": "33422", "valid_to": dt.date(2026, 2, 14)},
    ),
}
BAD = {
    "lcd": [
        ("40,,", "40,DL33312,", "proposed"),
        ("N,A,", "N,P,", "neither"),
        ("2015-10-01", "2015-02-30", "no day"),
    ],
    "contractor": [(",140,", ",x,", "no number")],
    "procedures": [("E1111", "E111", "no procedure code")],
    "articles": [("52504", "", "not to an article")],
    "national": [(",219,", ",0,", "no national determination")],
    "retirements": [("2026-02-14 00:00:00", "", "no retire_dt")],
}
