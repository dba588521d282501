"""How many lost processes make an item guilty.

A process that ends takes all its items with it, and says of none that it was the cause. An item
that kills its process does so every time; an innocent one is lost as often as processes die of
something else while it is at work.
"""

import math

FEWEST, MOST = 3, 50
_DOUBT = 1e-7


def losses_needed(deaths: float, seconds: float, pace: float) -> int:
    """The number of losses that chance explains in fewer than one of ten million items.

    `deaths`: processes that were lost lately without this item, in `seconds` that all processes
    worked lately; `pace`: seconds that such an item takes. With deaths as a Poisson process, a try
    is lost by chance with probability 1 - exp(-deaths / seconds * pace). At least FEWEST, which
    suffices where nothing else dies, and at most MOST.
    """
    if deaths <= 0 or seconds <= 0:
        return FEWEST
    chance = -math.expm1(-deaths / seconds * pace)
    if not 0 < chance < 1:
        return MOST if chance else FEWEST
    return min(max(math.ceil(math.log(_DOUBT) / math.log(chance)), FEWEST), MOST)
