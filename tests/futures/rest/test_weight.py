import asyncio

from p2p_scrapy.futures.rest.weight import WEIGHT_A_MINUTE, WeightBudget


def test_nobody_overtakes_who_waits_for_weight(service):
    """A cheap question behind a dear one waits too, or the dear one might wait for ever."""
    went = []

    async def spend(budget, weight):
        await budget.spend(weight)
        went.append((service.clock.seconds, weight))
        budget.settle(weight)

    async def run():
        budget = WeightBudget(service.clock)
        weights = [WEIGHT_A_MINUTE - 5, 20, 2]
        await asyncio.gather(*(spend(budget, weight) for weight in weights))

    asyncio.run(run())
    assert went == [(0, 2395), (60, 20), (60, 2)]


def test_weight_that_is_out_is_waited_for_until_it_is_settled(service):
    async def run():
        budget = WeightBudget(service.clock)
        await budget.spend(WEIGHT_A_MINUTE)
        waiting = asyncio.create_task(budget.spend(20))
        asyncio.get_running_loop().call_soon(budget.settle, WEIGHT_A_MINUTE)
        await waiting
        return service.clock.seconds

    assert asyncio.run(run()) == 60


def test_who_gives_up_waiting_does_not_hold_up_the_next(service):
    async def run():
        budget = WeightBudget(service.clock)
        await budget.spend(WEIGHT_A_MINUTE)
        impatient = asyncio.create_task(budget.spend(20))
        patient = asyncio.create_task(budget.spend(20))
        asyncio.get_running_loop().call_soon(impatient.cancel)
        await asyncio.gather(impatient, return_exceptions=True)
        budget.settle(WEIGHT_A_MINUTE)
        await patient
        return impatient.cancelled()

    assert asyncio.run(run())


def test_a_longer_pause_is_not_cut_short_by_a_shorter_one(service):
    async def run():
        budget = WeightBudget(service.clock)
        budget.pause(100)
        budget.pause(10)
        await budget.spend(20)
        return service.clock.seconds

    assert asyncio.run(run()) == 100
