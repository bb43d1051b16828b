public import ArgumentParser
public import Fovea

/// What of a model's decisions is learned from images that its weights have not learned from.
struct DecisionOptions: ParsableArguments {
  enum Calibration: String, CaseIterable, ExpressibleByArgument {
    case temperature
    case none
  }

  @Option(
    help: ArgumentHelp(
      "Whether a temperature is fitted, so that confidences are as sure as they are right; it changes no decision "
        + "of the most probable class.", valueName: "how"))
  var calibration = Calibration.temperature

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of a network with one output for two classes: from which confidence on the second class is decided for. A number, "
        + "or what is to be best: \(ThresholdRule.named.map(\.name).joined(separator: ", ")). Of thresholds that are "
        + "equally good, the one nearest to 0.5.", valueName: "rule"))
  var threshold = ThresholdRule.balancedAccuracy

  var settings: DecisionSettings {
    DecisionSettings(calibrates: calibration == .temperature, threshold: threshold)
  }
}

extension ThresholdRule: ExpressibleByArgument {
  public init?(argument: String) {
    if let named = Self.named.first(where: { $0.name == argument }) {
      self = named.rule
    } else if let value = Float(argument), (0...1).contains(value) {
      self = .fixed(value)
    } else {
      return nil
    }
  }

  public var defaultValueDescription: String {
    Self.named.first { $0.rule == self }?.name ?? "\(self)"
  }
}
