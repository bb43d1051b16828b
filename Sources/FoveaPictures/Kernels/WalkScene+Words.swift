import FoveaCore

extension WalkScene {
  /// How the number at a place comes about.
  func sentence(_ numbers: (windows: [NumberMatrix], products: [NumberMatrix]), _ place: Int) -> String {
    let results = walk.output.matrices.map { Self.text($0.values[place]) }
    switch walk.work {
    case .convolution(let kernel, let bias):
      var terms = numbers.products.flatMap(\.values)
      var words = ""
      if terms.count > 9 {
        words = kernel.count == 1 ? "the \(terms.count) products: " : "sums of the channels: "
        terms = numbers.products.map { $0.values.reduce(0, +) }
      }
      let tail = bias == 0 ? "" : (bias < 0 ? " - " : " + ") + Self.text(abs(bias)) + " (bias)"
      return "\(words)\(Self.sum(terms))\(tail) = \(results[0])"
    case .pooling(let word):
      guard numbers.windows.count == 1, let window = numbers.windows.first, window.values.count <= 9 else {
        return "the \(word) number in the window: \(results.joined(separator: ", "))"
      }
      let list = window.values.map(Self.text).joined(separator: ", ")
      return "the \(word) of \(list) is \(results[0])"
    }
  }

  private static func text(_ number: Float) -> String { MatrixPanel.text(number, digits: digits) }

  private static func sum(_ terms: [Float]) -> String {
    terms.enumerated().map { index, term in
      let magnitude = text(abs(term))
      if index == 0 { return term < 0 ? "-\(magnitude)" : magnitude }
      return (term < 0 ? " - " : " + ") + magnitude
    }.joined()
  }
}
