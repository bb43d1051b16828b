import FoveaCore
import Testing

@testable import FoveaData

struct HammingIndexTests {
  @Test(arguments: [0, 3, 7, 8, 11]) func findsThePairsThatComparingAllWithAllFinds(radius: Int) {
    var random = SeededRandom(seed: 3)
    var hashes = (0..<300).map { _ in random.next() }
    // Neighbors at every distance, the same hash twice, and many that share a piece.
    for bits in 0..<14 {
      var hash = hashes[bits]
      while (hash ^ hashes[bits]).nonzeroBitCount < bits { hash ^= 1 << (random.next() % 64) }
      hashes.append(hash)
    }
    hashes += (0..<40).map { _ in random.next() & 0xFFFF }
    var expected: Set<[Int]> = []
    for a in hashes.indices {
      for b in 0..<a where (hashes[a] ^ hashes[b]).nonzeroBitCount <= radius {
        expected.insert([a, b, (hashes[a] ^ hashes[b]).nonzeroBitCount])
      }
    }
    var found: Set<[Int]> = []
    HammingIndex(hashes).forEachPair(within: radius) { found.insert([$0, $1, $2]) }
    #expect(found == expected && !expected.isEmpty)
  }

  @Test func joinsWhatBelongsTogetherThroughOthers() {
    var groups = Groups(count: 8)
    for (a, b) in [(5, 2), (7, 5), (1, 6), (2, 7)] { groups.join(a, b) }
    #expect(groups.all() == [[1, 6], [2, 5, 7]])
  }
}
