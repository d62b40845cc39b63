"""OpenSSL's own command as the judge of chains.

Here: running it. Not here: what it is asked.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

COMMAND = shutil.which("openssl")


@dataclass(frozen=True)
class Verdict:
    accepted: bool
    said: str


def verify(
    folder: Path, certificate: str, *, root: str, issuing: str, at: datetime, purpose: str, crl: str | None = None
) -> Verdict:
    """All as PEM. purpose: `sslserver` or `sslclient`."""
    assert COMMAND is not None
    files = {"leaf": certificate, "root": root, "issuing": issuing, "crl": crl or ""}
    for name, pem in files.items():
        (folder / f"{name}.pem").write_text(pem)
    command = [COMMAND, "verify", "-x509_strict", "-purpose", purpose, "-attime", str(int(at.timestamp()))]
    command += ["-CAfile", str(folder / "root.pem"), "-untrusted", str(folder / "issuing.pem")]
    if crl is not None:
        command += ["-crl_check", "-CRLfile", str(folder / "crl.pem")]
    done = subprocess.run([*command, str(folder / "leaf.pem")], capture_output=True, text=True, check=False, timeout=30)
    return Verdict(done.returncode == 0, done.stdout + done.stderr)
