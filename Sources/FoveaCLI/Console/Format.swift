import Foundation
import Fovea

/// Numbers as people read them, the same in every locale.
enum Format {
  /// 0.8812 as `88.12 %`.
  static func percent(_ share: Double) -> String { fixed(share * 100, 2) + " %" }

  static func fixed(_ number: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", number) }

  /// 60000 as `60,000`.
  static func grouped(_ number: Int) -> String { number.grouped }

  /// `1 image`, `2 images`.
  static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    number.counted(noun, plural)
  }

  /// `9.634 MB`, of a million bytes each.
  static func megabytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1e6, 3) + " MB" }

  /// `6×28×28`.
  static func shape(_ dimensions: [Int]) -> String { dimensions.map(String.init).joined(separator: "×") }

  /// Seconds as `0:09`, `12:34` or `1:02:03`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000 else { return "–:––" }
    let whole = Int(seconds.rounded(.up))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0 ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
  }

  /// What went wrong and how often, the most frequent first: `12 truncated, 3 missing`.
  static func reasons(_ failures: [FailureReason: Int]) -> String {
    frequentFirst(failures).map { "\(grouped($0.value)) \($0.key.rawValue)" }.joined(separator: ", ")
  }

  static func frequentFirst(_ failures: [FailureReason: Int]) -> [(key: FailureReason, value: Int)] {
    failures.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
  }

  /// As JSON, indented.
  static func json(_ value: some Encodable, pretty: Bool = true) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self).printableJSON
  }
}
