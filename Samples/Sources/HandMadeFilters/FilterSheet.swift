import FoveaCore
import FoveaImage
import FoveaPictures

/// One family's filters: matrix, answer, and what is left of the answer where only positive values count.
struct FilterSheet {
  let family: FilterFamily
  let image: Image
  let stride: Int
  let padding: String

  /// On a sheet, in pixels.
  private static let side = 420

  func draw() throws -> Image {
    let magnification = max(1, Self.side / max(image.width, image.height))
    var rows: [any Panel] = []
    for filter in family.filters {
      let bank = try FilterBank([filter], input: image.shape, stride: stride, padding: padding)
      let answer = try bank.answers(to: image)[0]
      rows.append(try row(filter, answer, bank, magnification))
    }
    let facts = "stride \(stride), padding \(padding), input \(image.height) x \(image.width)"
    return try Sheet(title: family.name, facts: facts, explanation: family.explanation, rows).image()
  }

  private func row(
    _ filter: Filter, _ answer: Image, _ bank: FilterBank, _ magnification: Int
  ) throws -> any Panel {
    let values = answer.floats
    let bound = max(values.map(abs).max() ?? 0, .leastNormalMagnitude)
    // With a stride the answer is smaller; it is drawn as large as the input.
    let scale = magnification * stride
    let signed = try CoolWarm().image(of: values, width: answer.width, height: answer.height, range: -bound...bound)
    let positive = try Viridis().image(
      of: values.map { max($0, 0) }, width: answer.width, height: answer.height, range: 0...bound)
    let range = "\(Self.text(values.min() ?? 0)) to \(Self.text(values.max() ?? 0))"
    let size = "\(answer.height) x \(answer.width)"
    var pictures: [any Panel] = [
      PicturePanel(
        try marked(answer, bank), magnification: magnification, above: family.findsShapes ? "found" : "input"),
      PicturePanel(signed, magnification: scale, above: "answer, \(size)", below: "red +, blue -, \(range)"),
    ]
    pictures.append(
      PicturePanel(positive, magnification: scale, above: "only what is positive", below: "bright is strong"))
    let words = Stack(
      .vertical, spacing: 10,
      [
        Label(filter.name, style: Palette.heading),
        Label(filter.explanation, style: Palette.note, maximumWidth: 190),
        MatrixPanel(
          try NumberMatrix(filter.rows),
          note: filter.divisor == 1 || filter.size > 7 ? nil : "all divided by \(Int(filter.divisor))"),
      ])
    return Stack(.horizontal, spacing: Palette.space, [Column(words, width: 200)] + pictures)
  }

  /// The input, with a frame around each place where a shape is.
  private func marked(_ answer: Image, _ bank: FilterBank) throws -> Image {
    guard family.findsShapes else { return image }
    var canvas = try Canvas(width: image.width, height: image.height)
    try canvas.draw(image, x: 0, y: 0)
    let values = answer.floats
    let threshold = 0.75 * (values.max() ?? 0)
    let size = bank.filters[0].size
    for y in 0..<answer.height {
      for x in 0..<answer.width where threshold > 0 && values[y * answer.width + x] >= threshold {
        guard isPeak(x, y, values, answer) else { continue }
        let center = bank.center(x: x, y: y)
        try canvas.outline(
          PixelRect(x: center.x - size / 2, y: center.y - size / 2, width: size, height: size),
          Color(red: 0x3D, green: 0xDC, blue: 0x84))
      }
    }
    return try canvas.image()
  }

  private func isPeak(_ x: Int, _ y: Int, _ values: [Float], _ answer: Image) -> Bool {
    let own = values[y * answer.width + x]
    for row in max(y - 3, 0)...min(y + 3, answer.height - 1) {
      for column in max(x - 3, 0)...min(x + 3, answer.width - 1) {
        let other = values[row * answer.width + column]
        // Of equal neighbours, the first counts.
        if other > own || (other == own && (row, column) < (y, x)) { return false }
      }
    }
    return true
  }

  private static func text(_ value: Float) -> String {
    let hundredths = (value * 100).rounded() / 100
    return hundredths == hundredths.rounded() ? "\(Int(hundredths))" : "\(hundredths)"
  }
}

/// A panel in a column of fixed width, so that what follows is aligned over several rows.
struct Column: Panel {
  private let panel: any Panel
  let width: Int

  init(_ panel: any Panel, width: Int) {
    self.panel = panel
    self.width = max(width, panel.width)
  }

  var height: Int { panel.height }

  func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    try panel.draw(on: &canvas, x: x, y: y)
  }
}
