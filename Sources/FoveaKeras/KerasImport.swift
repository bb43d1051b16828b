public import FoveaCore
public import FoveaModel

/// A model of Keras as a ``Model``: layers of the toolkit, with the file's names.
///
/// Pictures have the channels first, as everywhere here; what Keras has last is moved, weights included. ``compute(_:)`` takes and
/// gives arrays as Keras does.
public struct KerasImport: Sendable {
  /// An input or an output, and how Keras has it.
  public struct Port: Sendable, Equatable {
    /// Keras' name.
    public let name: String
    /// The model's name.
    public let source: String
    /// Keras' shape, without the batch.
    public let shape: [Int]
    /// Whether Keras has the channels last, and the model first.
    public let hasChannelsLast: Bool
  }

  public let description: ModelDescription
  public let model: Model
  public let inputs: [Port]
  public let outputs: [Port]
  /// The layers of kind `onnx`, which compute but do not learn: the toolkit has none of that sort.
  public let remaining: [LayerDescription]
  /// Layers that do nothing in use and were left out.
  public let leftOut: [String]
  /// Whether the model scales pictures itself, so that it takes 0 to 255.
  public let scalesPictures: Bool
  /// Whether the file leaves a size open and the model does not, since layers become others for each size.
  public let hasClosedSize: Bool
  private let file: String

  /// - Parameters:
  ///   - registry: where the layers come from: the toolkit's, and those of FoveaONNX.
  ///   - name: the model's.
  ///   - inputSize: of pictures whose height and width the file leaves open; 224×224 where nil.
  /// - Throws: ``KerasError``, ``ModelError``.
  public init(_ source: KerasFile, registry: Registry, name: String, inputSize: ImageSize? = nil) throws {
    let unsupported = source.unsupported
    guard unsupported.isEmpty else { throw KerasError.unsupported(file: source.path, layers: unsupported) }
    let made = try KerasFile.reading(source.path) { () throws -> KerasBuilder in
      var builder = try KerasBuilder(source, registry: registry, inputSize: inputSize)
      try builder.build()
      return builder
    }
    guard made.unsupported.isEmpty else { throw KerasError.unsupported(file: source.path, layers: made.unsupported) }
    file = source.path
    (inputs, outputs) = (made.inputs.map(\.port), made.outputs)
    leftOut = made.leftOut
    let (layers, tensors, sized) = made.used()
    remaining = layers.filter { $0.kind == "onnx" }
    scalesPictures = made.scalesPictures
    var hasClosed = false
    var description = ModelDescription(
      name: name,
      inputs: made.inputs.map { InputDescription(name: $0.port.source, shape: $0.ownShape, open: $0.open) },
      layers: layers, outputs: outputs.map { OutputDescription($0.source) })
    if description.inputs.contains(where: { !$0.open.isEmpty }), !Self.canBeOpen(description, sized, registry) {
      hasClosed = true
      for index in description.inputs.indices { description.inputs[index].open = [] }
    }
    self.description = description
    hasClosedSize = hasClosed
    model = try Model(description, registry: registry, tensors: tensors)
  }

  /// Whether the same layers go with pictures of another size: what these kinds are told holds for one shape only.
  private static func canBeOpen(
    _ description: ModelDescription, _ fixed: Set<String>, _ registry: Registry
  ) -> Bool {
    func nodes(_ growth: Int) -> [Model.Node]? {
      var sized = description
      for index in sized.inputs.indices where !sized.inputs[index].open.isEmpty {
        let (shape, open) = (sized.inputs[index].shape, sized.inputs[index].open)
        let more = [OpenExtent.height, .width].map { open.contains($0) ? growth : 0 }
        guard let other = try? Shape(checking: [shape[0], shape[1] + more[0], shape[2] + more[1]]) else { return nil }
        sized.inputs[index].shape = other
        sized.inputs[index].open = []
      }
      return try? Model.nodes(of: sized, registry: registry)
    }
    guard let own = nodes(0), let larger = nodes(64) else { return false }
    return zip(own, larger).allSatisfy { own, larger in
      let holdsForAll = !["onnx", "reshape", "flatten"].contains(type(of: own.layer).kind) && !fixed.contains(own.name)
      return holdsForAll || own.inputShapes == larger.inputShapes
    }
  }

  /// The outputs as Keras gives them, by its names, for inputs as Keras takes them: pictures with the channels last.
  ///
  /// - Parameter arrays: by name, with the batch in front.
  /// - Throws: ``KerasError/input(file:name:expected:got:)``; ``ModelError``.
  public func compute(_ arrays: [String: Tensor]) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (port, input) in zip(inputs, description.inputs) {
      guard let array = arrays[port.name] else {
        throw KerasError.input(file: file, name: port.name, expected: "an array", got: "none")
      }
      let rank = array.shape.rank
      guard rank == port.shape.count + 1, array.shape[0] > 0 else {
        throw KerasError.input(
          file: file, name: port.name, expected: "a batch of \(port.shape)", got: "\(array.shape)")
      }
      tensors[port.source] =
        try port.hasChannelsLast ? array.ordered([0, rank - 1] + Array(1..<rank - 1)) : array
      guard let own = tensors[port.source]?.shape.withoutBatch,
        zip(own.dimensions, input.shape.dimensions).enumerated().allSatisfy({ place, extents in
          extents.0 == extents.1 || place > 0 && !input.open.isEmpty
        })
      else {
        throw KerasError.input(
          file: file, name: port.name, expected: "a batch of \(port.shape)", got: "\(array.shape)")
      }
    }
    let results = try model.infer(tensors)
    var named: [String: Tensor] = [:]
    for port in outputs {
      guard let result = results[port.source] else { continue }
      let rank = result.shape.rank
      named[port.name] = try port.hasChannelsLast ? result.ordered([0] + Array(2..<rank) + [1]) : result
    }
    return named
  }
}
