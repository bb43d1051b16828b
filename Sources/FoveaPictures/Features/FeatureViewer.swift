import Foundation
import FoveaCore
import FoveaImage
import FoveaModel

/// The part of a page that answers: a click on a layer of the graph shows its maps, and a pointer on a map what that place sees of the
/// picture.
struct FeatureViewer {
  /// What the script is told of a layer, or of an input.
  struct Layer: Encodable {
    let name: String
    let kind: String
    var shape: [Int]
    /// For people: how much is zero, dead, saturated.
    let facts: String
    /// Small pictures of the maps, side by side, as an address; nil where there are none.
    var maps: String?
    /// How many there are, in how many columns, and how wide and high each is.
    var tiles: [Int]?
    /// `[step, first, last]` of rows and of columns; nil where a unit sees all or nothing.
    var reach: [[Double]]?
    /// The numbers, where they form no picture and are not too many.
    var values: [Float]?
  }

  /// The picture that the first input was made of, as an address.
  let picture: String
  /// In pixels, as it is shown.
  let size: ImageSize
  /// Height and width of the network's input.
  let input: [Int]
  /// From the input's pixels to those of the picture as it is shown: a, b, tx, c, d, ty.
  let transform: [Double]
  let layers: [Layer]
  let graph: NetworkGraph

  static let mostMaps = 64
  static let mostValues = 1024
  static let side = 360
  private static let mostSide = 96

  /// Maps as one picture of tiles, each in its own range of colors.
  ///
  /// - Parameter values: `[count, height, width]`.
  static func tiles(
    _ values: [Float], count: Int, height: Int, width: Int, _ colorMap: any ColorMap
  ) throws(ImageError) -> (address: String, tiles: [Int]) {
    let shown = min(count, mostMaps)
    let scale = min(1, Double(mostSide) / Double(max(height, width)))
    let (tileHeight, tileWidth) = (max(Int(Double(height) * scale), 1), max(Int(Double(width) * scale), 1))
    let columns = Grid.columns(for: shown)
    let rows = (shown + columns - 1) / columns
    var canvas = try Canvas(width: columns * tileWidth, height: rows * tileHeight)
    for map in 0..<shown {
      let own = values[map * height * width..<(map + 1) * height * width]
      let image = try MapImage(own, width: width, height: height, colorMap).image
        .resized(width: tileWidth, height: tileHeight)
      try canvas.draw(image, x: map % columns * tileWidth, y: map / columns * tileHeight)
    }
    let bytes = try ImageEncoder.png().encode(canvas.image())
    return (Page.address(bytes, type: "png"), [shown, columns, tileWidth, tileHeight])
  }

  static func reach(_ field: ReceptiveField) -> [[Double]]? {
    guard case .window(let reach) = field else { return nil }
    return [reach.rows, reach.columns].map { [$0.step, $0.first, $0.last] }
  }

  private struct Told: Encodable {
    let size: [Int]
    let input: [Int]
    let transform: [Double]
    let layers: [Layer]
  }

  private var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    let told = Told(size: [size.width, size.height], input: input, transform: transform, layers: layers)
    guard let data = try? encoder.encode(told) else { return "{}" }
    // What would end the script's element, or begin a comment in it.
    return String(decoding: data, as: UTF8.self).replacing("<", with: "\\u003c")
  }

  var html: String {
    """
    <section id="network" class="network" aria-label="the network">
    <div class="wide graphbox" tabindex="0" role="region" aria-label="graph of the network">
    \(graph.svg)
    </div>
    <div class="viewer" hidden>
    <div class="stage">
    <canvas id="picture" width="\(size.width)" height="\(size.height)" role="img" aria-label="the picture"></canvas>
    <p class="facts">Choose a layer in the graph; point at a place of a map to see what it sees of the picture. \
    Keys: <kbd>[</kbd> <kbd>]</kbd> another layer, and on a map the arrows.</p>
    </div>
    <div class="looked">
    <h2 id="chosen"></h2>
    <p class="facts" id="facts"></p>
    <canvas id="maps" tabindex="0" role="img" aria-label="the layer's maps" aria-describedby="seen"></canvas>
    <p id="seen" aria-live="polite"></p>
    </div>
    <div id="statistics"></div>
    </div>
    </section>
    <img id="picture-source" src="\(picture)" alt="the picture" hidden>
    <script type="application/json" id="layers">\(json)</script>
    """
  }

  static let script = """
    (() => {
      const told = JSON.parse(document.getElementById('layers').textContent);
      const by = id => document.getElementById(id);
      const [stage, maps, seen] = [by('picture'), by('maps'), by('seen')];
      const nodes = [...document.querySelectorAll('svg.graph a[data-node]')];
      const source = by('picture-source');
      let [chosen, place, sheet, zoom] = [0, null, null, 1];
      const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

      const drawPicture = box => {
        const paint = stage.getContext('2d');
        paint.imageSmoothingEnabled = source.naturalWidth >= stage.width;
        paint.clearRect(0, 0, stage.width, stage.height);
        paint.drawImage(source, 0, 0, stage.width, stage.height);
        if (!box) return;
        const [a, , tx, , d, ty] = told.transform;
        const [left, right] = [box.left - 0.5, box.right + 0.5].map(x => a * x + tx + 0.5);
        const [top, bottom] = [box.top - 0.5, box.bottom + 0.5].map(y => d * y + ty + 0.5);
        paint.fillStyle = 'rgba(10, 14, 20, 0.55)';
        paint.fillRect(0, 0, stage.width, stage.height);
        paint.save();
        paint.beginPath();
        paint.rect(left, top, right - left, bottom - top);
        paint.clip();
        paint.drawImage(source, 0, 0, stage.width, stage.height);
        paint.restore();
        paint.lineWidth = 2;
        paint.strokeStyle = '#ffd24a';
        paint.strokeRect(left, top, right - left, bottom - top);
      };

      const drawMaps = () => {
        const layer = told.layers[chosen];
        const paint = maps.getContext('2d');
        if (layer.maps && sheet) {
          const [count, columns, width, height] = layer.tiles;
          const rows = Math.ceil(count / columns);
          const room = Math.max(maps.parentElement.clientWidth - 4, 200);
          zoom = Math.max(1, Math.min(Math.floor(room / (columns * width)), Math.floor(560 / (rows * height)), 24));
          [maps.width, maps.height] = [columns * width * zoom, rows * height * zoom];
          paint.imageSmoothingEnabled = false;
          paint.drawImage(sheet, 0, 0, maps.width, maps.height);
          paint.strokeStyle = style('--card');
          paint.lineWidth = 2;
          for (let column = 0; column <= columns; column++) {
            paint.strokeRect(column * width * zoom, -2, 0, maps.height + 4);
          }
          for (let row = 0; row <= rows; row++) paint.strokeRect(-2, row * height * zoom, maps.width + 4, 0);
          if (place) {
            const [wide, high] = [width / layer.shape[2], height / layer.shape[1]];
            const x = (place.map % columns * width + place.column * wide) * zoom;
            const y = (Math.floor(place.map / columns) * height + place.row * high) * zoom;
            paint.strokeStyle = '#ff5bd6';
            paint.strokeRect(x, y, Math.max(wide * zoom, 3), Math.max(high * zoom, 3));
          }
        } else if (layer.values) {
          const [wide, high] = [Math.min(maps.parentElement.clientWidth - 4, 640), 160];
          [maps.width, maps.height] = [wide, high];
          const most = Math.max(...layer.values.map(v => Math.abs(Number(v)) || 0), 1e-12);
          const signed = layer.values.some(v => Number(v) < 0);
          const zero = signed ? high / 2 : high;
          const each = wide / layer.values.length;
          layer.values.forEach((value, index) => {
            const size = (Number(value) || 0) / most * (zero - 2);
            paint.fillStyle = size < 0 ? style('--wrong') : style('--accent');
            paint.fillRect(index * each, size < 0 ? zero : zero - size, Math.max(each - 1, 0.7), Math.abs(size));
          });
        } else {
          [maps.width, maps.height] = [1, 1];
        }
      };

      const show = () => {
        const layer = told.layers[chosen];
        let box = null;
        seen.textContent = '';
        if (place && layer.tiles) {
          const where = `map ${place.map}, row ${place.row}, column ${place.column}`;
          if (layer.reach) {
            const [rows, columns] = layer.reach.map(([step, first, last], axis) => {
              const index = axis === 0 ? place.row : place.column;
              const low = Math.max(Math.ceil(first + index * step - 1e-6), 0);
              return [low, Math.min(Math.floor(last + index * step + 1e-6), told.input[axis] - 1)];
            });
            if (rows[0] <= rows[1] && columns[0] <= columns[1]) {
              box = {left: columns[0], right: columns[1], top: rows[0], bottom: rows[1]};
              seen.textContent = `${where} sees rows ${rows[0]} to ${rows[1]} and columns ${columns[0]} to ${columns[1]} of the input`;
            } else {
              seen.textContent = `${where} sees the padding alone`;
            }
          } else {
            seen.textContent = `${where} sees the whole input`;
          }
        }
        drawPicture(box);
        drawMaps();
      };

      const choose = number => {
        chosen = Math.min(Math.max(number, 0), told.layers.length - 1);
        place = sheet = null;
        const layer = told.layers[chosen];
        nodes.forEach((node, index) => {
          node.classList.toggle('chosen', index === chosen);
          if (index === chosen) node.setAttribute('aria-current', 'true'); else node.removeAttribute('aria-current');
        });
        by('chosen').textContent = `${layer.name} `;
        const small = document.createElement('small');
        small.textContent = `${layer.kind === layer.name ? '' : layer.kind + ', '}${layer.shape.join(' × ')}`;
        by('chosen').append(small);
        by('facts').textContent = layer.facts;
        const own = by('layer-' + layer.name)?.querySelector('.statistics');
        by('statistics').replaceChildren(...(own ? [own.cloneNode(true)] : []));
        document.body.dataset.layer = layer.name;
        if (layer.maps) {
          const image = new Image();
          image.onload = () => { if (told.layers[chosen] === layer) { sheet = image; show(); } };
          image.src = layer.maps;
        }
        show();
      };

      const point = (x, y) => {
        const layer = told.layers[chosen];
        if (!layer.tiles) return;
        const [count, columns, width, height] = layer.tiles;
        const scale = maps.width / maps.clientWidth;
        const [u, v] = [x * scale / zoom, y * scale / zoom];
        const map = Math.floor(v / height) * columns + Math.floor(u / width);
        if (u < 0 || v < 0 || u >= columns * width || map >= count) { place = null; show(); return; }
        place = {map, row: Math.floor(v % height * layer.shape[1] / height), column: Math.floor(u % width * layer.shape[2] / width)};
        show();
      };
      maps.addEventListener('pointermove', event => point(event.offsetX, event.offsetY));
      maps.addEventListener('pointerdown', event => point(event.offsetX, event.offsetY));
      maps.addEventListener('pointerleave', () => { place = null; show(); });
      maps.addEventListener('keydown', event => {
        const layer = told.layers[chosen];
        const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
        if (!step || !layer.tiles) return;
        event.preventDefault();
        place ??= {map: 0, row: Math.floor(layer.shape[1] / 2) - step[0], column: Math.floor(layer.shape[2] / 2) - step[1]};
        place.row += step[0];
        place.column += step[1];
        // From the edge of a map into its neighbor.
        const [count, columns] = layer.tiles;
        if (place.column < 0 && place.map > 0) { place.map -= 1; place.column = layer.shape[2] - 1; }
        if (place.column >= layer.shape[2] && place.map < count - 1) { place.map += 1; place.column = 0; }
        if (place.row < 0 && place.map >= columns) { place.map -= columns; place.row = layer.shape[1] - 1; }
        if (place.row >= layer.shape[1] && place.map + columns < count) { place.map += columns; place.row = 0; }
        place.row = Math.min(Math.max(place.row, 0), layer.shape[1] - 1);
        place.column = Math.min(Math.max(place.column, 0), layer.shape[2] - 1);
        show();
      });
      nodes.forEach((node, index) => node.addEventListener('click', event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        choose(index);
      }));
      document.addEventListener('keydown', event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const step = {'[': -1, ']': 1}[event.key];
        if (!step) return;
        choose(chosen + step);
        nodes[chosen]?.scrollIntoView({block: 'nearest', inline: 'nearest'});
      });
      addEventListener('resize', drawMaps);
      document.querySelector('.viewer').hidden = false;
      const first = told.layers.findIndex((layer, index) => index > 0 && layer.maps);
      const begin = () => choose(first > 0 ? first : 0);
      if (source.complete) begin(); else source.addEventListener('load', begin);
    })();
    """

  static let style = """
    [hidden] { display: none !important; }
    .network { display: grid; grid-template-columns: minmax(230px, auto) minmax(0, 1fr); gap: 1.4rem; padding: 1rem; overflow: visible; }
    .graphbox { overflow: auto; max-height: 46rem; border: 1px solid var(--line); border-radius: 8px; max-width: 32rem; }
    .graphbox svg { display: block; margin: 0 auto; }
    svg.graph a { cursor: pointer; text-decoration: none; outline-offset: 1px; }
    svg.graph rect { fill: var(--card); stroke: var(--quiet); stroke-width: 1.2; }
    svg.graph a:hover rect { stroke: var(--ink); stroke-width: 2; }
    svg.graph a.chosen rect { stroke: var(--accent); stroke-width: 3.5; }
    svg.graph text { text-anchor: middle; fill: var(--ink); font-size: 12.5px; }
    svg.graph text.name { font-weight: 600; }
    svg.graph text.kind { fill: var(--quiet); font-size: 10.5px; }
    svg.graph .edge { fill: none; stroke: var(--quiet); stroke-width: 1.4; }
    .viewer { display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr); gap: 1.2rem; align-content: start; align-items: start;
      position: sticky; top: 0.6rem; grid-template-rows: auto 1fr; }
    .looked { grid-column: 2; grid-row: 1 / span 2; }
    .viewer canvas { display: block; max-width: 100%; image-rendering: pixelated; touch-action: pan-y; }
    #maps { cursor: crosshair; }
    kbd { padding: 0 0.35rem; border: 1px solid var(--line); border-radius: 4px; font-size: 0.8rem; }
    #seen { min-height: 1.6rem; }
    @media (max-width: 900px) {
      .network { grid-template-columns: minmax(0, 1fr); }
      .graphbox { max-height: 20rem; max-width: none; }
      .viewer { grid-template-columns: minmax(0, 1fr); position: static; }
      .looked { grid-column: 1; grid-row: auto; }
    }
    @media print { .graphbox { max-height: none; } .viewer { display: none; } }
    """
}
