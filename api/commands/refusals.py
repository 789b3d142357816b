"""Which errors are refusals, and in which words are they said?

Anything else is a bug, and may crash.
"""


def words_of(error: Exception) -> str | None:
    """What to tell whoever asked; nothing for a bug."""
    # What can be refused is imported only once something went wrong.
    from sqlite3 import DatabaseError

    from eventsourcing.persistence import PersistenceError

    from api.audit.background_process import BackgroundFailed
    from api.audit.view_check import CannotGoOn
    from api.commands.environment import BadSettings, Damaged, NoLedger
    from api.ids import NotAnId
    from domain.occurred import NotATime
    from domain.refusals import DomainError
    from infra.bundle.layout import BadBundle
    from infra.bundle.restoration import CannotImport
    from infra.bundle.write import NotEmpty
    from infra.intake.problems import BadInput
    from infra.ledger.codec import UnreadableEntry
    from infra.ledger.dcb import AppendTooLarge, LeavesNoGaps, PositionTooHigh
    from infra.ledger.engines import DriverMissing, LedgerUnreachable, UnknownLedger
    from infra.ledger.ledger import Refused
    from infra.ledger.sqlite.file import NotALedger
    from infra.log.file import NotALogFile
    from infra.log.regular_files import UnreadableLog
    from infra.log.signed_notes import BadKey, BadNote, Forged
    from infra.log.tiles import DamagedTile
    from infra.log.transparency_log import LedgerDiffers, NotCanonical, NotOurs, WouldFork
    from infra.views.file import NotAViewFile
    from infra.views.projector import ForeignViews

    asked = (DomainError, Refused, NotATime, NotAnId, BadInput, BadSettings, AppendTooLarge)
    opened = (NoLedger, UnknownLedger, LedgerUnreachable, DriverMissing, NotALedger, NotAViewFile)
    logged = (LedgerDiffers, NotCanonical, WouldFork, NotOurs, NotALogFile, BadKey, BadNote, Forged)
    served = (UnreadableLog, DamagedTile)
    bundled = (BadBundle, CannotImport, NotEmpty, LeavesNoGaps, PositionTooHigh)
    views = (ForeignViews, UnreadableEntry, Damaged, BackgroundFailed, CannotGoOn)
    plain = (*asked, *opened, *logged, *served, *bundled, *views)
    if isinstance(error, plain):
        return str(error)
    if isinstance(error, PersistenceError | DatabaseError | UnicodeDecodeError):
        return f"the ledger or the views can't be used now: {' '.join(str(error).split())}"
    return None
