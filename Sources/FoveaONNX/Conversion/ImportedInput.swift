import FoveaCore
import FoveaModel

/// An input of a graph, and what it is to a model.
struct ImportedInput {
  /// In the graph.
  let name: String
  /// What one example looks like to the model: of an image `[channels, height, width]`, whatever order the graph has.
  let shape: Shape
  /// Extents that the file leaves open.
  let open: Set<OpenExtent>
  /// Whether the graph takes `[batch, height, width, channels]`, and turns that before anything else.
  let isChannelsLast: Bool

  /// - Parameter size: for heights and widths that are open.
  /// - Throws: ``ONNXError`` where a model cannot have such an input.
  init(_ info: ValueInfoMessage, of source: ONNXModel, size: ImageSize?) throws {
    func failure(_ expected: String) -> ONNXError {
      .input(file: source.file, name: info.name, expected: expected, got: info.type.summary)
    }
    guard case .tensor(1, let extents?) = info.type, extents.count >= 2 else {
      throw failure("float32 with a batch in front")
    }
    if case .known(let batch) = extents[0], batch != 1 { throw failure("a batch that is open, or 1") }
    name = info.name
    let users = source.graph.nodes.filter { $0.needs.contains(info.name) }
    isChannelsLast =
      extents.count == 4 && !users.isEmpty && users.allSatisfy { ImportedInput.turnsChannelsFirst($0) }
      && !source.outputNames.contains(info.name)
    let order = isChannelsLast ? [3, 1, 2] : Array(1..<extents.count)
    var (dimensions, open): ([Int], Set<OpenExtent>) = ([], [])
    for (axis, place) in order.enumerated() {
      switch extents[place] {
      case .known(let value) where value > 0 && value <= Int64(Int32.max): dimensions.append(Int(value))
      case .known: throw failure("extents above 0")
      case .open:
        guard order.count == 3, axis > 0 else {
          throw failure("extents that are known, but for images' height and width")
        }
        guard let size else {
          throw failure("extents that are known; give height and width to 'fovea import' by --input-size, such as 224")
        }
        dimensions.append(axis == 1 ? size.height : size.width)
        open.insert(axis == 1 ? .height : .width)
      }
    }
    shape = try Shape(checking: dimensions)
    self.open = open
    guard shape.rank < Shape.mostAxes, shape.count <= 1 << 26 else { throw failure("fewer elements") }
  }

  /// Of a file of our own, as the network takes it.
  init(_ port: Model.Port) { (name, shape, open, isChannelsLast) = (port.name, port.shape, port.open, false) }

  /// A node that makes `[batch, channels, height, width]` of channels that come last.
  static func turnsChannelsFirst(_ node: ONNXNode) -> Bool {
    guard node.domain.isEmpty, node.type == "Transpose", case .integers([0, 3, 1, 2])? = node.attributes["perm"] else {
      return false
    }
    return true
  }

  /// The model's input as the graph takes it.
  func value(_ tensor: Tensor) -> ONNXTensor {
    let own = ONNXTensor(tensor)
    return isChannelsLast ? own.transposed([0, 2, 3, 1]) : own
  }

  /// Examples of random numbers, each with a tensor for each input.
  ///
  /// - Parameter growth: what is added to open heights, and twice to widths.
  static func examples(_ inputs: [ImportedInput], growth: Int = 0) throws -> [[Tensor]] {
    var random = SeededRandom(seed: 1)
    return try (0..<2).map { _ in
      try inputs.map { input in
        var dimensions = input.shape.dimensions
        if input.open.contains(.height) { dimensions[1] += growth }
        if input.open.contains(.width) { dimensions[2] += 2 * growth }
        let shape = try Shape(checking: dimensions)
        return try Tensor(
          checking: (0..<shape.count).map { _ in Float.random(in: 0..<1, using: &random) }, shape.batched(1))
      }
    }
  }
}
