import CZlib
import FoveaCore

extension Dataset {
  /// The CRC-32 of the examples' names and of what is right for them, in order. Pictures, masks and boxes are not looked into, and
  /// the folder of a data set may be moved or mounted elsewhere.
  package var checksum: UInt32 {
    var sum = crc32(0, nil, 0)
    func add(_ text: String) {
      let bytes = Array(text.utf8)
      sum = crc32(sum, bytes, UInt32(bytes.count))
    }
    for description in targetDescriptions { add("\(description)\n") }
    for index in 0..<count {
      let name = identifier(at: index)
      add(name.hasPrefix(self.name) ? String(name.dropFirst(self.name.count)) : name)
      add("\0")
      for target in targetDescriptions.indices {
        switch targets(of: [index], target: target) {
        case .classes(let classes): add("\(classes)\n")
        case .shares(let rows), .labels(let rows), .numbers(let rows): add("\(rows.values)\n")
        case .masks, .boxes: break
        }
      }
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
