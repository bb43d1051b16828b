import FoveaCore
import Testing

@Suite struct SeededRandomTests {
  @Test func goesOnFromItsDescription() throws {
    var random = SeededRandom(seed: 1998)
    for count in 0..<50 {
      var other = try #require(SeededRandom(random.description))
      #expect(other == random)
      #expect(random.next() == other.next(), "after \(count)")
    }
  }

  /// The state that SplitMix64 makes of the seed 0, as its authors' code does: https://prng.di.unimi.it/splitmix64.c
  @Test func isDescribedByItsFourWords() {
    #expect(
      SeededRandom(seed: 0).description == "e220a8397b1dcdaf" + "6e789e6aa1b965f4" + "06c45d188009454f"
        + "f88bb8a8724c81ec")
  }

  @Test(arguments: [
    "", "0", String(repeating: "0", count: 64), String(repeating: "g", count: 64), String(repeating: "A", count: 64),
    "+" + String(repeating: "1", count: 63), String(repeating: "1", count: 65), String(repeating: "１", count: 64),
  ])
  func whatIsNoDescriptionIsNil(_ text: String) {
    #expect(SeededRandom(text) == nil)
  }
}
