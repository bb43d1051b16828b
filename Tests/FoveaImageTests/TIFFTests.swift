import FoveaCore
import FoveaImage
import Testing

/// Every kind of sample, layout and color becomes bytes by the documented rule.
@Suite struct TIFFTests {
  private typealias Tag = TIFFFile.Tag

  private func gray(_ file: TIFFFile) throws -> [UInt8] {
    try ImageDecoder(colorModel: .gray).decode(file.bytes).byteValues
  }

  private func rgb(_ file: TIFFFile) throws -> [UInt8] { try ImageDecoder().decode(file.bytes).byteValues }
  private func rgba(_ file: TIFFFile) throws -> [UInt8] {
    try ImageDecoder(colorModel: .rgba).decode(file.bytes).byteValues
  }

  private static func number(_ value: UInt64, bytes: Int, isBigEndian: Bool) -> [UInt8] {
    let little = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return isBigEndian ? little.reversed() : little
  }

  // MARK: Samples

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8])
  func spreadsFewBitsOverAByte(_ bits: Int) throws {
    let most = (1 << bits) - 1
    let shown = min(most, 40)
    let values: [UInt16] = (0...shown).map { UInt16($0 * most / shown) }
    let row = Packing.bits(values, width: bits)
    let expected: [UInt8] = values.map { UInt8((Double($0) * 255 / Double(most)).rounded()) }
    for photometric in [0, 1] {
      let file = TIFFFile(
        width: values.count, rows: [row, row], bits: bits, samples: 1, photometric: photometric)
      #expect(try gray(file) == (photometric == 1 ? expected + expected : (expected + expected).map { 255 - $0 }))
    }
  }

  @Test(arguments: [9, 10, 12, 14], [false, true])
  func keepsTheUpperBits(_ bits: Int, _ isBigEndian: Bool) throws {
    let most = (1 << bits) - 1
    let values: [UInt16] = (0..<9).map { UInt16($0 * most / 8) }
    var file = TIFFFile(
      width: 9, rows: [Packing.bits(values, width: bits)], bits: bits, samples: 1, photometric: 1)
    file.isBigEndian = isBigEndian
    #expect(try gray(file) == values.map { UInt8($0 >> UInt16(bits - 8)) })
  }

  @Test(arguments: [16, 24, 32, 64], [false, true])
  func keepsTheUpperByte(_ bits: Int, _ isBigEndian: Bool) throws {
    let upper: [UInt8] = [0, 1, 127, 128, 200, 255]
    let row = upper.flatMap {
      Self.number(UInt64($0) << UInt64(bits - 8) | 0x9C, bytes: bits / 8, isBigEndian: isBigEndian)
    }
    for (format, flip) in [(1, 0), (2, 0x80)] as [(Int, UInt8)] {
      var file = TIFFFile(
        width: 6, rows: [row], bits: bits, samples: 1, photometric: 1, tags: [Tag.format: [format]])
      file.isBigEndian = isBigEndian
      #expect(try gray(file) == upper.map { $0 ^ flip })
    }
  }

  @Test func shiftsSignedBytes() throws {
    let file = TIFFFile(
      width: 3, rows: [[0x80, 0, 0x7F]], bits: 8, samples: 1, photometric: 1, tags: [Tag.format: [2]])
    #expect(try gray(file) == [0, 128, 255])
  }

  @Test(arguments: [16, 32, 64], [false, true])
  func scalesFloatingPoint(_ bits: Int, _ isBigEndian: Bool) throws {
    let values: [Double] = [0, 0.25, 0.5, 0.75, 1]
    let halves: [UInt64] = [0, 0x3400, 0x3800, 0x3A00, 0x3C00]
    let row = values.enumerated().flatMap { index, value in
      let pattern =
        bits == 16 ? halves[index] : bits == 32 ? UInt64(Float(value).bitPattern) : value.bitPattern
      return Self.number(pattern, bytes: bits / 8, isBigEndian: isBigEndian)
    }
    var file = TIFFFile(width: 5, rows: [row], bits: bits, samples: 1, photometric: 1, tags: [Tag.format: [3]])
    file.isBigEndian = isBigEndian
    #expect(try gray(file) == [0, 64, 128, 191, 255])
    #expect(try ImageDecoder().read(file.bytes).warnings == [])
  }

  @Test func saysThatFloatingPointWasClamped() throws {
    let row = [-3, 0.5, 812].flatMap { Self.number(UInt64(Float($0).bitPattern), bytes: 4, isBigEndian: false) }
    let file = TIFFFile(width: 3, rows: [row], bits: 32, samples: 1, photometric: 1, tags: [Tag.format: [3]])
    let decoded = try ImageDecoder(colorModel: .gray).read(file.bytes)
    #expect(decoded.image.byteValues == [0, 128, 255])
    #expect(decoded.warnings == ["its floating-point samples leave 0…1 (one is 812), and were clamped"])
  }

  @Test(arguments: [16, 32, 64], TIFFFile.Compression.allCases)
  func refusesWhatIsNoNumber(_ bits: Int, _ compression: TIFFFile.Compression) throws {
    let pattern: UInt64 = bits == 16 ? 0x7E00 : bits == 32 ? UInt64(Float.nan.bitPattern) : Double.nan.bitPattern
    for count in [1, 4] {
      let row = (0..<4).flatMap { Self.number($0 < count ? pattern : 0, bytes: bits / 8, isBigEndian: false) }
      let file = TIFFFile(
        width: 4, rows: [row, row], bits: bits, samples: 1, photometric: 1, compression: compression, rowsPerStrip: 1,
        tags: [Tag.format: [3]])
      #expect(Decoding.reason(file.bytes) == "one of its floating-point samples is no number (NaN)")
    }
  }

  @Test func saysThatWideNumbersAreAllSmall() throws {
    let row = [0, 40_000, 65_535].flatMap { Self.number($0, bytes: 4, isBigEndian: false) }
    let file = TIFFFile(width: 3, rows: [row], bits: 32, samples: 1, photometric: 1)
    let decoded = try ImageDecoder(colorModel: .gray).read(file.bytes)
    #expect(decoded.image.byteValues == [0, 0, 0])
    #expect(decoded.warnings.count == 1)
  }

  // MARK: Layout

  static let rows: [[UInt8]] = (0..<35).map { (y: Int) -> [UInt8] in
    (0..<41).flatMap { (x: Int) -> [UInt8] in
      let mixed = 3 * (x + y) % 256
      return [UInt8(6 * x), UInt8(7 * y), UInt8(mixed)]
    }
  }

  @Test(arguments: TIFFFile.Compression.allCases, [false, true])
  func readsStripsAndTilesInEveryOrder(_ compression: TIFFFile.Compression, _ isTiled: Bool) throws {
    for (isBigEndian, isBig) in [(false, false), (true, false), (false, true), (true, true)] {
      var file =
        isTiled
        ? TIFFFile(tiling: Self.rows, width: 41, samples: 3, photometric: 2, compression: compression)
        : TIFFFile(
          width: 41, rows: Self.rows, bits: 8, samples: 3, photometric: 2, compression: compression, rowsPerStrip: 8)
      file.isBigEndian = isBigEndian
      file.isBig = isBig
      #expect(try rgb(file) == Array(Self.rows.joined()))
    }
  }

  /// Row and column of the stored picture that shows at the upper left, and which way the seen rows go.
  @Test(arguments: 1...8, [false, true])
  func turnsTheWholePicture(_ orientation: Int, _ isTiled: Bool) throws {
    let tags = [Tag.orientation: [orientation]]
    let file =
      isTiled
      ? TIFFFile(tiling: Self.rows, width: 41, samples: 3, photometric: 2, tags: tags)
      : TIFFFile(width: 41, rows: Self.rows, bits: 8, samples: 3, photometric: 2, rowsPerStrip: 8, tags: tags)
    let (width, height) = orientation < 5 ? (41, 35) : (35, 41)
    var expected: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let (row, column): (Int, Int) =
          switch orientation {
          case 1: (y, x)
          case 2: (y, 40 - x)
          case 3: (34 - y, 40 - x)
          case 4: (34 - y, x)
          case 5: (x, y)
          case 6: (34 - x, y)
          case 7: (34 - x, 40 - y)
          default: (x, 40 - y)
          }
        expected += Self.rows[row][3 * column..<3 * column + 3]
      }
    }
    let image = try ImageDecoder().decode(file.bytes)
    #expect(image.shape == [3, height, width])
    #expect(image.byteValues == expected)
  }

  @Test(arguments: [8, 16])
  func joinsPlanes(_ bits: Int) throws {
    let planes = (0..<3).map { (channel: Int) -> [[UInt8]] in
      Self.rows.map { (row: [UInt8]) -> [UInt8] in
        stride(from: channel, to: row.count, by: 3).flatMap { (place: Int) -> [UInt8] in
          bits == 8 ? [row[place]] : [0x55, row[place]]
        }
      }
    }
    var file = TIFFFile(
      width: 41, rows: planes[0], bits: bits, samples: 3, photometric: 2, rowsPerStrip: 10, tags: [Tag.planar: [2]])
    file.parts = planes.flatMap { plane in
      stride(from: 0, to: 35, by: 10).map { Array(plane[$0..<min($0 + 10, 35)].joined()) }
    }
    #expect(try rgb(file) == Array(Self.rows.joined()))
  }

  @Test func takesTheFirstPage() throws {
    var file = TIFFFile(width: 1, rows: [[10], [20]], bits: 8, samples: 1, photometric: 1)
    file.secondPage = [Tag.photometric: [0]]
    #expect(try gray(file) == [10, 20])
  }

  // MARK: Transparency

  @Test func laysUnassociatedOpacityOverWhite() throws {
    let row: [UInt8] = [200, 100, 50, 0, 200, 100, 50, 128, 200, 100, 50, 255]
    let file = TIFFFile(width: 3, rows: [row], bits: 8, samples: 4, photometric: 2, tags: [Tag.extras: [2]])
    #expect(try rgb(file) == [255, 255, 255, 227, 177, 152, 200, 100, 50])
    #expect(try rgba(file) == row)
  }

  @Test func dividesAssociatedOpacityOut() throws {
    let row: [UInt8] = [0, 0, 0, 0, 100, 50, 25, 128, 200, 100, 50, 255]
    let file = TIFFFile(width: 3, rows: [row], bits: 8, samples: 4, photometric: 2, tags: [Tag.extras: [1]])
    #expect(try rgb(file) == [255, 255, 255, 227, 177, 152, 200, 100, 50])
    #expect(try rgba(file) == [0, 0, 0, 0, 199, 100, 50, 128, 200, 100, 50, 255])
  }

  @Test func takesAFourthSampleForOpacityWhereNothingIsSaid() throws {
    let file = TIFFFile(width: 1, rows: [[200, 100, 50, 0]], bits: 8, samples: 4, photometric: 2)
    #expect(try rgb(file) == [255, 255, 255])
  }

  @Test func leavesOutWhatIsNoOpacity() throws {
    let file = TIFFFile(
      width: 1, rows: [[200, 100, 50, 0]], bits: 8, samples: 4, photometric: 2, tags: [Tag.extras: [0]])
    let decoded = try ImageDecoder().read(file.bytes)
    #expect(decoded.image.byteValues == [200, 100, 50])
    #expect(decoded.warnings == ["1 of its 4 samples a pixel is neither color nor opacity"])
  }

  @Test(arguments: [8, 16])
  func laysGrayOverWhite(_ bits: Int) throws {
    let row: [UInt8] = [40, 0, 40, 128, 40, 255]
    let file = TIFFFile(
      width: 3, rows: [bits == 8 ? row : row.flatMap { [7, $0] }], bits: bits, samples: 2, photometric: 1,
      tags: [Tag.extras: [2]])
    #expect(try gray(file) == [255, 147, 40])
    #expect(try rgba(file) == [40, 40, 40, 0, 40, 40, 40, 128, 40, 40, 40, 255])
  }

  // MARK: Colors

  @Test(arguments: [1, 2, 4, 8])
  func looksIntoPalettes(_ bits: Int) throws {
    let count = 1 << bits
    let entries = (0..<3).map { (channel: Int) -> [Int] in
      (0..<count).map { (index: Int) -> Int in 257 * ((channel + 1) * 50 + index % 50) }
    }
    let shown = min(count, 16)
    let values: [UInt16] = (0..<shown).map { UInt16($0 * (count / shown)) }
    for isNarrow in [false, true] {
      let map: [Int] = entries.flatMap { $0 }.map { isNarrow ? $0 / 257 : $0 }
      let file = TIFFFile(
        width: values.count, rows: [Packing.bits(values, width: bits)], bits: bits, samples: 1, photometric: 3,
        tags: [Tag.colorMap: map])
      let expected = values.flatMap { (value: UInt16) -> [UInt8] in
        (1...3).map { (channel: Int) -> UInt8 in UInt8(channel * 50 + Int(value) % 50) }
      }
      #expect(try rgb(file) == expected)
    }
  }

  @Test func mixesInks() throws {
    let file = TIFFFile(
      width: 4, rows: [[0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255, 51, 102, 153, 51]], bits: 8, samples: 4, photometric: 5)
    #expect(try rgb(file) == [255, 255, 255, 0, 255, 255, 0, 0, 0, 163, 122, 82])
  }

  /// The values that color management (LittleCMS) gives for white, black, gray, sRGB's red and blue, and an ocher.
  @Test(arguments: [(8, 0), (9, 128)] as [(Int, UInt8)])
  func convertsCIELAB(_ photometric: Int, _ offset: UInt8) throws {
    let lab: [[UInt8]] = [[255, 0, 0], [0, 0, 0], [129, 0, 0], [138, 81, 70], [75, 68, 144], [167, 12, 64]]
    let row = lab.flatMap { [$0[0], $0[1] &+ offset, $0[2] &+ offset] }
    let file = TIFFFile(width: 6, rows: [row], bits: 8, samples: 3, photometric: photometric)
    let expected: [UInt8] = [255, 255, 255, 0, 0, 0, 120, 120, 120, 255, 0, 0, 0, 0, 255, 200, 150, 30]
    let got = try rgb(file)
    #expect(zip(got, expected).allSatisfy { abs(Int($0) - Int($1)) <= 2 }, "\(got)")
  }

  /// Data units of 2 × 2 brightnesses and two colors.
  @Test func spreadsSubsampledColors() throws {
    let units: [UInt8] = [50, 50, 50, 50, 128, 128, 200, 200, 200, 200, 128, 128, 90, 90, 90, 90, 128, 128]
    var file = TIFFFile(
      width: 3, rows: [units], bits: 8, samples: 3, photometric: 6, tags: [Tag.subsampling: [2, 2]])
    file.parts = [units + units.suffix(6)]
    file.tags[Tag.height] = [3]
    file.tags[Tag.rows] = [3]
    // Two units across, two down: 50 and 200 above, 90 and 90 below.
    #expect(try gray(file) == [50, 50, 200, 50, 50, 200, 90, 90, 90])
  }

  // MARK: What is not read

  @Test func saysWhatIsNotRead() throws {
    let file = TIFFFile(width: 1, rows: [[0, 0, 0, 0, 0, 0, 0, 0]], bits: 8, samples: 3, photometric: 2)
    func reason(_ changes: [Int: [Int]]) -> String? {
      var changed = file
      changed.tags.merge(changes) { $1 }
      return Decoding.reason(changed.bytes)
    }
    #expect(reason([Tag.photometric: [32803]])?.contains("color filter array") == true)
    #expect(reason([Tag.photometric: [10]])?.contains("CIELAB") == true)
    #expect(reason([Tag.photometric: [777]]) == "its kind of colors is unknown")
    #expect(reason([Tag.compression: [34712]])?.contains("compression") == true)
    #expect(reason([Tag.format: [6, 6, 6], Tag.bits: [64, 64, 64]])?.contains("complex") == true)
    #expect(reason([Tag.bits: [48, 48, 48]])?.contains("bits") == true)
    #expect(
      reason([Tag.photometric: [5], 332: [2], Tag.samples: [4], Tag.bits: [8, 8, 8, 8]])?.contains("inks") == true)
  }
}

enum Decoding {
  /// Whether the bytes are refused, or decoded with a warning.
  static func isNoticed(_ bytes: [UInt8]) -> Bool { (try? ImageDecoder().read(bytes))?.warnings.isEmpty != true }

  /// What the decoder says of bytes that it refuses, or nil.
  static func reason(_ bytes: [UInt8]) -> String? {
    do throws(ImageError) {
      _ = try ImageDecoder().decode(bytes, source: "it")
      return nil
    } catch {
      switch error {
      case .undecodable("it", let reason, _): return reason
      default: return "\(error)"
      }
    }
  }
}

extension Image {
  /// Empty where the pixels are floats.
  var byteValues: [UInt8] {
    switch pixels {
    case .bytes(let bytes): bytes
    case .floats: []
    }
  }
}
