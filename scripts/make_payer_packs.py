"""Compiles the payer policies that come with the package, so that no run has to read YAML for them.

python scripts/make_payer_packs.py
"""

from __future__ import annotations

from cleanclaim.book.payers.shelf import COMPILED, compiled_packs

if __name__ == "__main__":
    COMPILED.write_text(compiled_packs(), encoding="utf-8")
    print(COMPILED.name)
