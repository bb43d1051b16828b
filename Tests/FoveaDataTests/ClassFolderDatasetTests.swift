import Foundation
import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct ClassFolderDatasetTests {
  @Test func takesFoldersAsClassesAndPassesJunkOver() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(10, to: "dog/b.png")
    try folder.writePicture(20, to: "dog/a.PNG")
    try folder.writePicture(30, to: "cat/deep/er/c.png")
    try folder.writePicture(40, to: "cat/d.png")
    for junk in [
      ".DS_Store", ".hidden/x.png", "__MACOSX/x.png", "cat/.DS_Store", "cat/._d.png", "cat/Thumbs.db",
      "dog/desktop.ini",
      "dog/notes.txt", "dog/png", "readme.md", "stray.png", "cat/@eaDir/d.png", "Cat.png",
    ] {
      try folder.write([1, 2, 3], to: junk)
    }
    let dataset = try ClassFolderDataset(folder: folder.path)
    #expect(dataset.labels == ["cat", "dog"])
    #expect(
      (0..<dataset.count).map(dataset.identifier)
        == ["cat/d.png", "cat/deep/er/c.png", "dog/a.PNG", "dog/b.png"].map { folder.path + "/" + $0 })
    #expect((0..<dataset.count).map(dataset.target) == [0, 0, 1, 1])
    let values = try (0..<dataset.count).map { try dataset.image(at: $0, decoder: ImageDecoder()).floats[0] }
    #expect(values == [40, 30, 20, 10])
    #expect(dataset.byteShape == nil)
  }

  @Test func namesAnEmptyClass() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(1, to: "cat/a.png")
    try folder.write("x", to: "dog/notes.txt")
    let error = #expect(throws: DataError.self) { try ClassFolderDataset(folder: folder.path) }
    #expect(error?.description.contains("the class folder '\(folder.path)/dog' holds no image") == true)
  }

  @Test func saysWhatLiesInAnEmptyClass() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(1, to: "cat/a.png")
    try folder.write("x", to: "dog/a.heic")
    let error = #expect(throws: DataError.self) { try ClassFolderDataset(folder: folder.path) }
    #expect(error?.description.contains("but 1 file: 1 HEIC, which is not read (a.heic)") == true)
    #expect(try ClassFolderDataset(folder: folder.path, allowsEmptyClasses: true).labels == ["cat", "dog"])
  }

  @Test func namesAFolderWithoutClasses() throws {
    let folder = try TemporaryFolder()
    func refusal() -> String? {
      do throws(DataError) {
        _ = try ClassFolderDataset(folder: folder.path)
        return nil
      } catch { return error.description }
    }
    #expect(refusal()?.hasSuffix("but found nothing") == true)
    try folder.writePicture(1, to: "a.png")
    #expect(refusal()?.hasSuffix("but found 1 image in no folder") == true)
    #expect(throws: DataError.unreadable(path: folder.path + "/no", reason: "No such file or directory")) {
      try ClassFolderDataset(folder: folder.path + "/no")
    }
    #expect(throws: DataError.unreadable(path: folder.path + "/a.png", reason: "Not a directory")) {
      try ClassFolderDataset(folder: folder.path + "/a.png")
    }
  }

  @Test func tellsWhatItPassesOver() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(1, to: "cat/a.png")
    try folder.writePicture(1, to: "Cat/a.png")
    try folder.writePicture(1, to: "stray.png")
    for name in ["cat/b.heic", "cat/deep/c.heic", "cat/notes.txt", "readme.md", "Cat/a\nb.avif"] {
      try folder.write("x", to: name)
    }
    #expect(mkfifo(folder.path + "/cat/pipe.png", 0o600) == 0)
    let dataset = Dataset(try ClassFolderDataset(folder: folder.path))
    #expect(dataset.count == 2)
    #expect(
      dataset.remarks == [
        DataRemark(
          "\(folder.path): passed over 7 files: 1 image in no class's folder (stray.png); 1 AVIF, which is not read "
            + "(a\\x0Ab.avif); 2 HEIC, which is not read (b.heic, c.heic); 2 without an image's extension (notes.txt, "
            + "readme.md); 1 is no regular file (pipe.png)", isWarning: true),
        DataRemark("\(folder.path): the classes Cat, cat differ in case only", isWarning: true),
      ])
    #expect(dataset.subset([1]).remarks == dataset.remarks)
  }

  @Test func readsFilesWhoseNamesAreNoText() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(1, to: "cat/a.png")
    var odd = Array((folder.path + "/cat/caf?.png").utf8CString)
    odd[odd.count - 6] = -23
    #expect(rename(folder.path + "/cat/a.png", odd) == 0)
    let dataset = try ClassFolderDataset(folder: folder.path)
    #expect(dataset.identifier(at: 0) == folder.path + "/cat/caf\\xE9.png")
    #expect(try dataset.image(at: 0, decoder: ImageDecoder()).floats[0] == 1)
    try folder.write("no picture", to: "cat/plain.png")
    #expect(rename(folder.path + "/cat/plain.png", odd) == 0)
    let error = #expect(throws: DataError.self) { try dataset.image(at: 0, decoder: ImageDecoder()) }
    #expect(error?.description.contains("/cat/caf\\xE9.png'") == true)
  }

  @Test func takesAClassWhoseNameIsNoText() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(1, to: "cafe/deep/a.png")
    try folder.writePicture(1, to: "cafe/e.png")
    try folder.writePicture(2, to: "dog/b.png")
    let odd = Array((folder.path + "/caf").utf8CString.dropLast()) + [-23, 0]
    #expect(rename(folder.path + "/cafe", odd) == 0)
    let dataset = try Dataset.open(folder.path, part: .training)
    #expect(dataset.labels == ["caf\\xE9", "dog"])
    #expect(dataset.identifier(at: 0) == folder.path + "/caf\\xE9/deep/a.png")
    #expect(try dataset.image(at: 0).floats[0] == 1)
    #expect(try dataset.image(at: 2).floats[0] == 2)
  }

  @Test func entersEachFolderOfAClassOnce() throws {
    let folder = try TemporaryFolder()
    // Each of twelve folders links to all others: there are millions of ways through them.
    for number in 0..<12 {
      try folder.writePicture(1, to: "cat/\(number)/a.png")
      for other in 0..<12 where other != number {
        try FileManager.default.createSymbolicLink(
          atPath: "\(folder.path)/cat/\(number)/to\(other)", withDestinationPath: "../\(other)")
      }
    }
    #expect(try ClassFolderDataset(folder: folder.path).count == 12)
  }

  @Test(.enabled(if: getuid() != 0, "root may read every folder"))
  func namesAFolderThatMayNotBeRead() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(1, to: "cat/a.png")
    let locked = try folder.folder("cat/locked")
    chmod(locked, 0)
    defer { chmod(locked, 0o700) }
    #expect(throws: DataError.unreadable(path: locked, reason: "Permission denied")) {
      try ClassFolderDataset(folder: folder.path)
    }
  }

  @Test func followsLinksButNotInCircles() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(1, to: "cat/a.png")
    let files = FileManager.default
    try files.createSymbolicLink(atPath: folder.path + "/cat/around", withDestinationPath: folder.path + "/cat")
    try files.createSymbolicLink(atPath: folder.path + "/dog", withDestinationPath: folder.path + "/cat")
    try files.createSymbolicLink(atPath: folder.path + "/cat/lost.png", withDestinationPath: "nowhere")
    let dataset = try ClassFolderDataset(folder: folder.path)
    #expect(dataset.labels == ["cat", "dog"])
    // A link that leads nowhere is an example that fails, and not overlooked.
    #expect(dataset.count == 4)
    let error = #expect(throws: DataError.self) { try dataset.image(at: 1, decoder: ImageDecoder()) }
    #expect(error?.description.contains("cat/lost.png") == true)
  }

  @Test func namesThePictureThatFails() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([], to: "cat/empty.png")
    let dataset = try ClassFolderDataset(folder: folder.path)
    let error = #expect(throws: DataError.self) { try dataset.image(at: 0, decoder: ImageDecoder()) }
    guard case .image(let identifier, _)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(identifier == path)
  }
}
