import Foundation
import FoveaCore
import FoveaProjection
import Testing

/// Files that `fovea embed` would never write must end in an error.
@Suite struct EmbeddingFileTests {
  private let folder: URL
  private var path: String { folder.appendingPathComponent("e.npy").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-embedding-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ rows: [[Float]], lines: [String]) throws {
    let values = rows.flatMap { $0 }
    try NumPyArray(
      code: "f4", shape: [rows.count, rows[0].count], bytes: values.withUnsafeBytes { Array($0) }
    ).write(to: path)
    try (lines.joined(separator: "\n") + "\n").write(toFile: path + ".jsonl", atomically: true, encoding: .utf8)
  }

  @Test func leavesFailedRowsOut() throws {
    try write(
      [[1, 2], [.nan, .nan], [3, 4], [5, 6]],
      lines: (0..<4).map { "{\"path\":\"\($0).png\",\"status\":\"ok\",\"label\":\"even\"}" })
    let file = try EmbeddingFile(path)
    #expect(file.rows == 4 && file.count == 3 && file.dimensions == 2)
    #expect(try file.points().values == [1, 2, 3, 4, 5, 6])
    #expect(try file.entries().mapValues(\.path) == [0: "0.png", 1: "2.png", 2: "3.png"])
    #expect(try file.entries(of: [1]) == [1: .init(path: "2.png", label: "even")])
    #expect(file.row(of: 2) == 3)
  }

  @Test func refusesHostileArrays() throws {
    func header(_ text: String) -> [UInt8] {
      let padded = Array((text + String(repeating: " ", count: 118 - text.utf8.count - 1) + "\n").utf8)
      return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(padded.count), 0] + padded
    }
    let hostile = [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 2), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
      "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }",
      "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1), }",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 1), }",
    ]
    for text in hostile {
      try Data(header(text) + [0, 0, 0, 0, 0, 0, 0, 0]).write(to: URL(fileURLWithPath: path))
      #expect(throws: FileError.self, "\(text)") { try EmbeddingFile(path) }
    }
    try Data([0x93, 0x4E]).write(to: URL(fileURLWithPath: path))
    #expect(throws: FileError.self) { try EmbeddingFile(path) }
  }

  @Test func refusesListsThatDoNotGoWithTheArray() throws {
    for lines in [["{\"path\":\"a\"}"], ["{\"path\":\"a\"}", "[]"], ["{\"path\":\"a\"}", "{\"path\":3}"], ["", ""]] {
      try write([[1, 2], [3, 4]], lines: lines)
      #expect(throws: FileError.self, "\(lines)") { try EmbeddingFile(path).entries() }
    }
  }

  @Test func recordsComeBackAndAreRefused() throws {
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder.path + "/model"))
    let record = try EmbeddingRecord(
      modelFiles: [folder.path + "/model"], layer: "fc", isAveraged: true, dimensions: 4, rows: 2)
    try record.write(besides: path)
    #expect(try EmbeddingRecord(besides: path) == record)
    let text = try String(contentsOfFile: path + ".index", encoding: .utf8)
    for (one, other) in [
      ("fovea embeddings", "other"), ("\"version\" : 1", "\"version\" : 2"),
      ("\"dimensions\" : 4", "\"dimensions\" : -4"),
      ("\"dimensions\" : 4", "\"dimensions\" : 1e99"), ("\"rows\" : 2", "\"rows\" : \"2\""), ("float32", "float3"),
      ("{", "["),
    ] {
      #expect(text.contains(one))
      try text.replacing(one, with: other).write(toFile: path + ".index", atomically: true, encoding: .utf8)
      #expect(throws: FileError.self, "\(other)") { try EmbeddingRecord(besides: path) }
    }
    try String(repeating: " ", count: 100_000).write(toFile: path + ".index", atomically: true, encoding: .utf8)
    #expect(throws: FileError.self) { try EmbeddingRecord(besides: path) }
    try FileManager.default.removeItem(atPath: path + ".index")
    #expect(throws: FileError.self) { try EmbeddingRecord(besides: path) }
  }
}
