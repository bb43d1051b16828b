import Foundation
import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct DatasetTests {
  /// Class i has `counts[i]` examples, mixed.
  private struct Source: DatasetSource {
    let name = "source"
    let labels: [String]
    let targets: [Int]
    var count: Int { targets.count }

    init(_ counts: [Int]) {
      labels = counts.indices.map { "class \($0)" }
      var left = counts
      var targets: [Int] = []
      while targets.count < counts.reduce(0, +) {
        for target in left.indices where left[target] > 0 {
          targets.append(target)
          left[target] -= 1
        }
      }
      self.targets = targets
    }

    func target(at index: Int) -> Int { targets[index] }
    func identifier(at index: Int) -> String { "example \(index)" }
    func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
      throw .image(identifier: identifier(at: index), error: .unreadable(path: "none", reason: "none"))
    }
  }

  private func names(_ dataset: Dataset) -> [String] { (0..<dataset.count).map(dataset.identifier) }

  @Test func splitsEveryClassByTheFraction() throws {
    let dataset = Dataset(Source([100, 10, 3, 2, 1, 0]))
    let (training, validation) = try dataset.split(validationFraction: 0.2, seed: 7)
    #expect(validation.classCounts == [20, 2, 1, 1, 0, 0])
    #expect(training.classCounts == [80, 8, 2, 1, 1, 0])
    #expect(Set(names(training) + names(validation)).count == 116)
    #expect((0..<training.count).map(training.sourceIndex) == (0..<training.count).map(training.sourceIndex).sorted())
  }

  @Test func splitsBySeedAlone() throws {
    let dataset = Dataset(Source([50, 50]))
    let first = try dataset.split(validationFraction: 0.3, seed: 1)
    let again = try dataset.split(validationFraction: 0.3, seed: 1)
    let other = try dataset.split(validationFraction: 0.3, seed: 2)
    #expect(names(first.validation) == names(again.validation))
    #expect(names(first.training) == names(again.training))
    #expect(names(first.validation) != names(other.validation))
  }

  @Test(arguments: [0, 1, -0.5, 1.5, .nan, .infinity])
  func refusesFractionsThatAreNone(fraction: Double) {
    #expect(
      throws: DataError.invalidSetting(
        name: "validation split", expected: "above 0 and below 1", got: "\(fraction)")
    ) { try Dataset(Source([5, 5])).split(validationFraction: fraction, seed: 1) }
  }

  @Test func refusesToSplitSingleExamples() {
    #expect(
      throws: DataError.empty(
        name: "the validation part of source", reason: "no class has two examples to divide")
    ) { try Dataset(Source([1, 1])).split(validationFraction: 0.5, seed: 1) }
  }

  @Test func choosesFromChoices() {
    let dataset = Dataset(Source([4, 4])).subset([7, 5, 5, 0])
    #expect(names(dataset) == ["example 7", "example 5", "example 5", "example 0"])
    #expect(dataset.targets == [1, 1, 1, 0])
    #expect(names(dataset.subset([3, 0])) == ["example 0", "example 7"])
  }

  @Test func renumbersClassesByName() throws {
    let dataset = Dataset(Source([1, 1])).subset([1, 0, 1])
    let renamed = try dataset.relabeled(["class 1", "class 2", "class 0"])
    #expect(renamed.targets == [0, 2, 0])
    #expect(renamed.labels == ["class 1", "class 2", "class 0"])
    #expect(renamed.classCounts == [2, 0, 1])
    #expect(try renamed.relabeled(["class 0", "class 1", "class 2"]).targets == [1, 0, 1])
    #expect(renamed.subset([1]).targets == [2])
    #expect(dataset.leavingOut([0, 2]).targets == [0])
    #expect(throws: DataError.unknownClass(name: "source", label: "class 1", known: ["class 0", "class 2"])) {
      try dataset.relabeled(["class 0", "class 2"])
    }
  }
}

struct DatasetOpenTests {
  @Test func opensIDXFiles() throws {
    let folder = try TemporaryFolder()
    try folder.writeDigits(count: 11)
    try folder.writeDigits(count: 4, prefix: "t10k", ending: ".gz")
    try folder.writePicture(1, to: "previews/a.png")
    #expect(try Dataset.open(folder.path, part: .training).count == 11)
    #expect(try Dataset.open(folder.path, part: .validation).count == 4)
    #expect(try Dataset.openSeparate(folder.path, part: .test)?.count == 4)
  }

  @Test func doesNotTakeTheTrainingPartForTheTestPart() throws {
    let folder = try TemporaryFolder()
    try folder.writeDigits(count: 11)
    try folder.writePicture(1, to: "previews/a.png")
    #expect(try Dataset.openSeparate(folder.path, part: .test) == nil)
    let error = #expect(throws: DataError.self) { try Dataset.open(folder.path, part: .test) }
    #expect(error?.description.contains("t10k-images-idx3-ubyte") == true)
    #expect(error?.description.contains("previews/, train-images-idx3-ubyte, train-labels-idx1-ubyte") == true)
  }

  @Test func opensPartsOfClassFolders() throws {
    let folder = try TemporaryFolder()
    for (path, count) in [("train/a", 1), ("train/b", 2), ("validation/a", 3), ("validation/b", 1)] {
      for number in 0..<count { try folder.writePicture(9, to: "\(path)/\(number).png") }
    }
    #expect(try Dataset.open(folder.path, part: .training).classCounts == [1, 2])
    #expect(try Dataset.open(folder.path, part: .validation).classCounts == [3, 1])
    #expect(try Dataset.open(folder.path, part: .test).classCounts == [3, 1])
    for number in 0..<5 { try folder.writePicture(9, to: "test/a/\(number).png") }
    #expect(try Dataset.open(folder.path, part: .test).classCounts == [5])
    #expect(try Dataset.open(folder.path, part: .validation).classCounts == [3, 1])
  }

  @Test func namesAMissingPart() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(9, to: "train/a/1.png")
    let error = #expect(throws: DataError.self) { try Dataset.open(folder.path, part: .validation) }
    #expect(error?.description.contains("a folder validation/ or test/ with one folder") == true)
    #expect(error?.description.contains("found train/") == true)
  }

  @Test func takesPlainClassFoldersWholeForEveryPart() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(9, to: "bus/1.png")
    try folder.writePicture(9, to: "train/1.png")
    for part in DatasetPart.allCases {
      #expect(try Dataset.open(folder.path, part: part).labels == ["bus", "train"])
      #expect(try Dataset.openSeparate(folder.path, part: part) == nil)
    }
  }

  @Test func mayJudgeByFewerClasses() throws {
    let folder = try TemporaryFolder()
    for path in ["train/a/1.png", "train/b/1.png", "val/a/1.png"] { try folder.writePicture(9, to: path) }
    try folder.folder("val/b")
    #expect(try Dataset.open(folder.path, part: .validation).classCounts == [1, 0])
    try FileManager.default.removeItem(atPath: folder.path + "/train/b/1.png")
    #expect(throws: DataError.self) { try Dataset.open(folder.path, part: .training) }
  }

  @Test func namesWhatIsNoData() throws {
    let folder = try TemporaryFolder()
    #expect(throws: DataError.self) { try Dataset.open(folder.path, part: .training) }
    #expect(throws: DataError.unreadable(path: "/no/such", reason: "No such file or directory")) {
      try Dataset.open("/no/such", part: .training)
    }
    let file = try folder.write("x", to: "file")
    #expect(throws: DataError.unreadable(path: file, reason: "Not a directory")) {
      try Dataset.open(file, part: .training)
    }
  }
}
