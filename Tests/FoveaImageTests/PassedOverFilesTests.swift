import FoveaImage
import Testing

struct PassedOverFilesTests {
  @Test(arguments: [
    ("a.HEIC", PassedOverFiles.Reason.unreadFormat("HEIC")), ("a.jp2", .unreadFormat("JPEG 2000")),
    ("a.avif", .unreadFormat("AVIF")), ("a.tif.bak", .otherFile), ("heic", .otherFile), ("notes.txt", .otherFile),
    ("a.", .otherFile),
  ])
  func saysWhyAFileIsNoPicture(name: String, reason: PassedOverFiles.Reason) {
    #expect(PassedOverFiles.Reason(name: name, isRegularFile: true) == reason)
    #expect(PassedOverFiles.Reason(name: name, isRegularFile: false) == .special)
  }

  @Test func takesPictures() {
    #expect(PassedOverFiles.Reason(name: "a.JPG", isRegularFile: true) == nil)
    #expect(PassedOverFiles.Reason(name: "a.JPG", isRegularFile: false) == .special)
  }

  @Test func countsByReasonAndNamesTheFirst() {
    var files = PassedOverFiles()
    #expect(files.isEmpty && files.count == 0)
    files.add("pipe.png", .special)
    files.add("notes.txt", .otherFile)
    #expect(!files.holdsPictures)
    for number in 1...5 { files.add("\(number).heic", .unreadFormat("HEIC")) }
    var more = PassedOverFiles()
    more.add("six.heic", .unreadFormat("HEIC"))
    more.add("x.psd", .unreadFormat("PSD"))
    files.add(more)
    #expect(files.count == 9 && files.holdsPictures)
    #expect(
      files.description
        == "9 files: 6 HEIC, which is not read (1.heic, 2.heic, 3.heic, …); 1 PSD, which is not read (x.psd); "
        + "1 without an image's extension (notes.txt); 1 is no regular file (pipe.png)")
  }
}
