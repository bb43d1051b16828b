import Foundation
import FoveaCore
import FoveaImage
import FoveaModel
import FoveaPipeline
import Testing

@Suite struct ResultPicturesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ pipeline: Pipeline, _ paths: [String], pictures: String? = nil, masks: String? = nil) throws
    -> [ResultRow]
  {
    var classifier = try BatchClassifier(pipeline, settings: .init(batchSize: 2, threads: 2))
    classifier.pictures = try ResultPictures(
      pictures: pictures.map { folder($0) }, masks: masks.map { folder($0) }, like: pipeline.blankResult,
      inputs: paths.map { FilePath($0) })
    var rows: [ResultRow] = []
    _ = try classifier.run(paths) { rows.append($0) }
    return rows
  }

  private func pictures(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder(name)).sorted()
  }

  @Test func theCaptionStandsAboveThePicture() throws {
    let path = try folder.picture("white.png", gray: 200, width: 40, height: 30)
    _ = try folder.write("none", "broken.png")
    let rows = try run(Brightness.pipeline([SoftmaxConfidence()]), [path, folder("broken.png")], pictures: "seen")
    #expect(rows.map(\.status) == [.ok, .error] && rows[0].warnings.isEmpty)
    // Source: the 64-bit FNV-1a of the path.
    let names = try pictures("seen")
    #expect(names.count == 1 && names[0].wholeMatch(of: /white-[0-9a-f]{16}\.png/) != nil)
    let drawn = try ImageDecoder().decode(path: folder("seen/" + names[0]))
    #expect(drawn.width > 40 && drawn.height > 30)
    let picture = try drawn.cropped(to: PixelRect(x: 0, y: drawn.height - 30, width: 40, height: 30))
    #expect(picture.pixels == .bytes(Array(repeating: 200, count: 3600)))
    // Something is written above.
    guard
      case .bytes(let above) = try drawn.cropped(
        to: PixelRect(x: 0, y: 0, width: drawn.width, height: drawn.height - 30)
      ).pixels
    else { return }
    #expect(above.contains { $0 < 100 })
  }

  /// A member of an archive is a picture as good as a file; a frame is gone by then.
  @Test func membersAreDrawnAndFramesAreNot() throws {
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/Inputs").path
    var classifier = try BatchClassifier(Brightness.pipeline())
    classifier.pictures = try ResultPictures(
      pictures: folder("seen"), like: Brightness.pipeline().blankResult, inputs: [])
    for (name, isDrawn) in [("deflated.zip", true), ("pax.tar.gz", true), ("pages.tif", true), ("cleared.gif", false)] {
      var inputs = PictureInputs([FilePath(fixtures + "/" + name)])
      inputs.frames = .all
      let before = (try? pictures("seen").count) ?? 0
      var rows: [ResultRow] = []
      _ = try classifier.run(inputs) { rows.append($0) }
      let sound = rows.filter { $0.status == .ok }
      #expect(sound.count >= 3 && sound.allSatisfy { $0.warnings.isEmpty == isDrawn }, "\(rows)")
      #expect(try pictures("seen").count - before == (isDrawn ? sound.count : 0))
    }
  }

  @Test func equalNamesDoNotMeet() throws {
    try folder.folder("a")
    try folder.folder("b")
    let paths = [
      try folder.picture("a/x.png", gray: 1), try folder.picture("b/x.png", gray: 2),
      try folder.picture("a/x.bmp.png", gray: 3),
    ]
    _ = try run(Brightness.pipeline(), paths, pictures: "seen")
    let first = try pictures("seen")
    #expect(Set(first).count == 3)
    // The same again, whatever the order.
    _ = try run(Brightness.pipeline(), paths.reversed(), pictures: "seen")
    #expect(try pictures("seen") == first)
  }

  /// The maps are the picture itself and 1 minus it.
  @Test func masksAreNumbersOfClasses() throws {
    let description = ModelDescription(
      name: "halves", input: [1, 2, 2],
      layers: [LayerDescription(name: "c", kind: "convolution", configuration: ["filters": 2, "kernel": 1])])
    let model = try Model(
      description, registry: Brightness.registry(),
      tensors: ["c.kernel": Tensor([1, -1], [2, 1, 1, 1]), "c.bias": Tensor([0, 1], [2])])
    let pipeline = try Pipeline(
      model: model, preprocessing: [ToGrayscale(), Resize(width: 2, height: 2, interpolation: .nearest), Scale()],
      postprocessing: [MaskStep()], labels: ["light", "background"])
    let image = try Image(width: 4, height: 2, channels: 1, pixels: .bytes([250, 250, 0, 0, 250, 250, 0, 0]))
    try ImageEncoder.png().write(image, to: folder("x.png"))
    _ = try run(pipeline, [folder("x.png")], pictures: "seen", masks: "masks")
    let name = try #require(try pictures("masks").first)
    let mask = try ImageDecoder(colorModel: .gray).decode(path: folder("masks/" + name))
    #expect(mask.pixels == .bytes([0, 0, 1, 1, 0, 0, 1, 1]) && mask.width == 4)
    #expect(try pictures("seen") == [name])
  }

  @Test func whatCannotBeDrawnIsRefused() throws {
    let pipeline = try Brightness.pipeline([EmbeddingStep()])
    #expect(
      throws: OutputFolderError.unsuitable(purpose: "drawing results", expected: "what can be drawn", got: "embedding")
    ) {
      try ResultPictures(pictures: folder("seen"), like: pipeline.blankResult, inputs: [])
    }
    #expect(throws: OutputFolderError.unsuitable(purpose: "saving masks", expected: "masks", got: "oneClass")) {
      try ResultPictures(masks: folder("masks"), like: Brightness.pipeline().blankResult, inputs: [])
    }
  }

  @Test func aFolderThatGoesEndsTheBatch() throws {
    let path = try folder.picture("a.png", gray: 9)
    let pipeline = try Brightness.pipeline()
    var classifier = try BatchClassifier(pipeline)
    classifier.pictures = try ResultPictures(pictures: folder("seen"), like: pipeline.blankResult, inputs: [])
    try FileManager.default.removeItem(atPath: folder("seen"))
    let running = classifier
    #expect { try running.run([path]) { _ in } } throws: { error in
      guard case .file(.unwritable)? = error as? BatchError else { return false }
      return true
    }
  }

  @Test func outputsAreToldBesideTheResult() throws {
    var pipeline = try Brightness.pipeline([SoftmaxConfidence()])
    pipeline.tellsOutputs = true
    let white = try Image.gray(255, width: 6, height: 5)
    let result = try #require(try pipeline.result(of: white) as? ResultWithOutputs)
    #expect(zip(result.outputs[0].values, [-1, 0.2, 1] as [Float]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(result.fields(top: 1).map(\.name) == pipeline.blankResult.fields(top: 1).map(\.name))
    #expect(result.fields(top: 1).last?.name == "logits")
    #expect(try pipeline.predict(white, as: Prediction.self).label == "bright")
  }
}
