"""Compiles the payment parameters, so that no check has to read YAML for a price.

python scripts/make_payment_parameters.py
"""

from __future__ import annotations

from cleanclaim.pricing.parameter_files import COMPILED, compiled_parameters

if __name__ == "__main__":
    COMPILED.write_text(compiled_parameters(), encoding="utf-8")
    print(COMPILED.name)
