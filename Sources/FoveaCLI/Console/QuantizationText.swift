import Fovea

/// What 'fovea quantize' says.
struct QuantizationText {
  let report: QuantizationReport
  let model: Model
  /// Bytes of the files; nil where there is none.
  let before, after: Int?
  let output: String
  let refusal: String?
  let batchSize: Int

  func text(width: Int?) -> String {
    var table = TextTable([("", .left), ("float32", .right), ("int8", .right)])
    for figure in report.figures { table.add([figure.title, text(figure.before, figure), text(figure.after, figure)]) }
    table.add(["images/s", NumberText.short(report.speedBefore), NumberText.short(report.speedAfter)])
    if let before, let after { table.add(["file", Format.megabytes(before), Format.megabytes(after)]) }
    let multiplied = model.quantizedLayers.count
    let kept = model.quantization?.kept ?? []
    var lines = [
      table.text(width: width),
      "\(Format.count(multiplied, "layer")) in int8\(kept.isEmpty ? "" : ", kept in float32: " + kept.joined(separator: ", "))",
      "\(Format.count(report.differences, "image")) of \(Format.grouped(report.examples)) decided otherwise than in float32",
      "\(Format.fixed(report.speedup, 2)) times as fast, \(Format.count(batchSize, "image")) at once",
    ]
    if refusal == nil { lines.append("written: \(output)") }
    return lines.joined(separator: "\n")
  }

  private func text(_ value: Double, _ figure: QuantizationReport.Figure) -> String {
    figure.isShare ? Format.percent(value) : Format.fixed(value, 4)
  }

  func json() throws -> String {
    func figures(_ value: (QuantizationReport.Figure) -> Double) -> ConfigurationValue {
      .object(Dictionary(report.figures.map { ($0.key, .number(value($0))) }) { first, _ in first })
    }
    func number(_ value: Int?) -> ConfigurationValue { value.map { .integer($0) } ?? .null }
    return try Format.json(
      ConfigurationValue.object([
        "before": figures(\.before), "after": figures(\.after), "decisive": .string(report.decisive.key),
        "lost": .number(report.decisive.lost), "images": .integer(report.examples),
        "differences": .integer(report.differences),
        "imagesPerSecond": .object(["before": .number(report.speedBefore), "after": .number(report.speedAfter)]),
        "bytes": .object(["before": number(before), "after": number(after)]),
        "layers": .array(model.quantizedLayers.map { .string($0.layer) }),
        "kept": .array((model.quantization?.kept ?? []).map { .string($0) }),
        "refused": refusal.map { .string($0) } ?? .null,
      ]))
  }
}
