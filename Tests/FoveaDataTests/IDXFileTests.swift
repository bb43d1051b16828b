import FoveaCore
import Testing

@testable import FoveaData

struct IDXFileTests {
  private func header(_ type: UInt8, _ dimensions: [Int]) -> [UInt8] {
    [0, 0, type, UInt8(dimensions.count)]
      + dimensions.flatMap { extent in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) } }
  }

  @Test func readsDimensionsAndItems() throws {
    let file = try IDXFile(bytes: header(8, [2, 2, 3]) + Array(1...12))
    #expect(file.dimensions == [2, 2, 3])
    #expect(file.itemDimensions == [2, 3])
    #expect(try file.bytes(of: 0..<1) == [1, 2, 3, 4, 5, 6])
    #expect(try file.bytes(of: 1..<2) == [7, 8, 9, 10, 11, 12])
    #expect(try file.bytes(of: 0..<2) == Array(1...12))
    #expect(try file.bytes(of: 2..<2).isEmpty)
  }

  @Test(arguments: [
    (UInt8(0x08), [UInt8(250)], 250.0), (0x09, [250], -6), (0x0B, [0xFF, 0x38], -200),
    (0x0C, [0xFF, 0xFF, 0xFF, 0x38], -200), (0x0D, [0xC0, 0x20, 0, 0], -2.5),
    (0x0E, [0x40, 0x04, 0, 0, 0, 0, 0, 0], 2.5),
  ])
  func readsNumbersOfEveryType(type: UInt8, bytes: [UInt8], expected: Double) throws {
    let file = try IDXFile(bytes: header(type, [2]) + bytes + bytes)
    #expect(try file.numbers(of: 0..<2) == [expected, expected])
  }

  @Test func readsGzipByItsContentAndNotByItsName() throws {
    let folder = try TemporaryFolder()
    let plain = try IDXWriter.encode(Array(0..<200), dimensions: [10, 20])
    let packed = try IDXWriter.compress(plain, path: "x")
    #expect(packed.starts(with: [0x1f, 0x8b]))
    for (name, contents) in [("a", packed), ("b.gz", plain), ("c.gz", packed)] {
      let file = try IDXFile(path: folder.write(contents, to: name))
      #expect(try file.bytes(of: 0..<10) == Array(0..<200), "\(name)")
    }
  }

  @Test func readsSeveralGzipMembersAsOneFile() throws {
    let plain = try IDXWriter.encode(Array(0..<200), dimensions: [10, 20])
    let members = try [plain[..<7], plain[7..<100], plain[100...]].flatMap {
      try IDXWriter.compress(Array($0), path: "x")
    }
    #expect(try IDXFile(bytes: members).bytes(of: 0..<10) == Array(0..<200))
  }

  /// Beyond the memory limit items come from the disk, and are the same.
  @Test(arguments: ["plain", "packed.gz"])
  func readsFromDiskBeyondTheMemoryLimit(name: String) throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }
    try IDXWriter.write(bytes, dimensions: [300, 1000], to: folder.path + "/" + name)
    let file = try IDXFile(path: folder.path + "/" + name, memoryLimit: 299_999)
    for item in [0, 1, 150, 299] {
      #expect(try file.bytes(of: item..<item + 1) == Array(bytes[item * 1000..<(item + 1) * 1000]))
    }
  }

  @Test(arguments: [UInt8(0x0A), 0x00, 0x0F, 0xFF])
  func refusesUnknownTypes(type: UInt8) {
    #expect(
      throws: DataError.unsuitableArray(
        path: "bytes", expected: "elements of one of IDX's types, code 08, 09 or 0B to 0E",
        got: "type code " + ["0A", "00", "0F", "FF"][[0x0A, 0x00, 0x0F, 0xFF].firstIndex(of: type)!])
    ) { try IDXFile(bytes: header(type, [1]) + [0]) }
  }

  @Test func refusesWhatIsNoIDXFile() {
    #expect(throws: DataError.notIDX(path: "page", got: "3C 68 74 6D")) {
      try IDXFile(bytes: Array("<html>".utf8), name: "page")
    }
    #expect(throws: DataError.notIDX(path: "bytes", got: "nothing; it is empty")) { try IDXFile(bytes: []) }
    #expect(throws: DataError.notIDX(path: "bytes", got: "00 00")) { try IDXFile(bytes: [0, 0]) }
    #expect(throws: DataError.notIDX(path: "bytes", got: "00 00 08 00")) { try IDXFile(bytes: [0, 0, 8, 0, 1]) }
  }

  @Test func holdsTheHeaderAgainstTheFile() throws {
    let good = header(8, [3, 2]) + Array(1...6)
    #expect(throws: DataError.truncated(path: "bytes", expected: 18, got: 17)) { try IDXFile(bytes: good.dropLast()) }
    #expect(throws: DataError.trailingBytes(path: "bytes", expected: 18)) { try IDXFile(bytes: good + [7]) }
    #expect(throws: DataError.truncated(path: "bytes", expected: 12, got: 9)) { try IDXFile(bytes: Array(good[..<9])) }
    let packed = try IDXWriter.compress(good.dropLast(), path: "x")
    #expect(throws: DataError.truncated(path: "bytes", expected: 18, got: 17)) { try IDXFile(bytes: packed) }
    let longer = try IDXWriter.compress(good + [7], path: "x")
    #expect(throws: DataError.trailingBytes(path: "bytes", expected: 18)) { try IDXFile(bytes: longer) }
    #expect(throws: DataError.trailingBytes(path: "bytes", expected: 18)) {
      try IDXFile(bytes: longer, memoryLimit: 1)
    }
  }

  /// A header that promises gigabytes costs nothing, and one beyond all numbers does not trap.
  @Test func refusesImpossiblePromises() throws {
    let most = Int(UInt32.max)
    let large = header(8, [most, 100])
    #expect(throws: DataError.truncated(path: "bytes", expected: most * 100 + 12, got: 12)) {
      try IDXFile(bytes: large)
    }
    let packed = try IDXWriter.compress(large + Array(repeating: 0, count: 1000), path: "x")
    #expect(throws: DataError.truncated(path: "bytes", expected: most * 100 + 12, got: packed.count)) {
      try IDXFile(bytes: packed)
    }
    for dimensions in [[most, most, most], [0, most, most, most], Array(repeating: most, count: 255)] {
      #expect(throws: DataError.tooLarge(path: "bytes", dimensions: dimensions, limit: Int.max)) {
        try IDXFile(bytes: header(8, dimensions))
      }
    }
  }

  /// Far more than the header promises must not be unpacked.
  @Test func stopsUnpackingAtWhatTheHeaderPromises() throws {
    let bomb = try IDXWriter.compress(
      header(8, [4]) + Array(repeating: 0, count: 50_000_000), path: "x")
    #expect(throws: DataError.trailingBytes(path: "bytes", expected: 12)) { try IDXFile(bytes: bomb) }
    #expect(throws: DataError.trailingBytes(path: "bytes", expected: 12)) {
      try IDXFile(bytes: bomb, memoryLimit: 1)
    }
  }

  @Test func verifiesGzipsChecksum() throws {
    var packed = try IDXWriter.compress(header(8, [64]) + Array(0..<64), path: "x")
    packed[packed.count - 8] ^= 1
    #expect(throws: DataError.damagedCompression(path: "bytes", reason: "incorrect data check")) {
      try IDXFile(bytes: packed)
    }
    packed[packed.count - 8] ^= 1
    #expect(
      throws: DataError.damagedCompression(
        path: "bytes", reason: "bytes that are not gzip follow after the compressed data")
    ) { try IDXFile(bytes: packed + [1, 2, 3]) }
  }

  @Test func saysWhatIsNoFile() throws {
    let folder = try TemporaryFolder()
    #expect(throws: DataError.unreadable(path: folder.path, reason: "it is a folder or a device, and no file")) {
      try IDXFile(path: folder.path)
    }
    let missing = folder.path + "/missing"
    #expect(throws: DataError.unreadable(path: missing, reason: "there is no such file")) {
      try IDXFile(path: missing)
    }
  }

  @Test(arguments: [false, true])
  func isAnErrorWhereverItIsCut(compressed: Bool) throws {
    let plain = try IDXWriter.encode((0..<60).map { UInt8($0 * 37 % 256) }, dimensions: [5, 3, 4])
    let whole = compressed ? try IDXWriter.compress(plain, path: "x") : plain
    for length in 0..<whole.count {
      for limit in [0, 1000] {
        #expect(throws: DataError.self, "cut at \(length)") {
          try IDXFile(bytes: Array(whole[..<length]), memoryLimit: limit)
        }
      }
    }
    #expect(try IDXFile(bytes: whole).bytes(of: 0..<5) == Array(plain[16...]))
  }

  /// Every value of every byte of the header: an error, or a file whose items add up.
  @Test func isConsistentOrAnErrorWhateverTheHeaderSays() throws {
    let good = try IDXWriter.encode(Array(0..<60), dimensions: [5, 3, 4])
    for place in 0..<16 {
      for value in UInt8.min...UInt8.max {
        var bytes = good
        bytes[place] = value
        guard let file = try? IDXFile(bytes: bytes) else { continue }
        let count = try file.bytes(of: 0..<file.count).count
        #expect(count == file.dimensions.reduce(file.element.byteCount, *))
        #expect(count + 4 + 4 * file.dimensions.count == bytes.count)
      }
    }
  }

  @Test func neverTrapsOnDamagedGzip() throws {
    let plain = try IDXWriter.encode((0..<240).map { UInt8($0 * 37 % 256) }, dimensions: [20, 3, 4])
    let good = try IDXWriter.compress(plain, path: "x")
    for place in good.indices {
      for bit in 0..<8 {
        var bytes = good
        bytes[place] ^= 1 << bit
        // The name of the system, the time and the like may change without harm.
        guard let file = try? IDXFile(bytes: bytes) else { continue }
        #expect(try file.bytes(of: 0..<20) == Array(plain[16...]))
      }
    }
  }
}
