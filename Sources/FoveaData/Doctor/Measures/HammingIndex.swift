/// Finds the pairs of 64-bit hashes that differ in few bits, without comparing all with all.
///
/// Of two hashes that differ in r bits, one of four pieces of 16 bits differs in r / 4 at most: only hashes with such a piece
/// are looked at.
///
/// Source: M. Norouzi, A. Punjani, D. Fleet, "Fast search in Hamming space with multi-index hashing", CVPR 2012.
struct HammingIndex {
  private let hashes: [UInt64]
  /// For each value of a piece, where its hashes begin in `members`; one table for each piece.
  private var starts: [[UInt32]] = []
  /// The numbers of the hashes, by the value of the piece, then ascending.
  private var members: [[UInt32]] = []

  private static let pieces = 4

  init(_ hashes: [UInt64]) {
    self.hashes = hashes
    for piece in 0..<Self.pieces {
      var starts = [UInt32](repeating: 0, count: (1 << 16) + 1)
      for hash in hashes { starts[Self.value(hash, piece) + 1] += 1 }
      for value in 1..<starts.count { starts[value] += starts[value - 1] }
      var next = starts
      var members = [UInt32](repeating: 0, count: hashes.count)
      for (number, hash) in hashes.enumerated() {
        let value = Self.value(hash, piece)
        members[Int(next[value])] = UInt32(number)
        next[value] += 1
      }
      self.starts.append(starts)
      self.members.append(members)
    }
  }

  private static func value(_ hash: UInt64, _ piece: Int) -> Int {
    Int(truncatingIfNeeded: hash >> (16 * piece)) & 0xFFFF
  }

  /// All 16-bit numbers with so many bits or fewer.
  private static func masks(_ most: Int) -> [Int] { (0..<1 << 16).filter { $0.nonzeroBitCount <= most } }

  /// Calls `body` with the numbers of each pair that differs in `radius` bits or fewer, the greater number first, and in how
  /// many. A pair may come several times.
  func forEachPair(within radius: Int, _ body: (Int, Int, Int) -> Void) {
    let masks = Self.masks(radius / Self.pieces)
    hashes.withUnsafeBufferPointer { hashes in
      for piece in 0..<Self.pieces {
        starts[piece].withUnsafeBufferPointer { starts in
          members[piece].withUnsafeBufferPointer { members in
            for (number, hash) in hashes.enumerated() {
              let own = Self.value(hash, piece)
              for mask in masks {
                let value = own ^ mask
                var place = Int(starts[value])
                let end = Int(starts[value + 1])
                while place < end {
                  let other = Int(members[place])
                  if other >= number { break }
                  let distance = (hash ^ hashes[other]).nonzeroBitCount
                  if distance <= radius { body(number, other, distance) }
                  place += 1
                }
              }
            }
          }
        }
      }
    }
  }
}
