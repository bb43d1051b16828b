public import ArgumentParser
public import Fovea

/// How folders of data are read.
struct LayoutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the folders in DATA are: classes, parts (train, validation, test), or what their names and contents say.",
      valueName: "layout"))
  var layout = FolderLayout.Choice.automatic

  @Option(
    help: ArgumentHelp(
      "What columns of a CSV file hold whose names do not say it: digit=class,angle=number, or one word for all such "
        + "columns. The words are \(ManifestRole.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "roles"))
  var columns = ManifestRoles()
}

/// How data is read, and what becomes of what cannot be.
struct DataOptions: ParsableArguments {
  @OptionGroup var reading: LayoutOptions

  @Option(
    help: ArgumentHelp(
      "What becomes of images that cannot be read: skip leaves them out and lists them, refuse ends the command so.",
      valueName: "policy"))
  var unreadable = UnreadablePolicy.skip

  var layout: FolderLayout.Choice { reading.layout }
  var columns: ManifestRoles { reading.columns }
}

extension FolderLayout.Choice: ExpressibleByArgument {}

extension ManifestRoles: ExpressibleByArgument {
  public init?(argument: String) {
    self.init()
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      // A column's name may hold the sign itself.
      let sign = part.lastIndex(of: "=")
      guard let role = ManifestRole(rawValue: String(sign.map { part[part.index(after: $0)...] } ?? part)) else {
        return nil
      }
      if let sign { named[String(part[..<sign])] = role } else { others = role }
    }
  }

  public var defaultValueDescription: String { "what their names say" }
}

/// What a user wants to happen with images that cannot be read.
enum UnreadablePolicy: String, CaseIterable, ExpressibleByArgument {
  case refuse
  case skip

  /// Ends the command, or says what is left out.
  ///
  /// - Parameters:
  ///   - failures: what is wrong with each such image.
  ///   - total: of how many images.
  ///   - name: what they are images of.
  func apply(
    to failures: [some CustomStringConvertible], of total: Int, in name: String, _ toolbox: Toolbox
  ) throws(DataError) {
    guard !failures.isEmpty else { return }
    let first = failures.prefix(DataError.mostListed).map { FileName.printable($0.description) }
    switch self {
    case .refuse: throw .unusableImages(name: name, count: failures.count, of: total, first: first)
    case .skip:
      toolbox.warn("\(name): left out \(Format.grouped(failures.count)) of \(Format.count(total, "image")):")
      for failure in first { toolbox.warn("  \(failure)") }
      let more = failures.count - first.count
      if more > 0 { toolbox.warn("  and \(Format.grouped(more)) more") }
    }
  }
}
