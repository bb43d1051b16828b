import Foundation
import FoveaCore
import FoveaImage
import FoveaModel
import FoveaPipeline
import Synchronization
import Testing

@Suite struct BatchClassifierTests {
  let folder: TemporaryFolder
  let pipeline: Pipeline

  init() throws {
    folder = try TemporaryFolder()
    pipeline = try Brightness.pipeline()
  }

  private func rows(
    _ paths: [String], batchSize: Int = 4, threads: Int = 2
  ) throws -> (rows: [ResultRow], summary: BatchClassifier.Summary) {
    var rows: [ResultRow] = []
    let classifier = try BatchClassifier(pipeline, settings: .init(batchSize: batchSize, threads: threads))
    let summary = try classifier.run(paths) { rows.append($0) }
    return (rows, summary)
  }

  @Test(arguments: [(1, 1), (3, 1), (3, 2), (7, 4), (64, 3)])
  func rowsComeInTheOrderOfThePaths(batchSize: Int, threads: Int) throws {
    let grays = (0..<40).map { UInt8(truncatingIfNeeded: $0 * 97) }
    let paths = try grays.enumerated().map { try folder.picture("p\($0).png", gray: $1) }
    // What is given twice is answered twice.
    let given = paths + paths.reversed()
    let result = try rows(given, batchSize: batchSize, threads: threads)
    #expect(result.rows.map(\.path) == given)
    let expected = (grays + grays.reversed()).map { $0 < 102 ? "dark" : $0 > 153 ? "bright" : "medium" }
    #expect(result.rows.map(\.label) == expected)
    #expect(result.summary == BatchClassifier.Summary(count: 80, failures: 0))
  }

  /// Rows do not depend on the other pictures, on the size of the batches or on the threads: not in the last digit.
  @Test func aPicturesScoresDoNotDependOnTheOthers() throws {
    let paths = try (0..<70).map { try folder.picture("n\($0).png", gray: UInt8($0 * 3)) }
    let broken = try folder.write("no picture", "broken.png")
    let expected = try rows(paths).rows
    for (batchSize, threads) in [(1, 1), (5, 2), (31, 1), (32, 2), (33, 2), (70, 1), (1_000, 2)] {
      #expect(try rows(paths, batchSize: batchSize, threads: threads).rows == expected)
      let moved = try rows([broken] + paths.reversed() + [broken], batchSize: batchSize, threads: threads).rows
      #expect(Array(moved.dropFirst().dropLast().reversed()) == expected)
    }
    for index in [0, 33, 69] { #expect(try rows([paths[index]]).rows == [expected[index]]) }
  }

  /// What is no number costs the picture that it is of, and names the layer.
  @Test func aPictureWhoseNumbersAreNoneIsARowOfItsOwn() throws {
    var registry = try Brightness.registry()
    try registry.register(Root.self, from: .plugin(name: "Odd", version: "1"))
    let description = ModelDescription(
      name: "m", input: [1, 4, 3],
      layers: [
        LayerDescription(name: "root", kind: "root"), LayerDescription(kind: "relu"), LayerDescription(kind: "flatten"),
        LayerDescription(kind: "dense", configuration: ["units": 2]),
      ])
    let model = try Model(description, registry: registry, seed: 1)
    let odd = try Pipeline(model: model, preprocessing: [ToGrayscale(), Resize(width: 3, height: 4), Scale()])
    let paths = try [10, 200, 20].map { try folder.picture("g\($0).png", gray: $0) }
    var found: [ResultRow] = []
    let summary = try BatchClassifier(odd).run(paths) { found.append($0) }
    #expect(found.map(\.status) == [.ok, .error, .ok] && summary.failures == 1)
    #expect(found[1].error?.contains("the output of layer 'root' (root, plugin Odd 1) is no finite number") == true)
  }

  /// √(0.5 − x): no number for the bright.
  struct Root: ElementwiseLayer {
    static let kind = "root"
    let configuration: NoConfiguration
    let outputShape: Shape

    init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
    }

    func value(_ x: Float) -> Float { (0.5 - x).squareRoot() }
    func derivative(_ x: Float, _ y: Float) -> Float { -0.5 / y }
  }

  @Test func aRowNamesTheBestClasses() throws {
    let row = try #require(try rows([folder.picture("white.png", gray: 255)]).rows.first)
    #expect(row.status == .ok)
    #expect(row.label == "bright")
    #expect(row.score == row.best(1).first?.score)
    // Its outputs are no shares of anything.
    #expect(row.confidence == nil && row.best(2).allSatisfy { $0.confidence == nil })
    #expect(row.best(2).map(\.label) == ["bright", "medium"])
    #expect(row.error == nil)
  }

  @Test func foldersAreSearchedInOrderAndJunkIsPassedOver() throws {
    try folder.folder("in/b/deep")
    try folder.folder("in/.hidden")
    for name in ["in/c.png", "in/a.JPG", "in/b/2.png", "in/b/deep/1.jpeg", "in/.hidden/x.png", "in/._a.png"] {
      try folder.picture(name, gray: 9)
    }
    for name in ["in/notes.txt", "in/Thumbs.db", "in/.DS_Store", "in/b/x.heic"] { try folder.write("junk", name) }
    #expect(mkfifo(folder("in/pipe.png"), 0o600) == 0)
    let result = try rows([folder("in")])
    #expect(result.rows.map(\.path) == ["a.JPG", "b/2.png", "b/deep/1.jpeg", "c.png"].map { folder("in/" + $0) })
    #expect(
      result.summary.passedOver.description
        == "3 files: 1 HEIC, which is not read (x.heic); 1 without an image's extension (notes.txt); "
        + "1 is no regular file (pipe.png)")
  }

  @Test func whatCannotBeReadIsARowAndStopsNothing() throws {
    let good = try folder.picture("good.png", gray: 255)
    let whole = try ImageEncoder.jpeg().encode(.gray(90, width: 64, height: 64))
    // A header that promises 60,000 × 60,000 pixels.
    var huge = try ImageEncoder.png().encode(.gray(0, width: 8, height: 8))
    huge.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
    let bad = [
      try folder.write([UInt8](), "empty.png"),
      try folder.write("I am no picture", "text.png"),
      try folder.write(Array(whole.prefix(whole.count / 2)), "truncated.jpg"),
      try folder.write(huge, "huge.png"),
      try folder.write("even when its name says so", "notes.txt"),
      folder("missing.png"),
      "",
    ]
    let paths = [good] + bad.flatMap { [$0, good] }
    let result = try rows(paths)
    #expect(result.rows.map(\.path) == paths)
    for (index, row) in result.rows.enumerated() {
      #expect(row.status == (index.isMultiple(of: 2) ? .ok : .error), "\(row)")
      #expect((row.error ?? "").isEmpty == index.isMultiple(of: 2))
      #expect(row.label == (index.isMultiple(of: 2) ? "bright" : nil))
    }
    #expect(result.summary == BatchClassifier.Summary(count: 15, failures: 7))
  }

  @Test func aPictureThatDoesNotFitTheModelSaysBothShapes() throws {
    let strict = try Pipeline(model: Brightness.model(), preprocessing: [Scale()], labels: Brightness.labels)
    var errors: [String] = []
    _ = try BatchClassifier(strict).run([folder.picture("small.png", gray: 1, width: 2, height: 2)]) {
      errors.append($0.error ?? "")
    }
    #expect(errors.count == 1)
    #expect(errors[0].contains("[1, 4, 3]") && errors[0].contains("[3, 2, 2]"), "\(errors)")
  }

  @Test func nothingFoundIsAnError() throws {
    try folder.folder("empty")
    try folder.write("words", "empty/readme.md")
    var passedOver = PassedOverFiles()
    passedOver.add("readme.md", .otherFile)
    #expect(throws: BatchError.nothingFound(paths: [folder("empty")], passedOver: passedOver)) {
      try rows([folder("empty")])
    }
    #expect(throws: BatchError.nothingFound(paths: [], passedOver: PassedOverFiles())) { try rows([]) }
    var inputs = PictureInputs([FilePath(folder("empty"))])
    inputs.included = ["*.gif"]
    let error = #expect(throws: BatchError.self) { try BatchClassifier(Brightness.pipeline()).run(inputs) { _ in } }
    #expect(error?.description.contains("of which --include and --exclude leave some") == true)
  }

  /// Where a file is to be written, folders are searched for it only if it may be a picture: they may hold a million.
  @Test func aFileThatIsNoPictureIsNotLookedForInFolders() throws {
    try folder.folder("in")
    let root = FilePath(folder("in"))
    try folder.picture("in/a.png", gray: 9)
    try folder.write("words", "in/words.png")
    for name in ["a.png", "words.png"] {
      let alias = folder("alias")
      try? FileManager.default.removeItem(atPath: alias)
      try FileManager.default.linkItem(atPath: folder("in/" + name), toPath: alias)
      let found = BatchClassifier.picture(in: [root], at: FilePath(alias))
      #expect(found == (name == "a.png" ? FilePath(folder("in/a.png")) : nil))
      #expect(BatchClassifier.picture(in: [root], at: FilePath(folder("in/" + name))) != nil)
      #expect(BatchClassifier.picture(in: [root, FilePath(folder("in/" + name))], at: FilePath(alias)) != nil)
    }
    #expect(BatchClassifier.picture(in: [root], at: root) == nil)
  }

  @Test func linksThatLeadAroundEnd() throws {
    try folder.folder("in/a")
    try folder.folder("in/b")
    try folder.picture("in/a/1.png", gray: 0)
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: folder("in/a/up"), withDestinationPath: "..")
    try manager.createSymbolicLink(atPath: folder("in/b/across"), withDestinationPath: "../a")
    try manager.createSymbolicLink(atPath: folder("in/b/self.png"), withDestinationPath: "self.png")
    let result = try rows([folder("in")])
    #expect(result.rows.map(\.path) == ["a/1.png", "b/across/1.png", "b/self.png"].map { folder("in/" + $0) })
    #expect(result.rows.map(\.status) == [.ok, .ok, .error])
  }

  @Test(.enabled(if: geteuid() != 0, "root may read every folder"))
  func aFolderThatCannotBeListedIsARow() throws {
    try folder.folder("in/closed")
    try folder.picture("in/open.png", gray: 0)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder("in/closed"))
    let result = try rows([folder("in")])
    #expect(result.rows.map(\.path) == [folder("in/closed"), folder("in/open.png")])
    #expect(result.rows.map(\.status) == [.error, .ok])
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder("in/closed"))
  }

  @Test func aNamedFolderWithoutEnd() throws {
    // Deeper than the system allows a path to be: no stack and no patience may run out.
    var path = folder.path
    for _ in 0..<300 {
      path += "/" + String(repeating: "d", count: 12)
      guard (try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)) != nil else {
        break
      }
    }
    try folder.picture("e.png", gray: 0)
    #expect(try rows([folder.path]).rows.last?.path == folder("e.png"))
  }

  @Test func aNameThatIsNoTextIsReadAndShown() throws {
    try folder.folder("in")
    let bytes = try ImageEncoder.png().encode(.gray(255, width: 3, height: 4))
    let path = FilePath(folder("in")).appending(Array("caf".utf8) + [0xE9] + Array(".png".utf8))
    let file = (path.bytes + [0]).withUnsafeBufferPointer { name in
      name.withMemoryRebound(to: CChar.self) { open($0.baseAddress!, O_WRONLY | O_CREAT, 0o600) }
    }
    #expect(file >= 0 && write(file, bytes, bytes.count) == bytes.count)
    close(file)
    var rows: [ResultRow] = []
    _ = try BatchClassifier(pipeline).run([FilePath(folder("in")), path]) { rows.append($0) }
    #expect(rows.map(\.path) == [folder("in/caf\\xE9.png"), folder("in/caf\\xE9.png")])
    #expect(rows.map(\.label) == ["bright", "bright"])
  }

  @Test func cancellingEndsTheBatch() throws {
    let path = try folder.picture("p.png", gray: 0)
    let cancellation = Cancellation()
    var seen = 0
    #expect(throws: BatchError.cancelled) {
      _ = try BatchClassifier(pipeline, settings: .init(batchSize: 2, threads: 2))
        .run(Array(repeating: path, count: 1000), cancellation: cancellation) { _ in
          seen += 1
          if seen == 5 { cancellation.cancel() }
        }
    }
    #expect(seen == 5)
  }

  @Test func anErrorOfTheConsumerEndsTheBatch() throws {
    struct Enough: Error {}
    let path = try folder.picture("p.png", gray: 0)
    var seen = 0
    #expect(throws: Enough.self) {
      _ = try BatchClassifier(pipeline, settings: .init(batchSize: 2, threads: 2))
        .run(Array(repeating: path, count: 1000)) { _ in
          seen += 1
          if seen == 5 { throw Enough() }
        }
    }
    #expect(seen == 5)
  }

  /// Whoever reads slowly is not run away from: the pictures in memory are a few batches, however many there are.
  @Test func memoryDoesNotGrowWithTheNumberOfPictures() throws {
    let path = try folder.picture("p.png", gray: 0)
    let counted = try Pipeline(
      model: Brightness.model(), preprocessing: [CountedStep(), ToGrayscale(), Resize(width: 3, height: 4), Scale()],
      labels: Brightness.labels)
    let (batchSize, threads) = (8, 2)
    let classifier = try BatchClassifier(counted, settings: .init(batchSize: batchSize, threads: threads))
    let start = CountedStep.count.load(ordering: .relaxed)
    var delivered = 0
    var farthest = 0
    let summary = try classifier.run(Array(repeating: path, count: 5_000)) { _ in
      farthest = max(farthest, CountedStep.count.load(ordering: .relaxed) - start - delivered)
      delivered += 1
    }
    #expect(summary.count == 5_000)
    #expect(CountedStep.count.load(ordering: .relaxed) - start == 5_000)
    // Two batches more than there are threads may be open or unread, beside the one that is being read.
    #expect(farthest <= (threads + 3) * batchSize)
  }

  /// Counts the pictures that have been decoded; only one test uses it.
  private struct CountedStep: PreprocessingStep, Configurable {
    static let kind = "counted"
    static let count = Atomic<Int>(0)

    func apply(_ image: Image) throws(ImageError) -> Image {
      Self.count.add(1, ordering: .relaxed)
      return image
    }
  }

  @Test func settingsAreChecked() throws {
    #expect(throws: BatchError.invalidSetting(name: "threads", expected: "1 to 1024", got: "0")) {
      try BatchClassifier(pipeline, settings: .init(threads: 0))
    }
    #expect(throws: BatchError.invalidSetting(name: "batch size", expected: "1 to 65536", got: "-1")) {
      try BatchClassifier(pipeline, settings: .init(batchSize: -1))
    }
  }
}
