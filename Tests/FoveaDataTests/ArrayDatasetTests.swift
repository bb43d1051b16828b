import FoveaCore
import FoveaData
import FoveaImage
import Testing

struct ArrayDatasetTests {
  private func image(_ value: UInt8) throws -> Image {
    try Image(width: 2, height: 1, channels: 1, pixels: .bytes([value, value + 1]))
  }

  @Test func picturesAndLabelsStayTogether() throws {
    let dataset = Dataset(try ArrayDataset([image(1), image(5)], targets: [2, 0], labels: ["a", "b", "c"]))
    #expect(dataset.count == 2 && dataset.labels == ["a", "b", "c"] && dataset.targets == [2, 0])
    #expect(try dataset.image(at: 1) == image(5))
    #expect(try Dataset(ArrayDataset([image(1)], targets: [2])).labels == ["0", "1", "2"])
  }

  /// A tensor holds channel after channel, a picture pixel after pixel.
  @Test func aTensorBecomesPictures() throws {
    let tensor = Tensor((0..<24).map(Float.init), [2, 3, 2, 2])
    let source = try ArrayDataset(tensor, targets: [0, 1])
    let second = try source.image(at: 1, picture: 0, decoder: ImageDecoder())
    #expect(second.shape == [3, 2, 2])
    #expect(second.pixels == .floats([12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23]))
    var planar = Tensor(zeros: [12])
    planar.withUnsafeMutableFloats { second.writePlanar(into: $0) }
    #expect(planar.elements == (12..<24).map(Float.init))
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    let name = "the images in memory"
    #expect(throws: DataError.countMismatch(images: name, imageCount: 1, labels: "their labels", labelCount: 2)) {
      try ArrayDataset([image(1)], targets: [0, 1])
    }
    #expect(throws: DataError.empty(name: name, reason: "there is no image")) { try ArrayDataset([], targets: []) }
    #expect(throws: DataError.invalidLabel(path: name, index: 1, expected: "0 to 1, one of 2 classes", got: 2)) {
      try ArrayDataset([image(1), image(2)], targets: [0, 2], labels: ["a", "b"])
    }
    #expect(throws: DataError.invalidLabel(path: name, index: 0, expected: "0 to 0, one of 1 classes", got: -1)) {
      try ArrayDataset([image(1)], targets: [-1])
    }
    #expect(throws: DataError.self) { try ArrayDataset(Tensor(zeros: [2, 3]), targets: [0, 1]) }
  }
}
