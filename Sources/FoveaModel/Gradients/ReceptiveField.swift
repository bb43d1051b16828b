public import FoveaCore

/// What of a network's input a unit sees.
public enum ReceptiveField: Sendable, Hashable {
  /// Nothing: it puts out the same for all inputs.
  case nothing
  /// A window that moves with the unit's place in its map.
  case window(MapReach)
  /// All of it, or nobody knows which part.
  case whole

  /// The window's height and width in elements of the input, padding included; nil where it is no window.
  public var size: (height: Double, width: Double)? {
    guard case .window(let reach) = self else { return nil }
    return (reach.rows.size, reach.columns.size)
  }

  /// What the unit at `row` and `column` of a map sees, without padding; nil where that is nothing.
  ///
  /// It is the window's part within the input. At edges a unit behind a dilated kernel or a transposed convolution may
  /// see a little less, since what the kernel skips is in the window.
  ///
  /// - Parameter shape: of the input, `[channels, height, width]`.
  public func elements(row: Int, column: Int, of shape: Shape) -> (rows: ClosedRange<Int>, columns: ClosedRange<Int>)? {
    guard shape.rank == 3, shape.count > 0 else { return nil }
    switch self {
    case .nothing: return nil
    case .whole: return (0...shape[1] - 1, 0...shape[2] - 1)
    case .window(let reach):
      guard let rows = reach.rows.elements(of: row, extent: shape[1]),
        let columns = reach.columns.elements(of: column, extent: shape[2])
      else { return nil }
      return (rows, columns)
    }
  }

  fileprivate func joined(with other: ReceptiveField) -> ReceptiveField {
    switch (self, other) {
    case (.nothing, let field), (let field, .nothing): field
    case (.window(let one), .window(let two)): one.joined(with: two).map { .window($0) } ?? .whole
    default: .whole
    }
  }
}

extension Model {
  /// What of one of the inputs each layer's units see, by node: through branches, what either of them sees.
  ///
  /// Source: Araujo, Norris, Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", sections 2 and 3.
  ///
  /// - Parameter input: which of the model's inputs, `[channels, height, width]`.
  public func receptiveFields(ofInput input: Int = 0) -> [ReceptiveField] { receptiveFields(of: .input(input)) }

  /// The same for any tensor of the network, `[channels, height, width]`; what does not depend on it sees nothing.
  func receptiveFields(of tensor: Source) -> [ReceptiveField] {
    var fields: [ReceptiveField] = []
    for node in nodes {
      var own = ReceptiveField.nothing
      for (source, shape) in zip(node.inputs, node.inputShapes) {
        let before: ReceptiveField =
          source == tensor ? .window(.same) : source.isInput ? .nothing : fields[source.node]
        own = own.joined(with: Self.field(of: node, behind: before, shape))
      }
      fields.append(own)
    }
    return fields
  }

  private static func field(of node: Node, behind field: ReceptiveField, _ shape: Shape) -> ReceptiveField {
    guard case .window(let before) = field else { return field }
    guard shape.rank == 3, node.outputShape.rank == 3 else { return .whole }
    let reach = (node.layer as? any SpatialOperator)?.reach ?? (node.layer is any ElementwiseLayer ? .same : nil)
    return reach.map { .window(before.then($0)) } ?? .whole
  }
}
