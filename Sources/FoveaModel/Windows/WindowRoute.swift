import FoveaCore

/// Where a network is best cut to be computed for windows: the shortest way from its input to its output, by multiplications.
struct WindowRoute {
  /// From one cut to the next.
  struct Leg {
    let end: Model.Source
    let frame: WindowFrame
    /// From the network's input to the leg's end.
    let reach: MapReach
  }

  let legs: [Leg]
  /// The way's length, of that of the whole network.
  let share: Double

  /// What it takes to put an element into a window, or to take one out, in multiplications.
  private static let copying = 8.0

  init(_ model: Model, rows: Int, columns: Int) {
    let cuts = Self.cuts(of: model)
    let ends = cuts.map { $0.isInput ? -1 : $0.node }
    // What is to be computed from each cut to the end, in whole maps.
    let costs = model.nodes.map { Double($0.layer.connections) }
    let whole = ends.map { costs[($0 + 1)...].reduce(0, +) }
    let fields = model.receptiveFields()
    var best: [(cost: Double, next: (cut: Int, frame: WindowFrame)?)] = whole.map { ($0, nil) }
    for from in cuts.indices.reversed() {
      let own = from == 0 ? fields : model.receptiveFields(of: cuts[from])
      for to in cuts.indices where to > from {
        let nodes = ends[from] + 1..<ends[to] + 1
        // What comes behind a layer that sees everything sees everything, too.
        guard nodes.allSatisfy({ Self.isWindow(own[$0]) }) else { break }
        guard case .window(let reach) = own[ends[to]], case .window(let full) = fields[ends[to]] else { break }
        let (shape, output) = (model.shape(of: cuts[from]), model.shape(of: cuts[to]))
        guard
          let frame = WindowFrame(reach, full, rows: rows, columns: columns, in: model.inputShape, shape, output),
          frame.saves,
          let windows = model.remadeNodes(nodes, from: cuts[from], frame.windowShape(shape)),
          Self.areAlike(windows, frame.outputWindowShape(output), model, nodes)
        else { continue }
        let moved = frame.windowShape(shape).count + frame.outputWindowShape(output).count
        let cost = windows.reduce(Double(moved) * Self.copying) { $0 + Double($1.layer.connections) } + best[to].cost
        if cost < best[from].cost { best[from] = (cost, (to, frame)) }
      }
    }
    var legs: [Leg] = []
    var place = 0
    while let (cut, frame) = best[place].next {
      guard case .window(let reach) = fields[ends[cut]] else { break }
      legs.append(Leg(end: cuts[cut], frame: frame, reach: reach))
      place = cut
    }
    self.legs = legs
    share = whole[0] > 0 ? best[0].cost / whole[0] : 1
  }

  /// The tensors that everything goes through, from the input on; the output is none.
  private static func cuts(of model: Model) -> [Model.Source] {
    // Layers that are computed in one kernel stay together.
    let kept = Set(model.inference.steps.map(\.outputNode))
    var lastReaders = Array(repeating: -1, count: model.nodes.count + 1)
    for (index, node) in model.nodes.enumerated() {
      for input in node.inputs { lastReaders[input.node + 1] = index }
    }
    var cuts: [Model.Source] = [.input()]
    var open = lastReaders[0]
    for (index, node) in model.nodes.enumerated() where index != model.outputs.head.source.node {
      if open <= index, kept.contains(index), node.outputShapes.count == 1, node.outputShape.rank == 3,
        node.outputElements[0] == .float32
      {
        cuts.append(Model.Source(node: index))
      }
      open = max(open, lastReaders[index + 1])
    }
    return cuts
  }

  /// Whether a layer's outputs lie at whole places of what it is looked at from, and none of them begins behind the first.
  private static func isWindow(_ field: ReceptiveField) -> Bool {
    guard case .window(let reach) = field else { return false }
    return [reach.rows, reach.columns].allSatisfy { $0.step >= 1 && $0.step == $0.step.rounded() && $0.first <= 0 }
  }

  /// Whether layers that were made anew for windows do the same as before: what `same` pads depends on the size.
  private static func areAlike(
    _ windows: [Model.Node], _ output: Shape, _ model: Model, _ nodes: Range<Int>
  ) -> Bool {
    guard windows.last?.outputShape == output else { return false }
    return zip(windows, nodes).allSatisfy { window, index in
      (window.layer as? any SpatialOperator)?.reach == (model.nodes[index].layer as? any SpatialOperator)?.reach
    }
  }
}

extension WindowFrame {
  /// - Parameters:
  ///   - reach: of the layers from `shape` to `output`.
  ///   - full: of those from the network's input to `output`.
  fileprivate init?(
    _ reach: MapReach, _ full: MapReach, rows: Int, columns: Int, in input: Shape, _ shape: Shape, _ output: Shape
  ) {
    guard
      let rows = AxisWindows(
        reach.rows, outputs: full.rows.mostOutputs(of: min(rows, input[1]), extent: output[1]), extent: shape[1],
        outputExtent: output[1]),
      let columns = AxisWindows(
        reach.columns, outputs: full.columns.mostOutputs(of: min(columns, input[2]), extent: output[2]),
        extent: shape[2], outputExtent: output[2])
    else { return nil }
    (self.rows, self.columns) = (rows, columns)
  }
}

extension AxisReach {
  /// How many outputs come from so many elements side by side, at most.
  fileprivate func mostOutputs(of elements: Int, extent: Int) -> Int {
    min(Int(((Double(elements - 1) + last - first) / step + 1e-6).rounded(.down)) + 1, extent)
  }
}
