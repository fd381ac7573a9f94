"""Puts the Teams channel together: who may come in, what goes out, and with which credentials."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import ClientSession

from bot.channels.teams.adapter import TeamsAdapter
from bot.channels.teams.callers import LOOK_UP, Callers
from bot.channels.teams.connector import Connector, open_session
from bot.channels.teams.endpoint import TeamsEndpoint
from bot.channels.teams.handler import Bot, Handler
from bot.channels.teams.identity import Allowed, DevIdentity, Identity
from bot.channels.teams.keys import METADATA_URL, Keys
from bot.channels.teams.sender import TeamsSender
from bot.channels.teams.service_urls import ServiceUrls
from bot.channels.teams.token import LOGIN_URL, ClientSecretToken, ManagedIdentityToken, NoToken
from bot.core.clock import Clock
from bot.i18n.text import Texts

PATH = "/api/messages"


@dataclass(frozen=True)
class Credentials:
    """How the bot is known in Entra, and whom it lets in.

    `metadata_url` and `login_url` are Microsoft's own; `loopback` lets service URLs on this machine
    in. A test on loopback changes these three.
    """

    app_id: str
    app_type: Literal["SingleTenant", "UserAssignedMSI"]
    password: str = field(repr=False)
    tenant_id: str
    service_hosts: tuple[str, ...]
    metadata_url: str = METADATA_URL
    login_url: str = LOGIN_URL
    loopback: bool = False


@asynccontextmanager
async def open_sender(
    credentials: Credentials | None, clock: Clock, texts: Texts
) -> AsyncIterator[TeamsSender]:
    """Open the way out; without credentials it is dev mode, which speaks to this machine only."""
    async with open_session() as session:
        if credentials is None:
            connector = Connector(session, NoToken(), ServiceUrls(hosts=(), loopback=True))
            yield TeamsSender(connector, texts)
            return
        token = _token(session, clock, credentials)
        try:
            yield TeamsSender(Connector(session, token, _allowed(credentials).urls), texts)
        finally:
            await token.close()


@asynccontextmanager
async def open_teams(
    credentials: Credentials | None,
    clock: Clock,
    bot: Bot,
    sender: TeamsSender,
    look_up: float = LOOK_UP,
) -> AsyncIterator[TeamsEndpoint]:
    """Open the way in; without credentials it is dev mode, which only this machine may reach.

    `look_up`: seconds in which Teams must say who somebody is.
    """
    if credentials is None:
        yield _endpoint(DevIdentity(), bot, sender, look_up)
        return
    async with open_session() as session:
        keys = Keys(session, clock, credentials.metadata_url)
        try:
            await keys.load()
            identity = Identity(_allowed(credentials), keys, clock)
            yield _endpoint(identity, bot, sender, look_up)
        finally:
            await keys.close()


def _allowed(credentials: Credentials) -> Allowed:
    return Allowed(
        credentials.app_id,
        frozenset({credentials.tenant_id}),
        credentials.service_hosts,
        credentials.loopback,
    )


def _token(
    session: ClientSession, clock: Clock, credentials: Credentials
) -> ClientSecretToken | ManagedIdentityToken:
    if credentials.app_type == "UserAssignedMSI":
        return ManagedIdentityToken(session, clock, credentials.app_id)
    return ClientSecretToken(
        session,
        clock,
        credentials.app_id,
        credentials.password,
        credentials.tenant_id,
        credentials.login_url,
    )


def _endpoint(
    identity: Identity | DevIdentity, bot: Bot, sender: TeamsSender, look_up: float
) -> TeamsEndpoint:
    handler = Handler(sender, bot, Callers(sender, bot, look_up))
    return TeamsEndpoint(identity, TeamsAdapter(sender.connector), handler)
