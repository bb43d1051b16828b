public import FoveaCore
public import FoveaImage

/// A matrix as colored squares, red where positive and blue where negative, with its numbers where there is room.
public struct MatrixPanel: Panel {
  /// What is shown of a matrix besides its numbers, and how; in cells.
  struct Marks {
    var colors: MatrixColors?
    /// A cell's side, in pixels.
    var cell: Int?
    /// How many cells are there already, row by row.
    var filled = Int.max
    /// Is outlined.
    var window: PixelRect?
    /// What lies outside is padding.
    var inside: PixelRect?
    /// Whether numbers are shown however many there are.
    var showsNumbers: Bool?
    var capHeight = 8.0
    /// Behind the point, at most; nil for three that count.
    var digits: Int?

    init(
      colors: MatrixColors? = nil, cell: Int? = nil, digits: Int? = nil, filled: Int = .max, window: PixelRect? = nil,
      inside: PixelRect? = nil, showsNumbers: Bool? = nil, capHeight: Double = 8
    ) {
      (self.colors, self.cell, self.digits, self.filled) = (colors, cell, digits, filled)
      (self.window, self.inside, self.showsNumbers, self.capHeight) = (window, inside, showsNumbers, capHeight)
    }
  }

  private let matrix: NumberMatrix
  private let cell: Int
  private let showsNumbers: Bool
  private let note: Label?
  private let marks: Marks

  /// - Parameter note: what stands below.
  public init(_ matrix: NumberMatrix, note: String? = nil) { self.init(matrix, note: note, Marks()) }

  init(_ matrix: NumberMatrix, note: String? = nil, _ marks: Marks) {
    self.matrix = matrix
    self.marks = marks
    showsNumbers = marks.showsNumbers ?? Self.showsNumbers(matrix)
    cell = marks.cell ?? Self.cell(for: [matrix])
    self.note = note.map { Label($0, style: Palette.note) }
  }

  static func showsNumbers(_ matrix: NumberMatrix) -> Bool { max(matrix.width, matrix.height) <= 12 }

  /// The side of a cell in which the longest number of any of these has room.
  static func cell(for matrices: [NumberMatrix], digits: Int? = nil) -> Int {
    let longest = matrices.map { max($0.width, $0.height) }.max() ?? 1
    guard longest <= 12 else { return max(4, 150 / longest) }
    let characters = matrices.flatMap(\.values).map { text($0, digits: digits).count }.max() ?? 1
    return max(30, 8 * characters + 10)
  }

  static func text(_ number: Float, digits: Int?) -> String {
    guard let digits, abs(number) < 10_000 else { return NumberText.short(number) }
    let unit = (0..<digits).reduce(Float(1)) { unit, _ in unit * 10 }
    return NumberText.short((number * unit).rounded() / unit)
  }

  private var side: (width: Int, height: Int) { (matrix.width * cell + 1, matrix.height * cell + 1) }

  public var width: Int { max(side.width, note?.width ?? 0) }
  public var height: Int { side.height + (note.map { $0.height + 6 } ?? 0) }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    let colors = marks.colors ?? MatrixColors(signed: matrix.values)
    try canvas.draw(colors.image(of: matrix.values, width: matrix.width), x: x, y: y, magnification: cell)
    let style = { (color: Color) in TextStyle(color: color, capHeight: marks.capHeight, thickness: 1) }
    for (index, number) in matrix.values.enumerated() {
      let (row, column) = (index / matrix.width, index % matrix.width)
      let corner = (x: x + column * cell, y: y + row * cell)
      let rect = PixelRect(x: corner.x, y: corner.y, width: cell, height: cell)
      let isPadding = marks.inside.map { !$0.contains(column, row) } ?? false
      if index >= marks.filled {
        try canvas.fill(rect, .white)
        continue
      }
      if isPadding { try canvas.fill(rect, Palette.empty) }
      guard showsNumbers else { continue }
      let ground = canvas[corner.x + cell / 2, corner.y + 1] ?? .white
      let label = Label(
        Self.text(number, digits: marks.digits), style: style(isPadding ? Palette.quiet : ground.contrast))
      try label.draw(
        on: &canvas, x: corner.x + (cell - label.width) / 2, y: corner.y + (cell - Int(marks.capHeight)) / 2)
    }
    if showsNumbers || marks.filled < matrix.values.count {
      for line in 0...matrix.width {
        try canvas.line(from: (x + line * cell, y), to: (x + line * cell, y + side.height - 1), Palette.line)
      }
      for line in 0...matrix.height {
        try canvas.line(from: (x, y + line * cell), to: (x + side.width - 1, y + line * cell), Palette.line)
      }
    }
    if let window = marks.window {
      let rect = PixelRect(
        x: x + window.x * cell, y: y + window.y * cell, width: window.width * cell + 1, height: window.height * cell + 1
      )
      try canvas.outline(rect, Palette.window, thickness: 3)
    }
    try note?.draw(on: &canvas, x: x, y: y + side.height + 6)
  }
}

extension PixelRect {
  func contains(_ column: Int, _ row: Int) -> Bool {
    (x..<x + width).contains(column) && (y..<y + height).contains(row)
  }
}
