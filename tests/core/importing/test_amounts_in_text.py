"""An amount in the name of a card is one only where nothing else can be meant."""

from __future__ import annotations

import pytest

from funnelctl.core.importing.amounts_in_text import amount_in


@pytest.mark.parametrize(
    ("text", "amount", "rest"),
    [
        ("Acme - €12,000.50", "12000.50 EUR", "Acme"),
        ("Acme – relaunch (12 500 €)", "12500.00 EUR", "Acme – relaunch"),
        ("USD 500: audit", "500.00 USD", "audit"),
        ("Acme - €1200: relaunch", "1200.00 EUR", "Acme: relaunch"),
        ("CHF 5'000", "5000.00 CHF", "CHF 5'000"),
        ("Audit, 800 JPY", "800 JPY", "Audit"),
    ],
)
def test_one_amount(text: str, amount: str, rest: str) -> None:
    assert amount_in(text, None, None) == (amount, rest, False)


@pytest.mark.parametrize(
    "text",
    [
        "Audit 2025", "500", "€12k", "€12.5 M", "10-12 €", "€10 - 12", "5 EUR and 6 EUR", "EUROPE 5", "5 EURO", "A5 €",
        "", "€", "50% EUR", "-5 EUR", "€5/6 months",
    ],
)  # fmt: skip
def test_none_or_several(text: str) -> None:
    assert amount_in(text, None, None) == ("", text, False)


def test_what_can_mean_several_amounts() -> None:
    assert amount_in("Acme (12.000 €)", None, None) == ("", "Acme", True)
    assert amount_in("Acme (12.000 €)", None, ",") == ("12000,00 EUR", "Acme", False)
    assert amount_in("Acme $500", None, None) == ("", "Acme", True)
    assert amount_in("Acme $500", "CAD", None) == ("500.00 CAD", "Acme", False)
