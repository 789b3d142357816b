"""The key that signs the log of the demo, so that a newcomer can check an event.

The demo makes the key at its first start, in a private folder beside its ledger, and uses the key
again at the next.
"""

from pathlib import Path

from infra.log.key_files import write_signer_key
from infra.log.key_state import KeyState
from infra.log.signed_notes import SignerKey
from infra.settings import Settings

_FILE = "log.key"


def with_demo_key(settings: Settings, *, is_new: bool) -> Settings:
    """The settings with the demo's own key, unless they name a key.

    With `is_new` the ledger is empty. A key that is there already has then signed a ledger that is
    gone, and would sign a second history: it is set aside. Raises BadKey, BadState and OSError.
    """
    if settings.signing_key:
        return settings
    key = _folder(settings) / _FILE
    if is_new and key.exists():
        _set_aside(key)
    if not key.exists():
        write_signer_key(key, SignerKey.generate())
    return settings.model_copy(update={"signing_key": key})


def _folder(settings: Settings) -> Path:
    """A folder of its own: that of the ledger may be writable by a group, and a key's may not."""
    beside = settings.ledger_file or settings.views
    folder = beside.with_name(f"{beside.stem}-demo-key")
    folder.mkdir(mode=0o700, exist_ok=True)
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")
    return folder


def _set_aside(key: Path) -> None:
    for file in (key, KeyState(key).path):
        if file.exists():
            file.replace(file.with_name(f"{file.name}.old"))
