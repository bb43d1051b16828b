import FoveaCore
import Testing

@Suite struct FilePathTests {
  @Test(
    arguments: [
      ([0x63, 0x61, 0x66, 0xE9, 0x2E, 0x70], "caf\\xE9.p"), ([0xC3, 0xA9, 0xC3], "é\\xC3"),
      ([0xE2, 0x82], "\\xE2\\x82"),
      ([0xFF, 0x0A], "\\xFF\n"), ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"), ([], ""),
    ] as [([UInt8], String)])
  func showsBytesThatAreNoText(bytes: [UInt8], text: String) {
    #expect(FilePath(bytes: bytes).description == text)
  }

  /// A name may hold what stands for a byte, letter by letter.
  @Test(arguments: [("a\\xE9", "a\\x5CxE9"), ("\\x5CxE9", "\\x5Cx5CxE9"), ("\\xG9\\x4", "\\xG9\\x4")])
  func isNeverTheTextOfAnother(name: String, text: String) {
    #expect(FilePath(name).description == text)
    #expect(FilePath(bytes: [0xE9] + name.utf8).description == "\\xE9" + text)
  }

  @Test func joinsFoldersAndNames() {
    #expect(FilePath("a/b").appending("c".utf8) == FilePath("a/b/c"))
    #expect(FilePath("/").appending("c".utf8) == FilePath("/c"))
  }
}
