import Foundation
public import FoveaCore
public import FoveaImage
public import FoveaProjection

/// The page on which pictures lie as their embeddings do: a plane to move in, with labels in colors, the pictures themselves, and
/// for each its neighbors. One file and beside it the pictures, in sheets; its script is its own and fetches nothing from elsewhere.
///
/// Points are drawn by the script into a picture's pixels, so that a hundred thousand of them need no graphics card.
public struct EmbeddingPage {
  public static let fileName = "index.html"
  /// How a page of this sort is told from others, which are not written over.
  private static let mark = "<meta name=\"generator\" content=\"fovea embed\">"
  private static let fewPoints = 20_000

  /// What is shown.
  public struct Contents {
    public var title: String
    /// In words: which model, which layer, which projection.
    public var explanation: String
    /// `[count, 2]`
    public var plane: Points
    public var entries: [EmbeddingFile.Entry]
    /// Of each, among all dimensions.
    public var neighbors: NeighborGraph

    public init(
      title: String, explanation: String, plane: Points, entries: [EmbeddingFile.Entry], neighbors: NeighborGraph
    ) {
      (self.title, self.explanation, self.plane) = (title, explanation, plane)
      (self.entries, self.neighbors) = (entries, neighbors)
    }
  }

  private let contents: Contents
  private let sheets: SpriteSheets

  /// - Parameters:
  ///   - image: decodes the picture of an entry, on any thread; nil where it cannot be read.
  public init(
    _ contents: Contents, on pool: WorkerPool, onProgress: (Int) throws -> Void = { _ in },
    image: @escaping @Sendable (Int, ImageDecoder) -> Image?
  ) throws {
    self.contents = contents
    sheets = try SpriteSheets(
      count: contents.entries.count, side: contents.entries.count > Self.fewPoints ? 32 : 48, on: pool,
      onProgress: onProgress, image: image)
  }

  /// Whether the page may be written into a folder, before the work is done.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)`` where a file of that name is there which is no such page.
  public static func check(_ folder: String) throws(FileError) {
    let page = folder + "/" + fileName
    guard FileManager.default.fileExists(atPath: page) else { return }
    let reader = try FileReader(page)
    let start = try reader.read(at: 0, count: min(reader.count, 4096))
    guard !String(decoding: start, as: UTF8.self).contains(mark) else { return }
    throw .unwritable(path: page, reason: "it is there and no page of this command; choose another folder")
  }

  public func write(to folder: String) throws(FileError) {
    try Self.check(folder)
    let files = try NewFolder(folder, mayExist: true)
    for file in sheets.files { try files.write(file.bytes, to: file.name) }
    try files.write(html, to: Self.fileName)
    try files.commit()
  }

  var html: String {
    let labels = hasLabels
    return Page.document(
      title: contents.title, head: Self.mark, style: Self.style,
      """
      <header>
      <h1>\(SVGText.escape(contents.title))</h1>
      <p>\(SVGText.escape(contents.explanation))</p>
      </header>
      <main>
      <div id="stage">
      <canvas id="plane" tabindex="0" role="application" aria-label="\(contents.entries.count.counted("picture")) on a plane: \
      arrows move, plus and minus come nearer, Enter chooses what is in the middle, N goes to the next neighbor"></canvas>
      <div id="tools" role="toolbar" aria-label="plane">
      <button id="lasso" aria-pressed="false" title="Draw around points (L, or hold Shift)">lasso</button>
      <button id="pictures" aria-pressed="false" title="Show pictures at any distance (T)">pictures</button>
      <button id="in" title="Nearer (+)" aria-label="nearer">+</button>
      <button id="out" title="Farther (−)" aria-label="farther">−</button>
      <button id="all" title="Show all (0)">all</button>
      </div>
      <p id="hint" hidden></p>
      </div>
      <aside>
      <p><label for="find">find\(labels ? " a label or" : "") a name</label><input id="find" type="search" \
      autocomplete="off" spellcheck="false" placeholder="press / to come here"></p>
      <div id="legend"\(labels ? "" : " hidden")></div>
      <p id="state" role="status" aria-live="polite"></p>
      <div id="chosen"></div>
      <div id="several"></div>
      </aside>
      </main>
      <noscript><p>This page draws with a script of its own, which is turned off here.</p></noscript>
      <script type="application/json" id="data">\(data)</script>
      <script>\(Self.script)</script>
      """)
  }

  /// What all have in common tells nothing.
  private var hasLabels: Bool {
    guard let first = contents.entries.first?.label else { return contents.entries.contains { $0.label != nil } }
    return contents.entries.contains { $0.label != first }
  }

  /// All that the script draws, as JSON that may stand within a page.
  private var data: String {
    let names = Set(contents.entries.map { $0.label ?? "" }).sorted {
      $0.localizedStandardCompare($1) == .orderedAscending
    }
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt32($0)) })
    let paths = contents.entries.map(\.path)
    let common = Self.commonFolder(paths)
    let members = [
      "\"places\":\"\(Self.base64(contents.plane.values))\"",
      "\"labels\":\(hasLabels ? Self.json(names) : "[]")",
      "\"labelOf\":\"\(hasLabels ? Self.base64(contents.entries.map { numbers[$0.label ?? ""] ?? 0 }) : "")\"",
      "\"neighbors\":\"\(Self.base64(contents.neighbors.indices))\"",
      "\"distances\":\"\(Self.base64(contents.neighbors.distances))\"",
      "\"each\":\(contents.neighbors.neighbors)", "\"folder\":\(Self.json([common]).dropFirst().dropLast())",
      "\"paths\":\(Self.json(paths.map { String($0.dropFirst(common.count)) }))",
      "\"side\":\(sheets.side)", "\"columns\":\(sheets.columns)", "\"perSheet\":\(sheets.perSheet)",
      "\"extents\":\"\(Data(sheets.extents.flatMap { [$0.width, $0.height] }).base64EncodedString())\"",
      "\"sheets\":\(Self.json(sheets.files.map(\.name)))",
    ]
    return "{" + members.joined(separator: ",\n") + "}"
  }

  private static func commonFolder(_ paths: [String]) -> String {
    guard let first = paths.first, paths.count > 1 else { return "" }
    var common = first.lastIndex(of: "/").map { String(first[...$0]) } ?? ""
    for path in paths {
      while !path.hasPrefix(common) {
        common = common.dropLast().lastIndex(of: "/").map { String(common[...$0]) } ?? ""
      }
    }
    return common
  }

  /// Little endian, as all machines are that this runs on.
  private static func base64<Number>(_ numbers: [Number]) -> String {
    numbers.withUnsafeBytes { Data($0) }.base64EncodedString()
  }

  /// With nothing in it that would end a script.
  private static func json(_ texts: [String]) -> String {
    "["
      + texts.map { $0.quotedForJSON.replacing("<", with: "\\u003c").replacing("&", with: "\\u0026") }
      .joined(separator: ",") + "]"
  }
}
