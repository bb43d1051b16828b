import FoveaCore
import FoveaData
import FoveaImage
import Testing

/// A number that changes with the examples, and not with the place where they lie.
@Suite struct DatasetChecksumTests {
  private static func dataset(_ name: String, _ targets: [Int], labels: [String]? = nil) throws -> Dataset {
    let images = try targets.map { _ in try Image(width: 1, height: 1, channels: 1, pixels: .bytes([0])) }
    return Dataset(try ArrayDataset(images, targets: targets, labels: labels ?? ["a", "b"], name: name))
  }

  @Test func namesTargetsAndLabelsCount() throws {
    let checksum = try Self.dataset("here", [0, 1, 0]).checksum
    #expect(try Self.dataset("elsewhere", [0, 1, 0]).checksum == checksum)
    #expect(try Self.dataset("here", [0, 1, 1]).checksum != checksum)
    #expect(try Self.dataset("here", [0, 1]).checksum != checksum)
    #expect(try Self.dataset("here", [0, 1, 0], labels: ["a", "c"]).checksum != checksum)
    #expect(try Self.dataset("here", [0, 1, 0]).subset([0, 2, 1]).checksum != checksum)
    #expect(try Self.dataset("here", [0, 1, 0]).subset([0, 1, 2]).checksum == checksum)
  }
}
