import FoveaCore

/// A network for inputs that are like a given one but for a small window: its first layers are computed for what the window
/// reaches, and all else is taken from what the given input makes of them.
///
/// The network is cut where everything goes through one tensor. From cut to cut a segment is computed for windows of one size; behind
/// the last cut comes the rest, as it is. Which cuts to take is what makes the fewest multiplications. The results are those of the
/// whole network, but for the order in which kernels sum up.
public struct WindowedModel: Sendable {
  let whole: Model
  let segments: [Segment]
  /// From the last cut on.
  let rest: Model
  /// Which outputs of each segment a change of the input reaches.
  let reaches: [MapReach]
  /// The most rows and columns that change.
  let mostRows: Int
  let mostColumns: Int
  /// How many multiplications it takes, of those that the whole network does.
  public let share: Double

  /// Some layers, from cut to cut.
  struct Segment: Sendable {
    /// For all that goes in.
    let whole: Model
    /// The same layers for windows.
    let windows: Model
    let frame: WindowFrame
  }

  /// - Parameters:
  ///   - model: of one input and one output.
  ///   - rows: of the input, which change at most.
  ///   - columns: likewise.
  /// - Returns: nil where hardly anything is saved, as by a network whose first layers see all of the input.
  public init?(_ model: Model, rows: Int, columns: Int) throws(ModelError) {
    guard model.inputs.count == 1, model.outputs.count == 1, model.inputShape.rank == 3, rows > 0, columns > 0,
      !model.inference.mixesExamples
    else { return nil }
    let route = WindowRoute(model, rows: rows, columns: columns)
    guard !route.legs.isEmpty, route.share < Self.mostShare else { return nil }
    var segments: [Segment] = []
    var (start, reaches): (Model.Source, [MapReach]) = (.input(), [])
    for leg in route.legs {
      guard let segment = try Segment(of: model, from: start, leg) else { return nil }
      segments.append(segment)
      reaches.append(leg.reach)
      start = leg.end
    }
    let rest = try model.part(from: [start], to: model.outputs.head.source)
    guard rest.inputs.count == 1 else { return nil }
    (self.segments, self.rest, self.reaches, share) = (segments, rest.model, reaches, route.share)
    (whole, mostRows, mostColumns) = (model, rows, columns)
  }

  /// Whether it was made for windows of that size.
  public func isCut(for rows: Int, _ columns: Int) -> Bool { rows == mostRows && columns == mostColumns }

  /// Copies and small kernels take something, too.
  private static let mostShare = 0.9
}

extension WindowedModel.Segment {
  init?(of model: Model, from start: Model.Source, _ leg: WindowRoute.Leg) throws(ModelError) {
    let part = try model.part(from: [start], to: leg.end)
    guard part.inputs.count == 1, let windows = try part.model.remade(for: leg.frame.windowShape(part.model.inputShape))
    else { return nil }
    (whole, self.windows, frame) = (part.model, windows, leg.frame)
  }
}

/// The windows of both axes.
struct WindowFrame: Sendable, Equatable {
  let rows: AxisWindows
  let columns: AxisWindows

  /// Whether windows are smaller than the whole.
  var saves: Bool { rows.window < rows.extent || columns.window < columns.extent }

  func windowShape(_ shape: Shape) -> Shape { [shape[0], rows.window, columns.window] }

  func outputWindowShape(_ shape: Shape) -> Shape { [shape[0], rows.outputWindow, columns.outputWindow] }
}

extension Model {
  /// The same layers and weights for an input of another size; nil where layers do not take it, or would need other weights.
  fileprivate func remade(for shape: Shape) throws(ModelError) -> Model? {
    guard let nodes = remadeNodes(nodes.indices, from: .input(), shape) else { return nil }
    func port(_ port: Port, _ shape: Shape) -> Port {
      Port(name: port.name, shape: shape, element: port.element, open: [], source: port.source)
    }
    let graph = Graph(
      nodes: nodes, inputs: OneOrMore(port(inputs.head, shape)),
      outputs: outputs.mapped { port($0, nodes[$0.source.node].outputShapes[$0.source.output]) })
    var model = try Model(name, graph, parameters: parameters, precision: precision, sizes: nil)
    model.context = context
    model.largestWeight = largestWeight
    return model
  }

  /// Layers that follow each other, made anew for another size of the one tensor that they start from.
  func remadeNodes(_ range: Range<Int>, from source: Source, _ shape: Shape) -> [Node]? {
    var shapes: [Source: Shape] = [source: shape]
    var remade: [Node] = []
    for index in range {
      let node = nodes[index]
      let inputs = node.inputs.compactMap { shapes[$0] }
      guard inputs.count == node.inputs.count, let layer = try? node.layer.remade(for: inputs),
        layer.outputShapes.count == node.outputShapes.count,
        layer.parameters.map(\.shape) == graph.parameters(of: index).map(\.shape)
      else { return nil }
      for (output, shape) in layer.outputShapes.enumerated() { shapes[Source(node: index, output: output)] = shape }
      remade.append(
        Node(
          name: node.name, layer: layer, origin: node.origin, inputs: node.inputs, inputShapes: inputs,
          outputShapes: layer.outputShapes, outputElements: node.outputElements, parameters: node.parameters,
          sharedWeights: node.sharedWeights))
    }
    return remade
  }
}

extension Operator {
  fileprivate func remade(for inputs: [Shape]) throws(LayerError) -> any Operator {
    try Self(configuration, inputs: inputs)
  }
}
