"""T16: a server whose certificate has expired, or is nobody's. Checks are never switched off."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.config import SourceSettings
from connectors.http import Client
from tests.faults.conftest import environment
from tests.faults.matrix import fault
from tests.faults.router import Router

WORLD_BANK = "world_bank/sp_pop_totl"
TODAY = datetime.now(UTC).replace(microsecond=0)


class Authority:
    """A certificate authority of our own, and the servers it vouches for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        made = self._build(self.name, self.key.public_key(), TODAY + timedelta(days=30))
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._sign(made))

    def vouch(self, until: datetime, host: str = "127.0.0.1") -> ssl.SSLContext:
        """The TLS context of a server with a certificate for `host`."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        made = self._build(name, key.public_key(), until)
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        file = self.folder / "server.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file.write_bytes(self._sign(made.add_extension(alternative, critical=False)) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _build(self, name: x509.Name, public: ec.EllipticCurvePublicKey, until: datetime):
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(until - timedelta(days=90))
            .not_valid_after(until)
        )

    def _sign(self, builder: x509.CertificateBuilder) -> bytes:
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this machine trusts."""
    made = Authority(tmp_path)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(made.file))
    return made


def over_tls(at, secure: Router) -> None:
    """From now on the scene asks the secure server."""
    settings = SourceSettings.from_env(environment(at.settings.home, secure))
    at.client = Client(settings, sleep=at.clock.sleep, monotonic=at.clock, now=at.clock.utc)
    secure.vintage = 2


@fault("T16", "has a TLS certificate that expired on {day}")
def test_an_expired_certificate_fails_at_once_and_names_its_last_day(scene, authority):
    until = TODAY - timedelta(days=3)
    at = scene(WORLD_BANK)
    with Router(tls=authority.vouch(until)) as secure:
        over_tls(at, secure)
        error = at.assert_survived(at.refresh())
        assert f"expired on {until:%Y-%m-%d}" in error.what
        assert not error.transient
        assert secure.log == [], "nothing was sent over that line"
    assert at.clock.slept == [], "waiting does not help"


@fault("T16", "has no valid TLS certificate")
@pytest.mark.parametrize("wrong", ["stranger", "other host"])
def test_a_certificate_of_nobody_or_of_another_host_fails(scene, authority, tmp_path_factory, wrong):
    at = scene(WORLD_BANK)
    signer = Authority(tmp_path_factory.mktemp("stranger")) if wrong == "stranger" else authority
    host = "127.0.0.1" if wrong == "stranger" else "192.0.2.1"
    with Router(tls=signer.vouch(TODAY + timedelta(days=3), host)) as secure:
        over_tls(at, secure)
        at.assert_survived(at.refresh())
        assert secure.log == []


@fault("T16")
def test_a_good_certificate_is_accepted_until_its_last_day(scene, authority):
    at = scene(WORLD_BANK)
    with Router(tls=authority.vouch(TODAY + timedelta(days=1))) as secure:
        over_tls(at, secure)
        at.assert_taken(at.refresh())
