"""The queue that shares calls of a model among requests."""

import asyncio
import time

import numpy as np
import pytest

from keras_gan.serving import ServingError, batching
from keras_gan.serving.batching import Batcher
from keras_gan.serving.budget import Budget
from keras_gan.serving.jobs import Job, JobQueue

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


class Doubler:
    """A signature that records its batches, and fails on negative numbers."""

    model, is_batched = "doubler", True

    def __init__(self):
        self.batches = []

    def __call__(self, inputs):
        self.batches.append(len(inputs["x"]))
        time.sleep(0.02)
        if (inputs["x"] < 0).any():
            raise ServingError("negative")
        return {"y": inputs["x"] * 2}


def test_requests_that_arrive_together_are_one_call():
    async def ask(batcher, signature):
        rows = [{"x": np.array([i, i + 0.5])} for i in range(20)]
        return await asyncio.gather(*(batcher.run(signature, row) for row in rows))

    signature, batcher = Doubler(), Batcher(max_rows=16)
    answers = asyncio.run(ask(batcher, signature))
    batcher.close()
    assert [answer["y"].tolist() for answer in answers] == [
        [2 * i, 2 * i + 1] for i in range(20)
    ]
    assert signature.batches == [16, 16, 8]


def test_a_bad_request_does_not_fail_its_neighbours():
    async def ask(batcher, signature):
        requests = (batcher.run(signature, {"x": np.array([x])}) for x in (1, -1, 2))
        return await asyncio.gather(*requests, return_exceptions=True)

    signature, batcher = Doubler(), Batcher()
    one, error, two = asyncio.run(ask(batcher, signature))
    batcher.close()
    assert (one["y"], two["y"]) == ([2], [4])
    assert str(error) == "negative"


def test_long_requests_are_split_and_bounded():
    signature, batcher = Doubler(), Batcher(max_rows=4, max_request_rows=10)
    answer = asyncio.run(batcher.run(signature, {"x": np.arange(10)}))
    assert answer["y"].tolist() == list(range(0, 20, 2))
    assert signature.batches == [4, 4, 2]
    with pytest.raises(ServingError, match=r"may have 10 rows. Received: 11"):
        asyncio.run(batcher.run(signature, {"x": np.arange(11)}))
    batcher.close()


def test_short_requests_overtake_long_ones_and_leave_them_half():
    async def take():
        queue = JobQueue()
        long = [Job({}, 40, None) for _ in range(3)]
        short = [Job({}, 1, None) for _ in range(20)]
        for job in long + short:
            queue.append(job)
        taken, rest = queue.take(16), queue.num_rows()
        assert [job for job, _, _ in taken[:8]] == short[:8]
        assert {job for job, _, _ in taken[8:]} == set(long)
        assert sum(stop - start for _, start, stop in taken) == 16
        assert rest == 3 * 40 + 20 - 16
        for job in short + long[1:]:
            job.future.cancel()
        assert queue.take(16)[0][0] is long[0]
        return queue

    asyncio.run(take())


def test_slow_rows_are_computed_in_short_calls(monkeypatch):
    monkeypatch.setattr(batching, "SECONDS", 0.01)  # a call of the doubler takes more
    signature, batcher = Doubler(), Batcher(max_rows=16)
    answer = asyncio.run(batcher.run(signature, {"x": np.arange(40)}))
    batcher.close()
    assert answer["y"].tolist() == list(range(0, 80, 2))
    assert signature.batches == [16, 8, 4, 2, 2, 2, 2, 2, 2]


def test_cancelled_requests_leave_the_queue():
    async def ask(batcher, signature):
        task = asyncio.create_task(batcher.run(signature, {"x": np.arange(4000)}))
        await asyncio.sleep(0.03)
        task.cancel()
        answer = await batcher.run(signature, {"x": np.arange(2)})
        assert (batcher.num_waiting(), batcher.num_long) == (0, 0)
        return answer

    signature, batcher = Doubler(), Batcher()
    answer = asyncio.run(ask(batcher, signature))
    batcher.close()
    assert answer["y"].tolist() == [0, 2]
    assert len(signature.batches) <= 3


def test_outputs_that_do_not_fit_are_an_error_and_not_a_wait():
    class Short(Doubler):
        def __call__(self, inputs):
            return {"y": np.zeros((1, 3)) if len(inputs["x"]) < 5 else np.zeros(2)}

    batcher = Batcher(max_rows=5)
    with pytest.raises(ValueError, match="broadcast"):
        asyncio.run(batcher.run(Short(), {"x": np.arange(8)}))
    batcher.close()


def test_a_budget_counts_large_shares_and_takes_them_back():
    budget = Budget(200_000, 300_000, "too large", 413)
    with budget.share() as one, budget.share() as other:
        one.grow(60_000)
        assert budget.held == 0
        one.grow(60_000)
        assert budget.held == 120_000
        with pytest.raises(ServingError, match="too large") as caught:
            one.grow(90_000)
        assert caught.value.status == 413
        with pytest.raises(ServingError, match="Try again later") as caught:
            other.grow(190_000)
        assert caught.value.status == 503
        other.grow(50_000)
        assert budget.held == 120_000
    assert budget.held == 0
