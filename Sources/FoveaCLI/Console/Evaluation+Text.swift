import Foundation
import Fovea

extension Evaluation {
  /// All figures as JSON; every key is there, whatever its value.
  func json(_ comparison: PrecisionComparison?) throws -> String {
    let encoded = try JSONEncoder().encode(self)
    guard case .object(var members) = try JSONDecoder().decode(ConfigurationValue.self, from: encoded) else {
      return ""
    }
    members["loss"] = members["loss"] ?? .null
    if let comparison { members.merge(comparison.members) { first, _ in first } }
    return try Format.json(ConfigurationValue.object(members))
  }

  /// All figures for people.
  var text: String {
    var figures = TextTable([("", .left), ("", .right)])
    figures.add(["images", Format.grouped(count)])
    if let loss { figures.add(["loss", Format.fixed(loss, 4)]) }
    figures.add(["accuracy", Format.percent(accuracy)])
    if labels.count > 5 { figures.add(["among the best 5", Format.percent(top5)]) }
    var blocks = [figures.lines.dropFirst().joined(separator: "\n"), classTable]
    if let confusionTable { blocks.append(confusionTable) }
    return blocks.joined(separator: "\n\n")
  }

  private var classTable: String {
    var table = TextTable([("class", .left), ("precision", .right), ("recall", .right), ("F1", .right)])
    for metrics in classes {
      table.add(
        [metrics.label] + [metrics.precision, metrics.recall, metrics.f1].map { Format.percent($0) })
    }
    return table.lines.joined(separator: "\n")
  }

  /// Nil where it would be wider than any screen.
  private var confusionTable: String? {
    guard labels.count <= 26 else { return nil }
    let letters = labels.indices.map { String(UnicodeScalar(UInt8(ascii: "a") + UInt8($0))) }
    var table = TextTable([("", .left), ("", .left)] + letters.map { ($0, .right) })
    for (index, row) in confusion.enumerated() {
      table.add([letters[index], labels[index]] + row.map { $0 == 0 ? "·" : String($0) })
    }
    return "Each row is a class, each column what the model took its images for:\n"
      + table.lines.joined(separator: "\n")
  }
}
