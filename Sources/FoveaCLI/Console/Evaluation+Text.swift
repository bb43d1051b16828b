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
    members["means"] = try JSONDecoder().decode(ConfigurationValue.self, from: JSONEncoder().encode(means))
    if let comparison { members.merge(comparison.members) { first, _ in first } }
    return try Format.json(ConfigurationValue.object(members))
  }

  /// All figures for people.
  ///
  /// - Parameter width: of the terminal, in columns; nil where lines may be of any length.
  func text(width: Int?) -> String {
    var figures = TextTable([("", .left), ("", .right)])
    figures.add(["images", Format.grouped(count)])
    if let loss { figures.add(["loss", Format.fixed(loss, 4)]) }
    figures.add(["accuracy", Format.percent(accuracy)])
    if labels.count > 5 { figures.add(["among the best 5", Format.percent(top5)]) }
    var blocks = [figures.text(width: width), classTable(width)]
    if let confusionTable = confusionTable(width) { blocks.append(confusionTable) }
    return blocks.joined(separator: "\n\n")
  }

  private func classTable(_ width: Int?) -> String {
    var table = TextTable([("class", .left), ("precision", .right), ("recall", .right), ("F1", .right)])
    func row(_ name: String, _ figures: [Double?]) { table.add([name] + figures.map { $0.map(Format.percent) ?? "-" }) }
    for metrics in classes { row(metrics.label, [metrics.precision, metrics.recall, metrics.f1]) }
    row("mean", [means.precision, means.recall, means.f1])
    let hasGaps = classes.contains { $0.precision == nil || $0.recall == nil }
    return table.text(width: width)
      + (hasGaps ? "\n- is undefined: no image of the class, or none taken for it; means are over the others" : "")
  }

  /// Nil where it would be wider than any screen. Where the screen is narrower, it would be no table any more.
  private func confusionTable(_ width: Int?) -> String? {
    guard labels.count <= 26 else { return nil }
    let letters = labels.indices.map { String(UnicodeScalar(UInt8(ascii: "a") + UInt8($0))) }
    var table = TextTable([("", .left), ("", .left)] + letters.map { ($0, .right) })
    for (index, row) in confusion.enumerated() {
      table.add([letters[index], labels[index]] + row.map { $0 == 0 ? "·" : String($0) })
    }
    let lines = table.lines()
    let needed = lines.map(\.columns).max() ?? 0
    if let width, needed > width {
      return
        "Which classes are taken for which is a table of \(needed) columns: --confusion FILE draws it, --json prints it."
        .wrapped(to: width).joined(separator: "\n")
    }
    return "Each row is a class, each column what the model took its images for:\n" + lines.joined(separator: "\n")
  }
}
