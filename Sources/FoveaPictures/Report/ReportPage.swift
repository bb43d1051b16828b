import FoveaCore
import FoveaModel
import FoveaTraining

/// The page that shows a ``RunReport``: what there is nothing to say of is left out.
struct ReportPage {
  let report: RunReport

  init(_ report: RunReport) {
    self.report = report
  }

  /// A part of the page; nil where there is nothing in it.
  struct Section {
    let anchor: String
    let title: String
    let body: String

    var html: String { "<section id=\"\(anchor)\">\n<h2>\(title)</h2>\n\(body)\n</section>" }
  }

  var html: String {
    var sections: [Section?] = [curves]
    for (number, output) in report.outputs.enumerated() { sections += self.sections(of: output, number: number) }
    sections += [mistakes, variations, walk, recipe]
    let shown = sections.compactMap { $0 }
    return Page.document(
      title: "\(report.description.name): report", style: Self.style,
      """
      <a class="skip" href="#main">to the figures</a>
      <header>
      <h1>\(Self.escape(report.description.name))</h1>
      <p>\(facts)</p>
      \(tiles)
      \(decisions)
      </header>
      <nav aria-label="sections">
      <ol>
      \(shown.map { "<li><a href=\"#\($0.anchor)\">\($0.title)</a></li>" }.joined(separator: "\n"))
      </ol>
      </nav>
      <main id="main">
      \(shown.map(\.html).joined(separator: "\n"))
      </main>
      """)
  }

  static func escape(_ text: String) -> String { SVGText.escape(text) }

  private var facts: String {
    let name = report.data.name.split(separator: "/").last.map(String.init) ?? report.data.name
    var facts = "Judged by \(report.data.count.counted("image")) of <strong>\(Self.escape(name))</strong>"
    if !report.data.failures.isEmpty { facts += ", \(report.data.failures.count.grouped) of which could not be read" }
    facts += "; \(report.parameters.counted("parameter"))"
    if let training = report.training?.trainingCount {
      facts += ", trained on \(training.counted("image"))"
      if let epochs = report.training?.epochs { facts += " in \(epochs.counted("pass", "passes"))" }
    }
    return facts + "." + (report.date.map { " <span class=\"facts\">Made on \(Self.escape($0)).</span>" } ?? "")
  }

  /// The figures that one looks for first.
  private var tiles: String {
    var tiles: [(title: String, value: String)] = []
    for output in report.outputs {
      let prefix = report.outputs.count > 1 ? output.name + ": " : ""
      for figure in output.evaluation.figures {
        guard let value = figure.value else { continue }
        tiles.append((prefix + figure.title, figure.isShare ? Self.percent(value) : NumberText.short(value)))
      }
      if let scores = output.scores, scores.labels.count == 2, let area = scores.curve(of: 1).areaUnderROC {
        tiles.append((prefix + "area under ROC", Self.fixed(area)))
      }
      if let loss = output.evaluation.loss { tiles.append((prefix + "loss", NumberText.short(loss))) }
      if let scores = output.scores, scores.areConfidences {
        tiles.append((prefix + "calibration error", Self.percent(scores.reliability.expectedError)))
      }
    }
    return "<dl class=\"tiles\">"
      + tiles.map { "<div><dt>\(Self.escape($0.title))</dt><dd>\($0.value)</dd></div>" }.joined() + "</dl>"
  }

  private var decisions: String {
    let notes = (report.training?.notes ?? [:]).filter {
      $0.key.hasSuffix("threshold") || $0.key.hasSuffix("temperature")
    }
    let sentences = report.outputs.flatMap(\.decision)
    guard !sentences.isEmpty else { return "" }
    let origins = notes.sorted { $0.key < $1.key }.map { "\(Self.escape($0.key)): \(Self.escape($0.value))" }
    return "<p>" + sentences.map(Self.escape).joined(separator: " ")
      + (origins.isEmpty ? "" : " <span class=\"facts\">(\(origins.joined(separator: "; ")))</span>") + "</p>"
  }

  static func percent(_ share: Double) -> String { NumberText.percent(Float(share)) }

  /// A share with four digits behind the point.
  static func fixed(_ value: Double) -> String {
    let digits = String(Int((value * 10_000).rounded()))
    let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    return "\(padded.dropLast(4)).\(padded.suffix(4))"
  }

  /// A chart with its name above and what its colors mean below.
  static func figure(_ title: String, _ svg: String, legend: [String] = [], note: String = "") -> String {
    let keys = legend.enumerated().map { index, name in
      "<span class=\"key\"><i style=\"background:var(--s\(index % SVGText.series.count))\"></i>\(escape(name))</span>"
    }
    let caption = keys.joined(separator: " ") + (note.isEmpty ? "" : " <span class=\"facts\">\(escape(note))</span>")
    return """
      <figure class="chart"><h3>\(escape(title))</h3>
      \(svg)<figcaption>\(caption)</figcaption></figure>
      """
  }

  /// What may be wider than a phone, in a place that is moved by itself, with a keyboard too.
  static func wide(_ content: String, label: String) -> String {
    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"\(escape(label))\">\(content)</div>"
  }

  static func image(_ picture: RunReport.Picture) -> String {
    "<img src=\"\(Page.address(picture.bytes, type: picture.type))\" alt=\"\(escape(picture.words))\" "
      + "width=\"\(picture.size.width)\" height=\"\(picture.size.height)\""
      + (picture.type == "png" ? " class=\"pixels\"" : "") + ">"
  }

  private static let style = """
    .skip { position: absolute; left: -999rem; }
    .skip:focus { left: 1rem; top: 0.4rem; background: var(--card); padding: 0.2rem 0.6rem; }
    h3 { margin: 0.9rem 0 0.3rem; font-size: 1rem; }
    figure h3 { margin-top: 0; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0.6rem; margin: 1rem 0; }
    .tiles div { padding: 0.6rem 0.9rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
    .tiles dt { color: var(--quiet); font-size: 0.85rem; }
    .tiles dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
    figure { margin: 0; }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 1.2rem 1.6rem; }
    .chart { max-width: 440px; min-width: 0; }
    .chart svg { display: block; width: 100%; height: auto; }
    .key { display: inline-block; margin-right: 0.9rem; font-size: 0.9rem; }
    .key i { display: inline-block; width: 0.9rem; height: 0.25rem; margin-right: 0.35rem; vertical-align: middle; border-radius: 2px; }
    .wide { overflow-x: auto; max-width: 100%; }
    .wide svg { display: block; height: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.25rem 0.7rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
    th:first-child { text-align: left; padding-left: 0; }
    thead th { color: var(--quiet); font-weight: normal; }
    tbody th { font-weight: normal; }
    tfoot th, tfoot td { border-bottom: 0; font-weight: bold; }
    td.bar { background: linear-gradient(var(--accent) 0 0) left bottom / calc(var(--share) * 100%) 3px no-repeat; }
    td.words { white-space: normal; text-align: left; }
    .record th { color: var(--quiet); vertical-align: top; }
    .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(46%, 150px), 1fr)); gap: 1rem; }
    .gallery figcaption { font-size: 0.85rem; line-height: 1.35; margin-top: 0.3rem; }
    .gallery img, .gallery .none { display: block; width: 100%; height: auto; aspect-ratio: 1; object-fit: contain;
      background: var(--empty); border-radius: 6px; }
    .decided { color: var(--wrong); font-weight: bold; }
    .right-class { color: var(--good); font-weight: bold; }
    .name { color: var(--quiet); }
    img.pixels { image-rendering: pixelated; }
    .strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(88px, 1fr)); gap: 0.4rem; margin: 0.3rem 0 1rem; }
    .strip img { display: block; width: 100%; height: auto; border-radius: 4px; }
    .strip figcaption { font-size: 0.8rem; color: var(--quiet); }
    .maps { grid-template-columns: repeat(8, minmax(0, 1fr)); max-width: 760px; }
    @media (max-width: 600px) { .maps { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
    .pair { display: flex; flex-wrap: wrap; gap: 0 2.5rem; align-items: flex-start; }
    .pair > * { min-width: 0; }
    .alone img { width: 140px; height: auto; border-radius: 6px; }
    pre { margin: 0.3rem 0 1rem; padding: 0.7rem 0.9rem; background: var(--empty); border-radius: 6px; overflow-x: auto;
      font-size: 0.85rem; white-space: pre-wrap; }
    details { margin: 0.6rem 0; }
    summary { cursor: pointer; font-weight: bold; }
    @media print {
      figure, tr, .tiles div { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
      .wide { overflow: visible; }
      .wide svg { max-width: 100%; }
      .chart { max-width: 340px; }
      .gallery { grid-template-columns: repeat(6, 1fr); }
    }
    """
}
