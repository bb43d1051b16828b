import Foundation
import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct IDXDatasetTests {
  @Test(arguments: ["-", "."], ["", ".gz"])
  func findsTheFilesByPart(separator: String, ending: String) throws {
    let folder = try TemporaryFolder()
    try folder.writeDigits(count: 30, separator: separator, ending: ending)
    try folder.writeDigits(count: 12, prefix: "t10k", separator: separator, ending: ending)
    let training = try IDXDataset(folder: folder.path, part: .training)
    #expect(training.count == 30)
    #expect(training.labels == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
    #expect((0..<30).map(training.target) == (0..<30).map { $0 % 10 })
    #expect(training.byteShape == [1, 3, 4])
    let image = try training.image(at: 7, decoder: ImageDecoder())
    #expect((image.width, image.height, image.channels) == (4, 3, 1))
    #expect(image.pixels == .bytes(Array(7..<19)))
    #expect(training.identifier(at: 7) == "\(folder.path)/train-images\(separator)idx3-ubyte\(ending)#7")
    #expect(try IDXDataset(folder: folder.path, part: .validation).count == 12)
    #expect(try IDXDataset(folder: folder.path, part: .test).count == 12)
  }

  @Test func takesNamesFromTheFileBesideThem() throws {
    let folder = try TemporaryFolder()
    try folder.writeDigits(count: 4)
    try folder.write("zero\r\none  \n two\nthree\n\n", to: "labels.txt")
    #expect(try IDXDataset(folder: folder.path, part: .training).labels == ["zero", "one", "two", "three"])
    try folder.write("zero\none\ntwo\n", to: "labels.txt")
    #expect(
      throws: DataError.invalidLabel(
        path: folder.path + "/train-labels-idx1-ubyte", index: 3,
        expected: "0 to 2, one of 3 classes, which '\(folder.path)/labels.txt' names", got: 3)
    ) { try IDXDataset(folder: folder.path, part: .training) }
    for (text, got) in [("a\n\nb", "an empty line"), ("a\na\nb\nc", "a name twice"), ("\n", "none")] {
      try folder.write(text, to: "labels.txt")
      #expect(
        throws: DataError.labelNames(
          path: folder.path + "/labels.txt", expected: "names, one a line, all different", got: got)
      ) { try IDXDataset(folder: folder.path, part: .training) }
    }
    try folder.write([0xFF, 0xFE, 0], to: "labels.txt")
    #expect(throws: DataError.self) { try IDXDataset(folder: folder.path, part: .training) }
  }

  private func labels(_ numbers: [UInt8], names: [String]? = nil) throws -> IDXLabels {
    let folder = try TemporaryFolder()
    try IDXWriter.write(numbers, dimensions: [numbers.count], to: folder.path + "/labels")
    return try IDXLabels(try IDXFile(path: folder.path + "/labels"), names: names)
  }

  @Test func takesTheNumbersThatOccurForTheClasses() throws {
    let two = try labels([1, 0, 1])
    #expect((two.names, two.targets) == (["0", "1"], [1, 0, 1]))
    #expect(two.remarks.isEmpty)
    let letters = try labels(Array(1...26))
    #expect((letters.names, letters.targets) == ((1...26).map { String($0) }, Array(0..<26)))
    #expect(letters.remarks.map(\.text).first?.contains("labels start at 1; the classes are the 26") == true)
    let gaps = try labels([0, 5, 2, 2])
    #expect((gaps.names, gaps.targets) == (["0", "2", "5"], [0, 2, 1, 1]))
    #expect(gaps.remarks.map(\.text).first?.contains("no image has the label 1, 3, 4;") == true)
    #expect(try labels([7]).names == ["7"])
  }

  @Test func startsNamesAtOneWhereTheLabelsDo() throws {
    let letters = try labels([1, 3, 2], names: ["a", "b", "c"])
    #expect((letters.names, letters.targets) == (["a", "b", "c"], [0, 2, 1]))
    #expect(letters.remarks.map(\.text).first?.contains("labels start at 1, which is 'a'") == true)
    let some = try labels([1, 2], names: ["a", "b", "c"])
    #expect(some.targets == [1, 2] && some.remarks.isEmpty)
    #expect(throws: DataError.self) { try labels([0, 3], names: ["a", "b", "c"]) }
  }

  @Test func numbersAllPartsAlike() throws {
    let folder = try TemporaryFolder()
    try folder.write("a\nb\nc\n", to: "labels.txt")
    for (prefix, numbers) in [("train", [1, 2, 3]), ("t10k", [1, 2])] as [(String, [UInt8])] {
      let count = numbers.count
      try IDXWriter.write(
        [UInt8](repeating: 0, count: count), dimensions: [count, 1, 1], to: "\(folder.path)/\(prefix)-images-idx3-ubyte"
      )
      try IDXWriter.write(numbers, dimensions: [count], to: "\(folder.path)/\(prefix)-labels-idx1-ubyte")
    }
    let test = try IDXDataset(folder: folder.path, part: .test)
    #expect((0..<2).map { test.labels[test.target(at: $0)] } == ["a", "b"])
  }

  @Test func knowsFashionByItsLabelsAndNotByTheFoldersName() throws {
    let folder = try TemporaryFolder()
    let inner = try folder.folder("fashion-mnist")
    try folder.writeDigits(count: 20)
    for name in ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] {
      try FileManager.default.moveItem(atPath: "\(folder.path)/\(name)", toPath: "\(inner)/\(name)")
    }
    #expect(try IDXDataset(folder: inner, part: .training).labels == (0..<10).map { String($0) })
    // The first labels of its training part and of its test part.
    let training: [UInt8] = [
      9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9, 5, 5, 7, 9, 1, 0, 6, 4, 3, 1, 4, 8, 4, 3, 0, 2, 4, 4, 5, 3, 6,
    ]
    let test: [UInt8] = [
      9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5, 7, 3, 4, 1, 2, 4, 8, 0, 2, 5, 7, 9, 1, 4, 6, 0, 9, 3, 8, 8, 3,
    ]
    #expect(try labels(training).names == IDXDataset.fashionLabels)
    #expect(try labels(test).names == IDXDataset.fashionLabels)
    #expect(try labels(training.dropLast(2)).names != IDXDataset.fashionLabels)
    #expect(try labels(training + [10]).names != IDXDataset.fashionLabels)
  }

  @Test func findsASetThatHasAName() throws {
    let folder = try TemporaryFolder()
    try folder.writeDigits(count: 12, prefix: "emnist-digits-train", ending: ".gz")
    try folder.writeDigits(count: 11, prefix: "emnist-digits-test", ending: ".gz")
    #expect(try Dataset.open(folder.path, part: .training).count == 12)
    #expect(try Dataset.open(folder.path, part: .test).count == 11)
    try folder.writeDigits(count: 10, prefix: "emnist-letters-train", ending: ".gz")
    let error = #expect(throws: DataError.self) { try Dataset.open(folder.path, part: .training) }
    #expect(error?.description.contains("2 sets of IDX files: emnist-digits-…, emnist-letters-…") == true)
  }

  @Test func saysWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    try folder.writeDigits(count: 3)
    #expect(
      throws: DataError.noDataset(
        path: folder.path, part: "test",
        expected: "t10k-images-idx3-ubyte or t10k-images.idx3-ubyte or t10k-images-idx3-ubyte.gz or "
          + "t10k-images.idx3-ubyte.gz, and t10k-labels-idx1-ubyte or t10k-labels.idx1-ubyte or "
          + "t10k-labels-idx1-ubyte.gz or t10k-labels.idx1-ubyte.gz",
        got: "train-images-idx3-ubyte, train-labels-idx1-ubyte")
    ) { try IDXDataset(folder: folder.path, part: .test) }
  }

  private func open(
    images: [UInt8], _ imageDimensions: [Int], labels: [UInt8], _ labelDimensions: [Int]
  ) throws -> IDXDataset {
    let folder = try TemporaryFolder()
    try IDXWriter.write(images, dimensions: imageDimensions, to: folder.path + "/images")
    try IDXWriter.write(labels, dimensions: labelDimensions, to: folder.path + "/labels")
    do throws(DataError) {
      return try IDXDataset(images: folder.path + "/images", labels: folder.path + "/labels")
    } catch {
      // The folder's name is random.
      throw Refusal(text: error.description.replacing(folder.path + "/", with: ""))
    }
  }

  private struct Refusal: Error, Equatable { let text: String }

  @Test func refusesFilesThatDoNotBelongTogether() throws {
    #expect(
      throws: Refusal(
        text: "'images' has 2 images, but 'labels' has 3 labels; the two must belong together")
    ) { try open(images: [1, 2], [2, 1, 1], labels: [0, 1, 2], [3]) }
    #expect(
      throws: Refusal(
        text: "'labels' must hold one integer for each image, but holds unsignedByte elements of dimensions [1, 1, 1]")
    ) { try open(images: [1], [1, 1, 1], labels: [1], [1, 1, 1]) }
    #expect(
      throws: Refusal(
        text: "'images' must hold images: dimensions [count, height, width] or [count, height, width, 3], but holds "
          + "an array of dimensions [2]")
    ) { try open(images: [1, 2], [2], labels: [1, 2], [2]) }
    #expect(throws: Refusal.self) { try open(images: [], [2, 0, 5], labels: [1, 2], [2]) }
    #expect(throws: Refusal.self) { try open(images: [1, 2], [1, 1, 1, 2], labels: [1], [1]) }
    #expect(throws: Refusal(text: "'images' is empty: its header promises no image")) {
      try open(images: [], [0, 1, 1], labels: [], [0])
    }
  }

  @Test func readsInterleavedColors() throws {
    let dataset = try open(images: Array(1...12), [2, 1, 2, 3], labels: [0, 12], [2])
    #expect(dataset.byteShape == [3, 1, 2])
    #expect(try dataset.image(at: 1, decoder: ImageDecoder()).pixels == .bytes(Array(7...12)))
    #expect(dataset.labels == ["0", "12"])
    var planar = [Float](repeating: 0, count: 6)
    try planar.withUnsafeMutableBufferPointer {
      try dataset.image(at: 0, decoder: ImageDecoder()).writePlanar(into: $0)
    }
    #expect(planar == [1, 4, 2, 5, 3, 6])
  }

  @Test func readsFloatsAsTheyAreAndWideLabels() throws {
    let folder = try TemporaryFolder()
    try folder.write([0, 0, 0x0D, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0x3F, 0, 0, 0], to: "images")
    try folder.write([0, 0, 0x0B, 1, 0, 0, 0, 1, 1, 0x2C], to: "labels")
    let dataset = try IDXDataset(images: folder.path + "/images", labels: folder.path + "/labels")
    #expect(dataset.byteShape == nil)
    #expect(try dataset.image(at: 0, decoder: ImageDecoder()).pixels == .floats([0.5]))
    #expect((dataset.target(at: 0), dataset.labels) == (0, ["300"]))
    try folder.write([0, 0, 0x09, 1, 0, 0, 0, 1, 0xFF], to: "labels")
    #expect(throws: DataError.self) {
      try IDXDataset(images: folder.path + "/images", labels: folder.path + "/labels")
    }
  }
}
