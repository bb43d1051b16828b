public import FoveaCore
public import FoveaExplanation
public import FoveaImage
import FoveaModel
package import FoveaPipeline

/// Writes what there is to see of explanations into a folder: a sheet for each picture, and a page for all.
///
/// Sheets are made on whatever thread explains; the rest belongs to one.
public final class ExplanationPictures {
  /// The name of the page.
  public static let pageName = "index.html"

  /// What a picture's explanation looks like, ready to be written.
  public struct Drawn: Sendable {
    let picture: Picture
    let card: ExplanationPage.Card

    enum Picture: Sendable {
      /// As a file.
      case sheet([UInt8])
      case frame(Image, ClipFrame)
    }
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
      // More than this makes photographs a twentieth smaller, for twice the time.
      return Drawn(
        picture: .sheet(try ImageEncoder.png(compression: 2).encode(sheet.image())),
        card: ExplanationPage.Card(explanation, name: name, truth: truth, thumbnails))
    }

    /// The same of one that is a part of a clip's moving picture.
    package func draw(_ explanation: Explanation, frame: ClipFrame) throws(ImageError) -> Drawn {
      let image = try ExplanationSheet(explanation, warm: warm, diverging: diverging).frame().image()
      let name = frame.clip.split(separator: "/").last.map(String.init) ?? frame.clip
      return Drawn(
        picture: .frame(image, frame),
        card: ExplanationPage.Card(explanation, clip: frame.clip, name: name, truth: truth(of: frame.clip)))
    }
  }

  private let files: NewFolder
  private var page: ExplanationPage
  /// The clip that frames come of now.
  private var clip: (name: String, animation: ClipAnimation, card: ExplanationPage.Card)?

  /// - Parameters:
  ///   - kept: files that must not be replaced.
  /// - Throws: ``FileError/unwritable(path:reason:)``
  public init(_ folder: String, explainer: Explainer, keeping kept: [FilePath] = []) throws(FileError) {
    files = try NewFolder(folder, mayExist: true, keeping: kept)
    page = ExplanationPage(model: explainer.pipeline.model.name, explainer)
  }

  /// What comes of one clip comes one after the other, in the order of its frames.
  ///
  /// - Returns: the name of the file with the sheet, or with the clip's moving picture.
  /// - Throws: ``FileError``, or ``ImageError`` where there is no memory for an animation.
  public func add(_ drawn: Drawn, path: String) throws -> String {
    switch drawn.picture {
    case .sheet(let sheet):
      try finishClip()
      let name = FileNaming.fileName(of: path, ending: ".png")
      try files.write(sheet, to: name)
      page.add(drawn.card, sheet: name)
      return name
    case .frame(let image, let frame):
      if clip?.name != frame.clip {
        try finishClip()
        clip = (frame.clip, ClipAnimation(stem: FileNaming.fileName(of: frame.clip, ending: "")), drawn.card)
      } else {
        clip?.card.add(drawn.card)
      }
      try clip?.animation.add(image, seconds: frame.seconds)
      try writeFinished()
      return clip?.animation.name ?? ""
    }
  }

  private func finishClip() throws {
    try clip?.animation.finish()
    try writeFinished()
    if let clip, let first = clip.card.clip?.files.first { page.add(clip.card, sheet: first) }
    clip = nil
  }

  private func writeFinished() throws {
    for (name, bytes) in clip?.animation.takeFinished() ?? [] {
      try files.write(bytes, to: name)
      clip?.card.addFile(name, bytes)
    }
  }

  public func addFailure() { page.failures += 1 }

  /// Writes the page, and puts all files in their places.
  ///
  /// - Throws: as ``add(_:path:)``.
  public func finish() throws {
    try finishClip()
    try files.write(page.html, to: Self.pageName)
    try files.commit()
  }
}
