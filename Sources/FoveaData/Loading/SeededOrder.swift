import FoveaCore

/// Orders and seeds that follow from a seed alone, on every machine and with every version of Swift.
enum SeededOrder {
  /// One seed out of several numbers: any change in one gives an unrelated seed.
  static func seed(_ numbers: UInt64...) -> UInt64 {
    numbers.reduce(0x51_7C_C1_B7_27_22_0A_95) { state, number in
      var random = SeededRandom(seed: state ^ number)
      return random.next()
    }
  }

  /// The Fisher-Yates shuffle. The standard library's does not promise to stay the same.
  static func shuffle<Element>(_ elements: inout [Element], using random: inout SeededRandom) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, number(below: last + 1, using: &random))
    }
  }

  /// Even to within `bound` / 2⁶⁴: the upper half of a product, without a division.
  private static func number(below bound: Int, using random: inout SeededRandom) -> Int {
    Int(random.next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
