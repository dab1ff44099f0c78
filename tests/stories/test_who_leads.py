"""Two real processes on one PostgreSQL: one does the scheduled work, and the other takes over when it ends."""

import asyncio
from pathlib import Path

from tests.plugins.databases import ONLY_POSTGRES
from tests.soak.site import Site, a_site
from tests.stories.process import Bot


async def _leads(site: Site, bot: Bot) -> bool:
    async with site.http.get(f"{bot.address}/readyz") as response:
        assert response.status == 200
        return bool((await response.json())["leader"])


@ONLY_POSTGRES
async def test_when_the_leader_ends_in_order_the_other_process_leads_within_a_renewal(
    database_url: str, tmp_path: Path
) -> None:
    async with a_site(database_url, tmp_path) as site:
        await asyncio.gather(site.wake(1), site.wake(2))
        first, second = site.awake[1], site.awake[2]
        leading = [await _leads(site, bot) for bot in (first, second)]
        assert sorted(leading) == [False, True]
        leader, heir = (first, second) if leading[0] else (second, first)
        assert await leader.stop() == 0
        async with asyncio.timeout(15):
            while True:
                if await _leads(site, heir):
                    break
                await asyncio.sleep(0.1)
