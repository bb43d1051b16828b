import FoveaImage
import Testing

struct FileNameTests {
  @Test(arguments: [
    ("plain.png", "plain.png"), ("gr\u{FC}n \u{1F431}.png", "gr\u{FC}n \u{1F431}.png"),
    ("a\nb\u{1B}[2J", "a\\x0Ab\\x1B[2J"),
    ("a\u{2028}b", "a\\xE2\\x80\\xA8b"), ("a\u{202E}gnp", "a\\xE2\\x80\\xAEgnp"), ("", ""),
    ("back\\slash", "back\\slash"),
  ])
  func escapesWhatIsNotToBePrinted(name: String, printed: String) {
    #expect(FileName.printable(name) == printed)
  }

  @Test func escapesWhatIsNoUTF8() {
    #expect(FileName.printable([0x63, 0x61, 0x66, 0xE9, 0x2E, 0x70]) == "caf\\xE9.p")
    #expect(FileName.printable([0xC3, 0xA9, 0xC3]) == "\u{E9}\\xC3")
    #expect(FileName.printable([0xFF, 0x0A]) == "\\xFF\\x0A")
  }
}
