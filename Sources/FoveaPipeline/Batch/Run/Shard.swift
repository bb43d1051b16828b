import FoveaCore

/// One of several parts of a run's inputs, which other machines need not know of: which part a picture is in follows from its
/// path alone.
///
/// The part is h mod n, where h are the upper 32 bits of the path's 64-bit FNV-1a.
public struct Shard: Sendable, Hashable, Codable, CustomStringConvertible {
  /// From 1.
  public let index: Int
  public let count: Int

  /// Nil where there is no such part.
  public init?(_ index: Int, of count: Int) {
    guard (1...100_000).contains(count), (1...count).contains(index) else { return nil }
    (self.index, self.count) = (index, count)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let (index, count) = (try values.decode(Int.self, forKey: .index), try values.decode(Int.self, forKey: .count))
    guard let shard = Shard(index, of: count) else {
      throw DecodingError.dataCorruptedError(
        forKey: .index, in: values, debugDescription: "there is no part \(index)/\(count)")
    }
    self = shard
  }

  /// As it is written: `2/8`.
  public init?(_ text: String) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let index = numbers[0], let count = numbers[1] else { return nil }
    self.init(index, of: count)
  }

  public var description: String { "\(index)/\(count)" }

  public func holds(_ path: String) -> Bool { holds(Fingerprint(of: path).value) }

  func holds(_ fingerprint: UInt64) -> Bool { Int(fingerprint >> 32) % count == index - 1 }
}
