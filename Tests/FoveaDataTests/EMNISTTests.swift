import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

/// EMNIST's files as they come out of its archive: names, a mapping, labels from 1, pictures column by column.
struct EMNISTTests {
  /// Picture n holds n, n + 1, … as its file has it; its label is n mod 3 + 1.
  private func write(_ set: String, _ prefix: String, count: Int, to folder: TemporaryFolder) throws {
    let pixels = (0..<count * 16).map { UInt8(truncatingIfNeeded: $0 / 16 + $0 % 16) }
    try IDXWriter.write(pixels, dimensions: [count, 4, 4], to: "\(folder.path)/\(set)-\(prefix)-images-idx3-ubyte.gz")
    try IDXWriter.write(
      (0..<count).map { UInt8($0 % 3 + 1) }, dimensions: [count],
      to: "\(folder.path)/\(set)-\(prefix)-labels-idx1-ubyte.gz")
  }

  private let letters = "1 65 97\n2 66 98\n3 67 99\n4 68 100\n"

  @Test func readsNamesAndTurnsPicturesUpright() throws {
    let folder = try TemporaryFolder()
    try write("emnist-letters", "train", count: 7, to: folder)
    try write("emnist-letters", "test", count: 5, to: folder)
    try folder.write(letters, to: "emnist-letters-mapping.txt")
    let training = try Dataset.open(folder.path, part: .training)
    #expect(training.labels == ["A/a", "B/b", "C/c", "D/d"])
    #expect(training.targets.classes.map(Array.init) == [0, 1, 2, 0, 1, 2, 0])
    #expect(try Dataset.open(folder.path, part: .test).count == 5)
    #expect(training.remarks.contains { $0.text.contains("column by column") })
    let upright: [UInt8] = [2, 6, 10, 14, 3, 7, 11, 15, 4, 8, 12, 16, 5, 9, 13, 17]
    #expect(try training.image(at: 2).pixels == .bytes(upright))
    let bytes = try [UInt8](unsafeUninitializedCapacity: 16) { target, count in
      try training.source.copyBytes(at: 2, into: UnsafeMutableBufferPointer(rebasing: target[..<16]))
      count = 16
    }
    #expect(bytes == upright)
    #expect(try Dataset(IDXDataset(folder: folder.path, part: .test)).labels == training.labels)
  }

  @Test func takesOneOfSeveralSetsByItsName() throws {
    let folder = try TemporaryFolder()
    for set in ["emnist-letters", "emnist-digits"] { try write(set, "train", count: set.count, to: folder) }
    try folder.write(letters, to: "emnist-letters-mapping.txt")
    let error = #expect(throws: DataError.self) { try Dataset.open(folder.path, part: .training) }
    #expect(error?.description.contains("name one, such as '\(folder.path)/emnist-letters'") == true)
    let set = try Dataset.open(folder.path + "/emnist-letters", part: .training)
    #expect(set.count == 14 && set.labels[0] == "A/a")
    let digits = try Dataset.open(folder.path + "/emnist-digits", part: .training)
    #expect(digits.count == 13 && digits.labels == ["1", "2", "3"])
    #expect(
      Dataset.files(in: folder.path + "/emnist-letters").map { String($0.dropFirst(folder.path.count + 1)) } == [
        "emnist-letters-mapping.txt", "emnist-letters-train-images-idx3-ubyte.gz",
        "emnist-letters-train-labels-idx1-ubyte.gz",
      ])
    #expect(throws: DataError.self) { try Dataset.open(folder.path + "/emnist-lette", part: .training) }
    #expect(throws: DataError.self) { try Dataset.open(folder.path + "/", part: .training) }
  }

  @Test func leavesOtherSetsAsTheyAre() throws {
    let folder = try TemporaryFolder()
    try write("kmnist", "train", count: 3, to: folder)
    let dataset = try Dataset.open(folder.path, part: .training)
    #expect(try dataset.image(at: 0).pixels == .bytes(Array(0..<16)))
    let turned = try IDXDataset(
      images: folder.path + "/kmnist-train-images-idx3-ubyte.gz",
      labels: folder.path + "/kmnist-train-labels-idx1-ubyte.gz", isTransposed: true)
    #expect(try turned.image(at: 0, decoder: ImageDecoder()).floats[1] == 4)
  }

  @Test(arguments: ["1 65 97\n1 66\n", "1\n", "one 65\n", "1 65 x\n", "\n1 65\n", "70000 65\n", "1 65\n2 65\n", ""])
  func refusesAMappingThatIsNone(text: String) throws {
    let folder = try TemporaryFolder()
    try write("emnist-letters", "train", count: 3, to: folder)
    try folder.write(text, to: "emnist-letters-mapping.txt")
    let error = #expect(throws: DataError.self) { try Dataset.open(folder.path, part: .training) }
    guard case .labelNames = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func namesALabelThatTheMappingLacks() throws {
    let folder = try TemporaryFolder()
    try write("emnist-letters", "train", count: 3, to: folder)
    try folder.write("1 65 97\n2 66 98\n", to: "emnist-letters-mapping.txt")
    let error = #expect(throws: DataError.self) { try Dataset.open(folder.path, part: .training) }
    #expect(error?.description.contains("label 2 must be one of those in") == true)
  }
}
