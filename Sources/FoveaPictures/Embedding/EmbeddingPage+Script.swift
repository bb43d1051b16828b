extension EmbeddingPage {
  /// One function, in two parts: what is drawn, and what is done with it.
  static let script = drawing + handling

  private static let drawing = #"""
    (() => {
      'use strict';
      const $ = id => document.getElementById(id);
      const data = JSON.parse($('data').textContent);
      const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
      const places = new Float32Array(bytes(data.places).buffer);
      const labelOf = new Uint32Array(bytes(data.labelOf).buffer);
      const neighbors = new Int32Array(bytes(data.neighbors).buffer);
      const distances = new Float32Array(bytes(data.distances).buffer);
      const extents = bytes(data.extents);
      const count = places.length / 2;
      const hasLabels = data.labels.length > 0;
      const pathOf = point => data.folder + data.paths[point];
      const labelText = point => hasLabels ? data.labels[labelOf[point]] : '';

      const canvas = $('plane'), context = canvas.getContext('2d');
      let width = 0, height = 0, ratio = 1, image = null, pixels = null;
      // A point of the plane times scale, plus shift, is a pixel of the canvas.
      let scale = 1, shiftX = 0, shiftY = 0, allScale = 1;
      let current = -1, trail = [], isLasso = false, showsPictures = false, outline = null, isDue = false;
      // 0 as it is, 1 dimmed, 2 chosen.
      const mode = new Uint8Array(count);
      let chosen = null;

      // Colors: those of charts for few labels, else hues a golden angle apart.
      const isDark = matchMedia('(prefers-color-scheme: dark)');
      let colors = [], css = [], dimColor = 0, ground = 0, ink = '', accent = '';
      const pack = (r, g, b) => (255 << 24 | b << 16 | g << 8 | r) >>> 0;
      const numbers = color => {
        const spot = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        spot.fillStyle = color;
        spot.fillRect(0, 0, 1, 1);
        return [...spot.getImageData(0, 0, 1, 1).data];
      };
      function readColors() {
        const style = getComputedStyle(document.documentElement);
        const named = [];
        for (let i = 0; style.getPropertyValue('--s' + i); i++) named.push(style.getPropertyValue('--s' + i).trim());
        const wanted = Math.max(data.labels.length, 1);
        css = [];
        for (let i = 0; i < wanted; i++) {
          css.push(wanted <= named.length ? named[i]
            : `hsl(${Math.round(i * 137.508 % 360)} ${[70, 50, 90][i % 3]}% ${isDark.matches ? [68, 58, 78][i % 3] : [42, 52, 34][i % 3]}%)`);
        }
        colors = css.map(color => pack(...numbers(color)));
        ink = style.getPropertyValue('--ink').trim();
        accent = style.getPropertyValue('--link').trim();
        ground = pack(...numbers(style.getPropertyValue('--card').trim()));
        dimColor = pack(...numbers(style.getPropertyValue('--line').trim()));
      }

      // Pictures in sheets, each loaded when one of its pictures is first wanted.
      const sheets = [];
      function sheet(number) {
        if (!sheets[number]) {
          sheets[number] = new Image();
          sheets[number].onload = () => { draw(); repaint(); };
          sheets[number].src = data.sheets[number];
        }
        return sheets[number].complete && sheets[number].naturalWidth ? sheets[number] : null;
      }
      function paint(target, point, x, y, side) {
        const [w, h] = [extents[2 * point], extents[2 * point + 1]];
        if (!w) return false;
        const source = sheet(Math.floor(point / data.perSheet));
        if (!source) return false;
        const slot = point % data.perSheet, zoom = side / Math.max(w, h);
        target.drawImage(source, slot % data.columns * data.side, Math.floor(slot / data.columns) * data.side, w, h,
          x + (side - w * zoom) / 2, y + (side - h * zoom) / 2, w * zoom, h * zoom);
        return true;
      }
      function repaint() {
        for (const small of document.querySelectorAll('canvas[data-point]')) paintSmall(small);
      }
      function paintSmall(small) {
        const target = small.getContext('2d');
        target.clearRect(0, 0, small.width, small.height);
        target.imageSmoothingEnabled = small.width < 90;
        paint(target, Number(small.dataset.point), 0, 0, small.width);
      }
      function picture(point, side, name) {
        const small = document.createElement('canvas');
        small.width = small.height = side;
        small.dataset.point = point;
        if (name) small.className = name;
        paintSmall(small);
        return small;
      }

      // A grid over the plane, for what is under the pointer.
      let low = [Infinity, Infinity], high = [-Infinity, -Infinity];
      for (let i = 0; i < count; i++) {
        for (let a = 0; a < 2; a++) {
          low[a] = Math.min(low[a], places[2 * i + a]);
          high[a] = Math.max(high[a], places[2 * i + a]);
        }
      }
      const extent = Math.max(high[0] - low[0], high[1] - low[1], 1e-9);
      const cells = Math.max(1, Math.min(1024, Math.ceil(Math.sqrt(count / 2))));
      const cellOf = (value, axis) => Math.max(0, Math.min(cells - 1, Math.floor((value - low[axis]) / extent * cells)));
      const starts = new Uint32Array(cells * cells + 1), members = new Uint32Array(count);
      for (let i = 0; i < count; i++) starts[cellOf(places[2 * i + 1], 1) * cells + cellOf(places[2 * i], 0) + 1]++;
      for (let i = 0; i < cells * cells; i++) starts[i + 1] += starts[i];
      const free = starts.slice();
      for (let i = 0; i < count; i++) members[free[cellOf(places[2 * i + 1], 1) * cells + cellOf(places[2 * i], 0)]++] = i;
      function nearest(x, y, reach) {
        const [px, py, radius] = [(x - shiftX) / scale, (y - shiftY) / scale, reach / scale];
        let best = -1, least = radius * radius;
        for (let row = cellOf(py - radius, 1); row <= cellOf(py + radius, 1); row++) {
          for (let column = cellOf(px - radius, 0); column <= cellOf(px + radius, 0); column++) {
            for (let at = starts[row * cells + column]; at < starts[row * cells + column + 1]; at++) {
              const point = members[at];
              const [dx, dy] = [places[2 * point] - px, places[2 * point + 1] - py];
              const square = dx * dx + dy * dy + (mode[point] === 1 ? least * 0.5 : 0);
              if (square < least) [best, least] = [point, square];
            }
          }
        }
        return best;
      }

      function showAll() {
        const margin = 30 * ratio;
        scale = Math.min((width - 2 * margin) / Math.max(high[0] - low[0], 1e-9),
          (height - 2 * margin) / Math.max(high[1] - low[1], 1e-9));
        if (!(scale > 0) || !isFinite(scale)) scale = 1;
        allScale = scale;
        shiftX = width / 2 - (low[0] + high[0]) / 2 * scale;
        shiftY = height / 2 - (low[1] + high[1]) / 2 * scale;
        draw();
      }
      function resize() {
        const box = canvas.getBoundingClientRect();
        const next = Math.min(devicePixelRatio || 1, 2);
        const [w, h] = [Math.max(1, Math.round(box.width * next)), Math.max(1, Math.round(box.height * next))];
        if (w === width && h === height) return;
        const [middleX, middleY] = [(width / 2 - shiftX) / scale, (height / 2 - shiftY) / scale];
        const isFirst = !image;
        [width, height, ratio] = [w, h, next];
        canvas.width = w;
        canvas.height = h;
        image = context.createImageData(w, h);
        pixels = new Uint32Array(image.data.buffer);
        if (isFirst) return showAll();
        [shiftX, shiftY] = [w / 2 - middleX * scale, h / 2 - middleY * scale];
        draw();
      }

      function draw() {
        if (isDue) return;
        isDue = true;
        requestAnimationFrame(() => { isDue = false; render(); });
      }
      // Of a disc so many pixels wide: for each row, where it is, and its first and last column.
      function disc(size) {
        const spans = [], middle = (size - 1) / 2;
        for (let row = 0; row < size; row++) {
          let first = 0;
          while (first < middle && Math.hypot(first - middle, row - middle) > size / 2) first++;
          spans.push(row - Math.floor(middle), first - Math.floor(middle), size - 1 - first - Math.floor(middle));
        }
        return spans;
      }
      function stamp(x, y, spans, color) {
        for (let s = 0; s < spans.length; s += 3) {
          const row = y + spans[s];
          if (row < 0 || row >= height) continue;
          const end = row * width + Math.min(x + spans[s + 2], width - 1);
          for (let at = row * width + Math.max(x + spans[s + 1], 0); at <= end; at++) pixels[at] = color;
        }
      }
      function render() {
        if (!image) return;
        const begun = performance.now();
        pixels.fill(ground);
        const zoom = scale / allScale;
        const radius = ratio * Math.min(7, Math.max(1.1, 34 / Math.sqrt(count) * Math.sqrt(zoom) + 0.6));
        const size = Math.max(2, Math.round(2 * radius)), spans = disc(size), margin = size;
        let seen = 0;
        // What is dimmed lies below, what is chosen above.
        const hasDim = chosen !== null;
        for (let pass = hasDim ? 0 : 1; pass < 2; pass++) {
          for (let i = 0; i < count; i++) {
            if (hasDim && (mode[i] === 1) !== (pass === 0)) continue;
            const x = Math.round(places[2 * i] * scale + shiftX), y = Math.round(places[2 * i + 1] * scale + shiftY);
            if (x < -margin || y < -margin || x >= width + margin || y >= height + margin) continue;
            if (pass === 1) seen++;
            stamp(x, y, spans, pass === 0 ? dimColor : colors[hasLabels ? labelOf[i] : 0]);
          }
        }
        context.putImageData(image, 0, 0);
        const drawsAll = seen <= 250;
        if (showsPictures || drawsAll) drawPictures(drawsAll);
        if (current >= 0) drawCurrent(radius);
        if (outline && outline.length > 1) {
          context.beginPath();
          outline.forEach(([x, y], i) => i ? context.lineTo(x, y) : context.moveTo(x, y));
          context.closePath();
          context.strokeStyle = accent;
          context.lineWidth = 2 * ratio;
          context.stroke();
        }
        canvas.dataset.seen = seen;
        canvas.dataset.view = [scale, shiftX, shiftY].map(value => value.toFixed(2)).join(' ');
        canvas.dataset.milliseconds = (performance.now() - begun).toFixed(2);
      }
      function drawPictures(drawsAll) {
        const side = Math.round(ratio * (drawsAll ? Math.max(data.side * 0.75, 28) : 36)), gap = side;
        // By squares of the grid, what was drawn there: none is to cover another.
        const taken = new Map(), apart = drawsAll ? 0.6 * side : side;
        const isFree = (x, y) => {
          const [row, column] = [Math.floor(y / gap), Math.floor(x / gap)];
          for (let r = row - 1; r <= row + 1; r++) {
            for (let c = column - 1; c <= column + 1; c++) {
              for (const [ox, oy] of taken.get(r * 4096 + c) || []) {
                if (Math.abs(ox - x) < apart && Math.abs(oy - y) < apart) return false;
              }
            }
          }
          const cell = row * 4096 + column;
          if (taken.has(cell)) taken.get(cell).push([x, y]); else taken.set(cell, [[x, y]]);
          return true;
        };
        for (let i = 0; i < count; i++) {
          if (hasPoint(i) === false) continue;
          const x = places[2 * i] * scale + shiftX, y = places[2 * i + 1] * scale + shiftY;
          if (x < 0 || y < 0 || x >= width || y >= height) continue;
          if (!isFree(x, y)) continue;
          const [left, top] = [Math.round(x - side / 2), Math.round(y - side / 2)];
          if (!paint(context, i, left, top, side) || !hasLabels) continue;
          context.fillStyle = css[labelOf[i]];
          context.fillRect(left, top + side, side, Math.max(2, 2 * ratio));
        }
      }
      const hasPoint = point => chosen === null || mode[point] === 2;
      function drawCurrent(radius) {
        const at = point => [places[2 * point] * scale + shiftX, places[2 * point + 1] * scale + shiftY];
        const [x, y] = at(current);
        canvas.dataset.current = `${x / ratio} ${y / ratio}`;
        context.strokeStyle = ink;
        context.lineWidth = ratio;
        context.globalAlpha = 0.6;
        context.beginPath();
        for (let rank = 0; rank < data.each; rank++) {
          const [nx, ny] = at(neighbors[current * data.each + rank]);
          context.moveTo(x, y);
          context.lineTo(nx, ny);
        }
        context.stroke();
        context.globalAlpha = 1;
        context.lineWidth = 2.5 * ratio;
        context.beginPath();
        context.arc(x, y, radius + 5 * ratio, 0, 7);
        context.stroke();
      }

    """#
}
