import FoveaCore
import FoveaTraining

// Curves of the training, and how well each output does.
extension ReportPage {
  /// Loss, figures and rate, pass by pass.
  var curves: Section? {
    let history = report.history
    guard !history.isEmpty else { return nil }
    func line(_ name: String, _ value: (EpochMetrics) -> Double?) -> LearningCurve.Series? {
      guard history.contains(where: { value($0) != nil }) else { return nil }
      return LearningCurve.Series(name, perPass: history.map { value($0) ?? .nan })
    }
    func chart(_ title: String, _ lines: [LearningCurve.Series?], fromZero: Bool = true) -> String? {
      let lines = lines.compactMap { $0 }
      guard !lines.isEmpty else { return nil }
      let chart = LineChart(
        title: title, xLabel: "passes", yLabel: "", series: lines, frame: .inset, startsAtZero: fromZero)
      let names = lines.map { line in
        line.name + (line.points.last { $0.y.isFinite }.map { ", last \(NumberText.short($0.y))" } ?? "")
      }
      return Self.figure(title, chart.svg, legend: names)
    }
    let share = { (value: Double?) in value.map { $0 * 100 } }
    var charts = [
      chart("Loss", [line("training") { $0.loss }, line("validation", \.validationLoss)]),
      chart(
        "Accuracy in percent",
        [line("training") { share($0.trainingAccuracy) }, line("validation") { share($0.validationAccuracy) }],
        fromZero: false),
    ]
    let keys = Set(
      history.flatMap { Array(($0.trainingFigures ?? [:]).keys) + Array(($0.validationFigures ?? [:]).keys) })
    charts += keys.sorted().map { key in
      chart(
        MetricFigure(key, nil).title,
        [line("training") { $0.trainingFigures?[key] }, line("validation") { $0.validationFigures?[key] }],
        fromZero: false)
    }
    charts.append(chart("Learning rate", [line("rate") { $0.learningRate }]))
    return Section(anchor: "curves", title: "Training", body: Self.charts(charts))
  }

  static func charts(_ charts: [String?]) -> String {
    "<div class=\"charts\">\(charts.compactMap { $0 }.joined(separator: "\n"))</div>"
  }

  func sections(of output: RunReport.Output, number: Int) -> [Section?] {
    let suffix = report.outputs.count > 1 ? "-\(number + 1)" : ""
    func section(_ anchor: String, _ title: String, _ body: String?) -> Section? {
      body.map { body in
        Section(
          anchor: anchor + suffix,
          title: title + (suffix.isEmpty ? "" : " of \(Self.escape(output.name))"), body: body)
      }
    }
    return sections(of: output.evaluation, output, section)
  }

  private func sections(
    of evaluation: Evaluation, _ output: RunReport.Output, _ section: (String, String, String?) -> Section?
  ) -> [Section?] {
    switch evaluation {
    case .measured(let evaluation, _): return sections(of: evaluation, output, section)
    case .classes(let classes):
      return [
        section(
          "classes", "Classes",
          "<div class=\"pair\"><div>\(classTable(classes, output.scores))</div>\n\(confusion(classes))</div>"),
        section("thresholds", "At every threshold", output.scores.map(thresholds)),
        section("calibration", "Calibration", output.scores.flatMap(calibration)),
      ]
    case .labels(let labels):
      guard case .labels(let judged)? = output.judged else {
        return [section("labels", "Labels", labelTable(labels, nil))]
      }
      return [
        section("labels", "Labels", labelTable(labels, judged)),
        section("thresholds", "At every threshold", thresholds(judged)),
        section("calibration", "Calibration", calibration(judged)),
      ]
    case .numbers(let numbers):
      var judged: JudgedExamples<JudgedNumbers>?
      if case .numbers(let examples)? = output.judged { judged = examples }
      return [
        section("numbers", "Numbers", numberTable(numbers)),
        section("errors", "Predicted and right", judged.flatMap { errors(numbers, $0) }),
      ]
    case .others, .outputs: return []
    }
  }

  func table(_ titles: [String], _ rows: [(name: String, cells: [String])], mean: [String]? = nil) -> String {
    let head = titles.map { "<th scope=\"col\">\(Self.escape($0))</th>" }.joined()
    let body = rows.map { "<tr><th scope=\"row\">\(Self.escape($0.name))</th>\($0.cells.joined())</tr>" }
    let foot = mean.map { "<tfoot><tr><th scope=\"row\">mean</th>\($0.joined())</tr></tfoot>" } ?? ""
    return Self.wide(
      "<table><thead><tr>\(head)</tr></thead><tbody>\(body.joined(separator: "\n"))</tbody>\(foot)</table>",
      label: titles[0])
  }

  func plain(_ text: String) -> String { "<td>\(text)</td>" }

  private func share(_ value: Double?) -> String {
    guard let value else { return plain("–") }
    return "<td class=\"bar\" style=\"--share:\(Self.fixed(min(max(value, 0), 1)))\">\(Self.percent(value))</td>"
  }

  private func classTable(_ classes: ClassEvaluation, _ scores: ScoredExamples?) -> String {
    let curves = scores.map { scores in scores.labels.indices.map { scores.curve(of: $0) } }
    let rows = classes.classes.enumerated().map { index, metrics in
      let curve = curves?[index]
      return (
        name: metrics.label,
        cells: [
          plain((curve?.positives ?? classes.confusion[index].reduce(0, +)).grouped), share(metrics.precision),
          share(metrics.recall), share(metrics.f1),
          plain(curve?.areaUnderROC.map(Self.fixed) ?? "–"), plain(curve?.averagePrecision.map(Self.fixed) ?? "–"),
        ]
      )
    }
    func mean(_ figure: (ThresholdCurve) -> Double?) -> String {
      plain((curves ?? []).map(figure).meanOfDefined.map(Self.fixed) ?? "–")
    }
    let means = classes.means
    let foot = [
      plain(classes.count.grouped), share(means.precision), share(means.recall), share(means.f1),
      mean(\.areaUnderROC), mean(\.averagePrecision),
    ]
    let titles = ["class", "images", "precision", "recall", "F1", "area under ROC", "average precision"]
    let note =
      "<p class=\"facts\">Means count every class the same. Areas and average precision take each class against the rest.</p>"
    return long(titles, rows, mean: foot, f1: classes.classes.map(\.f1), "class", "classes") + note
  }

  private func confusion(_ classes: ClassEvaluation) -> String {
    var pairs: [(right: Int, decided: Int, count: Int)] = []
    for (right, row) in classes.confusion.enumerated() {
      for (decided, count) in row.enumerated() where decided != right && count > 0 {
        pairs.append((right, decided, count))
      }
    }
    pairs.sort { $0.count > $1.count }
    var parts: [String] = []
    if classes.labels.count <= 60 {
      parts.append(
        Self.wide(ConfusionMatrix(classes, title: "Which class is taken for which").svg, label: "confusion matrix"))
    }
    if classes.labels.count > 3, !pairs.isEmpty {
      let items = pairs.prefix(10).map { right, decided, count in
        "<li><strong>\(Self.escape(classes.labels[right]))</strong> taken for "
          + "<strong>\(Self.escape(classes.labels[decided]))</strong>: \(count.grouped)</li>"
      }
      parts.append("<div><h3>Most often</h3><ol>\(items.joined())</ol></div>")
    }
    return parts.joined(separator: "\n")
  }

  private func labelTable(_ labels: LabelEvaluation, _ judged: JudgedExamples<JudgedLabels>?) -> String {
    let figures = labels.labels.indices.map { label in
      judged.map { (area: $0.curve(of: label).areaUnderROC, error: $0.reliability(of: label).expectedError) }
    }
    let rows = zip(labels.labels, figures).map { label, figures in
      (
        name: label.label,
        cells: [plain(label.count.grouped)] + [label.precision, label.recall, label.f1].map(share)
          + [figures?.area, label.averagePrecision].map { plain($0.map(Self.fixed) ?? "–") }
          + [plain(figures.map { Self.percent($0.error) } ?? "–")]
      )
    }
    let means = labels.means
    let foot =
      [plain("")] + [means.precision, means.recall, means.f1].map(share)
      + [figures.map { $0?.area }.meanOfDefined, labels.meanAveragePrecision].map { plain($0.map(Self.fixed) ?? "–") }
      + [plain(figures.map { $0?.error }.meanOfDefined.map(Self.percent) ?? "–")]
    return long(
      ["label", "images", "precision", "recall", "F1", "area under ROC", "average precision", "calibration error"],
      rows,
      mean: foot, f1: labels.labels.map(\.f1), "label")
  }

  /// Of many classes or labels only those that do worst, as long as nobody asks for all.
  private func long(
    _ titles: [String], _ rows: [(name: String, cells: [String])], mean: [String], f1: [Double?], _ noun: String,
    _ plural: String? = nil
  ) -> String {
    guard rows.count > 40 else { return table(titles, rows, mean: mean) }
    let worst = rows.indices.sorted { (f1[$0] ?? 2) < (f1[$1] ?? 2) }.prefix(20)
    return "<p>The twenty with the lowest F1:</p>" + table(titles, worst.map { rows[$0] }, mean: mean)
      + "<details><summary>All \(rows.count.counted(noun, plural))</summary>\(table(titles, rows))</details>"
  }

  private func numberTable(_ numbers: NumberEvaluation) -> String {
    table(
      ["number", "mean absolute error", "root mean square error", "R²"],
      numbers.numbers.map { number in
        (
          name: number.name,
          cells: [number.meanAbsoluteError, number.rootMeanSquareError, number.r2].map {
            plain($0.map { NumberText.short($0) } ?? "–")
          }
        )
      })
  }
}
