extension Int {
  /// 60000 as `60,000`, the same in every locale.
  package var grouped: String {
    let digits = Array(String(magnitude))
    let groups = digits.enumerated().map { index, digit in
      (index > 0 && (digits.count - index).isMultiple(of: 3) ? "," : "") + String(digit)
    }
    return (self < 0 ? "-" : "") + groups.joined()
  }

  /// `1 filter`, `2 filters`.
  package func counted(_ noun: String, _ plural: String? = nil) -> String {
    grouped + " " + (self == 1 ? noun : plural ?? noun + "s")
  }
}

extension BinaryInteger {
  /// `1 byte`, `16384 bytes`: a file's own numbers, as the file has them.
  package func plainly(_ noun: String) -> String { "\(self) " + (self == 1 ? noun : noun + "s") }
}
