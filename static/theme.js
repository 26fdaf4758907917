// Before the page is drawn: who chose no colours gets those of the machine.
(function () {
  "use strict";
  var root = document.documentElement;
  if (!root.hasAttribute("data-bs-theme") && matchMedia("(prefers-color-scheme: dark)").matches) {
    root.setAttribute("data-bs-theme", "dark");
  }
})();
