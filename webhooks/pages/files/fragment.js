// Quay puts a token behind the # of the address, where no server sees it. This takes it out of the address before
// anything else happens, and hands it over in the body of one request.
"use strict";
{
  const answer = new URLSearchParams(location.hash.slice(1));
  const query = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname);

  const { csrf, to } = document.body.dataset;
  const say = (words) => {
    document.getElementById("words").textContent = words;
  };

  const refuse = (words) => {
    document.querySelector("h1").textContent = "Not linked";
    say(words);
  };

  const token = answer.get("access_token") || "";
  const state = query.get("state") || "";

  const handOver = async () => {
    const response = await fetch(to, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
      body: JSON.stringify({ token, state, scope: query.get("scope") || "" }),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
    });
    const told = await response.json();
    if (response.ok) {
      location.replace(told.next);
    } else {
      refuse(told.say);
    }
  };

  const go = () => handOver().catch(() => refuse("That did not work. Type /quay link in Slack again."));

  // Without a state nothing shows that this browser has asked for the token: any site can lead here with one of its own.
  const ask = () => {
    const question = document.getElementById("ask");
    if (!question) {
      refuse("I am not waiting for a token in this browser. Type /quay link in Slack again.");
      return;
    }
    document.querySelector("h1").textContent = "Is this yours?";
    say("");
    question.hidden = false;
    document.getElementById("use").addEventListener(
      "click",
      () => {
        question.hidden = true;
        go();
      },
      { once: true },
    );
  };

  if (!csrf) {
    refuse("This is not the browser in which you began, or it keeps no cookies. Type /quay link in Slack again.");
  } else if (!token) {
    refuse("Quay sent nothing that could be linked. Open the link from Slack again.");
  } else if (state) {
    go();
  } else {
    ask();
  }
}
