import FoveaCore
import FoveaModel

/// One or two sentences that say what a layer does to what comes in.
struct LayerExplanation {
  private let configuration: [String: ConfigurationValue]
  private let node: Model.Node

  init(_ node: Model.Node) {
    self.node = node
    configuration = Self.configuration(of: node.layer)
  }

  static func configuration(of layer: some Operator) -> [String: ConfigurationValue] {
    (try? ConfigurationDecoder.encode(layer.configuration)) ?? [:]
  }

  var text: String {
    let kind = type(of: node.layer).kind
    return Self.texts[kind].map { $0(self) } ?? Self.sentence(type(of: node.layer).summary)
  }

  /// `5×5`, from a number or a pair.
  private func extent(_ key: String) -> String {
    switch configuration[key] {
    case .integer(let side): "\(side)×\(side)"
    case .array(let sides) where sides.count == 2: "\(sides[0])×\(sides[1])"
    default: "some"
    }
  }

  /// Says the step where it is not 1.
  private var steps: String {
    switch configuration["stride"] {
    case .integer(1), .null, nil: ""
    case .integer(let step): ", in steps of \(step)"
    case .array(let steps): ", in steps of \(steps.map(\.description).joined(separator: "×"))"
    default: ""
    }
  }

  private var units: Int { node.outputShape.count }

  private static func sentence(_ summary: String) -> String {
    summary.isEmpty ? "" : summary.prefix(1).uppercased() + summary.dropFirst() + "."
  }

  // By kind, for what the toolkit brings; any other layer is explained by its own summary.
  private static let texts: [String: @Sendable (LayerExplanation) -> String] = [
    "convolution": { layer in
      let seen =
        switch layer.configuration["connections"] {
        case .array: "some of the maps that come in"
        default: "what comes in"
        }
      return
        "\(layer.node.outputShape[0].counted("filter of", "filters of")) \(layer.extent("kernel")) "
        + "\(layer.node.outputShape[0] == 1 ? "slides" : "slide") over \(seen)\(layer.steps). "
        + "A map is bright where its filter finds its pattern."
    },
    "maximumPooling": { layer in
      "Keeps the largest value of each \(layer.extent("window")) window\(layer.steps): smaller maps, in which exact "
        + "places matter less."
    },
    "minimumPooling": { layer in "Keeps the smallest value of each \(layer.extent("window")) window\(layer.steps)." },
    "averagePooling": { layer in
      "Takes the mean of each \(layer.extent("window")) window\(layer.steps): smaller, smoother maps."
    },
    "globalAveragePooling": { _ in "Takes the mean of each whole map: one number says how much of it was found." },
    "trainableSubsampling": { layer in
      "Sums each \(layer.extent("window")) window\(layer.steps), times a learned coefficient, plus a learned bias."
    },
    "relu": { _ in "Keeps what is positive and sets the rest to 0: only what was found stays." },
    "leakyRelu": { _ in "Keeps what is positive and shrinks the rest." },
    "tanh": { _ in "Squeezes every value into -1 to 1." },
    "scaledTanh": { _ in "Squeezes every value with a scaled tanh, so that large ones saturate." },
    "sigmoid": { _ in "Squeezes every value into 0 to 1." },
    "softmax": { _ in "Turns scores into shares that add up to 1." },
    "batchNormalization": { _ in "Brings each map to the mean and spread that training found to work." },
    "dropout": { _ in "Changes nothing here: only in training does it set values to 0 at random." },
    "flatten": { layer in "Puts all \(layer.units.counted("value")) in one row, map by map; nothing is computed." },
    "zeroPadding": { _ in "Surrounds each map with zeros." },
    "add": { _ in "Adds its inputs, value by value." },
    "concatenate": { _ in "Lays the maps of its inputs behind each other." },
    "split": { layer in
      "Cuts the maps that come in into \(layer.node.outputShapes.count) outputs, of which the first is shown."
    },
    "constant": { _ in "The same numbers for every picture." },
    "cast": { layer in "Hands on the same numbers as \(layer.node.outputElements[0].rawValue)." },
    "argMax": { _ in "Says at each place which of the maps that come in is the largest, from 0." },
    "dense": { layer in
      "\(layer.units == 1 ? "One unit" : "Each of \(layer.units.counted("unit"))") weighs all \((layer.node.inputShapes.first?.count ?? 0).counted("value")) "
        + "that come in."
    },
    "radialBasisOutput": { _ in
      "Measures how far what comes in is from the code of each class; the smallest distance wins."
    },
  ]
}
