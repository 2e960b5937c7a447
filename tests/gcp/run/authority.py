"""An authority of this cloud's own, and certificates that it signs for the front and for load balancers."""

import datetime as dt
import ssl
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAYS = 7


class Authority:
    """Signs certificates.

    Attributes:
        file: with its own certificate, for those who are to trust it.
    """

    def __init__(self, folder: Path) -> None:
        """Make one in an empty folder."""
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Slipway's tests")])
        self._certificate = self._sign(self._name, self._key, [], is_authority=True)
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        self.file.chmod(0o644)

    def context(self, host: str) -> ssl.SSLContext:
        """What a server needs to be a host."""
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._new(host)
            return self._contexts[host]

    def _new(self, host: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
        signed = self._sign(name, key, [host])
        file = self._folder / f"{len(self._contexts)}.pem"
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        private = key.private_bytes(serialization.Encoding.PEM, *plain)
        file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _sign(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, hosts: list[str], *, is_authority: bool = False
    ) -> x509.Certificate:
        start = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + dt.timedelta(days=_DAYS))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if hosts:
            names = x509.SubjectAlternativeName([x509.DNSName(each) for each in hosts])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256())
