import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaPipeline
import Testing

/// Results with places, from the network's input back to the picture's own pixels, and drawn there.
@Suite struct PlacedResultTests {
  /// Puts out the same two rows of a box and two classes, whatever it sees.
  struct TwoBoxes: PlainLayer {
    static let kind = "twoBoxes"
    let configuration: NoConfiguration
    let outputShape: Shape = [2, 6]

    init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) { self.configuration = configuration }

    var parameters: [Parameter] { [] }

    func forward(
      _ input: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
      into output: UnsafeMutableBufferPointer<Float>
    ) {
      let rows: [Float] = [20, 70, 100, 120, 0.9, 0.1, 120, 40, 160, 80, 0.2, 0.8]
      for index in output.indices { output[index] = rows[index % rows.count] }
    }

    func backward(
      _ outputGradient: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>,
      output: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
      into inputGradient: UnsafeMutableBufferPointer<Float>,
      _ parameterGradients: [UnsafeMutableBufferPointer<Float>]
    ) {}
  }

  /// Pictures of 400 × 200 become 200 × 100, with margins of 50 above and below.
  private func boxes() throws -> Pipeline {
    var registry = try Brightness.registry()
    try registry.register(TwoBoxes.self)
    let description = ModelDescription(
      name: "boxes", input: [3, 200, 200], layers: [LayerDescription(kind: "twoBoxes")], labels: ["cat", "dog"])
    let model = try Model(description, registry: registry, seed: 1)
    return try Pipeline(
      model: model, preprocessing: [Letterbox(width: 200, height: 200)], postprocessing: [BoxesStep()],
      labels: ["cat", "dog"])
  }

  @Test func boxesAreInThePixelsOfThePicture() throws {
    let picture = try Image(
      width: 400, height: 200, channels: 3, pixels: .bytes(Array(repeating: 60, count: 240_000)))
    let boxes = try boxes().predict(picture, as: Boxes.self)
    // x' = 2·x, y' = 2·(y − 50); the second one begins in the margin, and what is there is no part of the picture.
    #expect(
      boxes.boxes == [
        .init("cat", confidence: 0.9, PictureBox(x: 40, y: 40, width: 160, height: 100)),
        .init("dog", confidence: 0.8, PictureBox(x: 240, y: 0, width: 80, height: 60)),
      ])
    // The same through a batch of files, as rows.
    let folder = try TemporaryFolder()
    try ImageEncoder.png().write(picture, to: folder("p.png"))
    var rows: [ResultRow] = []
    _ = try BatchClassifier(self.boxes()).run([folder("p.png")]) { rows.append($0) }
    #expect(rows.map { $0.result as? Boxes } == [boxes])
    let drawn = try boxes.drawn(on: picture)
    #expect(drawn.width == 400 && drawn.height == 200)
    // Corners of the outlines in the colors of their classes, and the picture between them.
    let (cat, dog) = (Color.ofClass(0), Color.ofClass(1))
    #expect(color(drawn, 40, 139) == cat && color(drawn, 199, 139) == cat && color(drawn, 199, 40) == cat)
    #expect(color(drawn, 240, 59) == dog && color(drawn, 319, 59) == dog)
    for (x, y) in [(100, 100), (200, 139), (199, 140), (239, 59), (320, 59)] {
      #expect(color(drawn, x, y) == Color(gray: 60))
    }
    // The label stands above its box.
    #expect(color(drawn, 41, 30) == cat)
  }

  private func color(_ image: Image, _ x: Int, _ y: Int) -> Color? {
    guard case .bytes(let bytes) = image.pixels else { return nil }
    let place = 3 * (y * image.width + x)
    return Color(red: bytes[place], green: bytes[place + 1], blue: bytes[place + 2])
  }

  /// Two maps, x and 1 − x, of a picture of 16 × 12 that becomes 8 × 6 with a margin of 1 above and below.
  private func masks(_ labels: [String]) throws -> Pipeline {
    let description = ModelDescription(
      name: "mask", input: [1, 8, 8],
      layers: [
        LayerDescription(
          name: "c", kind: "convolution", configuration: ["filters": 2, "kernel": 1, "padding": "valid"])
      ])
    let model = try Model(
      description, registry: Brightness.registry(),
      tensors: ["c.kernel": Tensor([1, -1], [2, 1, 1, 1]), "c.bias": Tensor([0, 1], [2])])
    return try Pipeline(
      model: model, preprocessing: [ToGrayscale(), Letterbox(width: 8, height: 8, fill: 255), Scale()],
      postprocessing: [MaskStep()], labels: labels)
  }

  /// The left six columns are white.
  private func halves() throws -> Image {
    let bytes = (0..<192).map { UInt8($0 % 16 < 6 ? 255 : 0) }
    return try Image(width: 16, height: 12, channels: 1, pixels: .bytes(bytes))
  }

  @Test func masksAreInThePixelsOfThePicture() throws {
    let mask = try masks(["light", "dark"]).predict(halves(), as: Mask.self)
    #expect(mask.size == ImageSize(width: 16, height: 12))
    #expect(mask.classes == (0..<192).map { $0 % 16 < 6 ? 0 : 1 })
    #expect(mask.shares == [0.375, 0.625] && mask[5, 11] == 0 && mask[6, 0] == 1 && mask[16, 0] == nil)
  }

  @Test func aMaskTintsThePicture() throws {
    let picture = try halves()
    let mask = try masks(["light", "dark"]).predict(picture, as: Mask.self)
    let drawn = try mask.drawn(on: picture)
    // Half white and half orange; half black and half blue.
    #expect(color(drawn, 0, 0) == Color(red: 243, green: 207, blue: 128))
    #expect(color(drawn, 15, 11) == Color(red: 43, green: 90, blue: 117))
    let plain = try masks(["background", "dark"]).predict(picture, as: Mask.self).drawn(on: picture)
    #expect(color(plain, 0, 0) == .white && color(plain, 15, 11) == Color(red: 43, green: 90, blue: 117))
    #expect(throws: ImageError.self) { try mask.drawn(on: .gray(0, width: 3, height: 3)) }
  }

  /// What was cut off has no class, and counts for none.
  @Test func whatTheNetworkHasNotSeenHasNoClass() throws {
    let model = try masks(["light", "dark"]).model
    let cropping = try Pipeline(
      model: model, preprocessing: [ToGrayscale(), CenterCrop(width: 8, height: 8), Scale()],
      postprocessing: [MaskStep()], labels: ["light", "dark"])
    let mask = try cropping.predict(halves(), as: Mask.self)
    #expect(mask[3, 5] == nil && mask[4, 1] == nil && mask[12, 5] == nil)
    #expect(mask[4, 2] == 0 && mask[5, 9] == 0 && mask[6, 2] == 1 && mask[11, 9] == 1)
    #expect(mask.shares == [0.25, 0.75])
  }
}
