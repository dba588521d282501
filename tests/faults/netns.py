"""A network of two hosts, one of them this one, whose wire can go silent. Needs root and `ip`.

Silence is a wrong hardware address for the other end, on both sides: packets are sent and nobody
takes them, as when a cable is pulled or a firewall forgets a connection.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

HERE, THERE = "10.213.77.1", "10.213.77.2"
_NOBODY = "02:00:00:00:00:99"


def possible() -> bool:
    """Whether this system lets us make one."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    made = subprocess.run(["ip", "netns", "add", "sluice-try"], capture_output=True, check=False)
    if made.returncode == 0:
        _ip("netns del sluice-try")
    return made.returncode == 0


@dataclass(frozen=True)
class Wire:
    """The wire to the network namespace `name`."""

    name: str

    @property
    def there(self) -> tuple[str, ...]:
        """What to put in front of a command that is to run at the other end."""
        return ("ip", "netns", "exec", self.name)

    def silence(self) -> None:
        """Nothing arrives any more, in either direction."""
        _ip(f"neigh replace {THERE} lladdr {_NOBODY} dev {self.name} nud permanent")
        _ip(f"-n {self.name} neigh replace {HERE} lladdr {_NOBODY} dev eth0 nud permanent")

    def heal(self) -> None:
        """Packets arrive again."""
        _ip(f"neigh del {THERE} dev {self.name}")
        _ip(f"-n {self.name} neigh del {HERE} dev eth0")


@contextmanager
def a_wire() -> Iterator[Wire]:
    """A second network namespace, and the wire to it."""
    name = f"sluice{os.getpid() % 100_000}"
    _ip(f"netns add {name}")
    try:
        _ip(f"link add {name} type veth peer name eth0 netns {name}")
        _ip(f"addr add {HERE}/30 dev {name}")
        _ip(f"link set {name} up")
        _ip(f"-n {name} addr add {THERE}/30 dev eth0")
        _ip(f"-n {name} link set eth0 up")
        _ip(f"-n {name} link set lo up")
        yield Wire(name)
    finally:
        _ip(f"netns del {name}")


def _ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True, capture_output=True)
