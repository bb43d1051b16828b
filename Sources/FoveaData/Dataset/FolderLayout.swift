public import FoveaCore
import FoveaImage

/// What the folders in a data folder are, parts or classes, by one rule.
///
/// A **class folder** holds images itself, and is named after what they show; folders below it belong to it. A **part**
/// holds class folders, and its name says which part it is (``DatasetPart/init(folderName:)``). Images beside its class
/// folders are strays, where another part has a class of the same name, or there is neither another part nor a class folder
/// beside it. Folders without any image do not count here.
///
/// 1. A folder with IDX files by their usual names is an IDX data set.
/// 2. A folder holds **parts** where folders that are named as parts hold folders with images, and at most strays
///    themselves; no two of them are the same part; and all other folders with images are only images of a part without classes
///    (`train/cats/`, `train/dogs/`, `test/1.jpg`), or there are at least two parts. What is no part then is passed over.
/// 3. A folder holds **classes** where all its folders hold images themselves and none is named as a part. A class may be
///    called `train`, beside others, since trains are things.
/// 4. All else can be read in more than one way, or lies a folder too high, and is an error that says what was found and
///    what to do: folders with folders of the same names but not named as parts; categories above the classes; a folder
///    called `test` with images itself, beside class folders.
///
/// Whoever knows better chooses ``Choice/classes`` or ``Choice/parts``.
public struct FolderLayout: Sendable, Equatable {
  public enum Arrangement: Sendable, Equatable {
    /// IDX files.
    case idx
    /// All folders are classes.
    case classes
    /// The parts' folders.
    case parts([DatasetPart: String])
  }

  /// What the folders are to be taken for.
  public enum Choice: String, Sendable, CaseIterable {
    /// Whatever the rule says.
    case automatic
    /// All folders are classes, with all images below them.
    case classes
    /// Folders that are named as parts are parts, and the folders in them classes, with all images below these.
    case parts
  }

  public let arrangement: Arrangement
  public let remarks: [DataRemark]

  /// - Throws: ``DataError/ambiguousFolder(path:found:advice:)``, ``DataError/folderTooHigh(path:inner:folders:)``,
  ///   ``DataError/noDataset(path:part:expected:got:)`` where there is no image in any folder, and
  ///   ``DataError/unreadable(path:reason:)``
  public init(_ path: String, _ choice: Choice = .automatic) throws(DataError) {
    if choice == .automatic && IDXFolder(setAt: path) != nil {
      self.init(.idx, passedOver: [], in: path)
      return
    }
    let survey = try FolderSurvey(FilePath(path), choice)
    if choice == .automatic && IDXFolder(path, survey.contents).isDataset {
      self.init(.idx, passedOver: survey.folders, in: path)
    } else if survey.folders.isEmpty {
      throw .withoutClassFolders(survey)
    } else {
      switch choice {
      case .classes: self.init(.classes, passedOver: [], in: path)
      case .parts: try self.init(parts: survey, isChosen: true)
      case .automatic where survey.nested.contains { $0.part != nil }: try self.init(parts: survey, isChosen: false)
      case .automatic:
        try Self.requireClasses(survey)
        self.init(.classes, passedOver: [], in: path)
      }
    }
  }

  private init(_ arrangement: Arrangement, passedOver: [FolderSurvey.Folder], in path: String) {
    self.arrangement = arrangement
    var remarks: [DataRemark] = []
    var others = PassedOverFiles()
    for folder in passedOver {
      let name = FileName.printable(folder.name) + "/"
      if folder.part != nil && folder.content == .pictures {
        remarks.append(
          DataRemark("\(path): \(name) holds images in no class's folder and is not used", isWarning: true))
      } else {
        others.add(name, .otherFolder)
      }
    }
    if !others.isEmpty { remarks.append(DataRemark("\(path): passed over \(others)", isWarning: true)) }
    self.remarks = remarks
  }

  private init(parts survey: FolderSurvey, isChosen: Bool) throws(DataError) {
    var parts: [DatasetPart: String] = [:]
    for folder in survey.nested {
      guard let part = folder.part else { continue }
      if let other = parts[part] {
        throw .ambiguousFolder(
          path: survey.path.description, found: "'\(other)' and '\(folder.name)' are both named as its \(part) part",
          advice: "put their images into one of them, or rename one")
      }
      parts[part] = folder.name
    }
    let others = survey.folders.filter { !parts.values.contains($0.name) }
    let strangers = others.filter { $0.part == nil || parts[$0.part ?? .test] != nil || $0.content != .pictures }
    guard isChosen || strangers.isEmpty || parts.count > 1 else {
      throw .partBesideOthers(survey, parts: parts, others: strangers)
    }
    guard !parts.isEmpty else { throw .noParts(survey) }
    self.init(.parts(parts), passedOver: others, in: survey.path.description)
  }

  /// Throws unless every folder with images can be a class without doubt, in a folder that holds no parts.
  static func requireClasses(_ survey: FolderSurvey, inPart: Bool = false) throws(DataError) {
    let (flat, nested) = (survey.flat, survey.nested)
    if nested.isEmpty {
      // In a part, what is named as one is a class.
      let named = inPart ? [] : flat.filter { $0.part != nil }
      if named.count == flat.count && !named.isEmpty { throw .partsWithoutClasses(survey) }
      let doubtful = named.filter { $0.name.lowercased() != "train" }
      if let folder = doubtful.first { throw .partBesideClasses(survey, folder) }
      return
    }
    if flat.isEmpty && nested.count == 1 { throw try .tooHigh(survey) }
    if let same = sameInside(nested) { throw .foldersOfTheSameNames(survey, same) }
    throw .categories(survey)
  }

  /// Two folders that hold folders of the same names.
  private static func sameInside(_ folders: [FolderSurvey.Folder]) -> (FolderSurvey.Folder, FolderSurvey.Folder)? {
    var owner: [String: FolderSurvey.Folder] = [:]
    for folder in folders {
      if let other = folder.inner.lazy.compactMap({ owner[$0] }).first { return (other, folder) }
      for name in folder.inner { owner[name] = folder }
    }
    return nil
  }
}
