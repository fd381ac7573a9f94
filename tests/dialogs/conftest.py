"""The conversations that these tests hold."""

from tests.chat import chat

__all__ = ["chat"]
