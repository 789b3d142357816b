"""The recorder of events in the memory of one process."""

from eventsourcing.dcb.popo import InMemoryDCBRecorder


class MemoryRecorder(InMemoryDCBRecorder):
    """The library's recorder, and the last signed checkpoint of each log."""

    def __init__(self) -> None:
        super().__init__()
        self._checkpoints: dict[str, str] = {}

    def kept_checkpoints(self) -> list[str]:
        return [*self._checkpoints.values()]

    def keep_checkpoint(self, origin: str, note: str) -> None:
        self._checkpoints[origin] = note
