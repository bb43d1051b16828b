import FoveaCore

/// A network that comes with the toolkit, under a name that stands wherever a description may stand.
public struct Architecture: Sendable {
  /// One line for listings.
  public let summary: String
  public let description: ModelDescription

  public var name: String { description.name }

  /// All of them: what is not in this list has no name.
  public static let all = [
    lenet, mnist2Conv, catsAndDogs, lenet5, smallResNet, resNet18, resNet50, mobileNetV2, squeezeNet, efficientNetB0,
  ]

  /// Nil where there is no such architecture.
  public static func named(_ name: String) -> Architecture? { all.first { $0.name == name } }
}

extension ModelDescription {
  /// The description that a person means who gives one word: a built-in architecture's name, or a YAML file.
  ///
  /// - Throws: ``DescriptionError`` where it is neither, or the file is not valid.
  public init(named nameOrPath: String) throws(DescriptionError) {
    if let architecture = Architecture.named(nameOrPath) {
      self = architecture.description
      return
    }
    let names = Architecture.all.map(\.name)
    // A word without a dot or a slash is no file's name, but a name that is not spelled right.
    if !nameOrPath.contains("/"), !nameOrPath.contains(".") {
      let hint = Spelling.nearest(to: nameOrPath, among: names).map { "did you mean '\($0)'?" }
      throw DescriptionError(
        source: "'\(nameOrPath)'", line: nil,
        problem: "there is no such architecture; \(hint ?? "")"
          + "\(hint == nil ? "" : " ")there are \(names.joined(separator: ", ")); or give a YAML file")
    }
    try self.init(contentsOf: nameOrPath)
  }
}

// The steps live in a module that this one does not know; a description names them.
extension KindDescription {
  static let toGrayscale = KindDescription(kind: "toGrayscale")
  static let toRGB = KindDescription(kind: "toRGB")

  static func resize(_ side: Int, reducedDecoding: Bool = false) -> KindDescription {
    var step = KindDescription(kind: "resize", configuration: ["width": .integer(side), "height": .integer(side)])
    if reducedDecoding { step.configuration["reducedDecoding"] = true }
    return step
  }

  /// To 0…1.
  static let scale = KindDescription(kind: "scale")
  static let softmaxCrossEntropy = KindDescription(kind: "softmaxCrossEntropy")
}
