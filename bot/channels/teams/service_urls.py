"""Which addresses the bot talks back to: the token goes there, so nobody else may choose them.

The hosts of Teams are those that Microsoft's own SDK allows in its public cloud
(microsoft.github.io/teams-sdk, "Service URL Validation"). Its government and national clouds are
reached by setting: `smba.infra.gcc.teams.microsoft.com`, `smba.infra.gov.teams.microsoft.us`,
`smba.infra.dod.teams.microsoft.us`, `frontend.botapi.msg.infra.teams.microsoftonline.cn`.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address

# Never `.trafficmanager.net`: anyone with an Azure account can take a name under it.
TEAMS_HOSTS = ("smba.trafficmanager.net", "smba.onyx.prod.teams.trafficmanager.net")
_PORTS = {"https": 443, "http": 80}
_HIGHEST_PORT = 65_535
# One narrow form, so that no two parsers can read a different host in it: no user info, query,
# fragment, escape, backslash, white space or letter outside ASCII.
_FORM = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[::1\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>(?:/[\w.~-]*)*)",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class ServiceUrls:
    """The allow-list.

    A host is `name` for exactly that one, or `.name` for all under it, on port 443, or on another
    with `name:8443`. `loopback` lets this machine in, on any port and without TLS: for dev mode.
    """

    hosts: tuple[str, ...] = TEAMS_HOSTS
    loopback: bool = False

    def allow(self, url: str) -> bool:
        """Return whether the bot may send its token and people's text to `url`."""
        form = _FORM.fullmatch(url)
        if form is None or {".", ".."} & set(form["path"].split("/")):
            return False
        scheme, host = form["scheme"].lower(), form["host"].lower()
        port = int(form["port"] or _PORTS[scheme])
        if port > _HIGHEST_PORT:
            return False
        if self.loopback and _is_loopback(host):
            return True
        return scheme == "https" and any(
            port == listed and (host == name or (name.startswith(".") and host.endswith(name)))
            for name, listed in self._listed
        )

    @cached_property
    def _listed(self) -> tuple[tuple[str, int], ...]:
        parts = [host.lower().partition(":") for host in self.hosts]
        return tuple((name, int(port or _PORTS["https"])) for name, _, port in parts)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
