"""Ids read from the database are the ids that were written."""

from copy import copy, deepcopy
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tenancy.uuids import read_uuid


@pytest.mark.django_db
def test_ids_come_back_as_they_were_written() -> None:
    ids = [uuid4(), UUID(int=0), UUID(int=2**128 - 1)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::uuid, %s::uuid[], NULL::uuid", [ids[0], ids])
        assert cursor.fetchone() == (ids[0], ids, None)


def test_an_id_is_a_whole_one() -> None:
    known = uuid4()
    read = read_uuid(str(known))
    assert (read, hash(read), str(read), read.is_safe) == (
        known, hash(known), str(known), known.is_safe,
    )  # fmt: skip
    assert copy(read) == deepcopy(read) == known
    assert read_uuid(str(known)) is read
