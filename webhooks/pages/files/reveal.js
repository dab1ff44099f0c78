// Buttons that copy what stands above them. Without scripts, or where the browser does not let us, people copy by hand.
"use strict";
{
  const say = (words) => {
    document.getElementById("words").textContent = words;
  };

  const mark = (text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  const copy = async (button) => {
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.textContent);
      say("Copied.");
      button.textContent = "Copied";
    } catch {
      mark(text);
      say("Your browser does not let me copy. It is selected: press Ctrl+C.");
    }
  };

  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}
