"""Is a log of somebody else as signed, and does it continue the log of the last check?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from infra.findings import Finding, Findings, Wrong
from infra.log.audit_state import AuditState, WitnessSize
from infra.log.checkpoints import Checkpoint
from infra.log.comparison import Pairing
from infra.log.entry_tally import EntryTally
from infra.log.leaf_check import LeafCheck, SourceWords
from infra.log.right_edge import RightEdge
from infra.log.signed_notes import SignedNote, VerifierKey
from infra.log.source import SignedCheckpoint, VerifiedSignature, unsigned_by
from infra.log.tiled_log import TiledLog
from infra.log.timestamps import StampedCheckpoint
from infra.log.verifier import LogVerifier, Progress


class Expected(NamedTuple):
    """The expectations of an auditor."""

    keys: Sequence[VerifierKey] = ()
    """The keys of the log and of witnesses; every key has to have signed."""
    seen: Sequence[SignedNote] = ()
    """Checkpoints of this log, kept elsewhere."""
    witnesses: Sequence[VerifierKey] = ()
    quorum: int = 0
    """The least number of witnesses with a cosignature under a common checkpoint."""
    stamped: Sequence[StampedCheckpoint] = ()
    """Checkpoints with genuine timestamps."""


@dataclass(slots=True)
class CheckedLog:
    """A log in tiles, with findings and verified signatures."""

    log: TiledLog
    findings: Findings
    tally: EntryTally
    """The entries behind the state of the last check."""
    signed: list[VerifiedSignature] = field(default_factory=list)
    edge: RightEdge = field(default_factory=RightEdge)

    def best_cosigned(self, witnesses: Sequence[VerifierKey]) -> tuple[int, list[str]]:
        """The checkpoint with the most cosignatures: its size, and the names of its witnesses."""
        names = {key.name for key in witnesses}
        by_size: dict[int, set[str]] = {}
        for each in self.signed:
            if each.witnessed_at is not None and each.name in names:
                by_size.setdefault(each.size, set()).add(each.name)
        size = max(by_size, key=lambda size: (len(by_size[size]), size), default=0)
        return size, sorted(by_size.get(size, ()))

    def state(self, checked_at: str, before: AuditState | None) -> AuditState:
        """The state to go on from, after an earlier state; only of a log without findings."""
        assert not self.findings
        newest = self.log.newest
        last = {each.name: each for each in before.cosigned} if before else {}
        for each in sorted(self.signed, key=lambda each: each.size):
            if each.witnessed_at is not None:
                seen = WitnessSize(name=each.name, size=each.size, seconds=each.witnessed_at)
                last[each.name] = seen
        cosigned = tuple(last[name] for name in sorted(last))
        return AuditState(newest.note, newest.checkpoint, self.edge, cosigned, checked_at)


def check_tiled_log(
    log: TiledLog,
    expected: Expected,
    *,
    state: AuditState | None = None,
    is_whole: bool = False,
    progress: Progress = lambda leaves: None,
) -> CheckedLog:
    """Holds the tiles to each other, to the entries, and to every signed checkpoint.

    The log has to continue the state; with a state the leaves verified before are not read again,
    unless `is_whole`, or unless something is wrong: then every fault is looked for. Progress is
    told by every 256 leaves. Raises UnreadableLog, and BadNote where `seen` holds no checkpoint.
    """
    if state and not is_whole and state.checkpoint.size <= log.size:
        checked = _check(log, expected, state, state.edge, progress)
        if not checked.findings:
            return checked
    return _check(log, expected, state, RightEdge(), progress)


def _check(
    log: TiledLog,
    expected: Expected,
    state: AuditState | None,
    verified: RightEdge,
    progress: Progress,
) -> CheckedLog:
    findings, root = Findings(), log.newest.checkpoint.root
    log.tally = EntryTally(state.checkpoint.size if state else 0)
    checked = CheckedLog(log, findings, log.tally)
    checkpoints = _check_signatures(checked, expected, state)
    check = LeafCheck(log, findings, SourceWords({}), signed_root=root)
    # A log that is damaged everywhere is not read to an end that it may only claim.
    leaves = takewhile(lambda _: not findings.is_full, check.leaves(verified.full))
    checkpoints.sort(key=lambda each: each.checkpoint.size)
    verifier = LogVerifier(log, check, findings, verified)
    verifier.verify(map(Pairing, leaves), iter(checkpoints), progress)
    checked.edge = verifier.edge
    return checked


def _check_signatures(
    checked: CheckedLog, expected: Expected, state: AuditState | None
) -> list[SignedCheckpoint]:
    """The checkpoints of this log, with checked signatures."""
    log, findings, checkpoints = checked.log, checked.findings, list[SignedCheckpoint]()
    seen = [*expected.seen, *([state.note] if state else [])]
    kept = [SignedCheckpoint(Checkpoint.parse(note.text), note, is_seen=True) for note in seen]
    served = [log.newest, *([log.cosigned] if log.cosigned else [])]
    stamped = [each.signed for each in expected.stamped]
    keys = list(dict.fromkeys([*expected.keys, *expected.witnesses]))
    for each in (*served, *stamped, *kept):
        made = each.check_signatures(keys, findings)
        if each.checkpoint.origin != log.newest.checkpoint.origin:
            message = (
                f"{each} is of the log {each.checkpoint.origin}, "
                f"not of {log.newest.checkpoint.origin}"
            )
            findings.add(each.finding(Wrong.OTHER_LOG, message))
            continue
        checkpoints.append(each)
        checked.signed += [] if each.is_seen else made
    checked.signed = list(dict.fromkeys(checked.signed))
    findings.add(*unsigned_by(expected.keys, checked.signed, log.newest))
    _check_quorum(checked, expected)
    return checkpoints


def _check_quorum(checked: CheckedLog, expected: Expected) -> None:
    size, names = checked.best_cosigned(expected.witnesses)
    if len(names) < expected.quorum:
        who = f": {', '.join(names)}, over {size:,} leaves" if names else ""
        message = (
            f"{len(names)} of the {expected.quorum} asked for have cosigned one checkpoint{who}"
        )
        checked.findings.add(Finding(Wrong.TOO_FEW_WITNESSES, message, size=checked.log.size))
