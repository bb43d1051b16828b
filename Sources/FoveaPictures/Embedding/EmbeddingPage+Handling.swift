extension EmbeddingPage {
  /// The second part of the script: what stands at the side, fingers, mouse and keys.
  static let handling = #"""
      // What is said of points, at the side.
      function card(point, text) {
        const button = document.createElement('button');
        button.className = 'card';
        button.append(picture(point, 40));
        const words = document.createElement('span');
        words.textContent = text;
        button.append(words);
        button.onclick = () => choose(point, true);
        return button;
      }
      function heading(text) {
        const title = document.createElement('h2');
        title.textContent = text;
        return title;
      }
      function choose(point, moves, keepsTrail) {
        if (current >= 0 && !keepsTrail) trail = [];
        current = point;
        const box = $('chosen');
        box.replaceChildren();
        if (point >= 0) {
          box.append(picture(point, 160, 'large'));
          const name = document.createElement('p');
          name.id = 'name';
          name.textContent = (hasLabels && labelText(point) ? labelText(point) + ' — ' : '') + pathOf(point);
          box.append(name, heading(data.each === 1 ? 'its neighbor' : `its ${data.each} neighbors`));
          for (let rank = 0; rank < data.each; rank++) {
            const at = point * data.each + rank, other = neighbors[at];
            const label = hasLabels ? labelText(other) + ' — ' : '';
            box.append(card(other, `${label}${data.paths[other]} (${distances[at].toPrecision(3)})`));
          }
          if (moves) bringIn(point);
          say(`chosen: ${pathOf(point)}`);
        }
        draw();
      }
      function bringIn(point) {
        const x = places[2 * point] * scale + shiftX, y = places[2 * point + 1] * scale + shiftY, margin = 40 * ratio;
        if (x > margin && y > margin && x < width - margin && y < height - margin) return;
        shiftX += width / 2 - x;
        shiftY += height / 2 - y;
      }
      function say(text) { $('state').textContent = text; }

      /// Sets what is chosen; null for all.
      function select(points, words) {
        chosen = points;
        mode.fill(points === null ? 0 : 1);
        const box = $('several');
        box.replaceChildren();
        for (const button of document.querySelectorAll('#legend button')) {
          button.setAttribute('aria-pressed', String(points !== null && words === 'label ' + button.dataset.label));
        }
        if (points === null) {
          say(`${count.toLocaleString('en')} pictures`);
          return draw();
        }
        for (const point of points) mode[point] = 2;
        say(`${points.length.toLocaleString('en')} of ${count.toLocaleString('en')} pictures: ${words}`);
        box.append(heading(words));
        if (hasLabels && points.length) {
          const tally = new Map();
          for (const point of points) tally.set(labelOf[point], (tally.get(labelOf[point]) || 0) + 1);
          const text = document.createElement('p');
          text.textContent = [...tally].sort((a, b) => b[1] - a[1]).slice(0, 12)
            .map(([label, number]) => `${data.labels[label]} ${number.toLocaleString('en')}`).join(', ');
          box.append(text);
        }
        if (points.length) {
          const save = document.createElement('a');
          save.textContent = 'save their names';
          save.href = '#';
          save.id = 'save';
          save.download = 'names.txt';
          save.onclick = () => {
            save.href = URL.createObjectURL(new Blob([points.map(pathOf).join('\n') + '\n'], {type: 'text/plain'}));
          };
          const line = document.createElement('p');
          line.append(save);
          box.append(line);
        }
        const grid = document.createElement('div');
        grid.className = 'grid';
        for (const point of points.slice(0, 120)) {
          const button = document.createElement('button');
          button.title = (labelText(point) + ' ' + data.paths[point]).trim();
          button.setAttribute('aria-label', button.title);
          button.append(picture(point, 40));
          button.onclick = () => choose(point, true);
          grid.append(button);
        }
        box.append(grid);
        draw();
      }
      const all = test => {
        const found = [];
        for (let i = 0; i < count; i++) if (test(i)) found.push(i);
        return found;
      };
      function find(text) {
        const wanted = text.trim().toLowerCase();
        if (!wanted) return select(null);
        const labels = data.labels.map(label => label.toLowerCase().includes(wanted));
        select(all(i => (hasLabels && labels[labelOf[i]]) || data.paths[i].toLowerCase().includes(wanted)), `with “${text.trim()}”`);
      }
      function inside(polygon) {
        const corners = polygon.map(([x, y]) => [(x - shiftX) / scale, (y - shiftY) / scale]);
        return all(i => {
          const [x, y] = [places[2 * i], places[2 * i + 1]];
          let isIn = false;
          for (let a = 0, b = corners.length - 1; a < corners.length; b = a++) {
            const [[ax, ay], [bx, by]] = [corners[a], corners[b]];
            if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) isIn = !isIn;
          }
          return isIn;
        });
      }
      function legend() {
        const box = $('legend');
        box.replaceChildren();
        if (!hasLabels) return;
        const tally = new Uint32Array(data.labels.length);
        for (let i = 0; i < count; i++) tally[labelOf[i]]++;
        data.labels.forEach((label, number) => {
          const button = document.createElement('button');
          button.dataset.label = label;
          button.setAttribute('aria-pressed', 'false');
          const dot = document.createElement('i');
          dot.style.background = css[number];
          const size = document.createElement('small');
          size.textContent = ' ' + tally[number].toLocaleString('en');
          button.append(dot, label || '(none)', size);
          button.onclick = () => {
            const isOn = button.getAttribute('aria-pressed') === 'true';
            $('find').value = '';
            select(isOn ? null : all(i => labelOf[i] === number), 'label ' + label);
          };
          box.append(button);
        });
      }

      function zoomAt(x, y, factor) {
        const next = Math.min(Math.max(scale * factor, allScale / 4), allScale * 4000);
        shiftX = x - (x - shiftX) * next / scale;
        shiftY = y - (y - shiftY) * next / scale;
        scale = next;
        draw();
      }
      const at = event => {
        const box = canvas.getBoundingClientRect();
        return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
      };
      // Fingers and the mouse: one moves or draws, two come nearer.
      const pointers = new Map();
      let begun = null, isMoved = false;
      canvas.addEventListener('pointerdown', event => {
        try { canvas.setPointerCapture(event.pointerId); } catch { }
        pointers.set(event.pointerId, at(event));
        begun = at(event);
        isMoved = false;
        outline = pointers.size === 1 && (isLasso || event.shiftKey) ? [at(event)] : null;
        canvas.classList.toggle('dragging', !outline);
      });
      canvas.addEventListener('pointermove', event => {
        const place = at(event), before = pointers.get(event.pointerId);
        if (!before) return hover(place);
        $('hint').hidden = true;
        if (Math.hypot(place[0] - begun[0], place[1] - begun[1]) > 4 * ratio) isMoved = true;
        if (outline) {
          outline.push(place);
        } else if (pointers.size === 2) {
          const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
          const reach = p => Math.hypot(p[0] - other[0], p[1] - other[1]);
          zoomAt((place[0] + other[0]) / 2, (place[1] + other[1]) / 2, reach(place) / Math.max(reach(before), 1));
        } else if (isMoved) {
          shiftX += place[0] - before[0];
          shiftY += place[1] - before[1];
        }
        pointers.set(event.pointerId, place);
        draw();
      });
      const release = event => {
        if (!pointers.delete(event.pointerId)) return;
        canvas.classList.remove('dragging');
        if (outline && isMoved) {
          select(inside(outline), 'within the lasso');
        } else if (!isMoved && event.type === 'pointerup') {
          const found = nearest(...at(event), 14 * ratio);
          choose(found);
          if (found < 0 && chosen === null) say(`${count.toLocaleString('en')} pictures`);
        }
        outline = null;
        draw();
      };
      canvas.addEventListener('pointerup', release);
      canvas.addEventListener('pointercancel', release);
      canvas.addEventListener('pointerleave', () => { $('hint').hidden = true; });
      canvas.addEventListener('wheel', event => {
        event.preventDefault();
        zoomAt(...at(event), Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)));
      }, {passive: false});
      canvas.addEventListener('dblclick', event => zoomAt(...at(event), 2));
      function hover([x, y]) {
        const found = nearest(x, y, 10 * ratio), hint = $('hint');
        hint.hidden = found < 0;
        if (found < 0) return;
        hint.textContent = (labelText(found) ? labelText(found) + ' — ' : '') + data.paths[found];
        hint.style.left = Math.min(x / ratio + 12, Math.max(width / ratio - 200, 0)) + 'px';
        hint.style.top = Math.min(y / ratio + 12, height / ratio - 40) + 'px';
      }

      function setLasso(isOn) {
        isLasso = isOn;
        $('lasso').setAttribute('aria-pressed', String(isOn));
        canvas.classList.toggle('drawing', isOn);
      }
      function setPictures(isOn) {
        showsPictures = isOn;
        $('pictures').setAttribute('aria-pressed', String(isOn));
        draw();
      }
      const near = factor => zoomAt(width / 2, height / 2, factor);
      $('lasso').onclick = () => setLasso(!isLasso);
      $('pictures').onclick = () => setPictures(!showsPictures);
      $('in').onclick = () => near(1.5);
      $('out').onclick = () => near(1 / 1.5);
      $('all').onclick = showAll;
      let waiting = 0;
      $('find').addEventListener('input', event => {
        clearTimeout(waiting);
        waiting = setTimeout(() => find(event.target.value), 120);
      });
      function next() {
        if (current < 0) return choose(nearest(width / 2, height / 2, Math.hypot(width, height)), true);
        // The nearest that has not been visited on this walk.
        trail.push(current);
        for (let rank = 0; rank < data.each; rank++) {
          const other = neighbors[current * data.each + rank];
          if (!trail.includes(other)) return choose(other, true, true);
        }
        trail = [];
      }
      canvas.addEventListener('keydown', event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const step = 60 * ratio;
        const moves = {ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step]};
        if (moves[event.key]) {
          shiftX += moves[event.key][0];
          shiftY += moves[event.key][1];
          draw();
        } else if (event.key === '+' || event.key === '=') near(1.25);
        else if (event.key === '-') near(1 / 1.25);
        else if (event.key === '0') showAll();
        else if (event.key === 'Enter') choose(nearest(width / 2, height / 2, Math.hypot(width, height)), true);
        else if (event.key === 'n' || event.key === 'N') next();
        else return;
        event.preventDefault();
      });
      addEventListener('keydown', event => {
        if (event.target.tagName === 'INPUT') {
          if (event.key === 'Escape') { event.target.value = ''; select(null); canvas.focus(); }
          return;
        }
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === '/') { event.preventDefault(); $('find').focus(); }
        else if (event.key === 'l' || event.key === 'L') setLasso(!isLasso);
        else if (event.key === 't' || event.key === 'T') setPictures(!showsPictures);
        else if (event.key === 'Escape') { select(null); choose(-1); setLasso(false); say(`${count.toLocaleString('en')} pictures`); }
      });

      readColors();
      legend();
      isDark.addEventListener('change', () => { readColors(); legend(); draw(); });
      new ResizeObserver(resize).observe(canvas);
      resize();
      select(null);
      if (count <= 1500) setPictures(true);
    })();
    """#
}
