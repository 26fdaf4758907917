// Moving through the grid of figures as in a spreadsheet; without this it is a form like any other.
(function () {
  "use strict";

  var STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  function placeOf(input) {
    var cell = input.closest("td");
    var row = cell.parentElement;
    return { row: row.sectionRowIndex, column: cell.cellIndex, body: row.parentElement };
  }
  function inputAt(body, row, column) {
    var cell = body.rows[row] && body.rows[row].cells[column];
    return cell ? cell.querySelector(".grid-cell") : null;
  }
  // Left and right leave a cell only at its edges, so that its text can still be mended.
  function staysInside(input, key) {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return false;
    if (input.selectionStart !== input.selectionEnd) return input.selectionEnd - input.selectionStart < input.value.length;
    return key === "ArrowLeft" ? input.selectionStart > 0 : input.selectionEnd < input.value.length;
  }
  function go(input, rows, columns) {
    var place = placeOf(input);
    var next = inputAt(place.body, place.row + rows, place.column + columns);
    if (!next) return false;
    next.focus();
    next.select();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    var input = event.target;
    if (!(input instanceof Element) || !input.matches("[data-grid] .grid-cell")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (!go(input, event.shiftKey ? -1 : 1, 0)) input.form.querySelector(".form-actions button").focus();
      return;
    }
    var step = STEPS[event.key];
    if (!step || event.shiftKey || staysInside(input, event.key)) return;
    if (go(input, step[0], step[1])) event.preventDefault();
  });

  // Cells copied in a spreadsheet are put in from the cell on where the cursor is.
  document.addEventListener("paste", function (event) {
    var input = event.target;
    if (!(input instanceof Element) || !input.matches("[data-grid] .grid-cell")) return;
    var text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    var place = placeOf(input);
    text.split(/\r?\n/).forEach(function (line, row) {
      line.split("\t").forEach(function (value, column) {
        var cell = inputAt(place.body, place.row + row, place.column + column);
        if (cell) cell.value = value.trim();
      });
    });
  });

  // Leaving with figures that are not saved is asked about by the browser.
  var form = document.querySelector("[data-grid]");
  var isChanged = false;
  if (form) {
    form.addEventListener("input", function () { isChanged = true; });
    form.addEventListener("paste", function () { isChanged = true; });
    form.addEventListener("submit", function () { isChanged = false; });
    window.addEventListener("beforeunload", function (event) { if (isChanged) event.preventDefault(); });
  }
})();
