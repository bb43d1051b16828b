import FoveaCore
import FoveaImage
import Testing

/// Every kind of PNG becomes bytes by the documented rule, and is turned by whatever says how.
@Suite struct PNGTests {
  private func decode(_ file: PNGFile, _ model: ColorModel = .rgba) throws -> [UInt8] {
    try ImageDecoder(colorModel: model).decode(file.bytes).byteValues
  }

  private static func u16(_ values: [Int]) -> [UInt8] { values.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }

  @Test(arguments: [1, 2, 4, 8, 16], [false, true])
  func readsGrayOfEveryDepth(_ depth: Int, _ isInterlaced: Bool) throws {
    let most = (1 << depth) - 1
    let samples = (0..<11).map { (y: Int) -> [UInt16] in
      (0..<13).map { (x: Int) -> UInt16 in UInt16((x * 17 + y * 5) * most / 300 % (most + 1)) }
    }
    let file = PNGFile(.gray, depth: depth, width: 13, samples: samples, isInterlaced: isInterlaced)
    let expected = samples.joined().map { (sample: UInt16) -> UInt8 in
      depth == 16 ? UInt8(sample >> 8) : UInt8(Int(sample) * 255 / most)
    }
    #expect(try decode(file, .gray) == expected)
  }

  @Test(arguments: [1, 2, 4, 8, 16], [false, true])
  func makesTheKeyOfGrayTransparent(_ depth: Int, _ isInterlaced: Bool) throws {
    let most = (1 << depth) - 1
    let samples = (0..<9).map { (y: Int) -> [UInt16] in
      (0..<10).map { (x: Int) -> UInt16 in (x + y) % 2 == 0 ? UInt16(most) : 0 }
    }
    let file = PNGFile(
      .gray, depth: depth, width: 10, samples: samples, isInterlaced: isInterlaced,
      before: [("tRNS", Self.u16([0]))])
    #expect(try decode(file, .gray).allSatisfy { $0 == 255 })
    let expected = samples.joined().flatMap { [UInt8](repeating: $0 == 0 ? 0 : 255, count: 4) }
    #expect(try decode(file) == expected)
  }

  /// libpng takes what the palette has not for black.
  @Test(arguments: [1, 2, 4, 8], [false, true])
  func refusesColorsThatThePaletteHasNot(_ depth: Int, _ isInterlaced: Bool) throws {
    for colors in [1, (1 << depth) - 1] {
      for opacities in [[], [UInt8](repeating: 100, count: colors)] {
        var file = PNGFile(
          .palette, depth: depth, width: 3, samples: [[0, 0, 0], [0, 0, UInt16(colors)]], isInterlaced: isInterlaced,
          before: [("PLTE", [UInt8](repeating: 70, count: 3 * colors))])
        if !opacities.isEmpty { file.chunks.insert(("tRNS", opacities), at: 2) }
        #expect(Decoding.reason(file.bytes) == "it uses color \(colors) of a palette of \(colors)")
      }
    }
  }

  /// 16-bit keys count with both bytes.
  @Test(arguments: [8, 16])
  func makesTheKeyOfColorsTransparent(_ depth: Int) throws {
    let unit = depth == 8 ? 1 : 257
    let key = [10, 20, 30].map { $0 * unit }
    let others = [11 * unit, 20 * unit, 30 * unit, key[0], key[1], key[2] - 1]
    let samples: [UInt16] = (key + others).map { UInt16($0) }
    let file = PNGFile(.rgb, depth: depth, width: 3, samples: [samples], before: [("tRNS", Self.u16(key))])
    #expect(try decode(file, .rgb) == [255, 255, 255, 11, 20, 30, 10, 20, depth == 8 ? 29 : 30])
    #expect(try decode(file)[3] == 0)
    #expect(try decode(file)[11] == 255)
  }

  @Test(arguments: [8, 16], [PNGFile.Kind.grayAlpha, .rgba])
  func laysOpacityOverWhite(_ depth: Int, _ kind: PNGFile.Kind) throws {
    let unit: UInt16 = depth == 8 ? 1 : 257
    let colors = Array(repeating: 40 * unit, count: kind.samples - 1)
    let row = [0, 128, 255].flatMap { colors + [$0 * unit] }
    let file = PNGFile(kind, depth: depth, width: 3, samples: [row])
    #expect(try decode(file, .gray) == [255, 147, 40])
    #expect(try decode(file, .rgb) == [255, 255, 255, 147, 147, 147, 40, 40, 40])
    #expect(try decode(file) == [40, 40, 40, 0, 40, 40, 40, 128, 40, 40, 40, 255])
  }

  @Test(arguments: [1, 2, 4, 8], [false, true])
  func looksIntoPalettes(_ depth: Int, _ isInterlaced: Bool) throws {
    let count = 1 << depth
    let palette = (0..<count).flatMap { (index: Int) -> [UInt8] in [UInt8(index), UInt8(255 - index), 9] }
    let samples = (0..<9).map { (y: Int) -> [UInt16] in
      (0..<12).map { (x: Int) -> UInt16 in UInt16((x * 7 + y) % count) }
    }
    let file = PNGFile(
      .palette, depth: depth, width: 12, samples: samples, isInterlaced: isInterlaced,
      before: [("PLTE", palette), ("tRNS", [0])])
    let expected = samples.joined().flatMap { (index: UInt16) -> [UInt8] in
      [UInt8(index), UInt8(255 - index), 9, index == 0 ? 0 : 255]
    }
    #expect(try decode(file) == expected)
  }

  // MARK: Orientation

  /// Three pixels in a row; turned by 6, they stand one above the other.
  private func shape(_ chunks: [(name: String, body: [UInt8])], behind: Bool = false) throws -> Shape {
    var file = PNGFile(.gray, depth: 8, width: 3, samples: [[1, 2, 3]], before: behind ? [] : chunks)
    if behind { file.chunks.insert(contentsOf: chunks, at: file.chunks.count - 1) }
    return try ImageDecoder().decode(file.bytes).shape
  }

  private static let exif: [UInt8] =
    [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]

  private static func xmp(_ value: Int, asElement: Bool = false) -> [UInt8] {
    let inside = asElement ? "><tiff:Orientation>\(value)</tiff:Orientation>" : " tiff:Orientation=\"\(value)\">"
    return Array("<x:xmpmeta><rdf:Description xmlns:tiff='http://ns.adobe.com/tiff/1.0/'\(inside)</x>".utf8)
  }

  private static func profile(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let digits = bytes.map { (byte: UInt8) -> String in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    let lines = stride(from: 0, to: digits.count, by: 36).map { digits[$0..<min($0 + 36, digits.count)].joined() }
    return Array("\n\(name)\n      \(bytes.count)\n\(lines.joined(separator: "\n"))\n".utf8)
  }

  @Test func heedsEXIF() throws {
    #expect(try shape([("eXIf", Self.exif)]) == [3, 3, 1])
    #expect(try shape([("eXIf", Self.exif)], behind: true) == [3, 3, 1])
    #expect(try shape([]) == [3, 1, 3])
  }

  @Test func heedsXMP() throws {
    let keyword = Array("XML:com.adobe.xmp".utf8)
    for isElement in [false, true] {
      let text = Self.xmp(6, asElement: isElement)
      #expect(try shape([("iTXt", keyword + [0, 0, 0, 0, 0] + text)]) == [3, 3, 1])
      #expect(
        try shape([("iTXt", keyword + [0, 1, 0] + Array("en".utf8) + [0, 0] + Packing.zlib(text))]) == [3, 3, 1])
    }
    #expect(try shape([("iTXt", Array("Comment".utf8) + [0, 0, 0, 0, 0] + Self.xmp(6))]) == [3, 1, 3])
    #expect(try shape([("iTXt", keyword + [0, 0, 0, 0, 0] + Self.xmp(9))]) == [3, 1, 3])
  }

  @Test(arguments: ["exif", "APP1", "xmp"])
  func heedsRawProfiles(_ name: String) throws {
    let content = name == "xmp" ? Self.xmp(6) : Array("Exif\0\0".utf8) + Self.exif
    let text = Self.profile(name, content)
    let keyword = Array("Raw profile type \(name)".utf8)
    #expect(try shape([("zTXt", keyword + [0, 0] + Packing.zlib(text))]) == [3, 3, 1])
    #expect(try shape([("tEXt", keyword + [0] + text)]) == [3, 3, 1])
  }

  @Test func believesEXIFFirst() throws {
    let xmp = Array("XML:com.adobe.xmp".utf8) + [0, 0, 0, 0, 0] + Self.xmp(1)
    #expect(try shape([("iTXt", xmp), ("eXIf", Self.exif)]) == [3, 3, 1])
  }

  @Test func survivesDamagedTexts() throws {
    let keyword = Array("Raw profile type exif".utf8)
    for body in [
      keyword, keyword + [0], keyword + [0, 0], keyword + [0, 0, 1, 2, 3], [], [0], [UInt8](repeating: 65, count: 90),
    ] {
      for name in ["zTXt", "tEXt", "iTXt", "eXIf"] { #expect(try shape([(name, body)]) == [3, 1, 3]) }
    }
  }

  // MARK: What is odd

  @Test func saysThatDataAreSuperfluous() throws {
    var file = PNGFile(.gray, depth: 8, width: 2, samples: [[1, 2]])
    file.chunks[1].body = Packing.zlib([0, 1, 2, 0, 7, 7])
    let decoded = try ImageDecoder(colorModel: .gray).read(file.bytes)
    #expect(decoded.image.byteValues == [1, 2])
    #expect(decoded.warnings.count == 1)
  }

  @Test func takesTheFirstFrame() throws {
    var file = PNGFile(.gray, depth: 8, width: 2, samples: [[1, 2]])
    let control =
      PNGFile.u32(0) + PNGFile.u32(2) + PNGFile.u32(1) + PNGFile.u32(0) + PNGFile.u32(0) + [0, 1, 0, 1, 0, 0]
    file.chunks.insert(("acTL", PNGFile.u32(2) + PNGFile.u32(0)), at: 1)
    file.chunks.insert(("fcTL", control), at: 2)
    file.chunks.insert(("fdAT", PNGFile.u32(1) + Packing.zlib([0, 9, 9])), at: 4)
    #expect(try decode(file, .gray) == [1, 2])
  }
}
