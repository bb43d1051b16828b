import Foundation
import Fovea

extension PrecisionComparison {
  /// What `fovea evaluate --json` prints besides the figures in this precision.
  var members: [String: ConfigurationValue] {
    [
      "precision": .string(precision.rawValue),
      "float32": [
        "loss": float32.loss.map(ConfigurationValue.number) ?? .null, "accuracy": .number(float32.accuracy),
        "top5": .number(float32.top5),
      ],
      "differences": .integer(differences),
    ]
  }

  /// For people.
  func text(width: Int?) -> String {
    var table = TextTable([("", .left), (precision.rawValue, .right), (Precision.float32.rawValue, .right)])
    if let loss = evaluation.loss, let exact = float32.loss {
      table.add(["loss", Format.fixed(loss, 4), Format.fixed(exact, 4)])
    }
    table.add(["accuracy", Format.percent(evaluation.accuracy), Format.percent(float32.accuracy)])
    return table.text(width: width) + "\n" + decided
  }

  /// How many images are decided otherwise.
  var decided: String {
    "\(Format.count(differences, "image")) of \(Format.grouped(evaluation.count)) decided otherwise than in float32"
  }
}
