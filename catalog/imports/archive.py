"""A ZIP of pictures, read entry by entry: nothing is extracted, nothing in it is believed.

`zipfile` alone is no guard: an archive of 25 KB whose 300 entries lie over each other reads as 3 GB.
So the directory is checked first (entries apart from each other, where they say they are, not too many),
then names (no paths that lead elsewhere, links, encryption, archives), and bytes are counted while they
are read, never taken from the directory.
"""

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from stat import S_IFMT, S_IFREG
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.imports.problems import ImportRefused, shorten

MAX_ENTRIES = 100_000
MAX_DIRECTORY_BYTES = 64_000_000  # 100,000 entries with names of 500 bytes
# Unpacked, as declared; `zipfile` reads no entry beyond that. It is the worker's time that this bounds, as
# nothing is extracted and one picture is held at a time: 100,000 pictures of 500 KB, some minutes of reading.
MAX_TOTAL_BYTES = 50_000_000_000
# Pictures hardly compress; a page of zeros does by 1000. Small entries may: headers of 10 KB compress well.
MAX_RATIO = 100
RATIO_FREE_BYTES = 200_000
END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")
LOCATOR64_SIGN = b"PK\6\7"
LOCAL_HEADER_BYTES = 30
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
ARCHIVES = (".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz", ".zst", ".jar")
# What a Mac adds by itself.
IGNORED = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|\._|Thumbs\.db$)")
NUMBERED = re.compile(r"(.+)[-_](\d{1,3})")


class EntryRefused(ImportRefused):
    """One entry that cannot be used; the message is a sentence."""


class Picture(NamedTuple):
    """An entry that may be a picture, by what is told from its path, as `_key` writes it."""

    key: str  # the file's name, or its path where another file of that name comes before it
    name: str
    stem: str
    folder: str  # the one that it lies in, without those above
    path: str  # as it stands in the archive


class PictureArchive:
    """The pictures of a ZIP by file name and by SKU. Use as a context manager.

    Raises `ImportRefused` when the archive as a whole cannot be trusted; entries that cannot be used are
    listed in `problems` as (name, sentence).
    """

    def __init__(self, path: Path) -> None:
        self.problems: list[tuple[str, str]] = []
        self._refused: list[tuple[str, str]] = []
        self._pictures: list[Picture] = []
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._by_path: dict[str, str] = {}
        self._namesakes: set[str] = set()
        self._of_sku: dict[str, list[str]] = {}
        check_directory(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error) as error:
            raise _broken() from error
        try:
            check_apart(self._zip)
            check_total(self._zip)
            self._index()
            self.divide(())
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "PictureArchive":
        return self

    def __exit__(self, *exc: object) -> None:
        self._zip.close()

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, name: str) -> str | None:
        """The key of the picture with this path, or this file name where it is the only one; else None.

        Of files with the same name the first one counts, unless a folder is named.
        """
        path = PurePosixPath(_key(name.replace("\\", "/")))
        if key := self._by_path.get(str(path)) or self._by_path.get("/".join(path.parts[-2:])):
            return key
        if len(path.parts) > 1 and path.name in self._namesakes:
            return None
        return path.name if path.name in self._entries else None

    def divide(self, skus: Iterable[str]) -> None:
        """Give each picture to one of these SKUs, which are all of a table.

        `100-1.jpg` is the second picture of 100, unless 100-1 is a SKU itself. A folder named by a SKU says
        whose pictures are in it where the files' own names do not: they name no SKU, or the same names come
        again in other folders.
        """
        own = {picture.stem for picture in self._pictures} | {picture.folder for picture in self._pictures}
        known = {key for sku in skus if (key := _key(sku)) in own}
        found: dict[str, list[Picture]] = {}
        self.problems, taken = list(self._refused), set()
        for picture in self._pictures:
            numbered = NUMBERED.fullmatch(picture.stem)
            sku = picture.stem if picture.stem in known or not numbered else numbered[1]
            if picture.folder in known and (self._namesakes or sku not in known):
                sku = picture.folder
            elif picture.name in taken:
                reason = _("Another file has the same name; where no folder is named, the first one counts.")
                self.problems.append((shorten(picture.path), reason))
                continue
            else:
                taken.add(picture.name)
            found.setdefault(sku, []).append(picture)
        self._of_sku = {
            sku: [picture.key for picture in sorted(pictures, key=_place)] for sku, pictures in found.items()
        }

    def of_sku(self, sku: str) -> tuple[str, ...]:
        """The keys of a product's pictures in their order: `SKU.jpg`, then `SKU-1.jpg`, `SKU_2.jpg` …"""
        return tuple(self._of_sku.get(_key(sku), ()))

    def read(self, key: str) -> bytes:
        """The bytes of a picture. Raises `EntryRefused` for one that is broken, too large or a bomb."""
        info, limit = self._entries[key], settings.IMAGE_MAX_BYTES
        content = io.BytesIO()
        try:
            with self._zip.open(info) as entry:
                while block := entry.read(1 << 16):
                    content.write(block)
                    size = content.tell()
                    if size > limit:
                        message = _("The file is larger than %(limit)d MB.")
                        raise EntryRefused(message, params={"limit": limit // 1_000_000})
                    if size > RATIO_FREE_BYTES and size > MAX_RATIO * info.compress_size:
                        raise EntryRefused(_("The file expands more than a hundredfold."))
        except EntryRefused:
            raise
        except Exception as error:  # zlib.error, BadZipFile, EOFError, struct.error and more
            raise EntryRefused(_("The file is damaged inside the archive.")) from error
        return content.getvalue()

    def _index(self) -> None:
        for info in self._zip.infolist():
            name = entry_name(info)
            # Not `info.is_dir()`, which Python 3.11 ends with an IndexError for a name that begins with NUL.
            if name.endswith("/") or IGNORED.search(name):
                continue
            path = PurePosixPath(_key(name))
            reason = entry_problem(info, name)
            if not reason and str(path) in self._by_path:
                reason = _("Another file has the same path; the first one counts.")
            if reason:
                self._refused.append((shorten(name), reason))
                continue
            key = path.name
            if key in self._entries:
                self._namesakes.add(path.name)
                key = f"{path.parent}/{path.name}"
            self._entries[key] = info
            self._by_path[str(path)] = key
            self._pictures.append(Picture(key, path.name, path.stem, path.parent.name, name))
        for whole, key in list(self._by_path.items()):
            self._by_path.setdefault("/".join(whole.split("/")[-2:]), key)


def check_directory(path: Path) -> None:
    """Check the end of the archive, by which its directory is found. Raises `ImportRefused`.

    The directory must lie directly before its end record, which must be the end of the file, and be of a
    size that can be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - END.size - 0xFFFF))
        tail = file.read()
        at = tail.rfind(b"PK\5\6")
        if at < 0 or len(tail) - at < END.size:
            raise ImportRefused(_("The file is not a ZIP archive."), code="zip")
        _sign, disk, cd_disk, _here, entries, cd_size, cd_offset, comment = END.unpack_from(tail, at)
        if at + END.size + comment != len(tail) or disk or cd_disk:
            raise _broken()
        end = size - len(tail) + at
        if tail[max(0, at - LOCATOR64.size) : at].startswith(LOCATOR64_SIGN):
            end, entries, cd_size, cd_offset = _zip64(file, end)
    if entries > MAX_ENTRIES or cd_size > MAX_DIRECTORY_BYTES:
        message = _("The archive has more than %(limit)d files; split it.")
        raise ImportRefused(message, code="zip", params={"limit": MAX_ENTRIES})
    if cd_offset + cd_size != end:
        raise _broken()


def _zip64(file: io.BufferedReader, end: int) -> tuple[int, int, int, int]:
    """Place of the zip64 end record, number of entries, size and place of the directory."""
    try:
        file.seek(end - LOCATOR64.size)
        sign, disk, offset, disks = LOCATOR64.unpack(file.read(LOCATOR64.size))
        if sign != LOCATOR64_SIGN or disk or disks > 1 or offset != end - LOCATOR64.size - END64.size:
            raise _broken()
        file.seek(offset)
        record = END64.unpack(file.read(END64.size))
    except (struct.error, OSError) as error:
        raise _broken() from error
    if record[0] != b"PK\6\6" or record[4] or record[5]:
        raise _broken()
    return offset, record[7], record[8], record[9]


def check_apart(archive: zipfile.ZipFile) -> None:
    """Raises `ImportRefused` when two entries share bytes, or one reaches into the directory."""
    reached = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset < reached:
            raise ImportRefused(_("The archive's files lie over each other; it was refused."), code="zip")
        reached = info.header_offset + LOCAL_HEADER_BYTES + info.compress_size
        reached += len(info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437"))
    if reached > archive.start_dir:
        raise ImportRefused(_("The archive's files lie over each other; it was refused."), code="zip")


def check_total(archive: zipfile.ZipFile) -> None:
    """Raises `ImportRefused` when the entries are more, unpacked, than a worker shall read."""
    total = sum(info.file_size for info in archive.infolist())
    if total > MAX_TOTAL_BYTES:
        message = _("The archive holds %(total)d GB of pictures; at most %(limit)d GB are read. Split it.")
        params = {"total": total // 1_000_000_000, "limit": MAX_TOTAL_BYTES // 1_000_000_000}
        raise ImportRefused(message, code="zip", params=params)


def entry_name(info: zipfile.ZipInfo) -> str:
    """The entry's name as it was meant: many programs write UTF-8 without saying so."""
    name = info.orig_filename
    if info.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def entry_problem(info: zipfile.ZipInfo, name: str) -> str:
    """Why this entry is not used, in a sentence; empty when it may be."""
    lower = name.lower()
    if "\0" in name or "\\" in name or name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return _("The file name is not a plain one.")
    if ".." in PurePosixPath(name).parts:
        return _("The file name leads out of the archive.")
    if S_IFMT(info.external_attr >> 16) not in (0, S_IFREG):
        return _("It is a link or a device, not a file.")
    if info.flag_bits & 1:
        return _("The file is encrypted; make the archive without a password.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("The file is compressed in an unusual way; use plain ZIP.")
    if lower.endswith(ARCHIVES):
        return _("Archives inside the archive are not opened.")
    if not lower.endswith(PICTURES):
        return _("Only .jpg, .png and .webp files are read.")
    return ""


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _place(picture: Picture) -> tuple[list[str | int], str]:
    """By which a product's pictures are sorted: numbers count as such, and _ as -."""
    parts = re.split(r"([0-9]{1,9})", picture.stem.replace("_", "-"))
    return [int(part) if part.isdigit() and part.isascii() else part for part in parts], picture.key


def _broken() -> ImportRefused:
    return ImportRefused(_("The ZIP archive is damaged; make it anew."), code="zip")
