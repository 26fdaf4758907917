// An activity dragged to another day of a plan's calendar: its page asks before it is moved.
(function () {
  "use strict";

  var dragged = null;

  function dayOf(event) {
    return event.target instanceof Element ? event.target.closest("[data-day]") : null;
  }
  function mark(day) {
    document.querySelectorAll(".is-target").forEach(function (marked) {
      marked.classList.remove("is-target");
    });
    if (day) day.classList.add("is-target");
  }

  document.addEventListener("dragstart", function (event) {
    dragged = event.target instanceof Element ? event.target.closest("[data-move-url]") : null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", function (event) {
    var day = dayOf(event);
    if (!dragged || !day) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    mark(day);
  });
  document.addEventListener("dragend", function () {
    dragged = null;
    mark(null);
  });
  document.addEventListener("drop", function (event) {
    var day = dayOf(event);
    if (!dragged || !day) return;
    event.preventDefault();
    if (!day.contains(dragged)) {
      location.href = dragged.dataset.moveUrl + "?on=" + encodeURIComponent(day.dataset.day);
    }
  });
})();
