import Foundation

/// Numbers as people read them: three significant digits.
package enum NumberText {
  package static func short(_ value: Float) -> String { short(Double(value)) }

  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "not a number" : value > 0 ? "infinite" : "-infinite" }
    if value == 0 { return "0" }
    let size = abs(value)
    if size >= 99_950 || size < 0.000_95 { return String(format: "%.1e", value) }
    let decimals = max(0, 2 - Int(log10(size).rounded(.down)))
    let text = String(format: "%.\(min(decimals, 5))f", value)
    guard text.contains(".") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return String(trimmed.reversed())
  }

  package static func range(_ range: ClosedRange<Float>) -> String {
    range.lowerBound == range.upperBound
      ? "all \(short(range.lowerBound))" : "\(short(range.lowerBound)) to \(short(range.upperBound))"
  }

  /// 0.98765 as `98.77 %`.
  package static func percent(_ share: Float) -> String {
    guard share.isFinite, abs(share) < 1e6 else { return "\(share)" }
    let hundredths = Int((share * 10_000).rounded())
    let fraction = abs(hundredths % 100)
    return (share < 0 && hundredths > -100 ? "-" : "") + "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
  }
}
