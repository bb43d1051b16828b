import Foundation
import FoveaCore
import Testing

@Suite struct PrintableTests {
  private static let nasty = "a\u{1B}[2Jb\nc\u{7F}d\u{9B}e\u{2028}f\u{202E}g\u{2066}h"

  @Test func whatIsObeyedIsWrittenOut() {
    #expect(
      Self.nasty.printable == "a\\x1B[2Jb\\x0Ac\\x7Fd\\xC2\\x9Be\\xE2\\x80\\xA8f\\xE2\\x80\\xAEg\\xE2\\x81\\xA6h")
  }

  @Test(arguments: ["", "plain", "C:\\x", "naïve 漢字", "👩‍👩‍👧", "עברית", "a\u{AD}b"])
  func allElseStays(text: String) {
    #expect(text.printable == text)
    #expect(text.printableJSON == text)
  }

  @Test func textOfJSONStaysWhatItMeans() throws {
    let value = [Self.nasty, "quote \" and \\", "\t\r"]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .prettyPrinted
    let encoded = String(decoding: try encoder.encode(value), as: UTF8.self).printableJSON
    let own = "[" + value.map(\.quotedForJSON).joined(separator: ",") + "]"
    for text in [encoded, own] {
      #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
      #expect(!text.unicodeScalars.contains("\u{202E}") && !text.unicodeScalars.contains("\u{2028}"))
      #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == value)
    }
  }
}
