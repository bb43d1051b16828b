/// Adobe's metadata in XML, of which only the orientation is read.
///
/// Source: XMP specification, part 2, section 3.6: `tiff:Orientation`, as an attribute or an element.
enum XMP {
  static func orientation(in text: [UInt8]) -> Int? {
    let name = Array("tiff:Orientation".utf8)
    guard text.count > name.count else { return nil }
    for start in 0..<text.count - name.count where text[start] == name[0] {
      guard text[start..<start + name.count].elementsEqual(name) else { continue }
      // `="6"` or `>6<`, perhaps with white space between.
      let value = text[(start + name.count)...].drop { [0x20, 0x09, 0x0A, 0x0D, 0x3D, 0x3E, 0x22, 0x27].contains($0) }
      if let digit = value.first, (0x31...0x38).contains(digit) { return Int(digit) - 0x30 }
    }
    return nil
  }
}
