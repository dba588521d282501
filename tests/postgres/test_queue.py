"""The queue's contract with procrastinate: deferring joins our transaction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.pool import Database
from app.queue import Job, Queue, chunked


async def test_a_job_commits_with_the_transaction_that_made_it_or_not_at_all(
    database: Database,
) -> None:
    queue = Queue(database)
    worker = await queue.register()

    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with database.transaction() as connection:
            await queue.defer(connection, [Job("discovery", (1,))])
            raise ZeroDivisionError
    rolled_back = await queue.fetch(["discovery"], worker)
    async with database.transaction() as connection:
        await queue.defer(connection, [Job("discovery", (1, 2))])
    committed = await queue.fetch(["discovery"], worker)

    assert rolled_back is None
    assert committed is not None
    assert committed.items == (1, 2)


async def test_the_signature_that_jobs_are_deferred_by_is_the_one_we_know(
    database: Database,
) -> None:
    columns = await database.fetch(
        "SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE relname = 'procrastinate_job_to_defer_v1' AND attnum > 0 ORDER BY attnum"
    )
    returns = await database.fetchval(
        "SELECT pg_get_function_result('procrastinate_defer_jobs_v1'::regproc)"
    )

    assert [row["attname"] for row in columns] == [
        "queue_name",
        "task_name",
        "priority",
        "lock",
        "queueing_lock",
        "args",
        "scheduled_at",
    ]
    assert returns == "bigint[]"


async def test_a_worker_that_was_struck_out_is_given_nothing(database: Database) -> None:
    queue = Queue(database)
    worker, other = await queue.register(), await queue.register()
    async with database.transaction() as connection:
        await queue.defer(connection, [Job("discovery", (1,))])

    await queue.unregister(worker)

    assert await queue.fetch(["discovery"], worker) is None
    assert await queue.fetch(["discovery"], other) is not None


async def test_later_stages_are_fetched_first(database: Database) -> None:
    queue = Queue(database)
    worker = await queue.register()
    async with database.transaction() as connection:
        early, late = Job("a", (1,), priority=4), Job("b", (2,), priority=6)
        await queue.defer(connection, [early, late])

    fetched = [await queue.fetch(["a", "b"], worker) for _ in range(3)]

    assert [job and job.stage for job in fetched] == ["b", "a", None]


async def test_a_payload_of_another_version_is_handed_back_not_failed(database: Database) -> None:
    queue = Queue(database)
    worker = await queue.register()
    async with database.transaction() as connection:
        await queue.defer(connection, [Job("a", (1,))])
    await database.fetch("""UPDATE procrastinate_jobs SET args = '{"version": 99}'""")

    fetched = await queue.fetch(["a"], worker)
    job = await database.fetchrow(
        "SELECT status, scheduled_at > now() AS later FROM procrastinate_jobs"
    )

    assert fetched is None
    assert tuple(job) == ("todo", True)


async def test_a_finished_job_leaves_no_row_behind_and_finishing_it_again_is_no_error(
    database: Database,
) -> None:
    queue = Queue(database)
    worker = await queue.register()
    async with database.transaction() as connection:
        await queue.defer(connection, [Job("a", (1,))])
    job = await queue.fetch(["a"], worker)
    assert job is not None

    await queue.finish(job.id)
    await queue.finish(job.id)
    await queue.hand_back(job.id, seconds=0)

    assert await database.fetchval("SELECT count(*) FROM procrastinate_jobs") == 0


@given(st.lists(st.integers(), max_size=300), st.integers(1, 50))
def test_chunks_carry_every_item_once_and_none_is_above_the_size(
    items: list[int], size: int
) -> None:
    jobs = chunked("a", items, size)

    assert [item for job in jobs for item in job.items] == items
    assert all(0 < len(job.items) <= size for job in jobs)
