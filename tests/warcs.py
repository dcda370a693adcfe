"""A reader of WARC files after ISO 28500:2017 that believes nothing: every length and digest is held to the bytes."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

MANDATORY = {"warc-type", "warc-record-id", "warc-date", "content-length"}
ADDRESSED = {"response", "resource", "request", "revisit", "conversion", "continuation"}


@dataclass(frozen=True)
class Record:
    """One record: its fields by lower-case name, and its block."""

    fields: dict[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        return self.fields["warc-type"]


@dataclass(frozen=True)
class Answer:
    """The HTTP message of a response record."""

    status_line: str
    headers: dict[str, str]
    body: bytes


def read_warc(data: bytes) -> list[Record]:
    """The records of an unpacked file."""
    found = []
    while data:
        record, data = _record(data)
        found.append(record)
    return found


def read_packed(data: bytes) -> list[Record]:
    """The records of a packed file, of which each must be a gzip member of its own (annex D)."""
    return [_alone(member) for member in _members(data)]


def answer(record: Record) -> Answer:
    """What a response record holds, its payload digest checked."""
    assert record.fields["content-type"] == "application/http; msgtype=response"
    head, _, body = record.block.partition(b"\r\n\r\n")
    status_line, *lines = head.decode().split("\r\n")
    headers = _fields(lines)
    assert int(headers["content-length"]) == len(body)
    assert not headers.keys() & {"content-encoding", "transfer-encoding"}
    assert record.fields["warc-payload-digest"] == _digest(body)
    return Answer(status_line, headers, body)


def fields_of(record: Record) -> dict[str, str]:
    """What a record of ``application/warc-fields`` says."""
    assert record.fields["content-type"] == "application/warc-fields"
    return _fields(record.block.decode().removesuffix("\r\n").split("\r\n"))


def _members(data: bytes) -> Iterator[bytes]:
    while data:
        unpacker = zlib.decompressobj(wbits=31)
        yield unpacker.decompress(data)
        assert unpacker.eof
        data = unpacker.unused_data


def _alone(data: bytes) -> Record:
    record, rest = _record(data)
    assert rest == b""
    return record


def _record(data: bytes) -> tuple[Record, bytes]:
    head, found, rest = data.partition(b"\r\n\r\n")
    assert found
    version, *lines = head.decode().split("\r\n")
    assert version == "WARC/1.1"
    fields = _fields(lines)
    assert fields.keys() >= MANDATORY
    length = int(fields["content-length"])
    block, end, rest = rest[:length], rest[length : length + 4], rest[length + 4 :]
    assert end == b"\r\n\r\n"
    assert fields["warc-block-digest"] == _digest(block)
    assert fields["warc-date"].endswith("Z")
    datetime.fromisoformat(fields["warc-date"])
    assert fields["warc-record-id"].startswith("<urn:uuid:")
    if fields["warc-type"] in ADDRESSED:
        address = fields["warc-target-uri"]
        assert address.isascii()
        assert address.isprintable()
        assert " " not in address
        assert urlsplit(address).scheme
    return Record(fields, block), rest


def _fields(lines: list[str]) -> dict[str, str]:
    named = [line.partition(": ") for line in lines]
    assert all(colon and name.replace("-", "").isalnum() for name, colon, _ in named), lines
    assert len({name.lower() for name, _, _ in named}) == len(named)
    return {name.lower(): value for name, _, value in named}


def _digest(data: bytes) -> str:
    return f"sha1:{b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"
