public import FoveaCore
public import FoveaImage

/// Pictures in one folder for each class, the folder's name being the label; labels are sorted.
///
/// All pictures below a class's folder are its examples, however deep. What is hidden, is left behind by a system
/// (`.DS_Store`, `Thumbs.db`, `desktop.ini`, `__MACOSX`) or has no picture's extension is passed over.
public struct ClassFolderDataset: DatasetSource {
  public let name: String
  public let labels: [String]
  private let folders: [String]
  private let files: [String]
  private let folderOfFile: [UInt32]
  private let targetOfFolder: [UInt16]

  /// The pictures in the class folders of `folder`.
  ///
  /// - Throws: ``DataError`` for a folder that cannot be read, without class folders, or with a class without pictures.
  public init(folder: String) throws(DataError) {
    try self.init(folder: folder, listing: try FolderListing(folder))
  }

  init(folder: String, listing: FolderListing) throws(DataError) {
    guard !listing.folders.isEmpty else {
      throw .noDataset(
        path: folder, part: "labelled", expected: "one folder of images for each class",
        got: listing.files.isEmpty ? "nothing" : "\(listing.files.count) files and no folder")
    }
    guard listing.folders.count <= UInt16.max else {
      throw .noDataset(
        path: folder, part: "labelled", expected: "\(UInt16.max) classes at most", got: "\(listing.folders.count)")
    }
    var found = Found()
    for (target, label) in listing.folders.enumerated() {
      let before = found.files.count
      try found.collect(folder + "/" + label, target: UInt16(target))
      guard found.files.count > before else {
        throw .emptyClass(
          path: folder + "/" + label, expected: PictureFiles.extensions.sorted().joined(separator: ", "))
      }
    }
    name = folder
    labels = listing.folders
    folders = found.folders
    files = found.files
    folderOfFile = found.folderOfFile
    targetOfFolder = found.targetOfFolder
  }

  public var count: Int { files.count }

  public func target(at index: Int) -> Int { Int(targetOfFolder[Int(folderOfFile[index])]) }

  public func identifier(at index: Int) -> String { folders[Int(folderOfFile[index])] + "/" + files[index] }

  public func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    let path = identifier(at: index)
    do throws(ImageError) {
      return try decoder.decode(path: path)
    } catch {
      throw .image(identifier: path, error: error)
    }
  }

  private struct Found {
    var folders: [String] = []
    var targetOfFolder: [UInt16] = []
    var files: [String] = []
    var folderOfFile: [UInt32] = []

    // `above` guards against a link that leads back to a folder that it lies in.
    mutating func collect(
      _ path: String, target: UInt16, above: Set<FolderListing.Identity> = []
    ) throws(DataError) {
      let identity = try FolderListing.Identity(path)
      if above.contains(identity) { return }
      let listing = try FolderListing(path)
      let images = listing.files.filter(PictureFiles.isPicture)
      if !images.isEmpty {
        folderOfFile += Array(repeating: UInt32(folders.count), count: images.count)
        files += images
        folders.append(path)
        targetOfFolder.append(target)
      }
      for folder in listing.folders {
        try collect(path + "/" + folder, target: target, above: above.union([identity]))
      }
    }
  }
}
