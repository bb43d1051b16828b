import Foundation
import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct FolderLayoutTests {
  /// A folder with a picture at each path; where a path ends in `/`, an empty folder.
  private func folder(_ paths: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for path in paths {
      if path.hasSuffix("/") {
        try folder.folder(path)
      } else if path.contains(".") {
        try folder.writePicture(9, to: path)
      } else {
        try folder.writePicture(9, to: path + "/1.png")
      }
    }
    return folder
  }

  private func arrangement(
    _ paths: [String], _ choice: FolderLayout.Choice = .automatic
  ) throws -> FolderLayout.Arrangement {
    let folder = try folder(paths)
    return try FolderLayout(folder.path, choice).arrangement
  }

  private func refusal(_ paths: [String], _ choice: FolderLayout.Choice = .automatic) throws -> String {
    let folder = try folder(paths)
    do throws(DataError) {
      return "taken for \(try FolderLayout(folder.path, choice).arrangement)"
    } catch {
      return error.description.replacing(folder.path, with: "DATA")
    }
  }

  @Test(arguments: [
    ("train", DatasetPart.training), ("Training", .training), ("training_set", .training), ("TRAIN-SET", .training),
    ("train images", .training), ("images_train", .training), ("val", .validation), ("valid", .validation),
    ("validation-set", .validation), ("dev", .validation), ("Test", .test), ("testing", .test), ("test_set", .test),
    ("test1", .test), ("eval", .test), ("val2017", .validation), ("Dataset.Train", .training),
  ])
  func knowsTheNamesOfParts(name: String, part: DatasetPart) {
    #expect(DatasetPart(folderName: name) == part)
  }

  @Test(arguments: [
    "trains", "cats", "set", "data", "images", "", "1", "contest", "trained", "evaluator", "developer", "testa",
  ])
  func leavesOtherNamesAlone(name: String) {
    #expect(DatasetPart(folderName: name) == nil)
  }

  @Test(arguments: [
    ["cats", "dogs"], ["cats"], ["plane", "train", "car"], ["cats", "dogs", "stray.png"], ["cats", "dogs", "docs/"],
    ["cats", "cats/siamese", "dogs"], ["Cats", "cats"],
  ])
  func findsClasses(paths: [String]) throws {
    #expect(try arrangement(paths) == .classes)
  }

  @Test func findsParts() throws {
    #expect(
      try arrangement(["training_set/cats", "training_set/dogs", "test_set/cats", "test_set/dogs"])
        == .parts([.training: "training_set", .test: "test_set"]))
    #expect(
      try arrangement(["Train/a", "Train/b", "VAL/a", "Test Set/b"])
        == .parts([.training: "Train", .validation: "VAL", .test: "Test Set"]))
    #expect(try arrangement(["train/a", "train/b"]) == .parts([.training: "train"]))
    // A class of a part may be called as a part.
    #expect(
      try arrangement(["train/train", "train/test", "val/train"]) == .parts([.training: "train", .validation: "val"]))
  }

  @Test func saysWhatItDoesNotUse() throws {
    let unlabelled = try folder(["train/cats", "train/dogs", "test/1.png"])
    let layout = try FolderLayout(unlabelled.path)
    #expect(layout.arrangement == .parts([.training: "train"]))
    #expect(
      layout.remarks == [
        DataRemark("\(unlabelled.path): test/ holds images in no class's folder and is not used", isWarning: true)
      ])
    #expect(try Dataset.open(unlabelled.path, part: .training).remarks == layout.remarks)
    #expect(try Dataset.openSeparate(unlabelled.path, part: .validation) == nil)
    let error = #expect(throws: DataError.self) { try Dataset.open(unlabelled.path, part: .test) }
    #expect(error?.description.hasSuffix("test/ holds images in no class's folder and is not used") == true)
    let other = try folder(["train/cats", "val/cats", "extra/cats"])
    #expect(
      try FolderLayout(other.path).remarks == [
        DataRemark("\(other.path): passed over 1 folder that is no part of the data (extra/)", isWarning: true)
      ])
    let idx = try folder(["previews"])
    try idx.writeDigits(count: 3)
    #expect(try FolderLayout(idx.path).arrangement == .idx)
    #expect(try Dataset.open(idx.path, part: .training).remarks.count == 1)
    #expect(try FolderLayout(idx.path, .classes).arrangement == .classes)
  }

  @Test(arguments: [
    (
      ["pets/cats", "pets/dogs"],
      "images in one folder only, 'DATA/pets', whose folders are cats, dogs; did you mean 'DATA/pets'?"
    ),
    (["x/pets/cats", "x/pets/dogs", "docs/"], "did you mean 'DATA/x/pets'?"),
    (
      ["pets/train/cats", "pets/train/dogs", "pets/val/cats"], "'DATA/pets', whose folders are train, val; did you mean"
    ),
    (["a/cats", "a/dogs", "b/cats", "b/dogs"], "a, b hold folders of the same names (cats, dogs), as parts do"),
    (
      ["animals/cat", "animals/dog", "vehicles/bus"],
      "animals (cat, dog), vehicles (bus) hold only folders with images; if animals"
    ),
    (["animals/cat", "animals/dog", "bus"], "animals (cat, dog) holds only folders with images, but bus beside"),
    (
      ["ok", "nok", "test"],
      "'test' is named as a part, but holds images itself, as the class folders nok, ok beside it do"
    ),
    (["ok", "nok", "val"], "'val' is named as a part"),
    (["train", "test"], "test, train are named as parts, but hold images in no class's folder"),
    (["train"], "train is named as a part"),
    (
      ["train/steam", "train/electric", "plane", "car"],
      "'train' is named as a part and holds the folders electric, steam, but car, plane"
    ),
    (
      ["cats", "dogs", "test/cats", "test/dogs"],
      "'test' is named as a part and holds the folders cats, dogs, but cats, dogs beside it"
    ),
    (["train/a", "holdback/a"], "but holdback beside it is no such part"),
    (["train/a", "val/a", "validation/a"], "'val' and 'validation' are both named as its validation part"),
    (["train/a", "Train/a"], "are both named as its training part"),
    ([], "but found nothing"),
    (["a/", "b/"], "but found no image below its folders a, b"),
    (["1.png", "2.png"], "but found 2 images in no folder"),
  ])
  func refusesWhatCanBeReadInMoreThanOneWay(paths: [String], words: String) throws {
    let refusal = try refusal(paths)
    #expect(refusal.contains(words), "\(refusal)")
  }

  @Test(arguments: [
    (["train/cats", "train/dogs", "val/cats", "val/dogs", "val/stray.png"], [DatasetPart.training, .validation]),
    (["train/cats", "train/dogs", "train/stray.png", "test/cats", "test/dogs"], [.training, .test]),
    (["train/cats", "train/dogs", "train/1.png", "test/cats", "test/dogs", "test/1.png"], [.training, .test]),
    (["train/cats", "train/dogs", "train/1.png", "val/cats", "val/1.png", "extra"], [.training, .validation]),
    (["train/cats", "train/dogs", "train/1.png"], [.training]),
    (["train/cats", "train/dogs", "train/1.png", "test/1.png"], [.training]),
    // Whatever these thumbnails are, they are no class that is learned.
    (["train/cats", "train/dogs", "test/1.png", "test/thumbs"], [.training]),
    (["train/cats", "train/dogs", "train/1.png", "test/1.png", "test/thumbs"], [.training]),
  ])
  func aStrayInAPartCostsNoMoreThanItself(paths: [String], parts: [DatasetPart]) throws {
    let folder = try folder(paths)
    guard case .parts(let found) = try FolderLayout(folder.path).arrangement else {
      Issue.record("no parts")
      return
    }
    #expect(Set(found.keys) == Set(parts))
    for part in parts {
      let dataset = try Dataset.open(folder.path, part: part)
      let name = try #require(found[part])
      #expect(dataset.count == paths.count { $0.hasPrefix(name + "/") && !$0.hasSuffix(".png") })
      let strays = paths.filter { $0.hasPrefix(name + "/") && $0.hasSuffix(".png") }
      let warning = "\(folder.path)/\(name): passed over 1 file: 1 image in no class's folder ("
      #expect(dataset.remarks.contains { $0.isWarning && $0.text.hasPrefix(warning) } == !strays.isEmpty)
    }
  }

  @Test func aClassThatIsNamedAsAPartKeepsItsFolders() throws {
    #expect(try arrangement(["train", "train/steam", "car", "plane"]) == .classes)
    #expect(try refusal(["cats", "dogs", "test", "test/cats"]).contains("'test' is named as a part, but holds images"))
    let inPart = try folder(["train/test", "train/test/old", "train/cats", "val/cats"])
    #expect(try Dataset.open(inPart.path, part: .training).labels == ["cats", "test"])
  }

  @Test func saysWhatAPartLacks() throws {
    let strays = ["train/cats", "train/dogs", "train/1.png", "test/cats"]
    #expect(try arrangement(strays, .parts) == .parts([.training: "train", .test: "test"]))
    let flat = try folder(["train/1.png", "test/cats", "val/"])
    let error = #expect(throws: DataError.self) { try Dataset.open(flat.path, part: .training, as: .parts) }
    #expect(error?.description.contains("found test/, train/ (images in no class's folder), val/ (no image)") == true)
    #expect(try refusal(["train"], .parts).contains("found the folders train (images in no class's folder)"))
  }

  @Test func refusesCategoriesInAPart() throws {
    let folder = try folder(["train/animals/cat", "train/vehicles/bus", "val/animals/cat", "val/vehicles/bus"])
    #expect(throws: DataError.self) { try Dataset.open(folder.path, part: .training) }
    #expect(try Dataset.open(folder.path, part: .training, as: .parts).labels == ["animals", "vehicles"])
  }

  @Test func pointsToTheFolderAbove() throws {
    let folder = try folder(["cats", "dogs"])
    let error = #expect(throws: DataError.self) { try FolderLayout(folder.path + "/cats/") }
    #expect(error?.description.hasSuffix("did you mean '\(folder.path)'?") == true)
  }

  @Test func doesAsItIsTold() throws {
    #expect(try arrangement(["train/cats", "test/cats"], .classes) == .classes)
    #expect(try arrangement(["ok", "nok", "test"], .classes) == .classes)
    #expect(try arrangement(["animals/cat", "vehicles/bus"], .classes) == .classes)
    #expect(try arrangement(["train/a", "plane", "car"], .parts) == .parts([.training: "train"]))
    #expect(try refusal(["cats", "dogs"], .parts).contains("found the folders cats, dogs"))
  }

  @Test func followsLinksThatLeadAround() throws {
    let folder = try folder(["a/"])
    for name in ["a/up", "a/b"] {
      try FileManager.default.createSymbolicLink(atPath: folder.path + "/" + name, withDestinationPath: folder.path)
    }
    #expect(throws: DataError.self) { try FolderLayout(folder.path) }
  }
}
