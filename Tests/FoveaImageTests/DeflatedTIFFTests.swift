import FoveaCore
import FoveaImage
import Testing

/// Strips and tiles by deflate become the pixels that zlib makes of them, all of them, or an error.
@Suite struct DeflatedTIFFTests {
  private typealias Tag = TIFFFile.Tag
  private static let predictor = 317, fillOrder = 266

  /// Gray, 40 × 20 in two strips, whose second one has 4 rows less.
  private static let rows: [[UInt8]] = (0..<20).map { (y: Int) -> [UInt8] in
    (0..<40).map { (x: Int) -> UInt8 in
      let mixed = (x * 5 + y * 11) % 255
      return UInt8(1 + mixed)
    }
  }
  private static let pixels = Array(rows.joined())

  private static var file: TIFFFile {
    TIFFFile(width: 40, rows: rows, bits: 8, samples: 1, photometric: 1, compression: .deflate, rowsPerStrip: 12)
  }

  private static func strip(_ index: Int) -> [UInt8] { Array(rows[12 * index..<min(12 * index + 12, 20)].joined()) }

  private func read(_ file: TIFFFile) throws -> (pixels: [UInt8], warnings: [String]) {
    let picture = try ImageDecoder(colorModel: .gray).read(file.bytes)
    return (picture.image.byteValues, picture.warnings)
  }

  // MARK: More and less than the pixels

  @Test(arguments: [1, 7, 480, 5_000], [0, 1])
  func readsAStripThatHoldsMore(_ count: Int, _ index: Int) throws {
    var file = Self.file
    file.parts[index] = Packing.zlib(Self.strip(index) + [UInt8](repeating: 200, count: count))
    let (pixels, warnings) = try read(file)
    #expect(pixels == Self.pixels)
    // Whoever makes all strips equally high writes 4 × 40 bytes more.
    #expect(warnings == (index == 1 && count <= 160 ? [] : ["strip \(index) holds more than its pixels"]))
  }

  /// Several blocks, of which the first alone fills the strip.
  @Test func readsAStripOfSeveralBlocks() throws {
    var file = TIFFFile(
      width: 300, rows: Array(repeating: Array(repeating: 9, count: 300), count: 300), bits: 8, samples: 1,
      photometric: 1, compression: .deflate)
    file.parts[0] = Packing.zlib([UInt8](repeating: 9, count: 90_000 + 20_000))
    #expect(try read(file).pixels == [UInt8](repeating: 9, count: 90_000))
  }

  @Test func readsATileThatHoldsMore() throws {
    var file = TIFFFile(
      tiling: TIFFTests.rows, width: 41, samples: 3, photometric: 2, compression: .deflate)
    let whole = file.parts
    let tile = Array(whole[4].dropFirst(7).dropLast(4))
    file.parts[4] = Packing.zlib(tile + [1, 2, 3])
    let picture = try ImageDecoder().read(file.bytes)
    #expect(picture.image.byteValues == Array(TIFFTests.rows.joined()))
    #expect(picture.warnings == ["tile 4 holds more than its pixels"])
  }

  @Test func readsAStripThatIsPaddedBeyondThePicture() throws {
    var file = TIFFFile(
      width: 40, rows: Self.rows, bits: 8, samples: 1, photometric: 1, compression: .deflate,
      tags: [Tag.rows: [4_000]])
    file.parts[0] = Packing.zlib(Self.pixels + [UInt8](repeating: 0, count: 3_980 * 40))
    let (pixels, warnings) = try read(file)
    #expect(pixels == Self.pixels && warnings == [])
  }

  @Test func readsAStripWithoutItsChecksum() throws {
    var file = Self.file
    file.parts[1].removeLast(4)
    let (pixels, warnings) = try read(file)
    #expect(pixels == Self.pixels)
    #expect(warnings == ["the checksum of strip 1 is missing, though every pixel is there"])
  }

  @Test func refusesDamage() throws {
    func reason(_ part: [UInt8]) -> String? {
      var file = Self.file
      file.parts[0] = part
      return Decoding.reason(file.bytes)
    }
    func changed(_ part: [UInt8], at place: Int, to byte: UInt8? = nil) -> [UInt8] {
      var part = part
      part[place] = byte ?? part[place] ^ 1
      return part
    }
    let exact = Packing.zlib(Self.strip(0))
    let long = Packing.zlib(Self.strip(0) + [UInt8](repeating: 3, count: 100))
    // Within what is needed, within what is more, and in the checksum of either.
    for (part, places) in [(exact, [100, exact.count - 1]), (long, [100, long.count - 20, long.count - 1])] {
      for place in places { #expect(reason(changed(part, at: place)) == "strip 0: incorrect data check") }
    }
    for part in [exact.dropLast(30), long.dropLast(20), Packing.zlib(Self.strip(0).dropLast())[...]] {
      #expect(reason(Array(part)) == "strip 0: its data end too early")
    }
    #expect(reason(changed(exact, at: 0, to: 0x79)) == "strip 0: incorrect header check")
    #expect(reason(changed(exact, at: 2, to: 7)) == "strip 0: invalid block type")
    #expect(reason([]) != nil)
    #expect(
      reason(Packing.zlib([UInt8](repeating: 3, count: 1_000_000))) == "strip 0 holds far more than its pixels")
  }

  // MARK: What libtiff would do behind its decoder

  @Test func reversesBits() throws {
    var file = Self.file
    file.tags[Self.fillOrder] = [2]
    file.parts = file.parts.map { (part: [UInt8]) -> [UInt8] in part.map(Self.reversed) }
    #expect(try read(file).pixels == Self.pixels)
  }

  private static func reversed(_ byte: UInt8) -> UInt8 {
    var result: UInt8 = 0
    for place in 0..<8 where byte & 1 << place != 0 { result |= 0x80 >> place }
    return result
  }

  private static func bytes(_ value: UInt64, count: Int, isBigEndian: Bool) -> [UInt8] {
    let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return isBigEndian ? little.reversed() : little
  }

  /// Each number is stored as its difference to the one before it.
  @Test(arguments: [8, 16, 32, 64], [false, true])
  func addsDifferences(_ bits: Int, _ isBigEndian: Bool) throws {
    for samples in [1, 3, 4, 5] {
      let rows = (0..<5).map { (y: Int) -> [UInt64] in
        (0..<7 * samples).map { (x: Int) -> UInt64 in
          let upper = UInt64((x * 37 + y * 91) % 256)
          return upper << UInt64(bits - 8) | 5
        }
      }
      let stored = rows.map { (row: [UInt64]) -> [UInt8] in
        row.indices.flatMap { (index: Int) -> [UInt8] in
          let before = index < samples ? 0 : row[index - samples]
          return Self.bytes(row[index] &- before, count: bits / 8, isBigEndian: isBigEndian)
        }
      }
      var file = TIFFFile(
        width: 7, rows: stored, bits: bits, samples: samples, photometric: samples < 3 ? 1 : 2, compression: .deflate,
        tags: [Self.predictor: [2], Tag.extras: Array(repeating: 0, count: max(samples - 3, 0))])
      file.isBigEndian = isBigEndian
      if samples <= 3 { file.tags[Tag.extras] = nil }
      let shown = rows.flatMap { (row: [UInt64]) -> [UInt8] in
        row.indices.filter { $0 % samples < 3 }.map { UInt8(row[$0] >> UInt64(bits - 8)) }
      }
      let picture = try ImageDecoder(colorModel: samples == 1 ? .gray : .rgb).decode(file.bytes)
      #expect(picture.byteValues == shown, "\(samples) samples")
    }
  }

  /// The bytes of all numbers of a row lie together, the highest first, as differences.
  @Test(arguments: [32, 64], [false, true])
  func gathersFloatingPointNumbers(_ bits: Int, _ isBigEndian: Bool) throws {
    let rows: [[Double]] = [[0, 0.25, 0.5, 1], [1, 0.75, 0.125, 0]]
    let stored = rows.map { row -> [UInt8] in
      let patterns = row.map { bits == 32 ? UInt64(Float($0).bitPattern) : $0.bitPattern }
      let planes = (0..<bits / 8).flatMap { (byte: Int) -> [UInt8] in
        patterns.map { UInt8(truncatingIfNeeded: $0 >> UInt64(bits - 8 - 8 * byte)) }
      }
      return planes.indices.map { planes[$0] &- ($0 == 0 ? 0 : planes[$0 - 1]) }
    }
    var file = TIFFFile(
      width: 4, rows: stored, bits: bits, samples: 1, photometric: 1, compression: .deflate,
      tags: [Self.predictor: [3], Tag.format: [3]])
    file.isBigEndian = isBigEndian
    #expect(try read(file).pixels == [0, 64, 128, 255, 255, 191, 32, 0])
  }

  @Test func refusesDifferencesThatItDoesNotKnow() throws {
    for (predictor, bits) in [(2, 4), (3, 8), (9, 8)] {
      var file = Self.file
      file.tags[Self.predictor] = [predictor]
      file.tags[Tag.bits] = [bits]
      #expect(Decoding.reason(file.bytes) != nil, "\(predictor)")
    }
  }

  // MARK: JPEG

  /// What libtiff only warns of leaves the rest of the strip unwritten.
  @Test(arguments: [false, true])
  func refusesAJPEGThatIsSmallerThanItsStrip(_ isTiled: Bool) throws {
    func file(_ width: Int, _ height: Int) throws -> TIFFFile {
      let image = try Image(
        width: width, height: height, channels: 1, pixels: .bytes([UInt8](repeating: 90, count: width * height)))
      let rows = [[UInt8]](repeating: [UInt8](repeating: 0, count: 16), count: 16)
      var file =
        isTiled
        ? TIFFFile(tiling: rows, width: 16, samples: 1, photometric: 1)
        : TIFFFile(width: 16, rows: rows, bits: 8, samples: 1, photometric: 1)
      file.tags[Tag.compression] = [7]
      file.parts = [try ImageEncoder.jpeg().encode(image)]
      return file
    }
    #expect(Decoding.reason(try file(16, 16).bytes) == nil)
    for (width, height) in [(8, 16), (16, 8), (8, 8)] {
      #expect(Decoding.reason(try file(width, height).bytes)?.contains("Improper JPEG") == true, "\(width)×\(height)")
    }
  }
}
