import Foundation
import Fovea

extension PrecisionComparison {
  /// What `fovea evaluate --json` prints besides the figures in this precision.
  var members: [String: ConfigurationValue] {
    var exact: [String: ConfigurationValue] = ["loss": float32.loss.map(ConfigurationValue.number) ?? .null]
    for figure in float32.figures { exact[figure.key] = figure.value.map(ConfigurationValue.number) ?? .null }
    if let top5 = float32.classes?.top5 { exact["top5"] = .number(top5) }
    return ["precision": .string(precision.rawValue), "float32": .object(exact), "differences": .integer(differences)]
  }

  /// For people.
  func text(width: Int?) -> String {
    var table = TextTable([("", .left), (precision.rawValue, .right), (Precision.float32.rawValue, .right)])
    if let loss = evaluation.loss, let exact = float32.loss {
      table.add(["loss", Format.fixed(loss, 4), Format.fixed(exact, 4)])
    }
    for (figure, exact) in zip(evaluation.figures, float32.figures) {
      table.add([figure.title, figure.text, exact.text])
    }
    return table.text(width: width) + "\n" + decided
  }

  /// How many images are decided otherwise.
  var decided: String {
    "\(Format.count(differences, "image")) of \(Format.grouped(evaluation.count)) decided otherwise than in float32"
  }
}
