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
  private let files: PathList
  private let targets: [UInt16]

  /// The pictures in the class folders of `folder`.
  ///
  /// - Parameter allowsEmptyClasses: whether a class may have no picture; at least one has some.
  /// - Throws: ``DataError`` for a folder that cannot be read, without class folders, or with a class without pictures.
  public init(folder: String, allowsEmptyClasses: Bool = false) throws(DataError) {
    let path = FilePath(folder)
    let contents = try FolderContents(reading: path)
    let classes = contents.filter { $0.kind == .folder }
    guard !classes.isEmpty else { throw .withoutClassFolders(try FolderSurvey(path)) }
    guard classes.count <= UInt16.max else {
      throw .noDataset(
        path: folder, part: "labelled", expected: "\(UInt16.max) classes at most", got: "\(classes.count)")
    }
    var files = PathList()
    var targets: [UInt16] = []
    var passedOver = PassedOverFiles()
    for (target, entry) in classes.enumerated() {
      let place = path.appending(entry.name)
      let found = try Self.collect(place, into: &files)
      guard allowsEmptyClasses || files.count > targets.count else {
        throw .emptyClass(
          path: place.description, expected: PictureFiles.extensions.sorted().joined(separator: ", "),
          got: found.isEmpty ? nil : found.description)
      }
      targets += Array(repeating: UInt16(target), count: files.count - targets.count)
      passedOver.add(found)
    }
    guard files.count > 0 else { throw .withoutClassFolders(try FolderSurvey(path)) }
    passedOver.add(contents.passedOver)
    for entry in contents where entry.kind == .picture {
      passedOver.add(FileName.printable(entry.name), .outsideClasses)
    }
    name = folder
    labels = classes.map(\.text)
    remarks = Self.remarks(on: passedOver, labels, in: folder)
    self.files = files
    self.targets = targets
  }

  /// All pictures in `folder` and below it, of one class that has its name: where there are no classes.
  init(unlabelled folder: String) throws(DataError) {
    var files = PathList()
    let passedOver = try Self.collect(FilePath(folder), into: &files)
    name = folder
    labels = [FileName.printable(FilePath(folder).lastName)]
    remarks = Self.remarks(on: passedOver, labels, in: folder)
    targets = Array(repeating: 0, count: files.count)
    self.files = files
  }

  /// Adds a class's pictures; each folder counts once, since links could lead around, and in many ways to the same place.
  ///
  /// - Returns: what was passed over in this class.
  private static func collect(_ path: FilePath, into files: inout PathList) throws(DataError) -> PassedOverFiles {
    var walk = PictureWalk([path], entersFoldersOnce: true)
    while let step = walk.next() {
      switch step {
      case .picture(let path): files.append(path)
      case .failure(let path, let error): throw .unreadable(path: path.description, reason: error.description)
      }
    }
    return walk.passedOver
  }

  public var count: Int { files.count }

  public func target(at index: Int) -> Int { Int(targets[index]) }

  public func identifier(at index: Int) -> String { files[index].description }

  public func file(at index: Int, picture: Int) -> FilePath? { files[index] }

  public func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    do throws(ImageError) { return try decoder.read(files[index]).image } catch {
      throw .image(identifier: identifier(at: index), error: error)
    }
  }

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
}
