import Foundation
public import FoveaCore
public import FoveaData
import FoveaImage

/// The page that shows what is wrong with a data set: one file that holds its pictures too, needs nothing from elsewhere, and
/// no script.
public struct DoctorPage: Sendable {
  public static let fileName = "index.html"
  private static let dataName = "findings.json"
  /// How a page of this sort is told from others, which are not written over.
  private static let mark = "<meta name=\"generator\" content=\"fovea doctor\">"

  private let diagnosis: Diagnosis
  private let title: String
  /// Pictures of each check.
  private let most: Int
  /// By the picture's number.
  private let thumbnails: [Int: Thumbnail]

  /// - Parameters:
  ///   - title: what the data is called.
  ///   - thumbnails: how many pictures are shown of each check.
  public init(_ diagnosis: Diagnosis, title: String, thumbnails most: Int, on pool: WorkerPool) {
    self.diagnosis = diagnosis
    self.title = title
    self.most = most
    let shown = Set(diagnosis.reports.flatMap { Self.shown($0, most).flatMap(\.pictures) }).sorted()
    let made = pool.map(shown.count) { Thumbnail(of: shown[$0], in: diagnosis.survey) }
    thumbnails = Dictionary(uniqueKeysWithValues: zip(shown, made))
  }

  private struct Shown {
    let finding: Finding
    let pictures: ArraySlice<Int>
  }

  /// The first findings, as many as have so many pictures; of a large group, some.
  private static func shown(_ report: CheckReport, _ most: Int) -> [Shown] {
    var left = most
    var shown: [Shown] = []
    for finding in report.findings where left > 0 {
      let pictures = finding.pictures.prefix(min(left, 12))
      left -= max(pictures.count, 1)
      shown.append(Shown(finding: finding, pictures: pictures))
    }
    return shown
  }

  /// Whether the page may be written into a folder, before the work is done.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)`` where a file of that name is there which is no such page.
  public static func check(_ folder: String) throws(FileError) {
    let page = folder + "/" + fileName
    if FileManager.default.fileExists(atPath: page) {
      let reader = try FileReader(page)
      let start = try reader.read(at: 0, count: min(reader.count, 4096))
      if String(decoding: start, as: UTF8.self).contains(mark) { return }
      throw .unwritable(path: page, reason: "it is there and no page of this command; choose another folder")
    }
    let data = folder + "/" + dataName
    guard !FileManager.default.fileExists(atPath: data) else {
      throw .unwritable(path: data, reason: "it is there and not of this command; choose another folder")
    }
  }

  /// Writes the page, and the findings beside it.
  ///
  /// - Parameter findings: as JSON.
  public func write(to folder: String, findings: String) throws(FileError) {
    try Self.check(folder)
    let files = try NewFolder(folder, mayExist: true)
    try files.write(html, to: Self.fileName)
    try files.write(findings + "\n", to: Self.dataName)
    try files.commit()
  }

  var html: String {
    let survey = diagnosis.survey
    let found = diagnosis.reports.filter { !$0.findings.isEmpty }
    return Page.document(
      title: "\(title): what is wrong with it", head: Self.mark, style: Self.style,
      """
      <header>
      <h1>\(SVGText.escape(title))</h1>
      <p>\(survey.pictures.count.counted("image")), \(diagnosis.findings.count.counted("finding")), \
      of which \(diagnosis.findings.count { $0.weight == .defect }.grouped) certain to be wrong. \
      All of them are in <a href="\(Self.dataName)">\(Self.dataName)</a>.</p>
      </header>
      <div class="wide">
      <table>
      <thead><tr><th scope="col">check</th><th scope="col">found</th><th scope="col">images</th>\
      <th scope="col">threshold</th></tr></thead>
      <tbody>
      \(diagnosis.reports.map(row).joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <main>
      \(found.isEmpty ? "<p>Nothing was found.</p>" : found.map(section).joined(separator: "\n"))
      </main>
      """)
  }

  private func row(_ report: CheckReport) -> String {
    let name = report.findings.isEmpty ? report.check : "<a href=\"#\(report.check)\">\(report.check)</a>"
    let remark = report.remark.map { "<small>\(SVGText.escape($0))</small>" } ?? ""
    return "<tr\(report.findings.isEmpty ? " class=\"none\"" : "")><th scope=\"row\">\(name)</th>"
      + "<td>\(report.findings.count.grouped)</td><td>\(report.pictureCount.grouped)</td>"
      + "<td class=\"text\">\(SVGText.escape(report.bound))\(remark)</td></tr>"
  }

  private func section(_ report: CheckReport) -> String {
    let shown = Self.shown(report, most)
    let rest = report.findings.count - shown.count
    // Findings of one picture each stand side by side.
    let isGrid = report.findings.allSatisfy { $0.pictures.count == 1 }
    let body = shown.map { isGrid ? card($0) : group($0) }.joined(separator: "\n")
    let advice = isGrid ? Self.advice(report).map { "<p>→ \(SVGText.escape($0))</p>" }.joined(separator: "\n") : ""
    return """
      <section id="\(report.check)">
      <h2>\(report.check) <small>\(report.findings.count.grouped)</small></h2>
      <p>\(SVGText.escape(report.summary))\(report.bound.isEmpty ? "" : "; \(SVGText.escape(report.bound))")</p>
      \(advice)
      <div class="\(isGrid ? "cards" : "groups")">
      \(body)
      </div>
      \(rest > 0 ? "<p class=\"facts\">and \(rest.grouped) more in \(Self.dataName)</p>" : "")
      </section>
      """
  }

  /// Each once, in their order.
  private static func advice(_ report: CheckReport) -> [String] {
    var told: Set<String> = []
    return report.findings.map(\.advice).filter { told.insert($0).inserted }
  }

  private func card(_ shown: Shown) -> String {
    shown.pictures.map { picture($0, caption: shown.finding.text, isDefect: shown.finding.weight == .defect) }.joined()
  }

  private func group(_ shown: Shown) -> String {
    let finding = shown.finding
    let rest = finding.pictures.count - shown.pictures.count
    return """
      <article\(finding.weight == .defect ? " class=\"defect\"" : "")>
      <h3>\(SVGText.escape(finding.text))</h3>
      <p>→ \(SVGText.escape(finding.advice))</p>
      <div class="cards">
      \(shown.pictures.map { picture($0, caption: "", isDefect: false) }.joined(separator: "\n"))
      </div>
      \(rest > 0 ? "<p class=\"facts\">and \(rest.counted("image")) more</p>" : "")
      </article>
      """
  }

  private func picture(_ number: Int, caption: String, isDefect: Bool) -> String {
    let survey = diagnosis.survey
    let picture = survey.pictures[number]
    let path = survey.path(of: number)
    let label = survey.labels.count > 1 ? picture.label.map { survey.labels[$0] } : nil
    let part = survey.parts.count > 1 ? survey.parts[picture.part].name : nil
    let place = [part, label].compactMap(\.self).map(SVGText.escape).joined(separator: " · ")
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let text = caption.isEmpty ? "" : "<b\(isDefect ? " class=\"wrong\"" : "")>\(SVGText.escape(caption))</b>"
    return "<figure>\(thumbnails[number]?.html(SVGText.escape(name)) ?? "")<figcaption>\(text)"
      + "<span title=\"\(SVGText.escape(path))\">\(SVGText.escape(name))</span><i>\(place)</i></figcaption></figure>"
  }

  private static let style = """
    a { color: inherit; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; margin: 1rem 0; }
    th, td { padding: 0.2rem 0.9rem 0.2rem 0; text-align: right; vertical-align: top; font-weight: normal; }
    tbody tr { border-top: 1px solid var(--line); }
    th, td.text { text-align: left; }
    thead th { color: var(--quiet); }
    tr.none { color: var(--quiet); }
    h3 { margin: 0; font-size: 1rem; }
    td small { display: block; color: var(--quiet); }
    .groups { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 0 1.5rem; }
    article { padding: 0.7rem 0 0.2rem; border-top: 1px solid var(--line); }
    article.defect h3, .wrong { color: var(--wrong); }
    .cards { display: flex; flex-wrap: wrap; gap: 0.8rem; margin: 0.4rem 0; }
    figure { width: 9.5rem; margin: 0; }
    figure img { display: block; width: 100%; height: 7.5rem; object-fit: contain; background: var(--empty);
      border-radius: 6px; }
    figure img.small { image-rendering: pixelated; }
    figcaption { font-size: 0.8rem; line-height: 1.35; overflow-wrap: anywhere; }
    figcaption b, figcaption span, figcaption i { display: block; }
    figcaption b { font-weight: 600; }
    figcaption i { color: var(--quiet); font-style: normal; }
    @media (max-width: 640px) {
      figure { width: calc(50% - 0.4rem); }
    }
    """
}
