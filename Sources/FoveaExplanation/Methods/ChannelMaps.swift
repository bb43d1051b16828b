import FoveaCore

/// What a layer puts out for one example, and gradients of the same shape, map by map.
struct ChannelMaps {
  let count, height, width: Int
  let values: [Float]
  let gradients: [Float]

  /// - Parameters: `[1, maps, height, width]` each.
  init(_ values: Tensor, _ gradients: Tensor? = nil) throws(ExplanationError) {
    (count, height, width) = (values.shape[1], values.shape[2], values.shape[3])
    self.values = try [Float](of: values)
    self.gradients = if let gradients { try [Float](of: gradients) } else { [] }
  }

  var area: Int { height * width }

  /// Σ weight[map] · map, where that is positive.
  func weighted(by weights: [Float]) -> Attribution {
    sum { map, place in weights[map] * values[map * area + place] }
  }

  /// Σ over the maps, where that is positive.
  func sum(_ term: (_ map: Int, _ place: Int) -> Float) -> Attribution {
    var heat = [Double](repeating: 0, count: area)
    for map in 0..<count {
      for place in 0..<area { heat[place] += Double(term(map, place)) }
    }
    return Self.positive(heat.map { Float($0) }, height: height, width: width)
  }

  static func positive(_ heat: [Float], height: Int, width: Int) -> Attribution {
    Attribution(Tensor(heat.map { $0.isFinite ? max($0, 0) : 0 }, [1, height, width]))
  }

  /// A number for each map.
  func perMap(_ weight: (_ range: Range<Int>) -> Float) -> [Float] {
    (0..<count).map { weight($0 * area..<($0 + 1) * area) }
  }
}

extension ExplainedNetwork {
  /// The layer's output and the score's gradient by it.
  func channelMaps() throws(ExplanationError) -> ChannelMaps {
    try ChannelMaps(activations(), activationGradients())
  }
}
