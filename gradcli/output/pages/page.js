"use strict";
(() => {
  const cividis = [[0, 34, 78], [53, 69, 108], [102, 105, 112], [148, 142, 119], [200, 184, 102], [254, 232, 56]];
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const known = (number) => number !== null && Number.isFinite(number);
  // A number in words; all: where it comes from, with as many digits as tell its neighbours apart.
  const say = (number, all = []) => {
    if (!known(number)) return "no value";
    const span = all.length ? Math.abs(all[all.length - 1] - all[0]) : 0, lost = span ? Math.floor(Math.log10(Math.abs(number) / span)) : 0;
    return String(Number(number.toPrecision(bounded(6 + (Number.isFinite(lost) ? Math.max(lost, 0) : 0), 6, 15))));
  };
  const bounded = (number, low, high) => Math.min(Math.max(number, low), high);
  // A number beside an axis: short whatever its size, and as many digits as tell it from its neighbours.
  const short = (number, step) => {
    const size = Math.abs(number), place = (one) => Math.floor(Math.log10(one) + 1e-9);
    const digits = size ? bounded(place(size) - place(step) + 1, 1, 12) : 1;
    const plain = String(number), power = Number(number.toPrecision(digits)).toExponential().replace("e+", "e");
    return (size >= 1e6 || (size && size < 1e-4)) && power.length < plain.length ? power : plain;
  };
  const redraws = [];

  function shade(part) {
    const place = bounded(part, 0, 1) * (cividis.length - 1), index = Math.min(Math.floor(place), cividis.length - 2);
    const mixed = cividis[index].map((low, i) => Math.round(low + (cividis[index + 1][i] - low) * (place - index)));
    return `rgb(${mixed.join(",")})`;
  }

  function ticks(low, high, most) {
    const rough = (high - low) / most, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * (1 - 1e-9));
    const found = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(Number((k * step).toPrecision(12)));
    return found.map((number) => [number, short(number, step)]);
  }

  // The ticks of an axis that goes up, and the room that the numbers beside such axes take.
  const upright = (ys, room, power) => ticks(ys[0], ys[1], Math.max(room / 60, 2)).map(([y, text]) => [y, power ? "1e" + text : text]);
  const margin = (pen, ...axes) => Math.max(62, ...axes.flatMap((axis) => upright(...axis)).map(([, text]) => Math.ceil(pen.measureText(text).width) + 16));

  function sheet(canvas) {
    const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = Math.round(width * Number(canvas.dataset.ratio));
    canvas.style.height = height + "px";
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.clearRect(0, 0, width, height);
    pen.font = "12px system-ui, sans-serif";
    pen.lineJoin = "round";
    return { pen, width, height };
  }

  // A rectangle of the sheet in which x and y are numbers of the problem.
  function panel(pen, box, xs, ys, names, power) {
    const across = (x) => box.left + ((x - xs[0]) / (xs[1] - xs[0])) * (box.right - box.left);
    const down = (y) => box.bottom - ((y - ys[0]) / (ys[1] - ys[0])) * (box.bottom - box.top);
    pen.strokeStyle = style("faint");
    pen.fillStyle = style("faint");
    pen.lineWidth = 1;
    pen.strokeRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    pen.textAlign = "center";
    for (const [x, text] of ticks(xs[0], xs[1], Math.max(Math.min((box.right - box.left) / 80, 8), 2))) {
      pen.fillRect(across(x), box.bottom, 1, 4);
      const half = pen.measureText(text).width / 2;
      if (names[0]) pen.fillText(text, Math.min(across(x), box.right + 10 - half), box.bottom + 16);
    }
    pen.textAlign = "right";
    for (const [y, text] of upright(ys, box.bottom - box.top, power)) {
      pen.fillRect(box.left - 4, down(y), 4, 1);
      pen.fillText(text, box.left - 7, down(y) + 4);
    }
    pen.fillStyle = style("ink");
    pen.textAlign = "center";
    pen.fillText(names[0], (box.left + box.right) / 2, box.bottom + 32);
    pen.textAlign = "left";
    label(pen, names[1], box.left + 8, box.top + 18);
    const inverse = (px, py) => [xs[0] + ((px - box.left) / (box.right - box.left)) * (xs[1] - xs[0]),
      ys[0] + ((box.bottom - py) / (box.bottom - box.top)) * (ys[1] - ys[0])];
    const scales = [(box.right - box.left) / (xs[1] - xs[0]), (box.bottom - box.top) / (ys[1] - ys[0])];
    return { across, down, inverse, box, scales };
  }

  // A word that can be read on any colour.
  function label(pen, text, px, py) {
    pen.lineWidth = 3;
    pen.strokeStyle = style("ground");
    pen.fillStyle = style("ink");
    pen.strokeText(text, px, py);
    pen.fillText(text, px, py);
  }

  function clipped(pen, box, draw) {
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    pen.clip();
    draw();
    pen.restore();
  }

  function trace(pen, frame, xs, ys, colour, width) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    let down = false;
    xs.forEach((x, i) => {
      if (!known(ys[i])) { down = false; return; }
      const py = bounded(frame.down(ys[i]), -1e5, 1e5);
      if (down) pen.lineTo(frame.across(x), py); else pen.moveTo(frame.across(x), py);
      down = true;
    });
    pen.stroke();
  }

  const shapes = { minimum: "▼", maximum: "▲", saddle: "✕", degenerate: "■", corner: "◆", cusp: "◆", pole: "╫", edge: "┃", border: "┇", point: "●", jump: "●", gap: "◌", steep: "╱" };

  function mark(pen, frame, one) {
    pen.textAlign = "center";
    pen.font = "16px system-ui, sans-serif";
    const colour = style(one.kind === "point" ? "vermilion" : "purple");
    for (const height of one.open) {
      pen.beginPath();
      pen.arc(frame.across(one.x), frame.down(height), 5, 0, 7);
      pen.fillStyle = style("ground");
      pen.strokeStyle = style("blue");
      pen.lineWidth = 2;
      pen.fill();
      pen.stroke();
    }
    if (shapes[one.kind] && !(one.y === null && one.open.length)) {
      pen.lineWidth = 3;
      pen.strokeStyle = style("ground");
      pen.fillStyle = colour;
      const py = one.y === null ? frame.box.bottom - 4 : frame.down(one.y) + 6;
      pen.strokeText(shapes[one.kind], frame.across(one.x), py);
      pen.fillText(shapes[one.kind], frame.across(one.x), py);
    }
    pen.font = "12px system-ui, sans-serif";
  }

  function way(pen, places, upto) {
    if (!places.length) return;
    pen.strokeStyle = pen.fillStyle = style("vermilion");
    pen.lineWidth = 2;
    pen.beginPath();
    places.slice(0, upto + 1).forEach(([px, py], i) => (i ? pen.lineTo(px, py) : pen.moveTo(px, py)));
    pen.stroke();
    places.forEach(([px, py], i) => {
      pen.beginPath();
      pen.globalAlpha = i <= upto ? 1 : 0.35;
      pen.arc(px, py, i === upto ? 6 : 2.5, 0, 7);
      pen.fill();
    });
    pen.globalAlpha = 1;
  }

  function numbers(pen, places, path) {
    const every = Math.max(Math.ceil(places.length / 12), 1), last = places.length - 1, taken = [];
    pen.textAlign = "left";
    // The ends first; a number that would stand on another is left out.
    [...new Set([last, 0, ...places.keys()])].forEach((i) => {
      const [px, py] = places[i] || [], text = i in path ? String(path[i].step) : "", wide = pen.measureText(text).width + 5;
      if ((i % every && i !== last) || !text || taken.some(([x, y, w]) => px < x + w && x < px + wide && Math.abs(py - y) < 14)) return;
      taken.push([px, py, wide]);
      label(pen, text, px + 6, py - 5);
    });
  }

  // Pointer and arrow keys → a cursor on the samples.
  function follow(canvas, move, nudge) {
    canvas.addEventListener("pointermove", (event) => {
      const edge = canvas.getBoundingClientRect();
      move(event.clientX - edge.left, event.clientY - edge.top);
    });
    canvas.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (way) { event.preventDefault(); nudge(...way); }
    });
  }

  function stepper(figure, data, draw) {
    const slider = figure.querySelector("input[type=range]"), words = figure.querySelector(".stop");
    const state = { step: data.path.length - 1 };
    if (!slider) return state;
    const show = () => {
      state.step = Number(slider.value);
      const stop = data.path[state.step];
      words.textContent = `step ${stop.step}: ` + stop.words;
      slider.setAttribute("aria-valuetext", words.textContent);
      draw();
    };
    slider.addEventListener("input", show);
    state.show = show;
    return state;
  }

  // Strips in which a curve must lie; an end that is null is outside of the panel.
  function strips(pen, where, ends, band) {
    pen.fillStyle = style("green");
    pen.globalAlpha = 0.3;
    (band || []).forEach(([start, end, lower, upper]) => {
      const top = where.down(known(upper) ? Math.min(upper, ends[1]) : ends[1]), bottom = where.down(known(lower) ? Math.max(lower, ends[0]) : ends[0]);
      pen.fillRect(where.across(start), top, where.across(end) - where.across(start), bottom - top);
    });
    pen.globalAlpha = 1;
  }

  function curve(figure, data) {
    const canvas = figure.querySelector(".map"), words = figure.querySelector(".hover");
    let cursor = -1, upper;
    const state = stepper(figure, data, () => draw());
    function draw() {
      const { pen, width, height } = sheet(canvas), ends = [data.xs[0], data.xs[data.xs.length - 1]], split = height * 0.63;
      const left = margin(pen, [data.heights, split - 10], [data.steepness, height - 56 - split]);
      upper = panel(pen, { left, right: width - 12, top: 10, bottom: split }, ends, data.heights, ["", "f"]);
      const lower = panel(pen, { left, right: width - 12, top: split + 14, bottom: height - 42 }, ends, data.steepness, [data.axis, "f′"]);
      clipped(pen, lower.box, () => {
        strips(pen, lower, data.steepness, data.slope_band);
        trace(pen, lower, ends, [0, 0], style("rule"), 1);
        trace(pen, lower, data.xs, data.slopes, style("vermilion"), 2);
        if (cursor >= 0 && known(data.slopes[cursor])) way(pen, [[lower.across(data.xs[cursor]), lower.down(data.slopes[cursor])]], 0);
      });
      clipped(pen, upper.box, () => {
        pen.fillStyle = style("faint");
        for (const [low, high] of data.outside || []) {
          for (let px = upper.across(low) + 4; px < upper.across(high) - 1; px += 10) for (let py = upper.box.top + 5; py < upper.box.bottom; py += 10) pen.fillRect(px, py, 1.6, 1.6);
        }
        const touch = cursor >= 0 && known(data.slopes[cursor]) ? [data.xs[cursor], data.values[cursor], data.slopes[cursor]] : data.tangent;
        strips(pen, upper, data.heights, data.band);
        pen.setLineDash([6, 5]);
        if (touch) trace(pen, upper, ends, ends.map((x) => touch[1] + touch[2] * (x - touch[0])), style("purple"), 1.5);
        pen.setLineDash([]);
        trace(pen, upper, data.xs, data.values, style("blue"), 2.5);
        const places = data.path.map((stop) => [upper.across(stop.x), upper.down(stop.value)]);
        way(pen, places, state.step);
        numbers(pen, places, data.path);
        data.marks.forEach((one) => mark(pen, upper, one));
        if (cursor >= 0 && known(data.values[cursor])) way(pen, [[upper.across(data.xs[cursor]), upper.down(data.values[cursor])]], 0);
      });
    }
    function at(index) {
      cursor = bounded(index, 0, data.xs.length - 1);
      words.textContent = `${data.axis} = ${say(data.xs[cursor], data.xs)}   f = ${say(data.values[cursor], data.heights)}   f′ = ${say(data.slopes[cursor])}`;
      draw();
    }
    const nearest = (x) => data.xs.reduce((best, one, i) => (Math.abs(one - x) < Math.abs(data.xs[best] - x) ? i : best), 0);
    follow(canvas, (px) => at(nearest(upper.inverse(px, 0)[0])), (right) => at(cursor + 8 * right));
    redraws.push(draw);
    if (state.show) state.show();
  }

  function lines(data, level, draw) {
    const { xs, ys, values } = data;
    const broken = new Set(data.breaks.map(([i, j]) => j * xs.length + i));
    const cut = (a, b, u, v) => u + ((v - u) * (level - a)) / (b - a);
    for (let j = 0; j + 1 < ys.length; j++) {
      for (let i = 0; i + 1 < xs.length; i++) {
        const [a, b, c, d] = [values[j][i], values[j][i + 1], values[j + 1][i + 1], values[j + 1][i]];
        if (![a, b, c, d].every(known) || broken.has(j * xs.length + i)) continue;
        const ends = [];
        if (a > level !== b > level) ends.push([cut(a, b, xs[i], xs[i + 1]), ys[j]]);
        if (b > level !== c > level) ends.push([xs[i + 1], cut(b, c, ys[j], ys[j + 1])]);
        if (d > level !== c > level) ends.push([cut(d, c, xs[i], xs[i + 1]), ys[j + 1]]);
        if (a > level !== d > level) ends.push([xs[i], cut(a, d, ys[j], ys[j + 1])]);
        // Four crossings: the middle says which of them belong together.
        if (ends.length === 4 && a > level !== (a + b + c + d) / 4 > level) ends.unshift(ends.pop());
        for (let k = 0; k + 1 < ends.length; k += 2) draw(ends[k], ends[k + 1]);
      }
    }
  }

  // Height → share of the colours and of the surface; compressed where few places hold most of the height.
  function heights(data) {
    const all = data.values.flat().filter(known), low = all.reduce((a, b) => Math.min(a, b), Infinity), high = all.reduce((a, b) => Math.max(a, b), -Infinity);
    if (!(high > low)) return () => 0.5;
    if (data.compressed === null) return (value) => (value - low) / (high - low);
    // Below zero: what is compressed are depths, as they are far below the rest.
    const size = Math.abs(data.compressed), part = (height) => Math.log1p(height / size) / Math.log1p((high - low) / size);
    return data.compressed > 0 ? (value) => part(value - low) : (value) => 1 - part(high - value);
  }

  function landscape(figure, data) {
    const canvas = figure.querySelector(".map"), words = figure.querySelector(".hover"), rank = heights(data);
    let cursor = null, frame, taken = [], turn = () => {};
    const state = stepper(figure, data, () => { draw(); turn(); });
    function draw() {
      const { pen, width, height } = sheet(canvas), { xs, ys } = data;
      const across = [xs[0], xs[xs.length - 1]], up = [ys[0], ys[ys.length - 1]];
      const box = { left: margin(pen, [up, height - 52]), right: width - 12, top: 10, bottom: height - 42 };
      pen.fillStyle = style("void");
      pen.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
      frame = panel(pen, box, across, up, ["", ""]);
      clipped(pen, box, () => {
        const w = (frame.across(xs[1]) - frame.across(xs[0])) + 1, h = frame.down(ys[0]) - frame.down(ys[1]) + 1;
        data.values.forEach((row, j) => row.forEach((value, i) => {
          if (!known(value)) return;
          pen.fillStyle = shade(rank(value));
          pen.fillRect(frame.across(xs[i]) - w / 2, frame.down(ys[j]) - h / 2, w, h);
        }));
        taken = [...data.marks, ...data.path.slice(-1)].filter((one) => one.y !== null).map((one) => [frame.across(one.x), frame.down(one.y)]);
        data.levels.forEach((level, number) => contour(pen, level, number));
        constraints(pen);
        arrows(pen, box);
        const places = data.path.map((stop) => [frame.across(stop.x), frame.down(stop.y)]);
        way(pen, places, state.step);
        numbers(pen, places, data.path);
        data.marks.forEach((one) => mark(pen, frame, one));
        pulls(pen);
        if (cursor) arrow(pen, cursor[0], cursor[1], 26, style("vermilion"));
      });
      panel(pen, box, across, up, data.axes);
    }
    function contour(pen, level, number) {
      pen.strokeStyle = "rgba(255,255,255,0.75)";
      pen.lineWidth = 1;
      pen.beginPath();
      const ends = [];
      lines(data, level, (a, b) => {
        pen.moveTo(frame.across(a[0]), frame.down(a[1]));
        pen.lineTo(frame.across(b[0]), frame.down(b[1]));
        ends.push(a);
      });
      pen.stroke();
      // The number stands on its line: within the frame, and on nothing that is there already.
      const text = say(level, data.levels), half = pen.measureText(text).width / 2 + 4, { left, right, top, bottom } = frame.box;
      const places = ends.map(([x, y]) => [frame.across(x), frame.down(y)]).filter(([px, py]) => px - half > left && px + half < right && py > top + 26 && py < bottom - 10);
      const free = places.filter(([px, py]) => taken.every(([x, y]) => Math.abs(px - x) > half + 14 || Math.abs(py - y) > 18));
      if (!free.length) return;
      const spot = free[Math.floor((free.length * ((number % 4) + 1)) / 5)];
      taken.push(spot);
      pen.lineWidth = 3;
      pen.textAlign = "center";
      pen.strokeStyle = "rgba(0,0,0,0.65)";
      pen.fillStyle = "#fff";
      pen.strokeText(text, spot[0], spot[1] + 4);
      pen.fillText(text, spot[0], spot[1] + 4);
    }
    // The curves of constraints, and dots where an inequality does not hold.
    function constraints(pen) {
      pen.fillStyle = "rgba(255,255,255,0.85)";
      const every = Math.max(Math.round(data.xs.length / 40), 1);
      data.outside.forEach((row, j) => row.forEach((missed, i) => {
        if (!missed || i % every || j % every) return;
        pen.beginPath();
        pen.arc(frame.across(data.xs[i]), frame.down(data.ys[j]), 1.6, 0, 7);
        pen.fill();
      }));
      for (const { pieces } of data.borders) {
        for (const [width, colour] of [[5, "rgba(0,0,0,0.5)"], [3, "#fff"]]) {
          pen.lineWidth = width;
          pen.strokeStyle = colour;
          pen.beginPath();
          for (const [a, b] of pieces) {
            pen.moveTo(frame.across(a[0]), frame.down(a[1]));
            pen.lineTo(frame.across(b[0]), frame.down(b[1]));
          }
          pen.stroke();
        }
      }
    }
    // Gradients at points, all of a point to one scale, so that their parts add up.
    function pulls(pen) {
      const { left, right, top, bottom } = frame.box, [across, up] = frame.scales;
      for (const one of [...data.pulls].reverse()) {
        const here = data.pulls.filter((other) => other.x === one.x && other.y === one.y);
        const longest = Math.max(...here.map((other) => Math.hypot(other.u * across, other.v * up)));
        const factor = (0.2 * Math.min(right - left, bottom - top)) / longest, [u, v] = [one.u * across * factor, one.v * up * factor];
        const x = frame.across(one.x), y = frame.down(one.y), length = Math.hypot(u, v), angle = Math.atan2(v, u), main = one.kind === "f";
        pen.strokeStyle = main ? style("vermilion") : one.kind === "along" ? style("green") : style("purple");
        pen.lineWidth = main ? 3 : 7;
        pen.globalAlpha = main ? 1 : 0.7;
        pen.beginPath();
        pen.moveTo(x, y);
        pen.lineTo(x + u, y - v);
        for (const side of [2.6, -2.6]) {
          pen.moveTo(x + u, y - v);
          pen.lineTo(x + u + Math.min(length * 0.35, 14) * Math.cos(angle + side), y - v - Math.min(length * 0.35, 14) * Math.sin(angle + side));
        }
        pen.stroke();
        pen.globalAlpha = 1;
        if (main) label(pen, "∇f", x + u + 6, y - v);
      }
    }
    function arrow(pen, i, j, length, colour) {
      const u = data.partials[0][j][i], v = data.partials[1][j][i];
      if (!known(u) || !known(v) || (!u && !v)) return;
      const angle = Math.atan2(-frame.scales[1] * v, -frame.scales[0] * u);
      const x = frame.across(data.xs[i]), y = frame.down(data.ys[j]), tip = [x + length * Math.cos(angle), y - length * Math.sin(angle)];
      pen.strokeStyle = colour;
      pen.lineWidth = length > 20 ? 3 : 1.2;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(...tip);
      for (const side of [2.6, -2.6]) {
        pen.moveTo(...tip);
        pen.lineTo(tip[0] + length * 0.35 * Math.cos(angle + side), tip[1] - length * 0.35 * Math.sin(angle + side));
      }
      pen.stroke();
    }
    function arrows(pen) {
      const count = 16;
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < count; b++) {
          const i = Math.round(((a + 0.5) / count) * (data.xs.length - 1)), j = Math.round(((b + 0.5) / count) * (data.ys.length - 1));
          if (!(data.outside.length && data.outside[j][i])) arrow(pen, i, j, 13, "rgba(255,255,255,0.6)");
        }
      }
    }
    function at(i, j) {
      cursor = [bounded(i, 0, data.xs.length - 1), bounded(j, 0, data.ys.length - 1)];
      const [x, y] = [data.xs[cursor[0]], data.ys[cursor[1]]], [u, v] = data.partials.map((rows) => rows[cursor[1]][cursor[0]]);
      words.textContent = `${data.axes[0]} = ${say(x, data.xs)}   ${data.axes[1]} = ${say(y, data.ys)}   f = ${say(data.values[cursor[1]][cursor[0]], data.levels)}   ∇f = (${say(u)}, ${say(v)})`;
      if (data.outside.length && data.outside[cursor[1]][cursor[0]]) words.textContent += "   a constraint does not hold";
      draw();
    }
    const index = (value, all) => Math.round(((value - all[0]) / (all[all.length - 1] - all[0])) * (all.length - 1));
    follow(canvas, (px, py) => {
      const [x, y] = frame.inverse(px, py);
      at(index(x, data.xs), index(y, data.ys));
    }, (right, up) => (cursor ? at(cursor[0] + right, cursor[1] + up) : at(data.xs.length >> 1, data.ys.length >> 1)));
    redraws.push(draw);
    turn = surface(figure.querySelector(".surface"), data, rank, state);
    redraws.push(turn);
    if (state.show) state.show();
  }

  function surface(canvas, data, rank, state) {
    let yaw = -0.6, pitch = 0.9, held = null;
    const every = Math.ceil((data.xs.length - 1) / 44), pick = (all) => all.filter((_, i) => i % every === 0);
    const xs = pick(data.xs), ys = pick(data.ys), rows = pick(data.values).map(pick);
    const unit = (value, all) => (2 * (value - all[0])) / (all[all.length - 1] - all[0]) - 1;
    function draw() {
      // However it is turned, the surface fits: its corners are √2 from the middle.
      const { pen, width, height } = sheet(canvas), size = Math.min((width / 2 - 24) / 1.42, (height / 2 - 24) / 1.39);
      const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
      const project = (x, y, z) => {
        const u = unit(x, data.xs), v = unit(y, data.ys), right = u * cy - v * sy, back = u * sy + v * cy;
        return [width / 2 + size * right, height / 2 - size * (back * cp * 0.9 + (rank(z) - 0.5) * 1.1 * sp), back];
      };
      const tiles = [];
      for (let j = 0; j + 1 < ys.length; j++) {
        for (let i = 0; i + 1 < xs.length; i++) {
          const four = [rows[j][i], rows[j][i + 1], rows[j + 1][i + 1], rows[j + 1][i]];
          if (!four.every(known)) continue;
          const places = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]].map(([a, b], k) => project(xs[a], ys[b], four[k]));
          tiles.push([places.reduce((sum, place) => sum + place[2], 0), places, (four[0] + four[1] + four[2] + four[3]) / 4]);
        }
      }
      tiles.sort((a, b) => b[0] - a[0]);
      pen.lineWidth = 0.5;
      for (const [, places, middle] of tiles) {
        pen.fillStyle = shade(rank(middle));
        pen.strokeStyle = "rgba(128,128,128,0.6)";
        pen.beginPath();
        places.forEach(([px, py], k) => (k ? pen.lineTo(px, py) : pen.moveTo(px, py)));
        pen.closePath();
        pen.fill();
        pen.stroke();
      }
      way(pen, data.path.filter((stop) => known(stop.value)).map((stop) => project(stop.x, stop.y, stop.value)), state.step);
      // The names stand beside the two edges of the ground that are in front, away from the middle.
      pen.textAlign = "center";
      const floor = data.values.flat().filter(known).reduce((least, value) => Math.min(least, value), Infinity);
      const middle = (all) => (all[0] + all[all.length - 1]) / 2, ends = (all) => [all[0], all[all.length - 1]];
      const [cx, cy2] = project(middle(data.xs), middle(data.ys), floor);
      [ends(data.ys).map((y) => project(middle(data.xs), y, floor)), ends(data.xs).map((x) => project(x, middle(data.ys), floor))].forEach((edges, i) => {
        const [px, py] = edges[0][1] > edges[1][1] ? edges[0] : edges[1], length = Math.hypot(px - cx, py - cy2) || 1;
        const half = pen.measureText(data.axes[i]).width / 2;
        label(pen, data.axes[i], bounded(px + ((px - cx) / length) * (16 + half), half + 4, width - half - 4), bounded(py + ((py - cy2) / length) * 16 + 8, 14, height - 6));
      });
      canvas.dataset.yaw = yaw.toFixed(3);
      canvas.dataset.pitch = pitch.toFixed(3);
    }
    const rotate = (right, up) => { yaw += right; pitch = bounded(pitch + up, 0.15, 1.5); draw(); };
    canvas.addEventListener("pointerdown", (event) => { held = [event.clientX, event.clientY]; });
    window.addEventListener("pointerup", () => { held = null; });
    canvas.addEventListener("pointermove", (event) => {
      if (!held) return;
      rotate((event.clientX - held[0]) / 150, (held[1] - event.clientY) / 150);
      held = [event.clientX, event.clientY];
    });
    canvas.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
      if (way) { event.preventDefault(); rotate(...way); }
    });
    return draw;
  }

  function convergence(figure, data) {
    const canvas = figure.querySelector(".map"), words = figure.querySelector(".hover");
    const colours = ["blue", "vermilion", "green", "purple", "orange", "faint"], dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
    let upper, cursor = null;
    // The place of a step in the record of a descent: the nearest one that was kept.
    const kept = (steps, step) => steps.reduce((best, one, i) => (Math.abs(one - step) < Math.abs(steps[best] - step) ? i : best), 0);
    const there = (one) => one.steps.length && cursor >= one.steps[0] && cursor <= one.steps[one.steps.length - 1];
    const drawn = [0, 1].map((part) => data.series.map((one) => (part ? one.norms : one.values).map((number) =>
      (!known(number) || (data.logarithmic[part] && number <= 0) ? null : data.logarithmic[part] ? Math.log10(number) : number))));
    const last = Math.max(1, ...data.series.flatMap((one) => one.steps)), first = Math.min(0, ...data.series.flatMap((one) => one.steps));
    function draw() {
      const { pen, width, height } = sheet(canvas), top = key(pen, width), split = top + (height - top) * 0.47;
      const spans = drawn.map((part) => {
        const all = part.flat().filter(known), low = all.length ? all.reduce((a, b) => Math.min(a, b)) : 0, high = all.length ? all.reduce((a, b) => Math.max(a, b)) : 1, air = (high - low) * 0.05 || 1;
        return [low - air, high + air];
      });
      const left = margin(pen, [spans[0], split - top, data.logarithmic[0]], [spans[1], height - 56 - split, data.logarithmic[1]]);
      ["f", "|∇f|"].forEach((name, part) => {
        const box = part ? { left, right: width - 12, top: split + 14, bottom: height - 42 } : { left, right: width - 12, top, bottom: split };
        const frame = panel(pen, box, [first, last], spans[part], [part ? "step" : "", name], data.logarithmic[part]);
        if (!part) upper = frame;
        clipped(pen, box, () => data.series.forEach((one, i) => {
          dashed(pen, i);
          trace(pen, frame, one.steps, drawn[part][i], style(colours[i % 6]), 2);
          pen.setLineDash([]);
          const place = cursor !== null && there(one) ? kept(one.steps, cursor) : -1;
          if (place >= 0 && known(drawn[part][i][place])) way(pen, [[frame.across(one.steps[place]), frame.down(drawn[part][i][place])]], 0);
        }));
      });
    }
    const dashed = (pen, i) => pen.setLineDash(data.series.length > 1 ? dashes[(i + Math.floor(i / 12)) % 4] : []);
    // What each curve is, above them all; the height that this takes.
    function key(pen, width) {
      if (data.series.length < 2) return 10;
      let px = 20, py = 20;
      pen.textAlign = "left";
      data.series.forEach((one, i) => {
        const room = pen.measureText(one.name).width + 60;
        if (px > 20 && px + room > width - 12) { px = 20; py += 18; }
        pen.strokeStyle = style(colours[i % 6]);
        pen.lineWidth = 2;
        dashed(pen, i);
        pen.beginPath();
        pen.moveTo(px, py - 4);
        pen.lineTo(px + 30, py - 4);
        pen.stroke();
        pen.setLineDash([]);
        pen.fillStyle = style("ink");
        pen.fillText(one.name, px + 36, py);
        px += room;
      });
      return py + 12;
    }
    function at(step) {
      cursor = step;
      const steps = data.series.filter(there).map((one) => one.steps[kept(one.steps, cursor)]), same = steps.every((one) => one === steps[0]);
      words.textContent = `step ${steps.length && same ? steps[0] : cursor}` + data.series.filter(there).map((one) => {
        const place = kept(one.steps, cursor), name = data.series.length > 1 ? one.name + (same ? "" : ` at ${one.steps[place]}`) + ": " : "";
        return `   ${name}f = ${say(one.values[place])}   |∇f| = ${say(one.norms[place])}`;
      }).join("");
      draw();
    }
    // An arrow key goes to the next step that some descent has kept.
    function nudge(right) {
      const all = [...new Set(data.series.flatMap((one) => one.steps))].sort((a, b) => a - b);
      at(cursor === null ? all[0] : all[bounded(kept(all, cursor) + right, 0, all.length - 1)]);
    }
    follow(canvas, (px) => at(Math.round(bounded(upper.inverse(px, 0)[0], first, last))), nudge);
    redraws.push(draw);
  }

  const kinds = { curve, landscape, convergence };
  document.querySelectorAll("figure[data-kind]").forEach((figure) => {
    kinds[figure.dataset.kind](figure, JSON.parse(figure.querySelector("script").textContent));
  });
  const all = () => redraws.forEach((draw) => draw());
  window.addEventListener("resize", all);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  all();
})();
