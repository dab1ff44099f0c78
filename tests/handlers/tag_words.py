"""Images, rows and findings that the tests about tags share."""

from datetime import timedelta

from bot.domain.images import Layer, Manifest, Platform, Scan, Vulnerability
from bot.domain.repositories import LogEntry
from tests.handlers.conftest import START, Office

A, B, C = ("sha256:" + letter * 64 for letter in "abc")
HOUR = timedelta(hours=1)
LATEST = "acme/web:latest"


def entry(kind: str, hours_ago: float, performer: str = "alice", tag: str = "latest", **about: str) -> LogEntry:
    return LogEntry(kind, START - HOUR * hours_ago, performer, {"tag": tag, **about})


def image(digest: str, *sizes: int) -> Manifest:
    """An image whose first layer is the same wherever it has the same size."""
    layers = tuple(Layer(f"layer-{number}-{size}", size) for number, size in enumerate(sizes))
    return Manifest(digest, is_list=False, layers=layers, size=sum(sizes))


def index(digest: str, **platforms: str) -> Manifest:
    """An index: digest by architecture."""
    found = tuple(Platform(one, f"linux/{name}") for name, one in platforms.items())
    return Manifest(digest, is_list=True, platforms=found)


def scanned(*findings: Vulnerability) -> Scan:
    return Scan("scanned", findings)


def finding(name: str, severity: str, fixed_by: str = "", package: str = "openssl") -> Vulnerability:
    link = f"https://security.example/{name}"
    return Vulnerability(name, severity, package, "1.0", fixed_by, link, f"About {name}.")


def stock(office: Office) -> None:
    """acme/web:latest: B now, A an hour ago; both scanned, B with its layers and labels."""
    shelf = office.quay.shelf
    shelf.had(LATEST, START, B, A)
    office.quay.digests[LATEST] = B
    shelf.manifests[B] = image(B, 1000, 500)
    shelf.labels[B] = ()
    shelf.scans[A] = scanned(finding("CVE-1", "Low"), finding("CVE-2", "Critical", "1.1"))
    shelf.scans[B] = scanned(finding("CVE-1", "Low"), finding("CVE-3", "High"))
