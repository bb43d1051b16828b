package import FoveaCore

/// A file that is to be decoded.
package struct PictureFile: StoredPicture {
  package let path: FilePath

  package init(_ path: FilePath) { self.path = path }

  package var name: String { path.description }

  /// Whether its name or its first bytes are a picture's.
  package var mayBePicture: Bool {
    if PictureFiles.isPicture(FilePath(bytes: path.lastName).description) { return true }
    guard let file = try? FileReader(path), let head = try? file.read(at: 0, count: min(file.count, 64)) else {
      return false
    }
    return PictureFormats.recognizes(head)
  }

  package func open() throws(ImageError) -> OpenPicture {
    let reader: FileReader
    do throws(FileError) { reader = try FileReader(path) } catch { throw ImageError(error) }
    guard reader.count <= Int32.max else {
      throw .unreadable(path: name, reason: "it is larger than 2 GiB", as: .tooLarge)
    }
    return OpenPicture(count: reader.count) { count throws(ImageError) in
      do throws(FileError) { return try reader.read(at: 0, count: count) } catch { throw ImageError(error) }
    }
  }
}

extension ImageError {
  package init(_ error: FileError) {
    switch error {
    case .unreadable(let path, let reason, let word): self = .unreadable(path: path, reason: reason, as: word)
    case .unwritable(let path, let reason): self = .unreadable(path: path, reason: reason)
    }
  }
}

extension DecodingBudget {
  static func megabytes(_ bytes: Int) -> String { "\((bytes + 999_999) / 1_000_000) MB" }

  /// More is wanted than there is in all.
  package func tooLarge(_ name: String, _ count: Int) -> ImageError {
    .unreadable(
      path: name,
      reason: "it takes \(Self.megabytes(count)), more than the limit of \(Self.megabytes(bytes)) for decoding "
        + "(--max-memory)", as: .tooLarge)
  }
}
