import Foundation
import Fovea
import Testing

/// What `train` and `evaluate` make of folders as people have them.
@Suite struct DataFolderTests {
  /// Class folders of stripes below `folder`.
  private func stripes(_ folders: [String], count: Int = 4) throws -> TemporaryFolder {
    let files = try TemporaryFolder()
    try files.write(Stripes.description, to: "stripes.yaml")
    for folder in folders { try Stripes.writeFolders(to: files["data" + folder], count: count) }
    return files
  }

  private func train(_ files: TemporaryFolder, _ data: String = "data", _ options: String...) throws -> Program.Result {
    try Program.run(["train", "stripes.yaml", data, "-o", "model", "--epochs", "1"] + options, in: files.path)
  }

  @Test func learnsFromPartsWhateverTheyAreCalled() throws {
    let files = try stripes(["/training_set", "/Test Set"])
    let result = try train(files)
    result.expectSuccess()
    #expect(
      result.errors.contains("data: 12 images of 3 classes: across 4, down 4, none 4; judged by 12 in Test Set/"),
      "\(result.errors)")
    #expect(try ModelFile.load(files["model"], registry: .standard).description.labels == Stripes.labels)
    let evaluation = try Program.run("evaluate", "model", "data", in: files.path)
    evaluation.expectSuccess()
    #expect(evaluation.errors.contains("data/Test Set: 12 images of 3 classes: across 4, down 4, none 4"))
  }

  @Test func refusesWhatCanBeReadInMoreThanOneWayUnlessItIsTold() throws {
    let files = try stripes([""])
    try files.makeFolder("data/test")
    try FileManager.default.copyItem(atPath: files["data/none/0.png"], toPath: files["data/test/0.png"])
    try train(files).expectFailure(saying: "'test' is named as a part", "--layout classes")
    try train(files, "data", "--layout", "classes").expectFailure(
      saying: "4 classes apart", "the classes are across, down, none, test")
    try train(files, "data", "--layout", "sideways").expectFailure(64, saying: "sideways")
    try Program.run("train", "stripes.yaml", ".", "-o", "model", in: files.path)
      .expectFailure(saying: "did you mean './data'?")
    #expect(!files.names.contains("model"))
  }

  @Test func refusesToLearnOneClass() throws {
    let files = try stripes([""])
    for label in ["across", "down"] { try FileManager.default.removeItem(atPath: files["data/" + label]) }
    try train(files).expectFailure(saying: "one class only, 'none'")
    let stripes = try TrainedStripes.get()
    let result = try Program.run("evaluate", stripes.model, files["data"])
    result.expectSuccess()
    #expect(result.errors.contains("4 images of 1 class: none 4"))
  }

  @Test func tellsOfWhatIsPassedOver() throws {
    let files = try stripes([""])
    try files.write("x", to: "data/none/IMG_1.heic")
    try files.write("x", to: "data/none/notes.txt")
    let result = try train(files)
    result.expectSuccess()
    #expect(result.errors.contains("passed over 2 files: 1 HEIC, which is not read (IMG_1.heic); 1 without an image's"))
  }

  @Test(arguments: ["/train", "/validation"])
  func findsUnreadableImagesBeforeTheFirstStep(part: String) throws {
    let files = try stripes(["/train", "/validation"])
    for number in 0..<2 { try files.write("no picture", to: "data\(part)/none/\(number).png") }
    let refusal = try train(files, "data", "--unreadable", "refuse")
    refusal.expectFailure(
      saying: "2 of 24 images of data cannot be used", "\(part)/none/0.png", "\(part)/none/1.png", "--unreadable skip")
    #expect(!refusal.errors.contains("epoch 1/1") && !files.names.contains("model"))
    let result = try train(files)
    result.expectSuccess()
    #expect(result.errors.contains("left out 2 of 24 images") && result.errors.contains("\(part)/none/1.png"))
    let record = try #require(try ModelFile.load(files["model"], registry: .standard).training)
    #expect(record.leftOutCount == 2)
    #expect(
      record.trainingCount == (part == "/train" ? 10 : 12) && record.validationCount == (part == "/train" ? 12 : 10))
  }

  @Test func readsTheDataByTheDescriptionsLabels() throws {
    let files = try stripes([""])
    func describe(_ labels: String) throws {
      try files.write(Stripes.description + "labels: [\(labels)]\n", to: "stripes.yaml")
    }
    try describe("none, down, across")
    let result = try train(files)
    result.expectSuccess()
    #expect(result.errors.contains("12 images of 3 classes: none 4, down 4, across 4"), "\(result.errors)")
    #expect(try ModelFile.load(files["model"], registry: .standard).description.labels == ["none", "down", "across"])
    try describe("alpha, beta, gamma")
    try train(files).expectFailure(
      saying: "the description's 'labels' are alpha, beta, gamma, but the data has across, down, none")
    try FileManager.default.removeItem(atPath: files["data/none"])
    try describe("none, down, across")
    let without = try train(files)
    without.expectSuccess()
    #expect(without.errors.contains("there is no image to learn from of none"))
    try describe("none, down, none")
    try train(files).expectFailure(saying: "stripes.yaml, line", "label 3 of 'labels', 'none', is there before")
  }

  @Test func warnsOfPreprocessingThatGivesSomethingElse() throws {
    let files = try stripes([""])
    let smaller = Stripes.description.replacing("width: 16, height: 16", with: "width: 12, height: 12")
    try files.write(smaller, to: "stripes.yaml")
    let words = ["makes [1, 12, 12] (channels, height, width)", "but the network takes [1, 16, 16]"]
    let summary = try Program.run("summary", "stripes.yaml", in: files.path)
    summary.expectSuccess()
    for word in words { #expect(summary.errors.contains(word), "\(summary.errors)") }
    try train(files).expectFailure(
      saying: "preprocessing: expects [1, 16, 16]", "got [1, 12, 12]; the steps are: toGrayscale, resize, scale")
    try files.write(
      Stripes.description.replacing("  - kind: scale\n", with: "  - scale\n  - scale\n"), to: "stripes.yaml")
    let twice = try train(files)
    twice.expectSuccess()
    #expect(twice.errors.contains("the preprocessing step 'scale' is there twice"))
    #expect(twice.output.contains("the preprocessing step 'scale' is there twice"))
  }

  @Test func evaluatesWithoutUnreadableImagesUnlessToldOtherwise() throws {
    let stripes = try TrainedStripes.get()
    let files = try self.stripes([""])
    try files.write("no picture", to: "data/none/0.png")
    try Program.run("evaluate", stripes.model, "data", "--unreadable", "refuse", in: files.path)
      .expectFailure(saying: "1 of 12 images of data cannot be used", "data/none/0.png")
    let result = try Program.run("evaluate", stripes.model, "data", "--json", in: files.path)
    result.expectSuccess()
    #expect(try JSON.read(result.output)["count"] == 11)
    #expect(result.errors.contains("left out 1 of 12 images"))
  }

  @Test func refusesDataWithoutOneImageThatCanBeUsed() throws {
    let files = try stripes([""], count: 1)
    for label in Stripes.labels { try files.write("no picture", to: "data/\(label)/0.png") }
    for policy in ["refuse", "skip"] {
      try train(files, "data", "--unreadable", policy)
        .expectFailure(saying: "3 of 3 images of data cannot be used", "data/across/0.png", "data/none/0.png")
      // Where all are left out, nothing is left.
      #expect(try !train(files, "data", "--unreadable", policy).errors.contains("--unreadable skip"))
    }
  }

  @Test func keepsPreparedImagesOnDiskAndTrainsTheSame() throws {
    let files = try stripes(["/train", "/validation"])
    try train(files, "data", "--cache", "none").expectSuccess()
    let without = FileManager.default.contents(atPath: files["model"])
    for _ in 0..<2 {
      try train(files, "data", "--cache", "disk:kept").expectSuccess()
      #expect(FileManager.default.contents(atPath: files["model"]) == without)
    }
    // One for each part.
    let kept = try FileManager.default.contentsOfDirectory(atPath: files["kept"])
    #expect(kept.count == 2 && kept.allSatisfy { $0.hasSuffix(".prepared") })
    try train(files, "data", "--cache", "disk:stripes.yaml/x").expectFailure(saying: "cannot write")
    try train(files, "data", "--cache", "disc").expectFailure(64, saying: "--cache")
    try train(files, "data", "--cache", "none", "--cache-size", "3").expectFailure(64, saying: "--cache-size")
  }

  @Test func keepsAListOfWhatIsInWhichPart() throws {
    let files = try stripes([""], count: 8)
    let options = ["--validation-split", "0.25", "--split-list", "list.csv"]
    func list() throws -> [String] {
      try String(contentsOfFile: files["list.csv"], encoding: .utf8).split(separator: "\n").map(String.init)
    }
    let first = try train(files, "data", options[0], options[1], options[2], options[3])
    #expect(first.errors.contains("judged by 6 kept apart"), "\(first.errors)")
    let before = try list()
    #expect(before.count == 1 + 24 && before.filter { $0.hasPrefix("validation,") }.count == 6)
    // More of one class, under another seed.
    try Stripes.writeFolders(to: files["more"], count: 16)
    for number in 8..<16 {
      try FileManager.default.moveItem(
        atPath: files["more/down/\(number).png"], toPath: files["data/down/\(number).png"])
    }
    let second = try train(files, "data", options[0], options[1], options[2], options[3], "--seed", "7")
    #expect(second.errors.contains("judged by 8 kept apart"), "\(second.errors)")
    #expect(try Set(list()).isSuperset(of: before))
    try train(files, "data", "--split-list", "list.csv").expectFailure(64, saying: "--validation-split")
    try files.write("nonsense\n", to: "list.csv")
    try train(files, "data", options[0], options[1], options[2], options[3]).expectFailure(saying: "list.csv")
  }
}
