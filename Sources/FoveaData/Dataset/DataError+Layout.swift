import FoveaCore
import FoveaImage

/// The refusals of ``FolderLayout``: what was found, and what to do.
extension DataError {
  /// Pictures where class folders should be, or nothing at all.
  static func withoutClassFolders(_ survey: FolderSurvey) -> DataError {
    let contents = survey.contents
    var found: [String] = []
    let pictures = contents.filter { $0.kind == .picture }.count
    if pictures > 0 { found.append("\(pictures) \(pictures == 1 ? "image" : "images") in no folder") }
    if !contents.passedOver.isEmpty { found.append(contents.passedOver.description) }
    let folders = contents.names(.folder)
    if !folders.isEmpty { found.append("no image below its folders " + list(folders)) }
    var got = found.isEmpty ? "nothing" : found.joined(separator: ", ")
    if pictures > 0, let parent = try? parentOfClasses(survey.path) { got += "; did you mean '\(parent)'?" }
    return .noDataset(path: survey.path.description, part: "labelled", expected: expected, got: got)
  }

  /// The folder above, where the one given is one of several class folders.
  private static func parentOfClasses(_ path: FilePath) throws(DataError) -> FilePath? {
    var bytes = path.bytes[...]
    let slash = UInt8(ascii: "/")
    while bytes.count > 1 && bytes.last == slash { bytes.removeLast() }
    guard let end = bytes.lastIndex(of: slash), end != bytes.startIndex else { return nil }
    let parent = FilePath(bytes: bytes[..<end])
    let siblings = try FolderContents(reading: parent).filter { $0.kind == .folder }
    for folder in siblings where try !FolderSurvey.holdsPictureItself(parent.appending(folder.name)) { return nil }
    return siblings.count > 1 ? parent : nil
  }

  private static let expected =
    "one folder of images for each class; or folders such as train, validation and test with such class folders; or IDX "
    + "files (train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or .gz)"

  static func noParts(_ survey: FolderSurvey) -> DataError {
    .noDataset(
      path: survey.path.description, part: "labelled",
      expected: "folders such as train, validation and test with class folders in them",
      got: "the folders " + list(survey.folders.map { $0.name + survey.reason(against: $0.name) }))
  }

  /// A part, and folders beside it that are none.
  static func partBesideOthers(
    _ survey: FolderSurvey, parts: [DatasetPart: String], others: [FolderSurvey.Folder]
  ) -> DataError {
    let part = survey.folders.first { parts.values.contains($0.name) }
    let (name, inner) = (part?.name ?? "", list(part?.inner ?? []))
    let rest = list(others.map(\.name))
    return .ambiguousFolder(
      path: survey.path.description,
      found: "'\(FileName.printable(name))' is named as a part and holds the folders \(inner), but \(rest) beside it "
        + (others.count == 1 ? "is no such part" : "are no such parts"),
      advice: "if these are all classes, say so with --layout classes; if \(name) is a part, move \(rest) "
        + "out of the folder, name \(others.count == 1 ? "it" : "them") as another part, or say --layout parts to leave "
        + "\(others.count == 1 ? "it" : "them") out")
  }

  /// `train/*.jpg` and `test/*.jpg`.
  static func partsWithoutClasses(_ survey: FolderSurvey) -> DataError {
    let names = survey.folders.map(\.name)
    return .ambiguousFolder(
      path: survey.path.description,
      found:
        "\(list(names)) \(names.count == 1 ? "is named as a part, but holds" : "are named as parts, but hold") images "
        + "in no class's folder",
      advice: "put the images of each class into a folder named after it (\(names[0])/cats/…), or, if "
        + "\(list(names)) \(names.count == 1 ? "is the class" : "are the classes"), say so with --layout classes")
  }

  /// `cats/*.jpg`, `dogs/*.jpg` and `test/*.jpg`.
  static func partBesideClasses(_ survey: FolderSurvey, _ folder: FolderSurvey.Folder) -> DataError {
    let name = FileName.printable(folder.name)
    return .ambiguousFolder(
      path: survey.path.description,
      found: "'\(name)' is named as a part, but holds images itself, as the class folders "
        + "\(list(survey.flat.filter { $0.part == nil }.map(\.name))) beside it do",
      advice: "move it elsewhere if it is not a class, or, if it is one, say so with --layout classes")
  }

  /// One folder whose folders are what was meant.
  static func tooHigh(_ survey: FolderSurvey) throws(DataError) -> DataError {
    var inner = survey
    while inner.folders.count == 1, let only = inner.nested.first {
      inner = try FolderSurvey(only.path)
    }
    return .folderTooHigh(
      path: survey.path.description, inner: inner.path.description, folders: list(inner.folders.map(\.name)))
  }

  static func foldersOfTheSameNames(
    _ survey: FolderSurvey, _ folders: (FolderSurvey.Folder, FolderSurvey.Folder)
  ) -> DataError {
    let same = folders.0.inner.filter(Set(folders.1.inner).contains)
    let names = list([folders.0.name, folders.1.name])
    return .ambiguousFolder(
      path: survey.path.description,
      found: "\(names) hold folders of the same names (\(list(same))), as parts do, but are not named as parts",
      advice: "if they are parts, name them train, validation or test, or give one as the data and the other with "
        + "--validation; if they are the classes, say so with --layout classes")
  }

  /// A level of folders above what may be the classes.
  static func categories(_ survey: FolderSurvey) -> DataError {
    let nested = survey.nested
    var found = nested.prefix(4).map { "\(FileName.printable($0.name)) (\(list($0.inner, most: 4)))" }
      .joined(separator: ", ")
    if nested.count > 4 { found += " and \(nested.count - 4) more" }
    found += nested.count == 1 ? " holds only folders with images" : " hold only folders with images"
    if !survey.flat.isEmpty { found += ", but \(list(survey.flat.map(\.name))) beside images themselves" }
    let all = list(survey.folders.map(\.name), most: 4)
    return .ambiguousFolder(
      path: survey.path.description, found: found,
      advice:
        "if \(all) \(survey.folders.count == 1 ? "is the class" : "are the classes"), say so with --layout classes; "
        + "if the folders in them are, give one as the data ('\(survey.path)/\(nested[0].name)'), or move all class folders "
        + "into one folder")
  }

  /// Names as they can be printed, not too many.
  static func list(_ names: [String], most: Int = 8) -> String {
    names.prefix(most).map { FileName.printable($0) }.joined(separator: ", ")
      + (names.count > most ? " and \(names.count - most) more" : "")
  }
}
