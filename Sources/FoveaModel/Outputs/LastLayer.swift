package import FoveaCore
import FoveaLayers

/// What the layer that makes a network's outputs says of them.
struct LastLayer {
  enum Range {
    /// 0…1, with the sum 1.
    case shares
    /// 0…1 each.
    case unit
    /// 0 or more, the smallest for the most probable class.
    case distances
    /// 0 or more.
    case positive
    /// Between two bounds around 0.
    case bounded
    /// Any number.
    case any
  }

  let name: String
  let kind: String
  /// Nil for a layer of a plugin, which may do anything.
  let range: Range?

  /// Layers that only rearrange are looked through.
  init?(_ model: Model, output: Int = 0) {
    var index = model.outputs[output].source.node
    while index >= 0, model.nodes[index].layer is Flatten, let input = model.nodes[index].inputs.first {
      index = input.node
    }
    guard index >= 0 else { return nil }
    let node = model.nodes[index]
    name = node.name
    kind = node.kind
    range =
      switch node.layer {
      case is Softmax: .shares
      case is Sigmoid: .unit
      case is RadialBasisOutput: .distances
      case is Relu: .positive
      case is Tanh, is ScaledTanh: .bounded
      default: node.origin == .builtin ? .any : nil
      }
  }
}

extension Model {
  /// Whether the first output is confidences, 0…1 for each class, before any postprocessing: those of a softmax or a
  /// sigmoid layer.
  public var putsOutConfidences: Bool { putsOutConfidences(0) }

  package func putsOutConfidences(_ output: Int) -> Bool {
    let range = LastLayer(self, output: output)?.range
    return range == .shares || range == .unit
  }

  /// An output that means nothing, beside all others: for looking at what steps make of it.
  package func blankOutputs(_ index: Int, labels: [String]? = nil) -> NetworkOutputs {
    let blanks = outputs.map {
      NetworkOutputs.Output(name: $0.name, shape: $0.shape, values: [Float](repeating: 0, count: $0.shape.count))
    }
    return NetworkOutputs(
      blanks[index], others: blanks.enumerated().filter { $0.offset != index }.map(\.element), labels: labels,
      areConfidences: putsOutConfidences(index))
  }
}
