import FoveaCore

/// The paths of many files that lie in few folders: a million of them take little more than their names.
struct PathList {
  private var folders: [FilePath] = []
  private var folderOfFile: [UInt32] = []
  private var names: [UInt8] = []
  // Where each name ends; it begins where the one before it ends.
  private var ends: [Int] = []

  var count: Int { ends.count }

  mutating func append(_ path: FilePath) {
    let name = path.lastName
    let folder = path.bytes[..<name.startIndex]
    if folders.last.map({ $0.bytes[...] == folder }) != true { folders.append(FilePath(bytes: folder)) }
    folderOfFile.append(UInt32(folders.count - 1))
    names.append(contentsOf: name)
    ends.append(names.count)
  }

  subscript(index: Int) -> FilePath {
    let start = index == 0 ? 0 : ends[index - 1]
    return FilePath(bytes: folders[Int(folderOfFile[index])].bytes + names[start..<ends[index]])
  }
}
