"""Signatures by a person's own SSH key, made and checked by OpenSSH.

What belongs here: calling ssh-keygen -Y. What does not: who may sign what (signoff.py).
"""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from connectors.errors import StoreError, UsageError
from orchestration.release.plan_model import Signatory

NAMESPACE = "circularity-release"
"""Binds a signature to this use: one made for another purpose is not valid here."""


def sign_bytes(payload: bytes, private_key: Path) -> str:
    """The armoured signature of `payload`. ssh-keygen asks for a passphrase on the terminal if the key has
    one.

    Raises UsageError if the key cannot sign, StoreError if OpenSSH is not installed.
    """
    done = _run(["-Y", "sign", "-n", NAMESPACE, "-f", str(private_key)], payload)
    if done.returncode != 0:
        said = " ".join(done.stderr.decode(errors="replace").split())[-200:]
        raise UsageError(
            f"The key {private_key.name} could not sign ({said}). Give the path of your private SSH key."
        )
    return done.stdout.decode()


def is_signed_by(payload: bytes, signature: str, signatory: Signatory) -> bool:
    """Whether `signature` is one of `payload` by the key the plan gives for this person."""
    with tempfile.TemporaryDirectory() as folder:
        signers = Path(folder) / "allowed_signers"
        signers.write_text(format_allowed_signers([signatory]), encoding="utf-8")
        return is_allowed(payload, signature, signatory.principal, signers)


def is_allowed(payload: bytes, signature: str, principal: str, allowed_signers: Path) -> bool:
    """Whether OpenSSH finds `signature` to be one of `payload` by a key which that file gives `principal`."""
    with tempfile.TemporaryDirectory() as folder:
        armour = Path(folder) / "signature"
        armour.write_text(signature, encoding="utf-8")
        command = ["-Y", "verify", "-n", NAMESPACE, "-I", principal]
        return _run([*command, "-f", str(allowed_signers), "-s", str(armour)], payload).returncode == 0


def is_signed_by_anyone(payload: bytes, signature: str) -> bool:
    """Whether `signature` is one of `payload` by any key: tells a stranger from a changed text."""
    with tempfile.TemporaryDirectory() as folder:
        armour = Path(folder) / "signature"
        armour.write_text(signature, encoding="utf-8")
        return _run(["-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(armour)], payload).returncode == 0


def format_allowed_signers(signatories: Sequence[Signatory]) -> str:
    """The plan's keys as an allowed-signers file of OpenSSH, limited to our namespace."""
    return "".join(f'{s.principal} namespaces="{NAMESPACE}" {s.public_key}\n' for s in signatories)


def fingerprint(public_key: str) -> str:
    """SHA256 fingerprint of a public key, as people compare it over the telephone."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "key.pub"
        file.write_text(f"{public_key}\n", encoding="utf-8")
        done = _run(["-l", "-f", str(file)], b"")
    words = done.stdout.decode().split()
    return words[1] if done.returncode == 0 and len(words) > 1 else "unreadable key"


def _run(arguments: list[str], stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", *arguments], input=stdin, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise StoreError(
            "ssh-keygen is not installed. Signatures need OpenSSH 8.2 or newer; install it and repeat."
        ) from error
