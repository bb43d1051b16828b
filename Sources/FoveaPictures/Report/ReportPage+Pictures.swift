import FoveaCore
import FoveaModel
import FoveaTraining

// Pictures, and how all of it came to be.
extension ReportPage {
  private func shown(_ score: LabelledScore) -> String {
    score.isConfidence ? NumberText.percent(score.score) : NumberText.short(score.score)
  }

  var mistakes: Section? {
    if !report.mistakes.isEmpty {
      let figures = report.mistakes.map { mistake in
        let decided = mistake.decided.map { Self.decided($0.label) + " " + shown($0) }
        return figure(
          mistake.picture, mistake.name,
          [decided ?? Self.decided("rejected"), "is \(Self.right(mistake.right.label)) \(shown(mistake.right))"])
      }
      return gallery(figures, "wrong decisions: those first in which the right class has the least confidence.")
    }
    if !report.labelMistakes.isEmpty {
      let figures = report.labelMistakes.map { mistake in
        func list(_ scores: [LabelledScore], _ name: (String) -> String) -> String {
          scores.map { "\(name($0.label)) \(shown($0))" }.joined(separator: ", ")
        }
        return figure(
          mistake.picture, mistake.name,
          [
            mistake.wronglyGiven.isEmpty ? "" : "given " + list(mistake.wronglyGiven, Self.decided),
            mistake.missed.isEmpty ? "" : "missed " + list(mistake.missed, Self.right),
            mistake.found.isEmpty ? "" : "right: " + list(mistake.found, Self.escape),
          ])
      }
      return gallery(
        figures, "images with wrong labels: those first whose confidences are farthest from what is right.")
    }
    guard !report.numberMistakes.isEmpty else { return nil }
    let figures = report.numberMistakes.map { mistake in
      figure(
        mistake.picture, mistake.name,
        mistake.numbers.prefix(3).map { number in
          "\(Self.escape(number.name)) \(Self.decided(NumberText.short(number.value))), is "
            + Self.right(NumberText.short(number.target))
        })
    }
    return gallery(
      figures, "images: those first of which a number is farthest off, in units of its root mean square error.")
  }

  private static func decided(_ text: String) -> String { "<span class=\"decided\">\(escape(text))</span>" }

  private static func right(_ text: String) -> String { "<span class=\"right-class\">\(escape(text))</span>" }

  /// - Parameter lines: as HTML; empty ones are left out.
  private func figure(_ picture: RunReport.Picture?, _ name: String, _ lines: [String]) -> String {
    let lines = (lines.filter { !$0.isEmpty } + ["<span class=\"name\">\(Self.escape(name))</span>"])
    return "<figure>\(picture.map(Self.image) ?? "<span class=\"none\"></span>")"
      + "<figcaption>\(lines.joined(separator: "<br>\n"))</figcaption></figure>"
  }

  private func gallery(_ figures: [String], _ words: String) -> Section {
    let count = report.mistakeCount
    let of = count > figures.count ? "The worst \(figures.count) of \(count.grouped)" : "All \(count.grouped)"
    return Section(
      anchor: "mistakes", title: "Worst mistakes",
      body: "<p>\(of) \(words)</p><div class=\"gallery\">\(figures.joined(separator: "\n"))</div>")
  }

  var variations: Section? {
    guard !report.variations.isEmpty else { return nil }
    let rows = report.variations.map { row in
      let pictures = ([row.original] + row.augmented).enumerated().map { index, picture in
        "<figure>\(Self.image(picture))<figcaption>\(index == 0 ? "as it is" : "pass \(index)")</figcaption></figure>"
      }
      return "<h3>\(Self.escape(row.name))</h3><div class=\"strip\">\(pictures.joined())</div>"
    }
    return Section(
      anchor: "augmentation", title: "What augmentation does",
      body: "<p>Pictures as the network sees them, and as training with the recipe shows them, each pass anew.</p>"
        + rows.joined(separator: "\n"))
  }

  var walk: Section? {
    guard let walk = report.walk else { return nil }
    let best = walk.best.map { "\(Self.escape($0.label)) \(shown($0))" }.joined(separator: ", ")
    let layers = walk.layers.map { layer in
      let rest = layer.count > layer.maps.count ? ", \(layer.maps.count) of \(layer.count.grouped) maps" : ""
      let kind = layer.kind == layer.name ? "" : Self.escape(layer.kind)
      return """
        <h3>\(Self.escape(layer.name)) <small class="facts">\(kind)\(rest)</small></h3>
        <p class="facts">\(Self.escape(layer.explanation))</p>
        <div class="strip maps">\(layer.maps.map(Self.image).joined())</div>
        """
    }
    return Section(
      anchor: "features", title: "One image, layer by layer",
      body:
        "<figure class=\"alone\">\(Self.image(walk.input))<figcaption>\(Self.escape(walk.name)): \(best)</figcaption></figure>"
        + layers.joined(separator: "\n"))
  }

  var recipe: Section? {
    var rows: [(String, String)] = []
    func add(_ name: String, _ value: String?) { if let value { rows.append((name, value)) } }
    let training = report.training
    add("trained on", training?.data)
    add("images to learn from", training?.trainingCount?.grouped)
    add("images kept apart", training?.validationCount?.grouped)
    add("left out", training?.leftOutCount?.grouped)
    add("passes", training?.epochs?.grouped)
    add("seed", training?.seed.map { String($0) })
    add("threads", training?.threads?.grouped)
    add("precision", training?.precision.map { "\($0)" })
    add("kernels", training?.kernels)
    for (key, note) in (training?.notes ?? [:]).sorted(by: { $0.key < $1.key }) { add(key, note) }
    add("trained by", training?.toolkit.map { "Fovea \($0)" })
    add("judged by", report.data.name.split(separator: "/").suffix(2).joined(separator: "/"))
    add(
      "its fingerprint",
      "\(report.data.fingerprint), CRC-32 of the \(report.data.count.counted("image"))' names and classes")
    add("report by", "Fovea \(Toolkit.version)")
    let table = rows.map {
      "<tr><th scope=\"row\">\(Self.escape($0))</th><td class=\"words\">\(Self.escape($1))</td></tr>"
    }
    var parts = [
      "<div class=\"wide\"><table class=\"record\"><tbody>\(table.joined(separator: "\n"))</tbody></table></div>"
    ]
    if !report.commands.isEmpty {
      let lines = report.commands.map { $0.map(Self.quoted).joined(separator: " ") }
      parts.append("<h3>To do it again</h3>\n" + Self.code(lines.joined(separator: "\n")))
    }
    if let recipe = training?.recipeYAML {
      parts.append("<h3>Recipe</h3>\n" + Self.code(recipe))
    }
    parts.append("<details><summary>Network</summary>\(Self.code(report.description.yaml()))</details>")
    if !report.data.failures.isEmpty {
      let items = report.data.failures.prefix(100).map { "<li>\(Self.escape($0))</li>" }
      parts.append("<details><summary>Images that could not be read</summary><ul>\(items.joined())</ul></details>")
    }
    return Section(anchor: "recipe", title: "How it came to be", body: parts.joined(separator: "\n"))
  }

  private static func code(_ text: String) -> String {
    // Line by line, since a line's end within a name is no end of a line.
    let lines = text.split(separator: "\n").map { escape(String($0)) }
    return "<pre tabindex=\"0\"><code>\(lines.joined(separator: "\n"))</code></pre>"
  }

  /// As a shell takes it for one word.
  static func quoted(_ argument: String) -> String {
    let isPlain = argument.wholeMatch(of: /[A-Za-z0-9_.\/=:,+@%-]+/) != nil
    return isPlain ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
  }
}
