"""Files that are wrong inside and whole outside, so that decoders get to see what is wrong with them.

A byte changed anywhere mostly ends at the first checksum or length. Here a JPEG, PNG or WebP is taken apart,
its parts are changed, and it is put together again with the lengths and checksums that it needs.
"""

import random
import re
import struct
import zlib
from collections.abc import Callable

from tests.catalog.corpus import png_chunk

# A part is a name and its bytes. Pixels of a JPEG, which follow a segment without a name, have none either.
Part = tuple[bytes, bytes]
PNG_START, JPEG_START, JPEG_END = b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"\xd9"
MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
PIXELS = {b"", b"IDAT", b"fdAT", b"VP8 ", b"VP8L", b"ALPH", b"ANMF"}
INFLATED_MAX_BYTES = 1_000_000


def mutilated(chance: random.Random, sources: list[bytes]) -> bytes:
    """One of the sources after one to five changes, mostly inside of its parts."""
    source = chance.choice(sources)
    kind = next((kind for kind in KINDS if source.startswith(kind[0])), None)
    changes = chance.randint(1, 5)
    if kind is None or chance.random() < 0.2:
        for _ in range(changes):
            source = changed(chance, source, chance.choice(sources))
        return source
    start, apart, together = kind
    parts, others = apart(source), apart(chance.choice([each for each in sources if each.startswith(start)]))
    for _ in range(changes):
        change_parts(chance, parts, others)
    return together(parts, chance)


def change_parts(chance: random.Random, parts: list[Part], others: list[Part]) -> None:
    """Change one part, half the time one with pixels; now and then drop, repeat, move or exchange one."""
    if not parts:
        return
    pixels = [at for at, (name, _content) in enumerate(parts) if name in PIXELS]
    at = chance.choice(pixels) if pixels and chance.random() < 0.5 else chance.randrange(len(parts))
    name, content = parts[at]
    match chance.randrange(12):
        case 0:
            del parts[at]
        case 1:
            parts.insert(chance.randrange(len(parts) + 1), parts[at])
        case 2:
            parts.insert(chance.randrange(len(parts)), parts.pop(at))
        case 3 if others:
            parts[at] = chance.choice(others)
        case _:
            same = [other for named, other in others if named == name]
            parts[at] = name, changed(chance, content, chance.choice(same or [b""]))


def changed(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """The bytes after one change."""
    if not content:
        return content
    data, at = bytearray(content), chance.randrange(len(content))
    match chance.randrange(8):
        case 0 | 1:
            data[at] ^= 1 << chance.randrange(8)
        case 2:
            data[at] = chance.choice([0, 1, 0x7F, 0x80, 0xFE, 0xFF])
        case 3:
            del data[at:]
        case 4:
            del data[at : at + chance.randint(1, 64)]
        case 5:  # a length or a size that is not true
            data[at : at + 4] = struct.pack(">L", chance.choice([0, 1, 0xFFFF, 2**31 - 1, 2**32 - 1]))
        case 6:
            data[at:at] = data[at : at + chance.randint(1, 4096)] * chance.randint(1, 8)
        case _:  # the end of another one
            data[at:] = other[chance.randrange(len(other) + 1) :]
    return bytes(data)


def jpeg_apart(source: bytes) -> list[Part]:
    parts, at = [], len(JPEG_START)
    while found := MARKER.search(source, at):
        if found.start() > at:
            parts.append((b"", source[at : found.start()]))
        if found[1] == JPEG_END:
            at = found.start()
            break
        size = int.from_bytes(source[found.end() : found.end() + 2], "big")
        parts.append((found[1], source[found.end() + 2 : found.end() + size]))
        at = found.end() + max(size, 2)
    return [*parts, (b"", source[at:])]


def jpeg_together(parts: list[Part], _chance: random.Random) -> bytes:
    def whole(name: bytes, content: bytes) -> bytes:
        return b"\xff" + name + struct.pack(">H", min(len(content) + 2, 0xFFFF)) + content

    return JPEG_START + b"".join(whole(*part) if part[0] else part[1] for part in parts)


def png_apart(source: bytes) -> list[Part]:
    """The chunks; those with pixels as one, inflated."""
    parts, at, pixels = [], len(PNG_START), b""
    while at + 8 <= len(source):
        size, name = struct.unpack_from(">L4s", source, at)
        content = source[at + 8 : at + 8 + size]
        at += 12 + size
        if name != b"IDAT":
            parts.append((name, content))
        elif pixels:
            pixels += content
        else:
            pixels = content
            parts.append((name, b""))
    try:
        inflated = zlib.decompressobj().decompress(pixels, INFLATED_MAX_BYTES)
    except zlib.error:
        inflated = pixels
    return [(name, inflated if name == b"IDAT" else content) for name, content in parts]


def png_together(parts: list[Part], chance: random.Random) -> bytes:
    """With the pixels deflated again, which now and then goes wrong, too."""

    def whole(name: bytes, content: bytes) -> bytes:
        if name == b"IDAT":
            content = zlib.compress(content, 1)
            if chance.random() < 0.3:
                content = changed(chance, content, content)
        return png_chunk(name, content)

    return PNG_START + b"".join(whole(*part) for part in parts)


def webp_apart(source: bytes) -> list[Part]:
    parts, at = [], 12
    while at + 8 <= len(source):
        name, size = struct.unpack_from("<4sL", source, at)
        parts.append((name, source[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return parts


def webp_together(parts: list[Part], _chance: random.Random) -> bytes:
    def whole(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<L", len(content)) + content + b"\0" * (len(content) % 2)

    body = b"WEBP" + b"".join(whole(*part) for part in parts)
    return b"RIFF" + struct.pack("<L", len(body)) + body


Kind = tuple[bytes, Callable[[bytes], list[Part]], Callable[[list[Part], random.Random], bytes]]
KINDS: list[Kind] = [
    (JPEG_START, jpeg_apart, jpeg_together),
    (PNG_START, png_apart, png_together),
    (b"RIFF", webp_apart, webp_together),
]
