"""What Teams asks of the icons. PNG is read with the standard library: Pillow is for developers."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.core.errors import SaidError
from bot.core.reply import Say, Value

Pixel = tuple[int, int, int, int]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_OPAQUE = 255
# What the header says of the two kinds that an icon needs: 8 bits, plain rows, colour with or
# without alpha. The number is how many bytes a pixel takes.
_KINDS = {(8, 2, 0, 0, 0): 3, (8, 6, 0, 0, 0): 4}
_LARGEST = 1024
_SIZES = {"color": 192, "outline": 32}
_WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Picture:
    """The pixels stand row by row, each as red, green, blue and alpha (0 is transparent)."""

    width: int
    height: int
    pixels: tuple[Pixel, ...]


# Plain Python needs a fifth of a second for it, and the same two icons stand in every package.
@lru_cache(maxsize=4)
def icon_problems(icon: str, data: bytes) -> tuple[Say, ...]:
    """Say what is wrong with the `color` or the `outline` icon."""
    try:
        picture = read_png(data)
    except SaidError as wrong:
        return wrong.said
    return (*_size_problems(icon, picture), *_paint_problems(icon, picture))


def _size_problems(icon: str, picture: Picture) -> Iterator[Say]:
    size = _SIZES[icon]
    if (picture.width, picture.height) != (size, size):
        data: dict[str, Value] = {"width": picture.width, "height": picture.height, "size": size}
        yield Say("package.icon.size", data)


def _paint_problems(icon: str, picture: Picture) -> Iterator[Say]:
    colours = set(picture.pixels)
    alphas = {alpha for *_, alpha in colours}
    if icon == "color":
        if alphas != {_OPAQUE}:
            yield Say("package.icon.see_through")
        return
    if any(pixel[3] and pixel[:3] != _WHITE for pixel in colours):
        yield Say("package.icon.colours")
    if not {0, _OPAQUE} <= alphas:
        yield Say("package.icon.one_part")


def read_png(data: bytes) -> Picture:
    """Read an 8-bit RGB or RGBA picture; raises SaidError when it is none."""
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR":
        raise _unreadable("no_header")
    width, height, *kind = struct.unpack(">IIBBBBB", chunks[0][1])
    size = _KINDS.get(tuple(kind))
    if size is None or any(name == b"tRNS" for name, _ in chunks):
        raise _unreadable("kind")
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise _unreadable("large", width=width, height=height)
    length = height * (1 + width * size)
    rows = _inflated(b"".join(body for name, body in chunks if name == b"IDAT"), length)
    flat = _unfiltered(rows, width * size, size)
    pixels = (tuple(flat[at : at + size]) for at in range(0, len(flat), size))
    return Picture(width, height, tuple((p[0], p[1], p[2], (*p, _OPAQUE)[3]) for p in pixels))


def _unreadable(key: str, **data: Value) -> SaidError:
    return SaidError(Say(f"package.icon.{key}", data))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(_SIGNATURE):
        raise _unreadable("no_png")
    at = len(_SIGNATURE)
    while at < len(data):
        try:
            (length,) = struct.unpack_from(">I", data, at)
            name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
            (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        except struct.error:
            raise _unreadable("cut_off") from None
        if checksum != zlib.crc32(name + body):
            raise _unreadable("damaged")
        yield name, body
        at += 12 + length


def _inflated(packed: bytes, length: int) -> bytes:
    try:
        # One byte more than is right shows that it is too long, and keeps memory small.
        rows = zlib.decompressobj().decompress(packed, length + 1)
    except zlib.error:
        raise _unreadable("damaged") from None
    if len(rows) != length:
        raise _unreadable("pixels")
    return rows


def _unfiltered(rows: bytes, width: int, size: int) -> bytes:
    """Undo what PNG does to a row before packing: store the difference with its neighbours.

    Section 9 of the PNG specification. `width` and `size` are bytes: of a row, and of a pixel.
    """
    above = bytes(width)
    flat = bytearray()
    for start in range(0, len(rows), width + 1):
        row = bytearray(rows[start + 1 : start + 1 + width])
        for at in range(width):
            left = row[at - size] if at >= size else 0
            corner = above[at - size] if at >= size else 0
            row[at] = (row[at] + _expected(rows[start], left, above[at], corner)) % 256
        flat += row
        above = bytes(row)
    return bytes(flat)


def _expected(kind: int, left: int, above: int, corner: int) -> int:
    match kind:
        case 0:
            return 0
        case 1:
            return left
        case 2:
            return above
        case 3:
            return (left + above) // 2
        case 4:
            guess = left + above - corner
            # The first of the three that is nearest, in this order.
            return min((left, above, corner), key=lambda one: abs(guess - one))
        case _:
            raise _unreadable("damaged")
