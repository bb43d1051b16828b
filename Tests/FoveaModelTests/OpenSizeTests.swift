import Dispatch
import FoveaCore
import FoveaLayers
import FoveaModel
import Synchronization
import Testing

/// Networks whose inputs leave height and width open.
@Suite struct OpenSizeTests {
  private let registry = GraphTests.registry

  /// Convolutions with a pooling that is taken into the kernel and one that is not, a branch, and a mean over each map.
  private static func layers() -> [LayerDescription] {
    [
      Convolution.layer("a", filters: 8, kernel: 3) { $0.padding = .same }, Relu.layer("r"),
      MaximumPooling.layer("p", window: 2), Convolution.layer("b", filters: 5, kernel: Extent(height: 3, width: 2)),
      BatchNormalization.layer("n"), LeakyRelu.layer("l"), Convolution.layer("c", filters: 5, kernel: 1),
      Add.layer("sum", inputs: ["c", "l"]), GlobalAveragePooling.layer("g"), Dense.layer("d", units: 4),
      Softmax.layer("s"),
    ]
  }

  private static func description(_ shape: Shape, open: Set<OpenExtent> = [.height, .width]) -> ModelDescription {
    ModelDescription(
      name: "open", inputs: [InputDescription(shape: shape, open: open)], layers: layers())
  }

  private func draw(_ shape: Shape, _ seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
  }

  /// The same weights in a network that was made for that size and takes no other.
  private func fixed(_ model: Model, _ shape: Shape) throws -> Model {
    let tensors = Dictionary(uniqueKeysWithValues: model.namedParameters.map { ($0.name, $0.tensor) })
    return try Model(Self.description(shape, open: []), registry: registry, tensors: tensors)
  }

  /// Random sizes: what comes out is, bit for bit, what a network gives that was made for the size.
  @Test func anotherSizeGivesWhatANetworkOfThatSizeGives() throws {
    let model = try Model(Self.description([3, 16, 12]), registry: registry, seed: 5)
    let pool = WorkerPool(count: 2)
    var random = SeededRandom(seed: 9)
    for round in 0..<12 {
      let size = (0..<2).map { _ in 6 + Int(random.next() % 30) }
      let shape: Shape = round == 0 ? [3, 16, 12] : [3, size[0], size[1]]
      let batch = 1 + Int(random.next() % 20)
      let (input, expected) = (draw(shape.batched(batch), UInt64(round)), try fixed(model, shape))
      #expect(try model.infer(input) == expected.infer(input))
      #expect(try model.infer(input, on: pool) == expected.infer(input, on: pool))
      #expect(try model.inferEach(input, on: pool) == expected.inferEach(input))
      #expect(try model.activations(input) == expected.activations(input))
      #expect(try model.firstUnhealthyNode(Tensors(input)) == nil)
    }
  }

  @Test func mapsAreOfTheInputsSize() throws {
    var description = Self.description([3, 8, 8])
    description.layers = [Convolution.layer("a", filters: 2, kernel: 3) { $0.padding = .same }]
    let model = try Model(description, registry: registry, seed: 1)
    #expect(try model.infer(draw([5, 3, 11, 6], 1), on: WorkerPool(count: 2)).shape == [5, 2, 11, 6])
    #expect(try model.resized(to: [[3, 11, 6]]).outputShape == [2, 11, 6])
    #expect(try model.resized(to: [[3, 8, 8]]).inputShape == [3, 8, 8])
  }

  @Test func fewSizesAreRemembered() throws {
    let model = try Model(Self.description([3, 16, 12]), registry: registry, seed: 5)
    let first = try model.infer(draw([2, 3, 9, 9], 1))
    #expect(model.rememberedSizes == 1)
    for height in 10..<30 { _ = try model.infer(draw([1, 3, height, 9], 1)) }
    #expect(model.rememberedSizes == 8)
    #expect(try model.infer(draw([2, 3, 9, 9], 1)) == first)
    // Its own size needs no room.
    let other = try Model(Self.description([3, 16, 12]), registry: registry, seed: 5)
    _ = try other.inferEach(draw([2, 3, 16, 12], 1))
    #expect(other.rememberedSizes == 0)
  }

  @Test func aCopyHasWeightsOfItsOwn() throws {
    let model = try Model(Self.description([3, 16, 12]), registry: registry, seed: 5)
    let input = draw([2, 3, 9, 14], 1)
    let before = try model.infer(input)
    var copy = model
    for place in copy.trainableParameters { copy.mutableAddress(of: place)[0] += 1 }
    #expect(try copy.infer(input) == fixed(copy, [3, 9, 14]).infer(input))
    #expect(try model.infer(input) == before)
    #expect(try copy.infer(input) != before)
  }

  @Test func severalThreadsMayBringSeveralSizes() throws {
    let model = try Model(Self.description([3, 16, 12]), registry: registry, seed: 5)
    let sizes = (0..<12).map { [3, 7 + $0, 19 - $0] as Shape }
    let inputs = sizes.map { draw($0.batched(2), 3) }
    let expected = try zip(sizes, inputs).map { try fixed(model, $0).infer($1) }
    let wrong = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for step in 0..<24 {
        let index = (thread * 5 + step) % sizes.count
        do {
          if try model.infer(inputs[index]) != expected[index] { wrong.withLock { $0.append("\(sizes[index])") } }
        } catch { wrong.withLock { $0.append("\(error)") } }
      }
    }
    #expect(wrong.withLock(\.self) == [])
    #expect(model.rememberedSizes == 8)
  }

  @Test func whatIsNotOpenIsRefused() throws {
    let model = try Model(Self.description([3, 16, 12], open: [.height]), registry: registry, seed: 5)
    #expect(try model.infer(draw([1, 3, 9, 12], 1)).shape == [1, 4])
    for shape in [[1, 3, 16, 11], [1, 1, 16, 12], [1, 3, 0, 12], [3, 16, 12], [0, 3, 9, 12], [1, 1, 3, 16, 12]]
      as [Shape]
    {
      #expect(throws: ModelError.input(expected: [3, 16, 12], got: shape)) { try model.infer(Tensor(zeros: shape)) }
    }
    let closed = try fixed(model, [3, 16, 12])
    #expect(throws: ModelError.self) { try closed.infer(draw([1, 3, 9, 12], 1)) }
    #expect(throws: ModelError.self) { try closed.resized(to: [[3, 9, 12]]) }
    // More than memory has, more than can be counted, nothing, and no room for a batch.
    let largest = Shape.largestExtent
    for shape in [Shape([3, 1 << 20, 1 << 20]), Shape([3, largest, largest]), [3, 0, 8], [1, 1, 1, 1, 1, 1, 1, 1]] {
      #expect(throws: ModelError.self) { try model.resized(to: [shape]) }
      #expect(throws: ModelError.self) { try closed.resized(to: [shape]) }
    }
    // A size that a layer does not take.
    let error = #expect(throws: ModelError.self) { try model.infer(draw([1, 3, 3, 12], 1)) }
    guard case .otherSize([[3, 3, 12]], let problem)? = error, problem.contains("layer 'b'") else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aLayerThatWouldNeedOtherWeightsIsNamed() throws {
    var description = Self.description([3, 16, 12])
    description.layers[8] = Flatten.layer("g")
    let model = try Model(description, registry: registry, seed: 5)
    #expect(try model.infer(draw([1, 3, 16, 12], 1)).shape == [1, 4])
    let error = #expect(throws: ModelError.self) { try model.inferEach(draw([1, 3, 16, 14], 1)) }
    #expect(
      error?.description
        == "the network cannot be made for an input of [3, 16, 14]: layer 'd' would need 'weight' of shape [4, 180], and has "
        + "[4, 150]; put a layer before it whose output is of one size, such as globalAveragePooling")
  }

  @Test func aTrainingTakesOneSize() throws {
    let model = try Model(Self.description([3, 16, 12]), registry: registry, seed: 5)
    let input = draw([2, 3, 10, 9], 1)
    #expect(throws: ModelError.trainedSize(expected: [[3, 16, 12]], got: [[3, 10, 9]])) {
      try model.forward(input, seed: 1)
    }
    // Which may be another than the description's.
    let (resized, fixed) = (try model.resized(to: [[3, 10, 9]]), try fixed(model, [3, 10, 9]))
    var sums = [resized.makeGradients(), fixed.makeGradients()]
    for (index, model) in [resized, fixed].enumerated() {
      try model.backward(draw([2, 4], 2), model.forward(input, seed: 1), into: &sums[index])
    }
    for (one, other) in zip(resized.trainableParameters, fixed.trainableParameters) {
      #expect(sums[0].tensor(of: one) == sums[1].tensor(of: other))
    }
  }

  @Test func isReadAndWrittenInYAML() throws {
    let text = """
      name: open
      input: {shape: [3, 16, 12], open: [height, width]}
      layers:
        - globalAveragePooling
      """
    let description = try ModelDescription(yaml: text)
    #expect(description.inputs == [InputDescription(shape: [3, 16, 12], open: [.height, .width])])
    #expect(description.yaml().contains("input: {shape: [3, 16, 12], open: [height, width]}\n"))
    #expect(try ModelDescription(yaml: description.yaml()) == description)
    #expect(try ModelDescription(description.configurationValue, source: "m") == description)
    let named = """
      name: open
      inputs:
        - {name: x, shape: [3, 16, 12], open: [width]}
      layers:
        - globalAveragePooling
      """
    let several = try ModelDescription(yaml: named)
    #expect(several.inputs == [InputDescription(name: "x", shape: [3, 16, 12], open: [.width])])
    #expect(try ModelDescription(yaml: several.yaml()) == several)
    var changed = description
    changed.input = [3, 8, 8]
    #expect(changed.inputs[0].open == [.height, .width])
    for (old, new, says) in [
      ("height, width", "depth", "must be height or width, but one is the text 'depth'"),
      ("[height, width]", "height", "an input's 'open' must be a list"), ("open:", "opne:", "did you mean 'open'?"),
      ("shape: [3, 16, 12]", "shape: 3", "must be a list"),
    ] {
      let error = #expect(throws: DescriptionError.self) { try ModelDescription(yaml: text.replacing(old, with: new)) }
      #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }
    let vector = try ModelDescription(yaml: text.replacing("[3, 16, 12]", with: "[3]"))
    #expect(throws: ModelError.self) { try Model(vector, registry: registry, seed: 1) }
  }

  @Test func aModelFileKeepsIt() throws {
    let (scratch, description) = (try ScratchFolder(), Self.description([3, 16, 12]))
    let model = try Model(description, registry: registry, seed: 5)
    try ModelFile.save(SavedModel(description: description, model: model), registry: registry, to: scratch.path("m"))
    let loaded = try ModelFile.load(scratch.path("m"), registry: registry)
    let input = draw([2, 3, 20, 21], 1)
    #expect(try loaded.model.infer(input) == model.infer(input))
    #expect(throws: ModelFileError.self) {
      let closed = Self.description([3, 16, 12], open: [])
      try ModelFile.save(SavedModel(description: closed, model: model), registry: registry, to: scratch.path("n"))
    }
  }
}
