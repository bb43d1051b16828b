import Foundation

// Windows of signals.
extension ONNXOperators {
  static let windows: [ONNXOperator] = [
    window("HannWindow", [0.5, 0.5]),
    window("HammingWindow", [25.0 / 46, 21.0 / 46]),
    window("BlackmanWindow", [0.42, 0.5, 0.08]),
  ]

  /// A sum of cosines with alternating signs.
  private static func window(_ name: String, _ factors: [Double]) -> ONNXOperator {
    .one(name) { call in
      let size = try call.int(at: 0)
      let count = try call.count([size])
      let period = Double(try call.flag("periodic", default: true) ? size : size - 1)
      let numbers = (0..<count).map { index in
        factors.enumerated().reduce(0.0) { sum, factor in
          let angle = period == 0 ? 0 : 2 * Double.pi * Double(factor.offset * index) / period
          return sum + (factor.offset % 2 == 0 ? 1 : -1) * factor.element * cos(angle)
        }
      }
      return .make(try call.elementType("output_datatype") ?? .float32, numbers: numbers, [count])
    }
  }
}
