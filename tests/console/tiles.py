"""A small PMTiles archive (version 3) with one tile: the whole world under water."""

import gzip
from collections.abc import Iterable

_VECTOR, _NO_COMPRESSION, _GZIP = 1, 1, 2
_EXTENT = 4096


def archive(layer: str = "water") -> bytes:
    tile = gzip.compress(_tile(layer), mtime=0)
    # One entry: its tile, then how many tiles it stands for, its length, and its place plus one.
    directory = b"".join(map(_varint, (1, 0, 1, len(tile), 1)))
    metadata = b"{}"
    start = 127
    parts = [directory, metadata, b"", tile]
    header = b"PMTiles\x03"
    for part in parts:
        header += start.to_bytes(8, "little") + len(part).to_bytes(8, "little")
        start += len(part)
    header += (1).to_bytes(8, "little") * 3  # tiles, entries, contents
    header += bytes([1, _NO_COMPRESSION, _GZIP, _VECTOR, 0, 0])  # clustered; zooms 0 to 0
    header += b"".join(_degrees(each) for each in (-180, -85, 180, 85))
    header += bytes([0]) + _degrees(0) + _degrees(0)
    return header + b"".join(parts)


def _degrees(value: int) -> bytes:
    return (value * 10_000_000).to_bytes(4, "little", signed=True)


def _tile(layer: str) -> bytes:
    """A vector tile with one square, larger than the tile."""
    far = _EXTENT + 256
    corners = [(-256, -256), (far, -256), (far, far), (-256, far)]
    feature = _field(3, 0, _varint(3)) + _packed(4, _polygon(corners))
    content = _field(15, 0, _varint(2)) + _bytes(1, layer.encode())
    content += _bytes(2, feature) + _field(5, 0, _varint(_EXTENT))
    return _bytes(3, content)


def _polygon(corners: list[tuple[int, int]]) -> Iterable[int]:
    """Move to the first corner, lines to the others, and close."""
    x, y = 0, 0
    for number, (to_x, to_y) in enumerate(corners):
        if number < 2:
            yield (1 << 3) | 1 if number == 0 else ((len(corners) - 1) << 3) | 2
        yield from (_zigzag(to_x - x), _zigzag(to_y - y))
        x, y = to_x, to_y
    yield (1 << 3) | 7


def _zigzag(value: int) -> int:
    return (value << 1) ^ (value >> 31)


def _packed(number: int, values: Iterable[int]) -> bytes:
    return _bytes(number, b"".join(map(_varint, values)))


def _bytes(number: int, content: bytes) -> bytes:
    return _field(number, 2, _varint(len(content)) + content)


def _field(number: int, kind: int, content: bytes) -> bytes:
    return _varint((number << 3) | kind) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append((value & 0x7F) | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
