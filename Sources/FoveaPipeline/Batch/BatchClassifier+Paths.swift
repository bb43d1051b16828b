public import FoveaCore
import FoveaImage

// What can be told of paths without reading what lies there.
extension BatchClassifier {
  /// Which of the pictures that ``run(_:cancellation:each:)`` would read is the file at `path`, by whatever name; nil
  /// where none is. What neither is called a picture nor begins like one is not looked for in folders, which may be large.
  public static func picture(in paths: [FilePath], at path: FilePath) -> FilePath? {
    guard let identity = FileIdentity(path) else { return nil }
    let folders = paths.filter(OutputFolder.isFolder)
    if let named = paths.first(where: { FileIdentity($0) == identity && !OutputFolder.isFolder($0) }) { return named }
    guard !folders.isEmpty, PictureFile(path).mayBePicture else { return nil }
    var walk = PictureWalk(folders)
    while let step = walk.next() {
      if case .picture(let picture) = step, FileIdentity(picture) == identity { return picture }
    }
    return nil
  }

  /// How many rows ``run(_:cancellation:each:)`` makes, where that can be told without looking into folders.
  public static func count(of paths: [FilePath]) -> Int? {
    paths.contains(where: OutputFolder.isFolder) ? nil : paths.count
  }
}
