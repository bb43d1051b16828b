import Foundation
import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct PreparedFileTests {
  private func file(
    _ folder: TemporaryFolder, name: String = "a", key: UInt64 = 1, count: Int = 10, size: Int = 8, limit: Int = 1 << 20
  ) throws -> PreparedFile {
    try PreparedFile(in: folder.path, name: name, key: key, count: count, itemByteCount: size, limit: limit)
  }

  private func store(_ file: PreparedFile, _ index: Int) {
    file.store(at: index) { $0.copyBytes(from: (0..<$0.count).map { UInt8(truncatingIfNeeded: index * 16 + $0) }) }
  }

  private func bytes(_ file: PreparedFile, _ index: Int) -> [UInt8]? { file.bytes(of: index).map { Array($0) } }

  private func expected(_ index: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: index * 16 + $0) } }

  @Test func keepsPicturesFromOneRunToTheNext() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try file(folder)
      #expect(file.bytes(of: 3) == nil)
      for index in [3, 9] { store(file, index) }
      #expect(bytes(file, 3) == expected(3))
    }
    let again = try file(folder)
    #expect(bytes(again, 3) == expected(3) && bytes(again, 9) == expected(9) && bytes(again, 4) == nil)
    // Two at once share what they write.
    let other = try file(folder)
    store(other, 4)
    #expect(bytes(again, 4) == expected(4))
    #expect(bytes(again, 10) == nil)
  }

  @Test func beginsAnewWhereDataOrStepsAreOthers() throws {
    let folder = try TemporaryFolder()
    store(try file(folder), 1)
    #expect(bytes(try file(folder, key: 2), 1) == nil)
    // The one that was there is gone.
    #expect(bytes(try file(folder), 1) == nil)
    store(try file(folder), 1)
    #expect(bytes(try file(folder, count: 11), 1) == nil)
  }

  @Test func takesNoPictureThatIsNotWhole() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try file(folder)
      for index in 0..<3 { store(file, index) }
    }
    let path = folder.path + "/a.prepared"
    var contents = try Data(contentsOf: URL(fileURLWithPath: path))
    // As if the machine had lost its power in the middle of picture 1.
    contents[8192 + 8 + 5] ^= 0xFF
    try contents.write(to: URL(fileURLWithPath: path))
    let again = try file(folder)
    #expect(bytes(again, 0) == expected(0) && bytes(again, 1) == nil && bytes(again, 2) == expected(2))
    // And as if it had been cut.
    try contents.prefix(8192 + 10).write(to: URL(fileURLWithPath: path))
    #expect(bytes(try file(folder), 0) == nil)
    try Data("something else".utf8).write(to: URL(fileURLWithPath: path))
    #expect(bytes(try file(folder), 0) == nil)
  }

  @Test func isNoLargerThanAllowed() throws {
    let folder = try TemporaryFolder()
    let file = try file(folder, count: 1000, size: 96, limit: 10_000)
    #expect(file.capacity == 100)
    store(file, 99)
    store(file, 100)
    #expect(file.bytes(of: 99) != nil && file.bytes(of: 100) == nil)
    // Others make room, whoever made them.
    for name in ["b", "c", "d"] { _ = try self.file(folder, name: name, count: 1000, size: 96, limit: 40_000) }
    let sizes = try FileManager.default.contentsOfDirectory(atPath: folder.path).map { name in
      try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.size] as? Int ?? 0
    }
    #expect(sizes.reduce(0, +) <= 60_000 && sizes.count < 4)
    #expect(throws: DataError.self) {
      try PreparedFile(in: folder.write("x", to: "plain"), name: "x", key: 1, count: 1, itemByteCount: 1, limit: 99)
    }
  }

  /// All pixels, in the order of the examples.
  private func load(_ data: String, cache: String, width: Int = 4) throws -> [Float] {
    var settings = BatchLoader.Settings(batchSize: 8, shuffles: false)
    (settings.cacheFolder, settings.threads) = (cache, 0)
    let loader = try BatchLoader(
      Dataset.open(data, part: .training), preprocessing: [Resize(width: width, height: 2), Scale()], settings: settings
    )
    return try loader.batches(epoch: 0).all().flatMap { $0.inputs.elements }
  }

  @Test func noticesWhenDataOrStepsChange() throws {
    let (folder, cache) = (try TemporaryFolder(), try TemporaryFolder())
    for number in 0..<4 {
      try folder.writePicture(UInt8(60 * number), to: "cat/\(number).png")
      try folder.writePicture(UInt8(60 * number + 9), to: "dog/\(number).png")
    }
    let first = try load(folder.path, cache: cache.path)
    #expect(try load(folder.path, cache: cache.path) == first)
    // A picture that has changed under the same time and size: only the file can tell what it was before.
    let changed = folder.path + "/cat/2.png"
    func modify(_ bytes: [UInt8], second: Int) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: changed))
      let time = timespec(tv_sec: second, tv_nsec: 0)
      #expect(utimensat(AT_FDCWD, changed, [time, time], 0) == 0)
    }
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: changed)))
    try modify(bytes, second: 1000)
    #expect(try load(folder.path, cache: cache.path) == first)
    try modify(Array(repeating: 1, count: bytes.count), second: 1000)
    #expect(try load(folder.path, cache: cache.path) == first)
    try modify(Array(repeating: 1, count: bytes.count), second: 1001)
    #expect(throws: DataError.self) { try load(folder.path, cache: cache.path) }
    try folder.writePicture(200, to: "cat/2.png")
    #expect(try load(folder.path, cache: cache.path)[2 * 24] != first[2 * 24])
    #expect(try load(folder.path, cache: cache.path, width: 6).count == 8 * 36)
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path).count == 2)
  }
}
