public import FoveaCore
public import FoveaExplanation
public import FoveaImage
import FoveaModel
import FoveaPipeline

/// Writes what there is to see of explanations into a folder: a sheet for each picture, and a page for all.
///
/// Sheets are made on whatever thread explains; the rest belongs to one.
public final class ExplanationPictures {
  /// The name of the page.
  public static let pageName = "index.html"

  /// What a picture's explanation looks like, ready to be written.
  public struct Drawn: Sendable {
    let sheet: [UInt8]
    let card: ExplanationPage.Card
  }

  /// Draws; it may be used by several threads at once.
  public struct Painter: Sendable {
    private let warm: any ColorMap
    private let diverging: any ColorMap = CoolWarm()
    private let labels: Set<String>

    /// - Parameters:
    ///   - colorMap: a registered kind, for heat that has one sign.
    ///   - labels: the names of the classes: a picture in a folder of such a name belongs to it.
    /// - Throws: ``RegistryError/unknownKind(noun:kind:known:belongs:)``
    public init(colorMap: String = Inferno.kind, labels: [String], registry: Registry) throws(RegistryError) {
      let type = try registry.entry(colorMap, of: .colorMaps).type
      warm = Self.make(type)
      self.labels = Set(labels)
    }

    private static func make<Map: ColorMap>(_ type: Map.Type) -> any ColorMap { type.init() }

    /// The class that a picture lies in, by the names of the folders above it; nil where none is a class.
    public func truth(of path: String) -> String? {
      path.split(separator: "/").dropLast().last { labels.contains(String($0)) }.map(String.init)
    }

    public func draw(_ explanation: Explanation) throws(ImageError) -> Drawn {
      let truth = truth(of: explanation.path)
      let name = explanation.path.split(separator: "/").last.map(String.init) ?? explanation.path
      let sheet = try ExplanationSheet(explanation, warm: warm, diverging: diverging).panel(of: name, truth: truth)
      let thumbnails = try ExplanationSheet.thumbnails(explanation, side: 224, warm: warm, diverging: diverging)
      return Drawn(
        sheet: try ImageEncoder.png().encode(sheet.image()),
        card: ExplanationPage.Card(explanation, name: name, truth: truth, thumbnails))
    }
  }

  private let files: NewFolder
  private var page: ExplanationPage

  /// - Parameters:
  ///   - kept: files that must not be replaced.
  /// - Throws: ``FileError/unwritable(path:reason:)``
  public init(_ folder: String, explainer: Explainer, keeping kept: [FilePath] = []) throws(FileError) {
    files = try NewFolder(folder, mayExist: true, keeping: kept)
    page = ExplanationPage(model: explainer.pipeline.model.name, explainer)
  }

  /// - Returns: the name of the sheet's file.
  public func add(_ drawn: Drawn, path: String) throws(FileError) -> String {
    let name = FileNaming.fileName(of: path, ending: ".png")
    try files.write(drawn.sheet, to: name)
    page.add(drawn.card, sheet: name)
    return name
  }

  public func addFailure() { page.failures += 1 }

  /// Writes the page, and puts all files in their places.
  public func finish() throws(FileError) {
    try files.write(page.html, to: Self.pageName)
    try files.commit()
  }
}
