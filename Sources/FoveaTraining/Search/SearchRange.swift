import Foundation
public import FoveaCore

/// What a setting of a recipe is tried with: one of a list, or a number between two.
public enum SearchRange: Sendable, Equatable {
  case choices([ConfigurationValue])
  case numbers(Numbers)

  /// Numbers between two, drawn evenly, or so that each power of ten is as probable.
  public struct Numbers: Settings {
    public static let requiredKeys: Set = ["from", "to"]
    public static let explanations = [
      "from": "the lowest", "to": "the highest", "logarithmic": "whether each power of ten is as probable",
      "whole": "whether only whole numbers are drawn",
    ]

    public var from: Double
    public var to: Double
    public var logarithmic = false
    public var whole = false

    public static var prototype: Self { Self(from: 0, to: 1) }

    public init(from: Double, to: Double, logarithmic: Bool = false, whole: Bool = false) {
      (self.from, self.to, self.logarithmic, self.whole) = (from, to, logarithmic, whole)
    }
  }

  /// - Parameter path: of the setting, for errors.
  init(_ value: ConfigurationValue, path: String) throws(TrainingError) {
    switch value {
    case .array(let choices) where !choices.isEmpty: self = .choices(choices)
    case .object(let keys):
      do {
        let numbers = try ConfigurationDecoder.decode(Numbers.self, from: keys, owner: "the range of '\(path)'")
        guard numbers.from < numbers.to, numbers.from.isFinite, numbers.to.isFinite,
          !numbers.logarithmic || numbers.from > 0
        else {
          throw ConfigurationError.invalidValue(
            owner: "the range of '\(path)'", key: "from",
            expected: "below 'to'\(numbers.logarithmic ? " and above 0" : "")", got: "\(numbers.from)")
        }
        self = .numbers(numbers)
      } catch let error as ConfigurationError {
        throw .configuration(error)
      } catch { throw .data("\(error)") }
    default:
      throw .invalidSetting(
        name: "the range of '\(path)'", expected: "a list, or a group of keys (from, to, logarithmic, whole)",
        got: "\(value)")
    }
  }

  func draw(using random: inout SeededRandom) -> ConfigurationValue {
    // In 2^-53 steps of 0..<1.
    let share = Double(random.next() >> 11) / Double(1 << 53)
    switch self {
    case .choices(let choices): return choices[Int(share * Double(choices.count))]
    case .numbers(let range):
      let number =
        range.logarithmic
        ? range.from * pow(range.to / range.from, share) : range.from + (range.to - range.from) * share
      // Three digits are as good as all, and can be read.
      return range.whole ? .integer(Int(number.rounded())) : .number(Double(String(format: "%.3g", number)) ?? number)
    }
  }
}
