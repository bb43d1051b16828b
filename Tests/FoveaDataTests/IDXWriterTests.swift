import Foundation
import FoveaCore
import Testing

@testable import FoveaData

struct IDXWriterTests {
  @Test func writesTheFormat() throws {
    #expect(
      try IDXWriter.encode([1, 2, 3, 4, 5, 6], dimensions: [3, 2])
        == [0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6])
  }

  @Test(arguments: ["plain-idx3-ubyte", "packed-idx3-ubyte.gz"])
  func writesWhatIsReadBack(name: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/" + name
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * $0) }
    try IDXWriter.write(bytes, dimensions: [100, 10, 10], to: path)
    let file = try IDXFile(path: path)
    #expect(file.dimensions == [100, 10, 10])
    #expect(try file.bytes(of: 0..<100) == bytes)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
  }

  @Test(arguments: [[], [4], [2, 2, 2], [-1, -3], [3, 1 << 40]])
  func refusesDimensionsThatDoNotFit(dimensions: [Int]) {
    #expect(throws: DataError.self) { try IDXWriter.encode([1, 2, 3], dimensions: dimensions) }
  }

  @Test func leavesAnExistingFileAloneWhereItFails() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("old", to: "file")
    #expect(throws: DataError.self) { try IDXWriter.write([1], dimensions: [2], to: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(throws: DataError.self) { try IDXWriter.write([1], dimensions: [1], to: folder.path + "/no/file") }
  }
}
