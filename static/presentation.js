/* The results as slides: one part at a time, by keys or by touching the edges. Without this script
   they stand one below the other. */
(() => {
  "use strict";
  const stage = document.querySelector("[data-presentation]");
  const button = document.querySelector("[data-present]");
  const place = document.querySelector("[data-slide-place]");
  if (!stage || !button) return;
  const slides = [...stage.querySelectorAll(".slide")];
  let current = 0;

  const isOn = () => document.body.classList.contains("is-presenting");

  function show(number) {
    current = Math.max(0, Math.min(slides.length - 1, number));
    slides.forEach((slide, index) => slide.classList.toggle("is-current", index === current));
    place.textContent = `${current + 1} / ${slides.length}`;
  }

  function begin() {
    document.body.classList.add("is-presenting");
    show(0);
    if (stage.requestFullscreen) document.documentElement.requestFullscreen().catch(() => undefined);
  }

  function end() {
    document.body.classList.remove("is-presenting");
    if (document.fullscreenElement) document.exitFullscreen();
    place.textContent = "";
    button.focus();
  }

  const moves = {
    ArrowRight: 1, PageDown: 1, " ": 1, Enter: 1, ArrowLeft: -1, PageUp: -1, Backspace: -1,
  };

  document.addEventListener("keydown", (event) => {
    if (!isOn()) return;
    if (event.key === "Escape") return end();
    if (event.key in moves) {
      event.preventDefault();
      show(current + moves[event.key]);
    }
  });
  stage.addEventListener("click", (event) => {
    if (isOn()) show(current + (event.clientX < window.innerWidth / 3 ? -1 : 1));
  });
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && isOn()) end();
  });
  button.hidden = false;
  button.addEventListener("click", begin);
})();
