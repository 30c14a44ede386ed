"""PNG and JPEG: the structure from the first byte to the last and the number of pixels, without decoding one."""

from __future__ import annotations

from tidu.apps.materials.checking.refusals import refusal

MOST_PIXELS = 64_000_000
"""An A3 page scanned at 600 dpi has 70 million in colour that nobody reads; a usual telephone's photo has 12 to 50."""
LONGEST_SIDE = 30_000
LARGEST_NOTE = 4 * 1024 * 1024
"""Bytes of one part of a PNG that holds no picture data (profiles and texts are packed and could unfold)."""
PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
_HEAD, _TAIL = 8, 4
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_SCAN, _END = 0xDA, 0xD9
_DATA = frozenset({b"IDAT", b"fdAT"})


def _measured(name: str, wide: int, high: int) -> None:
    if not wide or not high:
        raise refusal("file-broken", name, type="图片", why="长或宽是 0")
    if wide * high > MOST_PIXELS or max(wide, high) > LONGEST_SIDE:
        raise refusal("picture-too-large", name, wide=wide, high=high, most=MOST_PIXELS // 10_000)


def check_png(content: bytes, name: str) -> None:
    """Every part fits, the first tells the size, the last is the end of the file."""

    def broken(why: str) -> Exception:
        return refusal("file-broken", name, type=" PNG 图片", why=why)

    place, kinds = len(PNG_START), []
    while place < len(content):
        length, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + _HEAD]
        if len(kind) < _TAIL or place + _HEAD + length + _TAIL > len(content):
            raise broken("内容不全")
        if not kinds:
            if kind != b"IHDR" or length != 13:
                raise broken("开头没有尺寸")
            _measured(name, int.from_bytes(content[place + 8 : place + 12]), int.from_bytes(content[place + 12 : place + 16]))
        if kind not in _DATA and length > LARGEST_NOTE:
            raise refusal("file-bomb", name)
        kinds.append(kind)
        place += _HEAD + length + _TAIL
        if kind == b"IEND":
            break
    if not kinds or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        raise broken("没有结尾")
    if place != len(content):
        raise refusal("file-mixed", name, why="图片结尾之后还有内容")


def check_jpeg(content: bytes, name: str) -> None:
    """Segments up to the scan; telephones append pictures of their own after the end, other files may not be there."""

    def broken(why: str) -> Exception:
        return refusal("file-broken", name, type=" JPEG 图片", why=why)

    place, measured = 2, False
    while True:
        if place + 4 > len(content) or content[place] != 0xFF:
            raise broken("内容不全")
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _NO_LENGTH:
            place += 2
            continue
        length = int.from_bytes(content[place + 2 : place + 4])
        if length < 2 or place + 2 + length > len(content):
            raise broken("内容不全")
        if marker in _FRAMES:
            _measured(name, int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7]))
            measured = True
        place += 2 + length
        if marker == _START_OF_SCAN:
            break
    if not measured:
        raise broken("开头没有尺寸")
    if content.find(bytes((0xFF, _END)), place) < 0:
        raise broken("没有结尾")
