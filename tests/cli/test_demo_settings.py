"""The demo has a secret for anonymous polls of its own, and the same again in the same folder."""

from pathlib import Path

from bot.cli.chat import POLL_SECRET, _demo_settings


def test_a_folder_keeps_its_secret_for_its_owner_alone(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "new" / "here", tmp_path / "elsewhere"
    secret = _demo_settings(here).poll_secret
    assert len(secret.get_secret_value()) == 64
    assert _demo_settings(here).poll_secret == secret
    assert _demo_settings(elsewhere).poll_secret != secret
    assert (here / POLL_SECRET).stat().st_mode & 0o777 == 0o600
