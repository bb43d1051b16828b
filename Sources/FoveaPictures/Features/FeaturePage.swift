import FoveaCore

/// The page that shows all pictures in order, and the network as a graph whose layers can be looked into: one file that needs
/// nothing from elsewhere. Without a script, all but that is there.
struct FeaturePage {
  private let report: FeatureReport
  private let viewer: FeatureViewer?
  /// The pictures' files as addresses, by their names; those that are missing are fetched from beside the page.
  private let pictures: [String: String]
  /// Of each of the report's layers, where many pictures were looked at.
  private let tables: [StatisticsTable?]

  init(
    _ report: FeatureReport, viewer: FeatureViewer? = nil, pictures: [String: String] = [:],
    tables: [StatisticsTable?] = []
  ) {
    (self.report, self.viewer, self.pictures, self.tables) = (report, viewer, pictures, tables)
  }

  var html: String {
    Page.document(
      title: "\(report.model): what each layer sees",
      style: Self.style + StatisticsTable.style + (viewer == nil ? "" : FeatureViewer.style),
      script: viewer == nil ? nil : FeatureViewer.script,
      """
      <header>
      <h1>\(SVGText.escape(report.model))</h1>
      <p>What each layer makes of <code>\(SVGText.escape(report.image))</code>, from the picture to the decision.</p>
      \(prediction)
      </header>
      \(viewer?.html ?? "")
      <nav aria-label="layers">
      <ol>
      \(path)
      </ol>
      </nav>
      <main>
      <section id="input">
      <h2>input <small>\(Self.shape(report.inputShape))</small></h2>
      \(picture(report.input, of: "input"))
      </section>
      \(report.layers.enumerated().map(section).joined(separator: "\n"))
      </main>
      """)
  }

  private var prediction: String {
    if let result = report.result { return "<p>The network yields <strong>\(SVGText.escape(result))</strong>.</p>" }
    // Without postprocessing, scores are raw outputs and no shares.
    let areShares = report.top.allSatisfy(\.isConfidence)
    let largest = report.top.map { abs($0.score) }.filter(\.isFinite).max() ?? 0
    let rows = report.top.map { score in
      let part = areShares ? score.score : largest > 0 ? score.score / largest : 0
      let share = min(max(part.isFinite ? part : 0, 0), 1)
      let number = areShares ? "\(NumberText.short(score.score * 100)) %" : NumberText.short(score.score)
      let isDecision = score.label == report.label
      return """
        <tr\(isDecision ? " class=\"decision\"" : "")><th scope="row">\(SVGText.escape(score.label))</th>\
        <td class="bar"><span style="width:\(NumberText.short(share * 100))%"></span></td>\
        <td>\(number)</td></tr>
        """
    }
    let decision = report.label.map { "The network decides for <strong>\(SVGText.escape($0))</strong>." }
    let note = areShares ? "" : " The numbers are raw outputs, and no confidences."
    return
      "<p>\(decision ?? "The network does not decide.")\(note)\(clip)</p>\n"
      + "<table>\n\(rows.joined(separator: "\n"))\n</table>"
  }

  /// What was decided over a clip.
  private var clip: String {
    guard let frames = report.frames, frames.count > 1 else { return "" }
    let counts = Dictionary(grouping: frames.compactMap(\.label)) { $0 }.mapValues(\.count)
    let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
    let decisions = most.map { "<strong>\(SVGText.escape($0.key))</strong> in \($0.value.grouped)" }
    return " That is of the first of \(frames.count.counted("frame")), as is all that stands still here."
      + (decisions.isEmpty ? "" : " In all, it is \(decisions.joined(separator: ", ")).")
  }

  private var path: String {
    let stations =
      [("input", "input", Self.shape(report.inputShape))]
      + report.layers.map { ($0.name, $0.kind, Self.shape($0.outputShape)) }
    return stations.map { name, kind, shape in
      let kind = kind == name ? "" : "<i>\(SVGText.escape(kind))</i>"
      return "<li><a href=\"#\(Self.anchor(name))\"><b>\(SVGText.escape(name))</b>\(kind)<span>\(shape)</span></a></li>"
    }.joined(separator: "\n")
  }

  private func section(_ index: Int, _ layer: FeatureReport.Layer) -> String {
    let previous = index == 0 ? "input" : report.layers[index - 1].name
    let source =
      layer.inputs == [previous] ? "" : "; takes \(layer.inputs.map(SVGText.escape).joined(separator: ", "))"
    return """
      <section id="\(Self.anchor(layer.name))">
      <h2>\(index + 1). \(SVGText.escape(layer.name)) <small>\(SVGText.escape(layer.kind)), \(Self.shape(layer.outputShape))</small></h2>
      <p>\(SVGText.escape(layer.explanation))</p>
      <p class="facts">\(Self.facts(layer))\(source)</p>
      \((tables.indices.contains(index) ? tables[index] : nil)?.html ?? "")
      <div class="pictures">
      \(layer.pictures.map { picture($0, of: layer.name) }.joined(separator: "\n"))
      </div>
      </section>
      """
  }

  /// A layer's figures in words.
  static func facts(_ layer: FeatureReport.Layer) -> String {
    func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }
    var text =
      "values from \(NumberText.short(layer.minimum)) to \(NumberText.short(layer.maximum)), mean \(NumberText.short(layer.mean))"
    if layer.zeros > 0.005 { text += ", \(percent(layer.zeros)) of them 0" }
    if let dead = layer.deadMaps, dead > 0 { text += ", \(dead.counted("map")) all 0" }
    if let saturated = layer.saturated, saturated > 0.005 {
      text += ", \(percent(saturated)) at the ends of the function"
    }
    if let field = layer.receptiveField { text += "; a place sees \(field[0]) × \(field[1]) of the input" }
    return text
  }

  private func picture(_ picture: FeatureReport.Picture, of layer: String) -> String {
    let shown = picture.output ?? layer
    let words =
      switch picture.content {
      case .input: "the picture and what the network sees of it"
      case .maps: "the maps of \(shown)"
      case .values: "the values of \(shown)"
      case .kernels: "the kernels of \(layer)"
      case .codes: "what comes into \(layer) beside the classes' codes"
      }
    // Names of layers hold nothing that a link would have to escape.
    return
      "<a href=\"\(picture.file)\"><img src=\"\(pictures[picture.file] ?? picture.file)\" alt=\"\(SVGText.escape(words))\" width=\"\(picture.width)\" "
      + "height=\"\(picture.height)\" loading=\"lazy\"></a>"
  }

  private static func shape(_ shape: [Int]) -> String {
    shape.count == 3 && shape[1] * shape[2] > 1
      ? "\(shape[0]) × \(shape[1]) × \(shape[2])" : "\(shape.reduce(1, *))"
  }

  static func anchor(_ name: String) -> String { name == "input" ? name : "layer-" + name }

  private static let style = """
    table { border-spacing: 0 3px; }
    th { text-align: right; padding-right: 0.6rem; font-weight: normal; }
    td.bar { width: 16rem; background: var(--line); }
    td.bar span { display: block; height: 1rem; min-width: 1px; background: #a9b4c2; }
    td:last-child { padding-left: 0.6rem; color: var(--quiet); }
    tr.decision th { font-weight: bold; }
    tr.decision span { background: var(--accent); }
    nav li + li::before { content: "\\2192"; position: absolute; left: -1.05rem; top: 0.7rem; color: var(--quiet); }
    nav ol { gap: 0.35rem 1.2rem; }
    nav b, nav i, nav span { display: block; }
    nav i, nav span { color: var(--quiet); font-style: normal; font-size: 0.75rem; }
    .pictures { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: flex-start; }
    .pictures a { min-width: 0; }
    img { display: block; max-width: 100%; height: auto; margin: 0.6rem 0; }
    """
}
