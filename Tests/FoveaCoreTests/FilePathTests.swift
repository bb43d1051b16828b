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

  @Test func joinsFoldersAndNames() {
    #expect(FilePath("a/b").appending("c".utf8) == FilePath("a/b/c"))
    #expect(FilePath("/").appending("c".utf8) == FilePath("/c"))
  }
}
