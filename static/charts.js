// Draws the charts of figures: each [data-chart] names the JSON that its page carries beside it.
// Without scripts the line that the server drew stays, and the table holds every number.
(function () {
  "use strict";

  var PRINT_WIDTH = 680;
  var MARKED_LINES = 24;
  var SAMPLED_FROM = 800;
  var BARS_UNTIL = 120;
  var NAMES_IN_TIP = 6;
  // Colour repeats what the dashes and the shapes say.
  var DASHES = ["solid", [7, 3], [2, 3], [10, 3, 2, 3], [4, 4], [12, 4]];
  var SYMBOLS = ["circle", "rect", "triangle", "diamond", "roundRect", "pin"];
  var COLOURS = ["link", "warning", "info", "ok", "bad", "quiet"];
  // What smm.css makes of the colours on paper.
  var ON_PAPER = { ink: "#000", quiet: "#333", line: "#999", surface: "#fff", link: "#000", warning: "#8a4b00", info: "#1b5896", ok: "#146c43", bad: "#b0232a" };
  var MARKS = {
    event: { symbol: "triangle", colour: "warning", height: 0.035 },
    publication: { symbol: "diamond", colour: "info", height: 0.1 },
    note: { symbol: "rect", colour: "quiet", height: 0.165 },
  };

  var language = document.documentElement.lang;
  var charts = [];

  function colours(onPaper) {
    if (onPaper) return ON_PAPER;
    var style = getComputedStyle(document.documentElement);
    var read = {};
    Object.keys(ON_PAPER).forEach(function (name) { read[name] = style.getPropertyValue("--smm-" + name).trim(); });
    return read;
  }

  function numbers(decimals) {
    return new Intl.NumberFormat(language, { maximumFractionDigits: decimals, useGrouping: "always" });
  }

  // A value with none on either side has no line to stand on, so it gets a dot.
  function withDots(values, symbol) {
    return values.map(function (value, at) {
      var isAlone = value !== null && (values[at - 1] == null) && (values[at + 1] == null);
      return isAlone ? { value: value, symbol: symbol, symbolSize: 5 } : value;
    });
  }

  function lineOf(line, at, figure, palette) {
    var isBefore = line.role === "before";
    var colour = palette[isBefore ? "ink" : COLOURS[at % COLOURS.length]];
    var isBars = figure.shape === "bars" && !isBefore && figure.labels.length <= BARS_UNTIL;
    if (isBars) return barsOf(line, figure, colour);
    var symbol = SYMBOLS[at % SYMBOLS.length];
    var data = withDots(line.values, symbol);
    var last = line.values.length - 1;
    if (figure.so_far && line.role === "main" && line.values[last] != null) {
      data[last] = { value: line.values[last], symbol: "emptyCircle", symbolSize: 9 };
    }
    return {
      type: "line",
      name: line.name,
      data: data,
      connectNulls: false,
      sampling: line.values.length > SAMPLED_FROM ? "lttb" : undefined,
      symbol: figure.labels.length <= 40 && !isBefore ? symbol : "none",
      symbolSize: 5,
      lineStyle: { color: colour, width: isBefore ? 1.5 : 2.25, type: isBefore ? [5, 4] : DASHES[at % DASHES.length] },
      itemStyle: { color: colour },
      emphasis: { disabled: true },
      z: isBefore ? 2 : 3,
    };
  }

  function barsOf(line, figure, colour) {
    var last = line.values.length - 1;
    return {
      type: "bar",
      name: line.name,
      barMaxWidth: 36,
      data: line.values.map(function (value, at) {
        var isSoFar = figure.so_far && line.role === "main" && at === last;
        return isSoFar ? { value: value, itemStyle: { opacity: 0.35, borderColor: colour, borderType: "dashed", borderWidth: 2 } } : value;
      }),
      // Light enough for last year's line to be seen on it.
      itemStyle: { color: colour, opacity: 0.6 },
      emphasis: { disabled: true },
      z: 2,
    };
  }

  // A straight line needs its ends only.
  function bends(values) {
    return values.flatMap(function (value, at) {
      var before = values[at - 1], after = values[at + 1];
      var isStraight = value != null && before != null && after != null && Math.abs(2 * value - before - after) < 1e-6;
      return isStraight ? [] : [[at, value]];
    });
  }

  function targetOf(target, palette) {
    return {
      type: "line",
      name: target.name,
      data: bends(target.values),
      symbol: "none",
      lineStyle: { color: palette.ok, width: 2, type: [10, 4, 2, 4] },
      itemStyle: { color: palette.ok },
      emphasis: { disabled: true },
      z: 4,
    };
  }

  // What happened stands on the axis; each kind has its shape and its height.
  function marksOf(kind, figure, palette) {
    var look = MARKS[kind];
    var places = new Set(figure.marks.filter(function (mark) { return mark.kind === kind; }).map(function (mark) { return mark.at; }));
    return {
      type: "line",
      yAxisIndex: 1,
      data: Array.from(places, function (at) { return [at, look.height]; }),
      symbol: look.symbol,
      symbolSize: 9,
      showAllSymbol: true,
      lineStyle: { opacity: 0 },
      itemStyle: { color: palette[look.colour], borderColor: palette.surface, borderWidth: 1 },
      emphasis: { disabled: true },
      silent: true,
      z: 6,
    };
  }

  function linesAtEvents(figure, palette) {
    var places = new Set();
    figure.marks.forEach(function (mark) { if (mark.kind === "event") places.add(mark.at); });
    if (!places.size || places.size > MARKED_LINES) return undefined;
    return {
      silent: true,
      symbol: "none",
      label: { show: false },
      lineStyle: { color: palette.warning, type: [2, 3], width: 1 },
      data: Array.from(places, function (at) { return { xAxis: at }; }),
    };
  }

  function tipOf(figure, at, say) {
    var isSoFar = figure.so_far && at === figure.labels.length - 1;
    var lines = [figure.labels[at] + (isSoFar ? ", " + figure.words.so_far : "")];
    figure.lines.concat(figure.target ? [figure.target] : []).forEach(function (line) {
      var value = line.values[at];
      lines.push(line.name + ": " + (value == null ? figure.words.no_data : say.format(value)));
    });
    var here = figure.marks.filter(function (mark) { return mark.at === at; });
    here.slice(0, NAMES_IN_TIP).forEach(function (mark) { lines.push("– " + mark.name.replace(/[{}|]/g, " ")); });
    if (here.length > NAMES_IN_TIP) lines.push("…");
    return lines.join("\n");
  }

  function optionOf(figure, palette) {
    var say = numbers(figure.decimals);
    var words = { color: palette.quiet, fontSize: 12 };
    var series = figure.lines.map(function (line, at) { return lineOf(line, at, figure, palette); });
    if (figure.target) series.push(targetOf(figure.target, palette));
    Object.keys(MARKS).forEach(function (kind) {
      if (figure.marks.some(function (mark) { return mark.kind === kind; })) series.push(marksOf(kind, figure, palette));
    });
    if (series.length) series[0].markLine = linesAtEvents(figure, palette);
    return {
      animation: false,
      aria: { enabled: true, label: { description: figure.description }, decal: { show: figure.lines.some(function (line) { return line.role === "part"; }) } },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 4, right: 12, top: 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: {
        type: "category",
        data: figure.ticks,
        boundaryGap: series.some(function (each) { return each.type === "bar"; }),
        axisLabel: Object.assign({ hideOverlap: true }, words),
        axisLine: { lineStyle: { color: palette.quiet } },
        axisTick: { show: figure.labels.length <= 62, alignWithLabel: true },
      },
      yAxis: [
        { type: "value", scale: !figure.from_zero, minInterval: figure.decimals ? 0 : 1, splitLine: { lineStyle: { color: palette.line } }, axisLabel: Object.assign({ formatter: function (value) { return say.format(value); } }, words) },
        { type: "value", min: 0, max: 1, show: false },
      ],
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        confine: true,
        backgroundColor: palette.surface,
        borderColor: palette.quiet,
        borderWidth: 1,
        textStyle: { color: palette.ink, fontSize: 12, lineHeight: 18 },
        axisPointer: { lineStyle: { color: palette.quiet } },
        formatter: function (params) { return tipOf(figure, params[0].dataIndex, say); },
      },
      series: series,
    };
  }

  function draw(place) {
    var figure = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    place.replaceChildren();
    place.classList.add("is-drawn");
    var began = performance.now();
    var chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(optionOf(figure, colours(false)));
    performance.measure("chart", { start: began });
    charts.push({ chart: chart, figure: figure });
    new ResizeObserver(function () { chart.resize(); }).observe(place);
  }

  function recolour(onPaper) {
    charts.forEach(function (each) { each.chart.setOption(optionOf(each.figure, colours(onPaper)), true); });
  }

  document.querySelectorAll("[data-chart]").forEach(draw);
  new MutationObserver(function () { recolour(false); }).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  window.addEventListener("beforeprint", function () {
    recolour(true);
    charts.forEach(function (each) { each.chart.resize({ width: PRINT_WIDTH }); });
  });
  window.addEventListener("afterprint", function () {
    recolour(false);
    charts.forEach(function (each) { each.chart.resize({ width: "auto" }); });
  });
})();
