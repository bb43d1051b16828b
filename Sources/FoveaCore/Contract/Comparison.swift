/// How far two lists of numbers are apart.
package struct Comparison {
  /// The largest difference, relative to the largest of the expected numbers.
  package private(set) var error = 0.0
  package private(set) var index = 0
  package let got: [Double]
  package let expected: [Double]

  package init(_ got: [Double], _ expected: [Double]) {
    self.got = got
    self.expected = expected
    let scale = max(expected.reduce(0) { max($0, abs($1)) }, 1e-6)
    for (i, (a, b)) in zip(got, expected).enumerated() {
      let difference = abs(a - b) / scale
      // What is no number is further away than any.
      if difference > error || difference.isNaN { (error, index) = (difference.isNaN ? .infinity : difference, i) }
    }
  }

  package init(_ got: [Float], _ expected: [Float]) {
    self.init(got.map(Double.init), expected.map(Double.init))
  }

  /// - Parameter hint: what the layer's author may do about it.
  /// - Throws: ``Breach`` where the two are further apart than `tolerance`.
  package func require(within tolerance: Double, _ what: String, _ hint: String = "") throws {
    guard got.count == expected.count else { throw Breach("\(what): \(got.count) numbers, not \(expected.count)") }
    guard error <= tolerance else {
      throw Breach(
        "\(what): element \(index) is \(Self.text(got[index])), not \(Self.text(expected[index])); "
          + "relative difference \(Self.text(error))" + (hint.isEmpty ? "" : ". " + hint))
    }
  }

  package static func text(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    // Three digits are enough to see what is wrong.
    var (value, exponent) = (abs(number), 0)
    while value >= 10 { (value, exponent) = (value / 10, exponent + 1) }
    while value < 1 { (value, exponent) = (value * 10, exponent - 1) }
    let digits = (value * 100).rounded() / 100
    let sign = number < 0 ? "−" : ""
    return (-3...3).contains(exponent) ? "\(Float(number))" : "\(sign)\(digits)e\(exponent)"
  }
}
