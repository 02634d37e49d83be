"""Whether a certificate holds → record, rows and document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gradcli.output.text.document import Document, line
from gradcli.output.text.interval_text import between

if TYPE_CHECKING:
    from gradcli.descent.proofs.checking.certificate_check import Checked
    from gradcli.descent.proofs.checking.proof_certificate import Certificate


def certificate_record(certificate: Certificate, found: Checked) -> dict[str, Any]:
    """The JSON record: `right`, and the interval that the certificate proves."""
    low, high = _interval(certificate)
    return {
        "expression": certificate.expression,
        "box": {name: list(ends) for name, ends in certificate.box.items()},
        "right": found.failed is None,
        "message": found.failed,
        "greatest" if certificate.ascend else "least": {"lower": low, "upper": high},
        "boxes": found.boxes,
        "parts": found.parts,
    }


def certificate_rows(certificate: Certificate, found: Checked) -> Iterable[dict[str, object]]:
    """One CSV row."""
    low, high = _interval(certificate)
    yield {
        "right": found.failed is None,
        "lower": low,
        "upper": high,
        "boxes": found.boxes,
        "message": found.failed,
    }


def certificate_document(certificate: Certificate, found: Checked, digits: int) -> Document:
    """The text: what is proved, or what does not hold."""
    if found.failed is not None:
        return [line(("name", "not proved"), f": {found.failed}")]
    which = "greatest" if certificate.ascend else "least"
    box = ",".join(f"{name}={low}:{high}" for name, (low, high) in certificate.box.items())
    parts = f", {found.parts} of them in parts" if found.parts else ""
    return [
        line(
            ("name", "proved"),
            f": the {which} value of {certificate.expression} in {box} is {between(*_interval(certificate), digits + 3)}",
        ),
        line(("name", "boxes"), f": {found.boxes} checked{parts}, regions with one minimum {found.regions}"),
    ]


def _interval(certificate: Certificate) -> tuple[float | None, float | None]:
    """The ends as floats, rounded outwards."""
    from fractions import Fraction
    from math import inf, nextafter

    def rounded(text: str | None, way: float) -> float | None:
        """The float beyond a text's number."""
        if text is None:
            return None
        mantissa, _, exponent = text.partition("p")
        try:
            exact = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
            found = float(exact) + 0.0
        except (OverflowError, ValueError):
            return None
        short = Fraction(found) > exact if way < 0 else Fraction(found) < exact
        return nextafter(found, way) if short else found

    low, high = rounded(certificate.shown.get("lower"), -inf), rounded(certificate.shown.get("upper"), inf)
    if not certificate.ascend:
        return low, high
    return None if high is None else -high + 0.0, None if low is None else -low + 0.0
