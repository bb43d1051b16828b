import FoveaCore
import FoveaData
import FoveaModel
import Synchronization

/// The first layers of a network, whose weights stay as they are: they compute as in use, with running statistics and without
/// chance, and what they make of an example is kept where nothing random comes before them.
struct FrozenTrunk: Sendable {
  private let all: Model
  private let trunk: Model
  /// The layers that are trained, as a network of their own, which takes what the trunk makes.
  let description: ModelDescription
  let rest: Model
  private let kept: FeatureStore?

  /// - Parameters:
  ///   - name: of the last frozen layer.
  ///   - keeps: whether the same example always comes in as the same numbers.
  /// - Throws: ``TrainingError`` where there is no such layer, where it is the last one, or where later layers look at more than
  ///   it.
  init(
    until name: String, _ description: ModelDescription, _ model: Model, _ registry: Registry, keeps: Bool
  ) throws(TrainingError) {
    all = model
    let names = model.nodes.map(\.name)
    guard let last = names.firstIndex(of: name) else {
      let hint = Spelling.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw .invalidSetting(
        name: "'freeze'", expected: "the name of a layer of \(description.name)", got: "'\(name.printable)'\(hint)")
    }
    func impossible(_ problem: String) -> TrainingError {
      .invalidSetting(
        name: "'freeze'", expected: "a layer through which all goes that later layers see", got: "'\(name)': \(problem)"
      )
    }
    guard last + 1 < names.count else { throw impossible("no layer is left to be trained") }
    var layers = description.layers
    for index in layers.indices { layers[index].name = names[index] }
    let (frozen, input) = (Set(names[...last] + description.inputs.map(\.name)), InputDescription(shape: [1]).name)
    for index in last + 1..<layers.count {
      if let lender = layers[index].weights, frozen.contains(lender) {
        throw impossible("'\(names[index])' has the weights of '\(lender)'")
      }
      layers[index].inputs = try layers[index].inputs?.map { source throws(TrainingError) in
        if source == name { return input }
        let layer = source.split(separator: ":").first.map(String.init) ?? source
        guard !frozen.contains(layer) else { throw impossible("'\(names[index])' sees '\(source)' too") }
        return source
      }
    }
    do throws(ModelError) {
      let tensors = Dictionary(model.namedParameters.map { ($0.name, $0.tensor) }) { first, _ in first }
      func part(_ description: ModelDescription) throws(ModelError) -> Model {
        let names = description.layers.map { ($0.name ?? "") + "." }
        let own = tensors.filter { tensor in names.contains { tensor.key.hasPrefix($0) } }
        return try Model(description, registry: registry, tensors: own).inPrecision(model.precision)
      }
      trunk = try part(
        ModelDescription(name: description.name, inputs: description.inputs, layers: Array(layers[...last])))
      self.description = ModelDescription(
        name: description.name, inputs: [InputDescription(shape: trunk.outputShape)],
        layers: Array(layers[(last + 1)...]), outputs: description.outputs)
      rest = try part(self.description)
    } catch { throw .model(error) }
    kept = keeps ? FeatureStore() : nil
  }

  /// The whole network with the weights of what was trained.
  func whole(_ trained: Model) -> Model {
    all.with(Array(all.parameters.prefix(trunk.nodes.count)) + trained.parameters)
  }

  /// What the frozen weights are, so that another trunk can be told from it.
  var checksum: String {
    let tensors = Dictionary(trunk.namedParameters.map { ($0.name, $0.tensor) }) { first, _ in first }
    return Checksum(document: "", tensors: tensors).text
  }

  /// What the frozen layers make of examples, each by itself.
  ///
  /// - Parameter numbers: what the examples are known by from pass to pass.
  func features(_ inputs: Tensors, of numbers: [Int], on pool: WorkerPool) throws(TrainingError) -> Tensors {
    if let known = kept?.features(of: numbers, trunk.outputShape) { return Tensors(known) }
    do throws(ModelError) {
      let features = try trunk.inferEach(inputs, on: pool)
      kept?.keep(features.head, of: numbers)
      return features
    } catch { throw .model(error) }
  }
}

/// Numbers of examples, kept as far as there is memory for them.
private final class FeatureStore: Sendable {
  private static let mostNumbers = 1 << 28
  private let rows = Mutex<[Int: [Float]]>([:])

  /// - Returns: nil where one of them is not there.
  func features(of numbers: [Int], _ shape: Shape) -> Tensor? {
    rows.withLock { rows in
      var values: [Float] = []
      values.reserveCapacity(numbers.count * shape.count)
      for number in numbers {
        guard let row = rows[number] else { return nil }
        values += row
      }
      return Tensor(values, shape.batched(numbers.count))
    }
  }

  func keep(_ features: Tensor, of numbers: [Int]) {
    let width = features.shape.withoutBatch.count
    // They are kept twice for a moment. What there is no room for is computed again.
    guard (try? OutOfMemory.check(2 * features.byteCount)) != nil else { return }
    let values = features.elements
    rows.withLock { rows in
      for (place, number) in numbers.enumerated() where (rows.count + 1) * width <= Self.mostNumbers {
        rows[number] = Array(values[place * width..<(place + 1) * width])
      }
    }
  }
}
