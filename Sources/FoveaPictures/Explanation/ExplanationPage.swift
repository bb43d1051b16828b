import FoveaCore
import FoveaExplanation
import FoveaImage

/// The page that shows where decisions come from: one file that holds its pictures too and needs nothing from elsewhere. Worst
/// mistakes come first where it is known what is right.
struct ExplanationPage {
  /// A picture with what was explained of it.
  struct Card: Sendable {
    let path: String
    let name: String
    /// The class that it is filed under.
    let truth: String?
    let label: String?
    let confidence: Float?
    private(set) var decision: String
    let picture: String
    /// As addresses; nil where there is nothing to show.
    let overlays: [String?]
    let parts: [Part]
    let isSmall: Bool
    var sheet = ""
    /// Where it is one of a whole clip.
    private(set) var clip: Clip?

    struct Clip: Sendable {
      /// With a moving picture each.
      var files: [String] = []
      /// Of the first file, where it is small enough for a page.
      var address: String?
      var decisions: [String: Int] = [:]
    }

    struct Part: Sendable {
      /// Of the method, with the settings that tell it from others of its kind.
      let title: String
      let label: String
      let facts: String
    }

    init(
      _ explanation: Explanation, name: String, truth: String?,
      _ thumbnails: (picture: [UInt8], overlays: [[UInt8]?], size: ImageSize)
    ) {
      (path, self.name, self.truth) = (explanation.path, name, truth)
      let prediction = explanation.prediction
      (label, confidence) = (prediction?.label, prediction?.confidence)
      decision = explanation.result.cells(top: 1).prefix(2).map(\.text).joined(separator: " ")
      picture = Page.address(thumbnails.picture, type: "jpeg")
      overlays = thumbnails.overlays.map { $0.map { Page.address($0, type: "jpeg") } }
      isSmall = explanation.geometry.original.width < 112
      parts = explanation.parts.map { part in
        let facts = [
          part.problem, "score \(NumberText.short(part.score))",
          part.confidence.map { NumberText.percent($0) },
          part.faithfulness.map {
            "deletion \(NumberText.short($0.deletion)), insertion \(NumberText.short($0.insertion))"
          },
          part.randomized.map { "agrees with random weights \(NumberText.short($0))" },
        ].compactMap(\.self)
        return Part(title: part.title, label: part.label, facts: facts.joined(separator: ", "))
      }
    }

    /// Of a clip, its first frame; ``add(_:)`` adds others.
    init(_ explanation: Explanation, clip path: String, name: String, truth: String?) {
      (self.path, self.name, self.truth) = (path, name, truth)
      let prediction = explanation.prediction
      (label, confidence) = (prediction?.label, prediction?.confidence)
      let decided = explanation.result.cells(top: 1).first?.text ?? ""
      (decision, picture, overlays, parts, isSmall) = (decided, "", [], [], false)
      clip = Clip(decisions: [decided: 1])
    }

    mutating func add(_ frame: Card) {
      guard var clip else { return }
      clip.decisions.merge(frame.clip?.decisions ?? [:], uniquingKeysWith: +)
      let most = clip.decisions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      decision = most.prefix(3).map { "\($0.key) in \($0.value.counted("frame"))" }.joined(separator: ", ")
      self.clip = clip
    }

    mutating func addFile(_ name: String, _ bytes: [UInt8]) {
      if clip?.files.isEmpty == true, bytes.count <= Self.mostEmbedded {
        clip?.address = Page.address(bytes, type: "png")
      }
      clip?.files.append(name)
    }

    /// 4 MiB.
    private static let mostEmbedded = 4 << 20

    var isMistake: Bool { truth != nil && label != truth }

    /// Mistakes first, the surest of them before all; then what was right, the least sure first.
    var badness: Float {
      guard truth != nil else { return 0 }
      return isMistake ? 2 + (confidence ?? 0) : 1 - (confidence ?? 1)
    }
  }

  private let model: String
  private let layer: LayerChoice?
  private let leftOut: String?
  private let remarks: [String]
  private var cards: [(number: Int, card: Card)] = []
  private var count = 0
  private var known = 0
  private var mistakes = 0
  var failures = 0
  /// Small pictures on a page.
  private static let mostPictures = 1200
  private static let mostCards = 300

  init(model: String, _ explainer: Explainer) {
    self.model = model
    layer = explainer.model.layer
    leftOut = explainer.model.leftOut
    remarks = explainer.leftOut.map { "\($0.method) was left out: \($0.problem.description)." }
  }

  /// However many there are, the page keeps the worst.
  mutating func add(_ card: Card, sheet: String) {
    count += 1
    if card.truth != nil { known += 1 }
    if card.isMistake { mistakes += 1 }
    var card = card
    card.sheet = sheet
    let most = min(Self.mostCards, max(Self.mostPictures / (card.parts.count + 1), 12))
    let place = cards.firstIndex { $0.card.badness < card.badness } ?? cards.count
    guard place < most else { return }
    cards.insert((count, card), at: place)
    if cards.count > most { cards.removeLast() }
  }

  var html: String {
    // Of a clip, there is nothing to choose.
    let parts = cards.first { $0.card.clip == nil }?.card.parts ?? []
    var titles: [String] = []
    for part in parts where !titles.contains(part.title) { titles.append(part.title) }
    return Page.document(
      title: "\(model): where decisions come from", style: Self.style, script: parts.isEmpty ? nil : Self.script,
      """
      <header>
      <h1>\(SVGText.escape(model))</h1>
      <p>Where its decisions come from: \(summary).</p>
      \(about)
      </header>
      \(controls(titles))
      <main class="cards">
      \(cards.map { html(of: $0.card, isOnlyMethod: titles.count < 2) }.joined(separator: "\n"))
      </main>
      """)
  }

  private var summary: String {
    var text = count.counted("image")
    if known > 0 { text += ", \(mistakes.counted("mistake")) among the \(known.grouped) whose class is known" }
    if failures > 0 { text += ", \(failures.grouped) that could not be explained" }
    if cards.count < count { text += "; the page shows \(cards.count.grouped)" }
    return mistakes > 0 ? text + "; the worst mistakes come first" : text
  }

  private var about: String {
    var lines: [String] = []
    if let layer {
      lines.append(
        "Methods that look at a layer look at <strong>\(SVGText.escape(layer.name))</strong>: \(SVGText.escape(layer.reason))."
      )
    }
    if let leftOut {
      lines.append("Scores are those before <strong>\(SVGText.escape(leftOut))</strong>.")
    }
    lines += remarks.map(SVGText.escape)
    return lines.map { "<p class=\"facts\">\($0)</p>" }.joined(separator: "\n")
  }

  private func controls(_ titles: [String]) -> String {
    guard !titles.isEmpty else { return "" }
    let choices =
      titles.count < 2
      ? ""
      : ([("", "all methods")] + titles.map { ($0, $0) }).enumerated().map { index, choice in
        "<label><input type=\"radio\" name=\"method\" value=\"\(SVGText.escape(choice.0))\"\(index == 0 ? " checked" : "")> "
          + "\(SVGText.escape(choice.1))</label>"
      }.joined(separator: "\n")
    let mistakesOnly =
      mistakes > 0 && mistakes < count
      ? "<label><input type=\"checkbox\" id=\"mistakes\"> only mistakes</label>" : ""
    return """
      <form class="controls" aria-label="what is shown">
      \(choices)
      <label><input type="checkbox" id="heat" checked> heat <kbd>h</kbd></label>
      \(mistakesOnly)
      </form>
      """
  }

  private func html(of card: Card, isOnlyMethod: Bool) -> String {
    let name = SVGText.escape(card.name)
    let wrong =
      card.isMistake ? " <b class=\"wrong\">filed under \(SVGText.escape(card.truth ?? ""))</b>" : ""
    let figures = zip(card.parts, card.overlays).map { part, overlay in
      let words = "\(part.title) of \(part.label) in \(card.name)"
      let picture =
        overlay.map {
          "<img\(card.isSmall ? " class=\"small\"" : "") src=\"\($0)\" alt=\"\(SVGText.escape(words))\" loading=\"lazy\">"
        } ?? ""
      return """
        <figure data-method="\(SVGText.escape(part.title))"><div class="heat">\(picture)</div>\
        <figcaption><b>\(SVGText.escape(part.label))</b> <i>\(SVGText.escape(part.title))</i>\
        <span>\(SVGText.escape(part.facts))</span></figcaption></figure>
        """
    }
    if let clip = card.clip {
      let rest = clip.files.dropFirst().map { "<a href=\"\(SVGText.address($0))\">\(SVGText.escape($0))</a>" }
      return """
        <section class="card clip\(card.isMistake ? " mistake" : "")">
        <h2><a href="\(SVGText.address(card.sheet))" title="\(SVGText.escape(card.path))">\(name)</a> \
        <small>\(SVGText.escape(card.decision))</small>\(wrong)</h2>
        <img src="\(clip.address ?? clip.files.first.map(SVGText.address) ?? "")" alt="\(name), frame by frame: the picture, and where decisions come from" \
        loading="lazy">
        \(rest.isEmpty ? "" : "<p class=\"facts\">It goes on in \(rest.joined(separator: ", ")).</p>")
        </section>
        """
    }
    return """
      <section class="card\(card.isMistake ? " mistake" : "")">
      <h2><a href="\(SVGText.address(card.sheet))" title="\(SVGText.escape(card.path))">\(name)</a> \
      <small>\(SVGText.escape(card.decision))</small>\(wrong)</h2>
      <div class="figures">
      <figure class="original"><div class="heat"><img\(card.isSmall ? " class=\"small\"" : "") src="\(card.picture)" alt="\(name)" loading="lazy"></div>\
      <figcaption><i>the picture</i></figcaption></figure>
      \(figures.joined(separator: "\n"))
      </div>
      </section>
      """
  }

  /// Chooses a method, shows mistakes alone, and takes the heat away for a look at the picture.
  private static let script = """
    (() => {
      const all = (selector, from = document) => [...from.querySelectorAll(selector)];
      const heat = document.getElementById('heat');
      const mistakes = document.getElementById('mistakes');
      const show = () => {
        const method = document.querySelector('input[name=method]:checked')?.value ?? '';
        for (const figure of all('figure[data-method]')) {
          figure.hidden = method !== '' && figure.dataset.method !== method;
        }
        for (const card of all('.card')) {
          card.hidden = Boolean(mistakes?.checked) && !card.classList.contains('mistake');
          const own = card.querySelector('.original img');
          if (!own) continue;
          for (const image of all('figure[data-method] img', card)) {
            image.dataset.heat ??= image.src;
            image.src = heat.checked ? image.dataset.heat : own.src;
          }
        }
      };
      document.querySelector('.controls').addEventListener('change', show);
      document.querySelector('.controls').addEventListener('submit', event => event.preventDefault());
      document.addEventListener('keydown', event => {
        if (event.key === 'h' && !event.ctrlKey && !event.metaKey && !event.altKey) {
          heat.checked = !heat.checked;
          show();
        }
      });
    })();
    """

  private static let style = """
    .controls { display: flex; flex-wrap: wrap; gap: 0.4rem 1.1rem; position: sticky; top: 0; z-index: 1; margin: 1rem 0;
      padding: 0.6rem 0.9rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
    .controls label { cursor: pointer; }
    kbd { padding: 0 0.35rem; border: 1px solid var(--line); border-radius: 4px; font-size: 0.8rem; }
    [hidden] { display: none; }
    .card.mistake { border-left: 5px solid var(--wrong); }
    .wrong { color: var(--wrong); font-size: 0.95rem; }
    .figures { display: flex; flex-wrap: wrap; gap: 1rem; }
    .clip img { max-width: 100%; background: white; border-radius: 6px; }
    figure { width: 14rem; margin: 0; }
    .heat { display: flex; align-items: center; justify-content: center; height: 14rem; background: var(--empty);
      border-radius: 6px; overflow: hidden; }
    figure img { max-width: 100%; max-height: 14rem; }
    figure img.small { width: 100%; height: 100%; object-fit: contain; image-rendering: pixelated; }
    figcaption { font-size: 0.85rem; line-height: 1.35; }
    figcaption i { color: var(--quiet); font-style: normal; }
    figcaption span { display: block; color: var(--quiet); }
    @media (max-width: 600px) {
      figure { width: calc(50% - 0.5rem); }
      .heat { height: 9rem; }
      figure img { max-height: 9rem; }
    }
    """
}
