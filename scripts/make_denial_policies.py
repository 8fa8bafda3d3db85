"""Compiles what is known of appeals and of the record they need, so that no run has to read YAML for it.

python scripts/make_denial_policies.py
"""

from __future__ import annotations

from cleanclaim.book.policies import COMPILED, compiled_policies

if __name__ == "__main__":
    COMPILED.write_text(compiled_policies(), encoding="utf-8")
    print(COMPILED.name)
