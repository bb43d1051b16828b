import Foundation
public import FoveaCore
import Glibc

/// A folder that files are written into while others are read, which must not be among those.
package struct OutputFolder {
  let path: String

  /// Makes it, where there is none.
  ///
  /// - Parameters:
  ///   - inner: folders in it that will be written into.
  ///   - inputs: files and folders that are read.
  /// - Throws: ``OutputFolderError/insideInput(folder:input:)`` where it, or one of `inner`, lies in one of the folders that
  ///   are read, by whatever name, and what making it throws.
  init(_ path: String, inner: [String] = [], inputs: [FilePath]) throws(OutputFolderError) {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    self.path = path
    try Self.check(path, inner: inner, inputs: inputs)
    do throws(FileError) { try FolderMaking.make(path) } catch { throw .file(error) }
  }

  /// The same, for a folder that is made later.
  package static func check(
    _ path: String, inner: [String] = [], inputs: [FilePath]
  ) throws(OutputFolderError) {
    let read = inputs.filter(isFolder).map { (given: $0, real: real($0.description)) }
    for folder in inner.isEmpty ? [path] : [path] + inner.map({ path + "/" + $0 }) {
      let place = real(folder)
      if let input = read.first(where: { place == $0.real || place.hasPrefix($0.real == "/" ? "/" : $0.real + "/") }) {
        throw .insideInput(folder: folder, input: input.given.description)
      }
    }
  }

  static func isFolder(_ path: FilePath) -> Bool {
    var status = stat()
    return !path.holdsZero && path.withCString { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// With all links resolved, as far as there is anything.
  static func real(_ path: String) -> String {
    var (existing, rest) = (path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path, "")
    while true {
      if let resolved = realpath(existing, nil) {
        defer { free(resolved) }
        let folder = String(cString: resolved)
        return rest.isEmpty ? folder : (folder == "/" ? "" : folder) + rest
      }
      guard let slash = existing.lastIndex(of: "/"), slash > existing.startIndex else { return "/" + rest }
      rest = String(existing[slash...]) + rest
      existing = String(existing[..<slash])
    }
  }
}

/// What keeps files from being written beside the rows.
public enum OutputFolderError: FoveaError, Equatable {
  /// The next run would take what this one writes for pictures to be classified.
  case insideInput(folder: String, input: String)
  /// The results of the pipeline are none of which there is such a thing.
  case unsuitable(purpose: String, expected: String, got: String)
  case file(FileError)

  public var description: String {
    switch self {
    case .insideInput(let folder, let input):
      "'\(folder.printable)' lies in '\(input.printable)', whose images are classified: what is written there would be taken "
        + "for more of them; choose a folder outside"
    case .unsuitable(let purpose, let expected, let got):
      "\(purpose) takes \(expected), but the model yields \(got)"
    case .file(let error): error.description
    }
  }
}
