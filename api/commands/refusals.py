"""Which errors are refusals, and in which words are they said?

Anything else is a bug, and may crash.
"""


def words_of(error: Exception) -> str | None:
    """What to tell whoever asked; nothing for a bug."""
    # What can be refused is imported only once something went wrong.
    from sqlite3 import DatabaseError

    from eventsourcing.persistence import PersistenceError

    from api.apart import ApartFailed
    from api.commands.surroundings import BadSettings, Damaged, NoLedger
    from api.schema.ids import NotAnId
    from api.view_check import CannotGoOn
    from domain.occurred import NotATime
    from domain.refusals import DomainError
    from infra.bad_input import BadInput
    from infra.bundle.form import BadBundle
    from infra.bundle.restore import CannotImport
    from infra.bundle.write import NotEmpty
    from infra.codec import UnreadableEntry
    from infra.dcb import AppendTooLarge, LeavesNoGaps, PositionTooHigh
    from infra.engines import DriverMissing, LedgerUnreachable, UnknownLedger
    from infra.ledger import Refused
    from infra.projector import ForeignViews
    from infra.sqlite_file import NotALedger
    from infra.tlog.file import NotALogFile
    from infra.tlog.log import LedgerDiffers, NotCanonical, NotOurs, WouldFork
    from infra.tlog.signed_notes import BadKey, BadNote, Forged
    from infra.tlog.tiles import DamagedTile
    from infra.views import NotAViewFile

    asked = (DomainError, Refused, NotATime, NotAnId, BadInput, BadSettings, AppendTooLarge)
    opened = (NoLedger, UnknownLedger, LedgerUnreachable, DriverMissing, NotALedger, NotAViewFile)
    logged = (LedgerDiffers, NotCanonical, WouldFork, NotOurs, NotALogFile, BadKey, BadNote, Forged)
    bundled = (BadBundle, CannotImport, NotEmpty, LeavesNoGaps, PositionTooHigh, DamagedTile)
    views = (ForeignViews, UnreadableEntry, Damaged, ApartFailed, CannotGoOn)
    plain = (*asked, *opened, *logged, *bundled, *views)
    if isinstance(error, plain):
        return str(error)
    if isinstance(error, PersistenceError | DatabaseError | UnicodeDecodeError):
        return f"the ledger or the views can't be used now: {' '.join(str(error).split())}"
    return None
