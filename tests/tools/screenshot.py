"""`make screenshot`: the picture of the demo page in the README, drawn from the live page as one SVG."""

import argparse
import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from bot.adapters import logs
from bot.demo import demo
from bot.demo.city import CHANNELS, PEOPLE
from bot.fakes import page
from tests.fakes.page_eyes import CHROMIUM, DRIVER, Eyes, launch
from tests.tools.svg import Drawing, whole

TITLE = "The demo page of quaybot"
DESCRIPTION = (
    "On the left the channels of a simulated Slack, who one acts as, and commands worth trying. "
    "In the middle the channel security: a card about a vulnerability, "
    "a build that failed with the end of its log, an answer that only alice sees, and a running build with its "
    "progress. On the right buttons that make things happen in a simulated Quay."
)
SITE = Path(page.__file__).parent / "site"
WALK = Path(__file__).with_name("walk.js")
HAPPENINGS = (
    ("push", "acme/team/worker"),
    ("quota", "acme/api"),
    ("mirror-failure", "acme/mirrored"),
    ("push", "acme/api"),
    ("expiry", "acme/team/worker"),
    ("push", "acme/web"),
)
ARCHIVE = "--archive-url https://git.example"


def draw(seen: dict[str, Any]) -> str:
    """The SVG of what the walk over the page saw."""
    return whole(seen, Drawing(_picture), TITLE, DESCRIPTION)


def _picture(source: str) -> tuple[str, str]:
    text = (SITE / Path(source).name).read_text(encoding="utf-8")
    found = re.fullmatch(r'<svg[^>]* viewBox="([^"]+)"[^>]*>(.*)</svg>\s*', text, re.DOTALL)
    if found is None:
        raise ValueError(f"{source} is no SVG that can stand in another one")
    return found[1], found[2].replace('"g"', '"icon"').replace("#g)", "#icon)")


def prepare(driver: webdriver.Chrome) -> None:
    """The size of the picture, bright, and nothing that moves."""
    size = {"width": 1400, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = {"prefers-color-scheme": "light", "prefers-reduced-motion": "reduce"}
    wanted = {"features": [{"name": name, "value": value} for name, value in features.items()]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wanted)


def story(eyes: Eyes) -> None:
    """A vulnerability was found; bob's first repair fails its tests, alice's is being built."""
    eyes.open(PEOPLE["bob"], CHANNELS["security"])
    eyes.reads(".message", "CVE-")
    say(eyes, f"/quay build acme/web {ARCHIVE}/broken.tar.gz --tag v1.4.1")
    eyes.reads(".message", "Build running")
    eyes.reads(".message", "Build failed")
    Select(eyes.see("#user")).select_by_visible_text("alice")
    eyes.until(lambda: eyes.see("#me").text == "A")
    for happening, repository in HAPPENINGS:
        press(eyes, happening, repository)
    say(eyes, f"/quay build acme/web {ARCHIVE}/acme/web.tar.gz --tag v1.4.2")
    eyes.reads(".message", "Build running")
    eyes.until(lambda: re.search("step [2-5] of 5", eyes.see("#messages").text))  # the bot looks every few seconds


def press(eyes: Eyes, happening: str, repository: str) -> None:
    """Press a button of the panel without leaving the pointer on it, and wait until the panel tells of it."""
    told = len(eyes.all("#log li"))
    Select(eyes.see("#repository")).select_by_visible_text(repository)
    eyes.driver.execute_script("arguments[0].click()", eyes.see(f"[data-happening={happening}]:not([aria-busy])"))
    eyes.until(lambda: len(eyes.all("#log li")) > told)


def say(eyes: Eyes, line: str) -> None:
    """Type into the composer, and leave it."""
    composer = eyes.see("#line")
    composer.send_keys(line, Keys.ESCAPE, Keys.ENTER)
    eyes.until(lambda: composer.get_attribute("value") == "")
    eyes.driver.execute_script("document.activeElement.blur()")


def look(address: str, profile: Path, beside: Path | None) -> dict[str, Any]:
    """The shapes of the page at the end of the story; a real screenshot goes into the file `beside`."""
    driver = launch(profile)
    try:
        prepare(driver)
        eyes = Eyes(driver, f"{address}/")
        story(eyes)
        if beside:
            driver.save_screenshot(str(beside))
        seen: dict[str, Any] = driver.execute_script(WALK.read_text(encoding="utf-8"))
        return seen
    finally:
        driver.quit()


async def main() -> None:
    """Read the arguments, play, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.screenshot", description=__doc__)
    parser.add_argument("to", type=Path, help="the SVG to write")
    parser.add_argument("--png", type=Path, help="also save what the browser itself drew, to compare")
    wish = parser.parse_args()
    if not (CHROMIUM.exists() and DRIVER.exists()):
        sys.exit(f"This needs {CHROMIUM} and {DRIVER}. On Debian: apt-get install chromium chromium-driver")
    logs.configure(level="ERROR", form="text")
    with tempfile.TemporaryDirectory(prefix="quaybot-screenshot-") as profile:
        async with demo("127.0.0.1", 0) as (address, _):
            seen = await asyncio.to_thread(look, address, Path(profile), wish.png)
    wish.to.write_text(draw(seen), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
