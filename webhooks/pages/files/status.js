// Looks now and then whether the code was entered in Slack; the page itself says then how it ended.
"use strict";
{
  const PAUSE = 3000; // milliseconds
  let left = 210; // a little longer than a code works

  const look = async () => {
    try {
      const response = await fetch(document.body.dataset.status, { cache: "no-store", credentials: "same-origin" });
      if (response.ok && (await response.json()).stage !== "confirm") {
        location.reload();
        return;
      }
    } catch {
      // The next look may get through.
    }
    left -= 1;
    if (left > 0) {
      setTimeout(look, PAUSE);
    }
  };

  setTimeout(look, PAUSE);
}
