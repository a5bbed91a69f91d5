"""The file ``certificate.json`` of a saved plan: one way to write it, and no other is read.

It has one form: the keys below and no others, each once, sorted; its bytes are those that
:func:`written` gives for its content. The seal is the SHA-256 of all of it but the seal.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from counterplan.errors import InputError, LimitError
from counterplan.plan.certificate import Certificate

FORMAT = 1
CERTIFICATE = "certificate.json"
SEAL = "seal"
KEYS = ("certificate", "counterplan", "files", "format", "making", SEAL)
CERTIFICATE_BYTES_MAX = 50_000_000
MEND = "make the plan again"


def written(content: Mapping[str, Any]) -> str:
    """Return the one text of a certificate file."""
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def seal_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a certificate file's content, its own seal left out."""
    rest = {key: value for key, value in content.items() if key != SEAL}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_dictionary(certificate: Certificate) -> dict[str, Any]:
    """Return the certificate's figures with its verdict; what is promised stands in the making."""
    figures = asdict(certificate)
    del figures["gap_max"]
    return {
        **figures,
        "residual": certificate.residual,
        "holds": certificate.holds,
    }


def read_certificate(folder: Path) -> dict[str, Any]:
    """Read a plan's certificate file; see :func:`read_text` and :func:`parsed` for the errors."""
    return parsed(read_text(folder), place=str(folder / CERTIFICATE))


def read_text(folder: Path) -> str:
    """Return the text of a plan's certificate file.

    Raises
    ------
    InputError
        When the folder is no plan, or the file is too large or no text.
    """
    path = folder / CERTIFICATE
    if not path.is_file():
        raise InputError(
            f"'{folder}' is not a plan: it has no {CERTIFICATE}",
            mend="give a folder that `counterplan plan` wrote",
        )
    if path.stat().st_size > CERTIFICATE_BYTES_MAX:
        raise LimitError(f"is larger than {CERTIFICATE_BYTES_MAX:,} bytes", place=str(path))
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("is not JSON", place=str(path), mend=MEND) from None


def parsed(text: str, *, place: str) -> dict[str, Any]:
    """Return the content of a certificate file.

    Raises
    ------
    InputError
        When it is not JSON, of another format, or says a thing twice.
    """

    def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise InputError(f"has the key '{key:.60}' twice", place=place, mend=MEND)
            found[key] = value
        return found

    try:
        content = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise InputError("is not JSON", place=place, mend=MEND) from None
    if not isinstance(content, dict) or repr(content.get("format")) != repr(FORMAT):
        raise InputError(f"is not of format {FORMAT}", place=place, mend=MEND)
    return content
