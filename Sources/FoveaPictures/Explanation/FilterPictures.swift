public import FoveaCore
public import FoveaExplanation
import FoveaImage
import FoveaModel
public import FoveaPipeline

/// Writes what the units of layers look for: a sheet for each layer, and a page for all.
public struct FilterPictures: Sendable {
  /// One layer.
  public struct Layer: Sendable, Codable, Equatable {
    public struct Unit: Sendable, Codable, Equatable {
      public let unit: Int
      /// Its mean output for the input that was made to excite it; nil where none was.
      public let value: Float?
      /// The same for the noise that it was made of.
      public let start: Float?
      /// The pictures that excite it most, the best first.
      public let pictures: [Picture]
    }

    public struct Picture: Sendable, Codable, Equatable {
      public let path: String
      public let value: Float
      /// What the unit has seen of it, in its own pixels: left, top, right, bottom.
      public let box: [Double]?
    }

    public let name: String
    public let kind: String
    public let outputShape: [Int]
    /// Height and width of what a unit sees, in elements of the input; nil where that is all.
    public let receptiveField: [Int]?
    /// From one unit to the next.
    public let step: [Double]?
    /// Before the input's first element.
    public let padding: [Int]?
    public let units: [Unit]
    /// The sheet's file in the folder.
    public let file: String
    public let width: Int
    public let height: Int
  }

  public static let pageName = "index.html"

  private let pipeline: Pipeline
  private let ranges: [ClosedRange<Float>]
  private static let side = 132

  /// - Throws: ``PipelineError`` where no picture goes through the preprocessing.
  public init(_ pipeline: Pipeline) throws {
    self.pipeline = pipeline
    ranges = try Self.ranges(of: pipeline)
  }

  /// The lowest and the highest number that each channel may hold: those of a black and of a white picture.
  public var inputRanges: [ClosedRange<Float>] { ranges }

  private static func ranges(of pipeline: Pipeline) throws -> [ClosedRange<Float>] {
    let shape = pipeline.model.inputShape
    let (height, width) = (max(shape[1], 1), max(shape[2], 1))
    func input(_ value: UInt8) throws -> [Float] {
      let pixels = [UInt8](repeating: value, count: height * width * 3)
      let image = try Image(width: width, height: height, channels: 3, pixels: .bytes(pixels))
      return try pipeline.input(for: image).elements
    }
    let (black, white) = (try input(0), try input(255))
    let area = height * width
    return (0..<shape[0]).map { channel in
      // In the middle, where no margin is.
      let place = channel * area + (height / 2) * width + width / 2
      let (low, high) = (min(black[place], white[place]), max(black[place], white[place]))
      return low < high ? low...high : low - 1...low + 1
    }
  }

  /// Draws the sheet of a layer.
  ///
  /// - Parameters:
  ///   - found: inputs that were made to excite units; empty where gradients do not reach the input.
  ///   - exciting: the pictures of a data set; nil for none.
  public func sheet(
    of layer: StudiedLayer, units: [Int], found: [ActivationMaximization.Found], exciting: ExcitingPictures?
  ) throws(ImageError) -> Image {
    let places = exciting?.places
    var rows: [any Panel] = []
    for (number, unit) in units.enumerated() {
      var tiles: [any Panel] = []
      if let found = found.first(where: { $0.unit == unit }) {
        let (image, magnification) = try picture(found.input).fitted(to: Self.side)
        tiles.append(
          PicturePanel(
            image, magnification: magnification, above: "unit \(unit) looks for",
            below: "\(NumberText.short(found.value)), noise \(NumberText.short(found.start))", frame: Palette.accent))
      }
      for place in places?[number] ?? [] {
        let (image, magnification) = try place.crop.rgb().bytes().fitted(to: places == nil ? Self.side : 96)
        tiles.append(PicturePanel(image, magnification: magnification, above: NumberText.short(place.value)))
      }
      if tiles.isEmpty { tiles.append(Label("unit \(unit): nothing excites it", style: Palette.note)) }
      rows.append(Stack(.horizontal, spacing: 12, tiles))
    }
    let body: any Panel =
      places == nil ? Grid(rows, columns: min(max(rows.count, 1), 6)) : Stack(.vertical, spacing: Palette.space, rows)
    return try Sheet(
      title: layer.name, facts: "\(layer.kind), \(layer.units.counted("unit"))",
      explanation: Self.text(of: layer.field),
      [body]
    ).image()
  }

  /// A network's input as it would look as a picture.
  private func picture(_ input: Tensor) throws(ImageError) -> Image {
    let shape = input.shape.withoutBatch
    let area = shape[1] * shape[2]
    let values = input.elements
    let scaled = values.indices.map { index in
      let range = ranges[index / area]
      return (values[index] - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
    return try Image(planar: scaled, shape: shape).visible(range: 0...1)
  }

  static func text(of field: ReceptiveField) -> String {
    switch field {
    case .nothing: "Its units see nothing of the input."
    case .whole: "Each unit sees the whole input."
    case .window(let reach):
      "Each unit sees \(number(reach.rows.size)) × \(number(reach.columns.size)) of the input; neighbors are "
        + "\(number(reach.rows.step)) apart, and the first one begins \(number(-reach.rows.first)) before the edge."
    }
  }

  private static func number(_ value: Double) -> String { NumberText.short(value) }

  /// What is said of a layer as JSON, and on the page.
  public func describe(
    _ layer: StudiedLayer, units: [Int], found: [ActivationMaximization.Found], exciting: ExcitingPictures?,
    file: String, sheet: Image
  ) -> Layer {
    let places = exciting?.places
    var (size, step, padding): ([Int]?, [Double]?, [Int]?) = (nil, nil, nil)
    if case .window(let reach) = layer.field {
      size = [Int(reach.rows.size), Int(reach.columns.size)]
      step = [reach.rows.step, reach.columns.step]
      padding = [Int((-reach.rows.first).rounded()), Int((-reach.columns.first).rounded())]
    }
    return Layer(
      name: layer.name, kind: layer.kind, outputShape: layer.shape.dimensions, receptiveField: size, step: step,
      padding: padding,
      units: units.enumerated().map { number, unit in
        let own = found.first { $0.unit == unit }
        return Layer.Unit(
          unit: unit, value: own?.value, start: own?.start,
          pictures: (places?[number] ?? []).map { place in
            Layer.Picture(
              path: place.path, value: place.value, box: place.box.map { [$0.left, $0.top, $0.right, $0.bottom] })
          })
      }, file: file, width: sheet.width, height: sheet.height)
  }

  /// The page with all sheets, which lie beside it.
  public func page(_ layers: [Layer], sheets: [[UInt8]]) -> String {
    let sections = zip(layers, sheets).map { layer, sheet in
      let field =
        layer.receptiveField.map { "sees \($0[0]) × \($0[1]) of the input" } ?? "sees the whole input"
      return """
        <section id="\(SVGText.escape(layer.name))">
        <h2>\(SVGText.escape(layer.name)) <small>\(SVGText.escape(layer.kind)), \(layer.outputShape.map(String.init).joined(separator: " × ")), \(field)</small></h2>
        <div class="wide" tabindex="0"><img src="\(Page.address(sheet, type: "png"))" width="\(layer.width)" height="\(layer.height)" \
        alt="what the units of \(SVGText.escape(layer.name)) look for" loading="lazy"></div>
        </section>
        """
    }
    return Page.document(
      title: "\(pipeline.model.name): what its units look for",
      style: ".wide { overflow-x: auto; } .wide img { max-width: none; }",
      """
      <header><h1>\(SVGText.escape(pipeline.model.name))</h1>
      <p>What its units look for. The framed pictures were made from noise, to excite a unit; the others are those of a data set \
      that do so most, cut out to what the unit has seen.</p></header>
      <main>
      \(sections.joined(separator: "\n"))
      </main>
      """)
  }
}
