import FoveaImage
import Testing

/// Ten kinds of damage for each of TIFF and PNG: each is an error with a reason, and none of them a picture.
@Suite struct DamagedPictureTests {
  private typealias Tag = TIFFFile.Tag

  private static func tiff(_ compression: TIFFFile.Compression = .deflate, isTiled: Bool = false) -> TIFFFile {
    isTiled
      ? TIFFFile(tiling: TIFFTests.rows, width: 41, samples: 3, photometric: 2, compression: compression)
      : TIFFFile(
        width: 41, rows: TIFFTests.rows, bits: 8, samples: 3, photometric: 2, compression: compression, rowsPerStrip: 8)
  }

  /// Some writers note wrong sizes of parts that are whole: where nothing is compressed, libtiff computes them, and that
  /// is a warning.
  @Test(arguments: TIFFFile.Compression.allCases, [false, true])
  func noticesPartsThatEndTooEarly(_ compression: TIFFFile.Compression, _ isTiled: Bool) throws {
    let file = Self.tiff(compression, isTiled: isTiled)
    #expect(Decoding.reason(file.bytes) == nil)
    for index in file.parts.indices {
      var damaged = file
      damaged.parts[index].removeLast(damaged.parts[index].count / 2)
      #expect(Decoding.isNoticed(damaged.bytes))
    }
  }

  @Test(arguments: [TIFFFile.Compression.deflate, .lzw])
  func refusesPartsThatAreOverwritten(_ compression: TIFFFile.Compression) throws {
    var file = Self.tiff(compression)
    let count = file.parts[2].count
    file.parts[2].replaceSubrange(count / 2..<count / 2 + 40, with: Array(repeating: 0xFF, count: 40))
    // A stored block has no redundancy but its length and its checksum.
    if compression == .deflate { file.parts[2].replaceSubrange(2..<7, with: Array(repeating: 0xFF, count: 5)) }
    #expect(Decoding.reason(file.bytes) != nil)
  }

  @Test(arguments: [false, true])
  func noticesPartsThatAreMissing(_ isTiled: Bool) throws {
    let file = Self.tiff(.none, isTiled: isTiled)
    let (places, lengths) = isTiled ? (Tag.tileOffsets, Tag.tileCounts) : (Tag.offsets, Tag.counts)
    let count = file.parts.count
    let changes: [(Int, [Int])] = [
      (places, [0] + Array(repeating: 8, count: count - 1)), (lengths, Array(repeating: 0, count: count)),
      (places, Array(repeating: 50_000_000, count: count)), (lengths, Array(repeating: 100, count: count)),
    ]
    for (tag, values) in changes {
      var damaged = file
      damaged.tags[tag] = values
      #expect(Decoding.isNoticed(damaged.bytes), "tag \(tag): \(values)")
    }
  }

  @Test func saysThatATIFFIsCutShort() throws {
    // The directory first, as camera programs write it, and the last strip beyond the end.
    var file = Self.tiff(.none)
    file.tags[Tag.offsets] = file.parts.indices.map { 8 + $0 * 10_000 }
    #expect(Decoding.reason(file.bytes)?.hasPrefix("it is cut short: strip 1 ends after the file's") == true)
  }

  @Test func refusesDirectoriesThatAreDamaged() throws {
    let file = Self.tiff()
    for tag in [Tag.width, Tag.height] {
      var damaged = file
      damaged.tags[tag] = nil
      #expect(Decoding.reason(damaged.bytes) != nil)
    }
    for place in [4, 5] {
      var bytes = file.bytes
      bytes[place] = 0xFE
      bytes[place + 1] = 0xFF
      #expect(Decoding.reason(bytes) != nil)
    }
    for count in 0..<200 { #expect(Decoding.reason(Array(file.bytes.prefix(count))) != nil) }
  }

  /// A few hundred bytes that promise gigabytes.
  @Test(arguments: TIFFFile.Compression.allCases)
  func refusesTIFFsWhoseHeadersLie(_ compression: TIFFFile.Compression) throws {
    var file = TIFFFile(width: 16, rows: [Array(repeating: 0, count: 48)], bits: 8, samples: 3, photometric: 2)
    file.tags.merge(
      [Tag.width: [16_000], Tag.height: [16_000], Tag.rows: [16_000], Tag.compression: [compression.rawValue]]
    ) { $1 }
    let said = Decoding.reason(file.bytes)
    #expect(said == "its \(file.bytes.count) bytes cannot hold the 16000×16000 pixels of its header")
    var tiled = Self.tiff(.none, isTiled: true)
    tiled.tags.merge([Tag.tileWidth: [16_000], Tag.tileHeight: [16_000]]) { $1 }
    #expect(Decoding.reason(tiled.bytes) == "its tiles are much larger than its picture")
  }

  // MARK: PNG

  private static var png: PNGFile {
    PNGFile(.rgb, depth: 8, width: 41, samples: TIFFTests.rows.map { $0.map(UInt16.init) })
  }

  @Test func refusesDamagedChunks() throws {
    let bytes = Self.png.bytes
    #expect(Decoding.reason(bytes) == nil)
    // Of the header and the data every byte is checked.
    for place in stride(from: 16, to: bytes.count - 12, by: 37) {
      var damaged = bytes
      damaged[place] ^= 0x10
      #expect(Decoding.reason(damaged) != nil, "byte \(place)")
    }
  }

  @Test func refusesChunksOutOfPlace() throws {
    let whole = Self.png
    for order in [[1, 2], [0, 2], [0, 0, 1, 2], [1, 0, 2], [0], [2]] {
      var damaged = whole
      damaged.chunks = order.map { whole.chunks[$0] }
      #expect(Decoding.reason(damaged.bytes) != nil, "\(order)")
    }
    var unknown = whole
    unknown.chunks.insert(("ABCD", [1]), at: 1)
    #expect(Decoding.reason(unknown.bytes) != nil)
  }

  @Test func refusesDataThatDoNotUnpack() throws {
    let rows: [UInt8] = TIFFTests.rows.flatMap { [0] + $0 }
    let packed = Packing.zlib(rows)
    var wrongSum = packed
    wrongSum[packed.count - 1] ^= 1
    var wrongFilter = rows
    wrongFilter[0] = 9
    let bodies = [
      Packing.zlib(Array(rows.dropLast(200))), wrongSum, Packing.zlib(wrongFilter), Array(packed.dropFirst(2)),
      Array(packed.dropLast(3000)), [],
    ]
    for body in bodies {
      var damaged = Self.png
      damaged.chunks[1].body = body
      #expect(Decoding.reason(damaged.bytes) != nil, "\(body.prefix(8))…")
    }
  }

  @Test func refusesPalettesThatAreMissing() throws {
    let file = PNGFile(.palette, depth: 8, width: 1, samples: [[0]])
    #expect(Decoding.reason(file.bytes)?.contains("PLTE") == true)
  }

  @Test(arguments: [(0, 3), (8, 9), (16, 3), (7, 0)] as [(UInt8, UInt8)])
  func saysWhatIsWrongWithAHeader(_ depth: UInt8, _ kind: UInt8) throws {
    var file = Self.png
    file.chunks[0].body.replaceSubrange(8..<10, with: [depth, kind])
    #expect(Decoding.reason(file.bytes)?.contains("IHDR") == true)
  }

  @Test func refusesSignaturesThatATransferHasChanged() throws {
    var bytes = Self.png.bytes
    bytes.remove(at: 4)
    #expect(Decoding.reason(bytes) == "its PNG signature is damaged, as by a text transfer")
  }

  // MARK: Sides

  @Test func refusesSidesThatGeometryCannotAddress() throws {
    let wide = PNGFile(.gray, depth: 1, width: 32_768, samples: [Array(repeating: 1, count: 32_768)])
    #expect(Decoding.reason(wide.bytes)?.contains("32767 pixels on a side") == true)
    let fitting = PNGFile(.gray, depth: 1, width: 32_767, samples: [Array(repeating: 1, count: 32_767)])
    #expect(Decoding.reason(fitting.bytes) == nil)
  }
}
