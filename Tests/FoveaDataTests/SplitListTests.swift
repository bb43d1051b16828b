import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct SplitListTests {
  private func dataset(_ folder: TemporaryFolder) throws -> Dataset {
    Dataset(try ClassFolderDataset(folder: folder.path))
  }

  private func fill(_ folder: TemporaryFolder, _ label: String, _ numbers: Range<Int>) throws {
    for number in numbers {
      try folder.writePicture(UInt8(number), to: "\(label)/\(number),\"n\".png", width: 2, height: 2)
    }
  }

  private func names(_ dataset: Dataset) -> Set<String> {
    Set((0..<dataset.count).map { dataset.localName(of: $0) })
  }

  @Test func keepsOldPicturesInTheirPartsWhenNewOnesCome() throws {
    let folder = try TemporaryFolder()
    let place = try TemporaryFolder().path + "-list.csv"
    try fill(folder, "cat", 0..<20)
    try fill(folder, "dog", 0..<10)
    let first = try dataset(folder).split(validationFraction: 0.2, seed: 1)
    #expect(names(first.validation).count == 6)
    var list = SplitList()
    list.add(first.training, as: .training)
    list.add(first.validation, as: .validation)
    try list.write(to: place)
    #expect(try SplitList(contentsOf: place) == list)

    try fill(folder, "cat", 20..<40)
    try fill(folder, "bird", 0..<5)
    let more = try dataset(folder)
    // Another seed decides about the new ones only.
    let second = try more.split(validationFraction: 0.2, seed: 99, keeping: SplitList(contentsOf: place))
    #expect(names(second.validation).isSuperset(of: names(first.validation)))
    #expect(names(second.training).isSuperset(of: names(first.training)))
    #expect(second.validation.classCounts == [1, 8, 2] && second.training.classCounts == [4, 32, 8])
    let without = try more.split(validationFraction: 0.2, seed: 99)
    #expect(!names(without.validation).isSuperset(of: names(first.validation)))
  }

  @Test func anEmptyListChangesNothing() throws {
    let folder = try TemporaryFolder()
    try fill(folder, "cat", 0..<9)
    try fill(folder, "dog", 0..<9)
    let data = try dataset(folder)
    let parts = try (
      data.split(validationFraction: 0.3, seed: 5), data.split(validationFraction: 0.3, seed: 5, keeping: SplitList())
    )
    #expect(names(parts.0.validation) == names(parts.1.validation))
  }

  @Test func keepsThoseOfSeveralLabelsToo() throws {
    let images = try (0..<40).map { number in
      try Image(width: 1, height: 1, channels: 1, pixels: .bytes([UInt8(number)]))
    }
    let rows = TargetRows<Float>((0..<80).map { ($0 * 7 / 3) % 2 == 0 ? 1 : 0 }, width: 2)
    let all = Dataset(try ArrayDataset(images, targets: .labels(rows)))
    let first = try all.subset(0..<20).split(validationFraction: 0.25, seed: 3)
    var list = SplitList()
    list.add(first.training, as: .training)
    list.add(first.validation, as: .validation)
    let second = try all.split(validationFraction: 0.25, seed: 4, keeping: list)
    #expect(names(second.validation).isSuperset(of: names(first.validation)))
    #expect(names(second.training).isSuperset(of: names(first.training)))
    #expect((8...12).contains(second.validation.count))
  }

  @Test(arguments: [
    ("part,file\ntraining,a\n", "the columns 'part' and 'path'"),
    ("part,path\nlearning,a\n", "training or validation"),
    ("part,path\ntraining,a\nvalidation,a\n", "each example once"),
  ]) func refusesWhatIsNoList(text: String, words: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "list.csv")
    let error = #expect(throws: DataError.self) { try SplitList(contentsOf: path) }
    #expect(error?.description.contains(words) == true)
  }
}
