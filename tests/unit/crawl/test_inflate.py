import gzip
import zlib
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crawl.inflate import Inflater, encoding_of, gunzip
from app.errors import BadResponse

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
}


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def unpack(encoding: str, pieces: list[bytes], cap: int = 10_000) -> Inflater:
    inflater = Inflater(encoding, cap)
    for piece in pieces:
        inflater.feed(piece)
    return inflater


@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=2_000), st.integers(1, 50))
def test_what_was_packed_comes_out_however_it_is_cut(kind: str, data: bytes, size: int) -> None:
    packed = PACKERS[kind](data)

    result = unpack(kind, [packed[at : at + size] for at in range(0, len(packed), size)])

    assert (bytes(result.body), result.truncated) == (data, False)


@given(st.binary(min_size=1, max_size=500), st.integers(1, 9))
def test_deflate_without_its_header_is_understood(data: bytes, size: int) -> None:
    packed = raw_deflate(data)

    result = unpack("deflate", [packed[at : at + size] for at in range(0, len(packed), size)])

    assert bytes(result.body) == data


def test_members_after_each_other_are_one_body() -> None:
    assert bytes(unpack("gzip", [gzip.compress(b"a") + gzip.compress(b"b")]).body) == b"ab"


def test_rubbish_after_the_last_member_is_ignored() -> None:
    assert bytes(unpack("gzip", [gzip.compress(b"a") + b"rubbish"]).body) == b"a"


@pytest.mark.parametrize("kind", sorted(PACKERS))
def test_a_bomb_stops_at_the_cap(kind: str) -> None:
    packed = PACKERS[kind](b"\0" * 30_000_000)

    result = unpack(kind, [packed], cap=1_000)

    assert (len(result.body), result.full, result.truncated) == (1_000, True, True)


def test_a_stream_that_unpacks_to_nothing_ends() -> None:
    empty = gzip.compress(b"")

    result = unpack("gzip", [empty] * 1_000, cap=1_000)

    assert (result.full, bytes(result.body)) == (True, b"")


def test_a_body_of_exactly_the_cap_is_whole() -> None:
    result = unpack("", [b"x" * 100], cap=100)

    assert (len(result.body), result.truncated) == (100, False)


def test_broken_compression_keeps_what_came_before() -> None:
    data = Random(1).randbytes(4_000).hex().encode()
    packed = gzip.compress(data)

    result = unpack("gzip", [packed[:2_500], b"\xff" * 3_000])

    assert result.truncated
    assert len(result.body) > 2_000
    assert data.startswith(bytes(result.body[:2_000]))


@given(st.sampled_from(["gzip", "deflate"]), st.lists(st.binary(max_size=60), max_size=6))
def test_no_bytes_make_it_raise_or_grow_past_the_cap(kind: str, pieces: list[bytes]) -> None:
    assert len(unpack(kind, pieces, cap=50).body) <= 50


@pytest.mark.parametrize(
    ("header", "encoding"),
    [("", ""), ("identity", ""), ("GZIP", "gzip"), ("x-gzip", "gzip"), (" deflate ", "deflate")],
)
def test_the_encoding_is_read_from_the_header(header: str, encoding: str) -> None:
    assert encoding_of(header) == encoding


@pytest.mark.parametrize("header", ["br", "zstd", "gzip, gzip", "gzip, br", "nonsense"])
def test_an_encoding_that_was_not_asked_for_is_refused(header: str) -> None:
    with pytest.raises(BadResponse) as caught:
        encoding_of(header)

    assert caught.value.cause == "bad_encoding"


def test_a_gzip_file_is_opened_within_the_cap_and_other_bytes_are_left_alone() -> None:
    assert gunzip(gzip.compress(b"x" * 100), 10) == b"x" * 10
    assert gunzip(b"<urlset>", 10) == b"<urlset>"
