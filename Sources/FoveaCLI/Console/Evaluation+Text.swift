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
    if let classes {
      members["means"] = try JSONDecoder().decode(ConfigurationValue.self, from: JSONEncoder().encode(classes.means))
    }
    if let comparison { members.merge(comparison.members) { first, _ in first } }
    return try Format.json(ConfigurationValue.object(members))
  }

  /// All figures for people.
  ///
  /// - Parameter width: of the terminal, in columns; nil where lines may be of any length.
  func text(width: Int?) -> String {
    var summary = TextTable([("", .left), ("", .right)])
    summary.add(["images", Format.grouped(count)])
    if let loss { summary.add(["loss", Format.fixed(loss, 4)]) }
    for figure in figures { summary.add([figure.title, figure.text]) }
    return text(summary, width)
  }

  /// - Parameter summary: what comes first.
  private func text(_ summary: TextTable, _ width: Int?) -> String {
    var summary = summary
    switch self {
    case .outputs(let outputs):
      let blocks = outputs.map { "Output '\($0.name)':\n" + $0.evaluation.text(width: width) }
      return ([summary.text(width: width)] + blocks).joined(separator: "\n\n")
    case .classes(let classes):
      if classes.labels.count > 5 { summary.add(["among the best 5", Format.percent(classes.top5)]) }
      return ([summary.text(width: width)] + classes.tables(width)).joined(separator: "\n\n")
    case .labels(let labels):
      summary.add(["all labels right", Format.percent(labels.exactMatch)])
      return summary.text(width: width) + "\n\n" + labels.table(width)
    case .numbers(let numbers): return summary.text(width: width) + "\n\n" + numbers.table(width)
    case .others: return summary.text(width: width)
    case .measured(let evaluation, _): return evaluation.text(summary, width)
    }
  }
}

extension MetricFigure {
  /// `88.12 %`, or `0.0312` in units of the data.
  var text: String { value.map { isShare ? Format.percent($0) : NumberText.short($0) } ?? "-" }
}

extension LabelEvaluation {
  fileprivate func table(_ width: Int?) -> String {
    var table = TextTable([
      ("label", .left), ("images", .right), ("average precision", .right), ("precision", .right), ("recall", .right),
      ("F1", .right),
    ])
    func row(_ name: String, _ count: String, _ figures: [Double?]) {
      table.add([name, count] + figures.map { $0.map(Format.percent) ?? "-" })
    }
    for label in labels {
      row(
        label.label, Format.grouped(label.count), [label.averagePrecision, label.precision, label.recall, label.f1])
    }
    row("mean", "", [meanAveragePrecision, means.precision, means.recall, means.f1])
    let hasGaps = labels.contains { $0.averagePrecision == nil || $0.precision == nil }
    return table.text(width: width)
      + (hasGaps ? "\n- is undefined: no image has the label, or none was given it; means are over the others" : "")
  }
}

extension NumberEvaluation {
  fileprivate func table(_ width: Int?) -> String {
    var table = TextTable([
      ("number", .left), ("mean absolute error", .right), ("root mean square error", .right), ("R²", .right),
    ])
    for number in numbers {
      table.add(
        [number.name]
          + [number.meanAbsoluteError, number.rootMeanSquareError, number.r2].map {
            $0.map { NumberText.short($0) } ?? "-"
          })
    }
    return table.text(width: width)
      + (numbers.contains { $0.r2 == nil } ? "\n- is undefined: the number is the same in all images" : "")
  }
}

extension ClassEvaluation {
  fileprivate func tables(_ width: Int?) -> [String] {
    [classTable(width), confusionTable(width)].compactMap { $0 }
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
