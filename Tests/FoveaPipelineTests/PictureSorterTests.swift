import Foundation
import FoveaCore
import FoveaImage
import FoveaModel
import FoveaPipeline
import Testing

@Suite struct PictureSorterTests {
  let folder: TemporaryFolder
  let pipeline: Pipeline

  init() throws {
    folder = try TemporaryFolder()
    pipeline = try Brightness.pipeline()
    try folder.folder("in/a")
    try folder.folder("in/b")
    try folder.picture("in/a/x.png", gray: 250)
    try folder.picture("in/b/x.png", gray: 240)
    try folder.picture("in/b/night.png", gray: 3)
    try folder.write("no picture", "in/broken.jpg")
  }

  private func sort(
    _ way: PictureSorter.Way, _ paths: [String], to output: String, pipeline: Pipeline? = nil
  ) throws -> PictureSorter.Summary {
    let pipeline = pipeline ?? self.pipeline
    var sorter = try PictureSorter(
      way, to: output, like: pipeline.blankResult, inputs: paths.map { FilePath($0) })
    _ = try BatchClassifier(pipeline).run(paths) { try sorter.sort($0) }
    return sorter.summary
  }

  private func files(_ output: String) -> [String] {
    (FileManager.default.subpaths(atPath: folder(output)) ?? []).sorted()
  }

  /// Of what a link leads to, too.
  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder(path))) }

  private static let second = "bright/x-"

  @Test func copiesLieInFoldersByLabel() throws {
    let summary = try sort(.copy, [folder("in")], to: folder("out"))
    #expect(summary.made == 4 && summary.found == 0 && summary.failures == 0)
    let found = files("out")
    #expect(
      found.filter { !$0.hasPrefix(Self.second) } == [
        "bright", "bright/x.png", "dark", "dark/night.png", "unreadable", "unreadable/unsupported",
        "unreadable/unsupported/broken.jpg",
      ])
    let second = try #require(found.first { $0.hasPrefix(Self.second) })
    #expect(second.wholeMatch(of: /bright\/x-[0-9a-f]{16}\.png/) != nil)
    #expect(FileManager.default.contentsEqual(atPath: folder("in/a/x.png"), andPath: folder("out/bright/x.png")))
    #expect(FileManager.default.contentsEqual(atPath: folder("in/b/x.png"), andPath: folder("out/" + second)))
    #expect(try folder.text("out/unreadable/unsupported/broken.jpg") == "no picture")
  }

  @Test(arguments: [PictureSorter.Way.copy, .link]) func sortingAgainAddsNothing(way: PictureSorter.Way) throws {
    _ = try sort(way, [folder("in")], to: folder("out"))
    let before = files("out")
    let summary = try sort(way, [folder("in")], to: folder("out"))
    #expect(summary.made == 0 && summary.found == 4)
    #expect(files("out") == before)
  }

  /// What was in the folder stays, and what was given stays.
  @Test func nothingIsWrittenOver() throws {
    try folder.folder("out/bright")
    try folder.write("mine", "out/bright/x.png")
    let given = try bytes("in/a/x.png")
    let summary = try sort(.copy, [folder("in/a/x.png")], to: folder("out"))
    #expect(summary.made == 1)
    #expect(try folder.text("out/bright/x.png") == "mine")
    #expect(files("out").count == 3)
    #expect(try bytes("in/a/x.png") == given)
  }

  /// Absolute to what was given so; otherwise relative, and leading there through links in the way.
  @Test func linksLeadToThePictures() throws {
    _ = try sort(.link, [folder("in/a/x.png")], to: folder("absolute"))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder("absolute/bright/x.png")) == folder("in/a/x.png")
    )
    let here = FileManager.default.currentDirectoryPath
    let up = Array(repeating: "..", count: here.split(separator: "/").count).joined(separator: "/")
    let relative = up + folder("in/a/x.png")
    try folder.folder("far/away")
    try FileManager.default.createSymbolicLink(atPath: folder("near"), withDestinationPath: "far/away")
    _ = try sort(.link, [relative], to: folder("near"))
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: folder("near/bright/x.png"))
    #expect(target == "../../../in/a/x.png")
    #expect(try bytes("near/bright/x.png") == bytes("in/a/x.png"))
  }

  @Test func aFolderAmongThePicturesIsRefused() throws {
    try FileManager.default.createSymbolicLink(atPath: folder("other"), withDestinationPath: "in")
    for place in ["in", "in/sorted", "other/sorted/deep", "in/../in/x"] {
      #expect(throws: OutputFolderError.insideInput(folder: folder(place), input: folder("in"))) {
        try sort(.copy, [folder("in")], to: folder(place))
      }
    }
    // The folder of a label would be one that is read.
    try folder.folder("set/bright")
    #expect(throws: OutputFolderError.insideInput(folder: folder("set/bright"), input: folder("set/bright"))) {
      try sort(.copy, [folder("set/bright")], to: folder("set"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder("in/sorted")))
    // Beside them, and with a name that only begins so, it is welcome.
    _ = try sort(.copy, [folder("in")], to: folder("in2"))
  }

  @Test func namesOfFoldersAreSafe() throws {
    let odd = try Pipeline(
      model: Brightness.model(), preprocessing: [ToGrayscale(), Resize(width: 3, height: 4), Scale()],
      labels: ["../up", "unreadable", "été 1/2"])
    _ = try sort(.copy, [folder("in")], to: folder("out"), pipeline: odd)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder("out")).sorted() == ["_._up", "unreadable", "été_1_2"])
    #expect(files("out").contains("unreadable/unsupported/broken.jpg"))
  }

  @Test func whatIsNoFileIsCounted() throws {
    #expect(mkfifo(folder("pipe.png"), 0o600) == 0)
    let summary = try sort(.copy, [folder("pipe.png"), folder("missing.png"), folder("in/a/x.png")], to: folder("out"))
    #expect(summary.failures == 2 && summary.made == 1)
    #expect(summary.firstFailure?.contains("pipe.png") == true)
  }

  @Test func severalLabelsAreSeveralFolders() throws {
    let several = try Brightness.pipeline([LabelsStep(threshold: 0.5)])
    _ = try sort(.link, [folder("in/a/x.png"), folder("in/b/night.png")], to: folder("out"), pipeline: several)
    #expect(
      files("out").filter { $0.hasSuffix(".png") }
        == ["bright/x.png", "dark/night.png", "medium/night.png", "medium/x.png"])
    let none = try Brightness.pipeline([LabelsStep(threshold: 0.99)])
    _ = try sort(.link, [folder("in/a/x.png")], to: folder("none"), pipeline: none)
    #expect(files("none") == ["none", "none/x.png"])
  }

  @Test func onlyWhatDecidesForLabelsSorts() throws {
    let numbers = try Brightness.pipeline([NumbersStep()])
    #expect(
      throws: OutputFolderError.unsuitable(
        purpose: "sorting by label", expected: "one class, several labels or boxes", got: "numbers")
    ) {
      try PictureSorter(.copy, to: folder("out"), like: numbers.blankResult, inputs: [])
    }
  }
}
