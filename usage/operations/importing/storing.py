"""Blocks of a file into the workspace by two hands: one takes while the other keeps.

To take is to find out who is meant and what is new, which may have to wait for other senders. It is
done by one hand at a time, in the order of the file. To keep is to write what was taken, which waits
for nobody. So of all that wait for each other each is seen by the database, and two files with the
same events cannot hold each other up for ever. Blocks are committed in order, each with the count of
everything before it: what is told to be stored is the beginning of the file, whatever happens.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from django.db import connection

from tenancy.scope import tenant_scope
from usage.adapters.files import RowError
from usage.operations.importing.outcomes import ImportOutcome, Report

Note = Callable[[Sequence[RowError]], None]
Keep = Callable[[], tuple[ImportOutcome, Sequence[RowError]]]


class Block(Protocol):
    """Rows that are worked out as far as that goes without the database."""

    @property
    def percent(self) -> int: ...

    def take(self) -> Keep:
        """Within the scope of the workspace; what is given back is called in the same transaction."""


class _Abandoned(Exception):
    """The block before this one did not come to be stored."""


@dataclass(slots=True)
class Line:
    """The blocks of one file, and what of them is stored so far.

    `note` and `report` are called within the transaction of a block; `is_enough` behind it, and
    when it says so no other block is begun.
    """

    tenant_id: UUID
    blocks: Iterator[Block]
    outcome: ImportOutcome
    note: Note
    report: Report
    is_enough: Callable[[], bool]
    was_enough: bool = False
    problem: BaseException | None = None
    failed: int = 0
    begun: int = 0
    committed: int = 0
    taking: threading.Lock = field(default_factory=threading.Lock)
    moved: threading.Condition = field(default_factory=threading.Condition)

    def store(self) -> None:
        """Store all blocks. Inside somebody's transaction by this thread alone.

        What stops a block stops all behind it; it is raised here when those before it are stored.
        """
        if connection.in_atomic_block:
            self._work()
        else:
            self._work_with_another()
        if self.problem is not None:
            raise self.problem

    def _work_with_another(self) -> None:
        hand = threading.Thread(target=copy_context().run, args=(self._help,), name="keeper")
        hand.start()
        try:
            self._work()
            hand.join()
        except BaseException as problem:  # a signal, while this thread waited for the other
            self._fail(self.committed, problem)
            hand.join()

    def _help(self) -> None:
        try:
            self._work()
        finally:
            connection.close()

    def _work(self) -> None:
        while self._store_next():
            pass

    def _store_next(self) -> bool:
        turn = 0
        try:
            with ExitStack() as transaction:
                with self.taking:
                    turn = self.begun
                    block = None if self._is_over() else next(self.blocks, None)
                    if block is None:
                        return False
                    self.begun += 1
                    transaction.enter_context(tenant_scope(self.tenant_id))
                    _commit_without_waiting()
                    keep = block.take()
                self._end(turn, block, *keep())
            self._move(turn)
        except _Abandoned:
            return False
        except BaseException as problem:  # raised by whoever began all this
            self._fail(turn, problem)
            return False
        return True

    def _end(
        self, turn: int, block: Block, stored: ImportOutcome, errors: Sequence[RowError]
    ) -> None:
        """The last that is done in the transaction of a block, when those before are committed."""
        with self.moved:
            self.moved.wait_for(lambda: self.committed == turn or self._has_failed(before=turn))
            if self._has_failed(before=turn):
                raise _Abandoned
        self.note(errors)
        self.outcome = self.outcome.plus(stored)
        self.report(self.outcome, block.percent)

    def _move(self, turn: int) -> None:
        self.was_enough = self.is_enough() or self.was_enough
        with self.moved:
            self.committed = turn + 1
            self.moved.notify_all()

    def _fail(self, turn: int, problem: BaseException) -> None:
        with self.moved:
            if self.problem is None or turn < self.failed:
                self.problem, self.failed = problem, turn
            self.moved.notify_all()

    def _has_failed(self, *, before: int) -> bool:
        return self.problem is not None and self.failed < before

    def _is_over(self) -> bool:
        return self.was_enough or self.problem is not None


def _commit_without_waiting() -> None:
    """Let this block's commit go ahead of the disk: a crash loses blocks together with the record
    of their progress, and the commit of the last report waits for all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
