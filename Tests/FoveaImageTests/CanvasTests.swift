import FoveaCore
import FoveaImage
import Testing

@Suite struct CanvasTests {
  private let red = Color(red: 255, green: 0, blue: 0)

  @Test func beginsAsItsBackground() throws {
    let canvas = try Canvas(width: 3, height: 2, background: Color(red: 1, green: 2, blue: 3))
    #expect(
      try canvas.image().pixels
        == .bytes(Array([[1, 2, 3], [1, 2, 3]].joined()) + [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]))
    #expect(try canvas.image().shape == [3, 2, 3])
  }

  @Test func refusesSidesOutOfBounds() {
    #expect(throws: ImageError.self) { try Canvas(width: 0, height: 2) }
    #expect(throws: ImageError.self) { try Canvas(width: 2, height: 32_768) }
  }

  @Test func magnifiesWithoutBlur() throws {
    var canvas = try Canvas(width: 6, height: 5)
    try canvas.draw(.gray([[10, 20]]), x: 1, y: 2, magnification: 2)
    for y in 0..<5 {
      for x in 0..<6 {
        let expected: UInt8 = (2...3).contains(y) ? (x == 1 || x == 2 ? 10 : x == 3 || x == 4 ? 20 : 255) : 255
        #expect(canvas[x, y] == Color(gray: expected))
      }
    }
  }

  @Test func cutsOffWhatLiesOutside() throws {
    var canvas = try Canvas(width: 2, height: 2, background: .black)
    let image = try Image(width: 2, height: 2, channels: 3, pixels: .bytes((1...12).map { UInt8($0) }))
    try canvas.draw(image, x: -1, y: 1)
    #expect(canvas[0, 1] == Color(red: 4, green: 5, blue: 6))
    #expect(canvas[1, 1] == .black && canvas[0, 0] == .black)
    let before = canvas
    try canvas.draw(image, x: 2, y: 0)
    try canvas.draw(image, x: -50, y: -50)
    try canvas.fill(PixelRect(x: 100, y: 100, width: 5, height: 5), red)
    try canvas.line(from: (-10_000_000, -3), to: (10_000_000, -3), red)
    try canvas.text("nowhere", x: 900, y: 900)
    #expect(canvas == before)
  }

  @Test func fillsAndOutlinesExactly() throws {
    var canvas = try Canvas(width: 6, height: 5)
    let rect = PixelRect(x: 1, y: 1, width: 4, height: 3)
    try canvas.fill(rect, red)
    try canvas.outline(rect, .black)
    for y in 0..<5 {
      for x in 0..<6 {
        let isInside = (1...4).contains(x) && (1...3).contains(y)
        let isEdge = isInside && (x == 1 || x == 4 || y == 1 || y == 3)
        #expect(canvas[x, y] == (isEdge ? .black : isInside ? red : .white))
      }
    }
    #expect(canvas[6, 0] == nil)
  }

  @Test func drawsLinesWithBothEnds() throws {
    var canvas = try Canvas(width: 5, height: 3)
    try canvas.line(from: (1, 1), to: (3, 1), red)
    #expect((0..<5).map { canvas[$0, 1] } == [.white, red, red, red, .white])
  }

  @Test func textStaysWithinItsExtent() throws {
    for height in [8.0, 10, 16, 21] {
      let style = TextStyle(color: .black, capHeight: height)
      let extent = style.extent(of: "Ag×32 (max)")
      var canvas = try Canvas(width: extent.width + 40, height: extent.height + 40)
      try canvas.text("Ag×32 (max)", x: 20, y: 20 + extent.ascent, style: style)
      var ink = 0
      for y in 0..<canvas.height {
        for x in 0..<canvas.width where canvas[x, y] != .white {
          ink += 1
          #expect((19...21 + extent.width).contains(x) && (19...21 + extent.height).contains(y))
        }
      }
      #expect(ink > 50)
      #expect((height...height * 1.3 + 1).contains(Double(extent.ascent)))
    }
  }

  @Test func replacesWhatTheFontLacks() throws {
    #expect(TextStyle().extent(of: "3×3 − 1") == TextStyle().extent(of: "3x3 - 1"))
    #expect(TextStyle().extent(of: "猫") == TextStyle().extent(of: "?"))
    #expect(TextStyle().extent(of: "").width == 0)
  }
}
