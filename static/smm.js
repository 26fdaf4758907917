// Small comforts; every page works without them.
(function () {
  "use strict";

  // Colours change at once instead of after a page load; the cookie is the one the server sets.
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || button.name !== "theme") return;
    event.preventDefault();
    document.documentElement.setAttribute("data-bs-theme", button.value);
    document.cookie =
      "theme=" + button.value + ";path=/;max-age=31536000;samesite=lax" +
      (location.protocol === "https:" ? ";secure" : "");
    var other = event.target.querySelector(".switch-choice:not([value=" + button.value + "])");
    if (other) other.focus();
  });

  // An open drop-down closes on Escape and on a click elsewhere.
  function closeDrops(except) {
    document.querySelectorAll("details.drop[open], details.topbar-menu[open]").forEach(function (drop) {
      if (drop !== except && !drop.contains(except)) drop.open = false;
    });
  }
  document.addEventListener("click", function (event) { closeDrops(event.target); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details.drop[open], details.topbar-menu[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // A field of a text is put in where the cursor was, instead of being typed.
  var lastText = null;
  document.addEventListener("focusin", function (event) {
    if (event.target.matches("textarea, input[type=text]")) lastText = event.target;
  });
  document.querySelectorAll("code[data-insert]").forEach(function (code) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small";
    code.replaceWith(button);
    button.append(code);
    button.addEventListener("click", function () {
      var text = lastText || document.querySelector("textarea");
      if (!text || text.disabled) return;
      text.setRangeText(code.textContent, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  });

  // A tick that the server did not take is taken back on the screen, and the page says so.
  document.addEventListener("htmx:afterRequest", function (event) {
    var status = document.getElementById("tick-status");
    var form = event.detail.elt;
    if (!status || !form.matches(".tick, .task-late")) return;
    status.classList.toggle("is-failed", !event.detail.successful);
    if (event.detail.successful) return;
    if (form.matches(".tick")) form.reset();
    status.textContent = status.dataset.failed;
  });

  // A button that prints is of use only here; without scripts the browser's own menu does it.
  document.querySelectorAll("button[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // A form that does real work is sent once, however often its button is pressed.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    // The page stays when the answer is a file to keep.
    setTimeout(function () { delete form.dataset.sent; }, 5000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
})();
