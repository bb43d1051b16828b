import Foundation
import FoveaCore
import FoveaData
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// Masks and boxes come from a program's own data and are learned by its own losses; the toolkit has the kinds of targets.
@Suite struct MaskAndBoxTrainingTests {
  /// Gray pictures of 6 × 5 with a bright rectangle: where it is, as a mask or as a box.
  private struct Rectangles: ExampleSource {
    let name = "rectangles"
    let count = 48
    let kind: TargetKind
    /// Of a mask.
    var size = ImageSize(width: 6, height: 5)

    var targetDescriptions: [TargetDescription] {
      [TargetDescription(name: "where", kind: kind, labels: kind == .mask ? ["ground", "thing"] : ["thing"])]
    }

    private func box(_ index: Int) -> PictureBox {
      PictureBox(x: index % 3, y: index / 3 % 2, width: 2 + index % 2, height: 2 + index / 4 % 2)
    }

    private func isInside(_ index: Int, x: Int, y: Int) -> Bool {
      let box = box(index)
      return Double(x) > box.left && Double(x) < box.right && Double(y) > box.top && Double(y) < box.bottom
    }

    private func pixels<Value>(_ index: Int, _ value: (Bool) -> Value) -> [Value] {
      (0..<size.height).flatMap { y in (0..<size.width).map { x in value(isInside(index, x: x, y: y)) } }
    }

    func targets(_ target: Int, of examples: [Int]) -> Targets {
      guard kind == .mask else { return .boxes(examples.map { [TargetBox(box($0), target: 0)] }[...]) }
      let masks = examples.flatMap { pixels($0) { isInside -> UInt16 in isInside ? 1 : 0 } }
      return .masks(TargetRows(masks, width: size.width * size.height))
    }

    func identifier(at index: Int) -> String { "rectangle \(index)" }

    func image(at index: Int, picture: Int, decoder: ImageDecoder) throws(DataError) -> Image {
      let bytes = Rectangles(kind: kind).pixels(index) { isInside -> UInt8 in isInside ? 230 : 30 }
      do { return try Image(width: 6, height: 5, channels: 1, pixels: .bytes(bytes)) } catch {
        throw .image(identifier: identifier(at: index), error: error)
      }
    }
  }

  /// Softmax and cross-entropy at each place, of outputs `[classes, height, width]`; the mean over the places.
  private struct MaskCrossEntropy: Loss {
    static let kind = "maskCrossEntropy"
    static let target = TargetKind.mask

    func validate(outputs: Shape, classes: Int) throws(LossError) {
      guard outputs.rank == 3, outputs[0] == classes else {
        throw .outputs(kind: Self.kind, expected: "\(classes) maps", got: outputs)
      }
    }

    func evaluate(_ outputs: Tensor, targets: Targets, scale: Float) throws(LossError) -> (
      loss: Float, gradient: Tensor
    ) {
      let (classes, places) = (outputs.shape[1], outputs.shape[2] * outputs.shape[3])
      guard case .masks(let masks) = targets, masks.width == places else {
        throw .outputs(kind: Self.kind, expected: "maps as large as the masks", got: outputs.shape)
      }
      let scores = outputs.elements
      var (loss, gradient) = (Float(0), scores)
      for (number, target) in masks.values.enumerated() {
        let first = number / places * classes * places + number % places
        let all = (0..<classes).map { first + $0 * places }
        let sum = all.reduce(0) { $0 + exp(scores[$1]) }
        loss += log(sum) - scores[all[Int(target)]]
        for (place, index) in all.enumerated() {
          gradient[index] = (exp(scores[index]) / sum - (place == Int(target) ? 1 : 0)) * scale / Float(places)
        }
      }
      return (loss * scale / Float(places), Tensor(gradient, outputs.shape))
    }
  }

  /// Half the squared distance of four outputs to the edges of the only box, in units of the picture's width.
  private struct EdgeError: Loss {
    static let kind = "edgeError"
    static let target = TargetKind.boxes

    func validate(outputs: Shape, classes: Int) throws(LossError) {
      guard outputs == [4] else { throw .outputs(kind: Self.kind, expected: "four edges", got: outputs) }
    }

    func evaluate(_ outputs: Tensor, targets: Targets, scale: Float) throws(LossError) -> (
      loss: Float, gradient: Tensor
    ) {
      guard case .boxes(let boxes) = targets, boxes.allSatisfy({ $0.count == 1 }) else {
        throw .targetKind(kind: Self.kind, expected: .boxes, got: targets.kind)
      }
      let edges = boxes.joined().map(\.box).flatMap { [$0.left, $0.top, $0.right, $0.bottom].map { Float($0) / 6 } }
      let differences = zip(outputs.elements, edges).map { $0 - $1 }
      return (
        differences.reduce(0) { $0 + $1 * $1 / 2 } * scale, Tensor(differences.map { $0 * scale }, outputs.shape)
      )
    }
  }

  private static func run(
    _ source: Rectangles, _ loss: KindDescription, _ layers: [LayerDescription], epochs: Int = 60
  ) throws -> TrainingRun {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try BuiltinLosses.register(in: &registry)
    try BuiltinOptimizers.register(in: &registry)
    try BuiltinSchedules.register(in: &registry)
    try BuiltinPostprocessing.register(in: &registry)
    try registry.registerImageKinds()
    try registry.register(MaskCrossEntropy.self)
    try registry.register(EdgeError.self)
    let description = ModelDescription(
      name: "where", input: [1, 5, 6], layers: layers, loss: loss, preprocessing: [KindDescription(Scale())],
      postprocessing: loss.kind == MaskCrossEntropy.kind ? [KindDescription(MaskStep())] : [])
    var recipe = Recipe()
    (recipe.epochs, recipe.batchSize) = (epochs, 8)
    recipe.optimizer = KindDescription(Adam(learningRate: 0.02))
    return try TrainingRun(
      description, registry: registry, training: Dataset(source), validation: nil, recipe: recipe,
      settings: TrainingRun.Settings(seed: 3, threads: 2))
  }

  private static let maps = [Convolution.layer("maps", filters: 2, kernel: 1)]
  private static let edges = [Flatten.layer(), Dense.layer("edges", units: 4)]

  @Test func masksAreLearned() throws {
    let source = Rectangles(kind: .mask)
    var run = try Self.run(source, KindDescription(MaskCrossEntropy()), Self.maps)
    try run.run()
    let dataset = Dataset(source)
    let evaluation = try run.evaluate(dataset)
    guard case .others(kind: .mask, count: 48, loss: let loss?) = evaluation else {
      return #expect(Bool(false), "\(evaluation)")
    }
    #expect(loss < 0.1)
    guard case .masks(let masks) = source.targets(0, of: Array(0..<48)) else { return #expect(Bool(false)) }
    let step = try PostprocessingChain([MaskStep()])
    for example in 0..<48 {
      let picture = try dataset.image(at: example)
      let outputs = try run.model.infer(Tensor(picture.floats.map { $0 / 255 }, [1, 1, 5, 6]))
      let result = try step.result(
        of: NetworkOutputs(outputs.elements, shape: [2, 5, 6], labels: ["ground", "thing"], areConfidences: false))
      #expect((result as? Mask)?.classes.map(UInt16.init) == Array(masks[example]))
    }
  }

  @Test func boxesAreLearned() throws {
    var run = try Self.run(Rectangles(kind: .boxes), KindDescription(EdgeError()), Self.edges, epochs: 100)
    let before = try #require(try run.evaluate(Dataset(Rectangles(kind: .boxes))).loss)
    try run.run()
    let after = try #require(try run.evaluate(Dataset(Rectangles(kind: .boxes))).loss)
    // To a hundredth of the width, or so.
    #expect(after < 0.01 && after < before / 10)
  }

  @Test func whatDoesNotGoTogetherIsSaidBeforeTheFirstStep() throws {
    func message(_ source: Rectangles, _ loss: KindDescription, _ layers: [LayerDescription]) -> String {
      do {
        _ = try Self.run(source, loss, layers)
        return "it can be trained"
      } catch { return "\(error)" }
    }
    let (masks, boxes) = (KindDescription(MaskCrossEntropy()), KindDescription(EdgeError()))
    #expect(message(Rectangles(kind: .boxes), masks, Self.maps).contains("takes a mask of each example"))
    #expect(message(Rectangles(kind: .mask), boxes, Self.edges).contains("takes boxes of each example"))
    let classes = message(Rectangles(kind: .mask), KindDescription(SoftmaxCrossEntropy()), Self.edges)
    #expect(classes.contains("takes one class of each example, but rectangles gives a mask"))
    #expect(message(Rectangles(kind: .mask), masks, Self.edges).contains("expects 2 maps"))
    // Only the loss knows of this.
    let small = Rectangles(kind: .mask, size: ImageSize(width: 3, height: 3))
    #expect(message(small, masks, Self.maps).contains("maps as large as the masks"))
  }
}
