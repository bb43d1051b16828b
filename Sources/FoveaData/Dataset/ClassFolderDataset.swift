public import FoveaCore
public import FoveaImage

/// Pictures in one folder for each class, the folder's name being the label; labels are sorted.
///
/// All pictures below a class's folder are its examples, however deep. What is hidden or left behind by a system
/// (`.DS_Store`, `Thumbs.db`, `desktop.ini`, `__MACOSX`) does not count, and what else is no picture by its name is passed
/// over and told in ``remarks``.
public struct ClassFolderDataset: DatasetSource {
  public let name: String
  public let labels: [String]
  public let remarks: [DataRemark]
  private let folders: [String]
  private let files: [String]
  private let folderOfFile: [UInt32]
  private let targetOfFolder: [UInt16]
  // Of pictures whose names are no text, so that their identifiers are no paths.
  private let oddPaths: [Int: FilePath]

  /// The pictures in the class folders of `folder`.
  ///
  /// - Parameter allowsEmptyClasses: whether a class may have no picture; at least one has some.
  /// - Throws: ``DataError`` for a folder that cannot be read, without class folders, or with a class without pictures.
  public init(folder: String, allowsEmptyClasses: Bool = false) throws(DataError) {
    let listing = try FolderListing(folder)
    guard !listing.folders.isEmpty else { throw .withoutClassFolders(try FolderSurvey(folder)) }
    guard listing.folders.count <= UInt16.max else {
      throw .noDataset(
        path: folder, part: "labelled", expected: "\(UInt16.max) classes at most", got: "\(listing.folders.count)")
    }
    var found = Found()
    for (target, label) in listing.folders.enumerated() {
      let before = found.files.count
      let passedOver = try found.collectClass(folder + "/" + label, target: UInt16(target))
      guard allowsEmptyClasses || found.files.count > before else {
        throw .emptyClass(
          path: folder + "/" + label, expected: PictureFiles.extensions.sorted().joined(separator: ", "),
          got: passedOver.isEmpty ? nil : passedOver.description)
      }
      found.passedOver.add(passedOver)
    }
    guard !found.files.isEmpty else { throw .withoutClassFolders(try FolderSurvey(folder)) }
    found.passedOver.add(listing.passedOver)
    for name in listing.pictures.map({ FileName.printable($0) }) + listing.oddPictures.map(\.description) {
      found.passedOver.add(name, .outsideClasses)
    }
    name = folder
    labels = listing.folders
    remarks = Self.remarks(on: found.passedOver, labels, in: folder)
    folders = found.folders
    files = found.files
    folderOfFile = found.folderOfFile
    targetOfFolder = found.targetOfFolder
    oddPaths = found.oddPaths
  }

  public var count: Int { files.count }

  public func target(at index: Int) -> Int { Int(targetOfFolder[Int(folderOfFile[index])]) }

  public func identifier(at index: Int) -> String { folders[Int(folderOfFile[index])] + "/" + files[index] }

  public func file(at index: Int, picture: Int) -> FilePath? { path(at: index) }

  public func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    do throws(ImageError) { return try decoder.read(path(at: index)).image } catch {
      throw .image(identifier: identifier(at: index), error: error)
    }
  }

  private func path(at index: Int) -> FilePath { oddPaths[index] ?? FilePath(identifier(at: index)) }

  private static func remarks(on passedOver: PassedOverFiles, _ labels: [String], in folder: String) -> [DataRemark] {
    var remarks: [DataRemark] = []
    if !passedOver.isEmpty {
      remarks.append(DataRemark("\(folder): passed over \(passedOver)", isWarning: passedOver.holdsPictures))
    }
    let alike = Dictionary(grouping: labels) { $0.lowercased() }.values.filter { $0.count > 1 }.map { $0.sorted() }
      .sorted { $0[0] < $1[0] }
    if let first = alike.first {
      remarks.append(
        DataRemark(
          "\(folder): the classes \(DataError.list(first)) differ in case only"
            + (alike.count > 1 ? ", and so do others" : ""), isWarning: true))
    }
    return remarks
  }

  private struct Found {
    var folders: [String] = []
    var targetOfFolder: [UInt16] = []
    var files: [String] = []
    var folderOfFile: [UInt32] = []
    var oddPaths: [Int: FilePath] = [:]
    var passedOver = PassedOverFiles()

    /// - Returns: what was passed over in this class.
    mutating func collectClass(_ path: String, target: UInt16) throws(DataError) -> PassedOverFiles {
      var visited: Set<FolderListing.Identity> = []
      var passedOver = PassedOverFiles()
      try collect(path, target: target, &visited, &passedOver)
      return passedOver
    }

    // A class takes each folder once: links could lead around, and in many ways to the same place.
    private mutating func collect(
      _ path: String, target: UInt16, _ visited: inout Set<FolderListing.Identity>, _ passedOver: inout PassedOverFiles
    ) throws(DataError) {
      guard visited.insert(try FolderListing.Identity(path)).inserted else { return }
      let listing = try FolderListing(path)
      passedOver.add(listing.passedOver)
      let pictures = listing.pictures + listing.oddPictures.map(\.description)
      if !pictures.isEmpty {
        for (number, name) in listing.oddPictures.enumerated() {
          oddPaths[files.count + listing.pictures.count + number] = FilePath(path).appending(name.bytes)
        }
        folderOfFile += Array(repeating: UInt32(folders.count), count: pictures.count)
        files += pictures
        folders.append(path)
        targetOfFolder.append(target)
      }
      for folder in listing.folders { try collect(path + "/" + folder, target: target, &visited, &passedOver) }
    }
  }
}
