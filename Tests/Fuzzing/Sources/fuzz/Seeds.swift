import Foundation
import Fovea

/// Small inputs that are right.
enum Seeds {
  static let color = try! Image(
    width: 9, height: 7, channels: 3, pixels: .bytes((0..<189).map { UInt8(truncatingIfNeeded: $0 * 37) }))
  static let gray = try! Image(
    width: 8, height: 8, channels: 1, pixels: .bytes((0..<64).map { UInt8($0 * 4) }))

  /// The tests' own inputs whose names end so, as far as they are small.
  static func fixtures(_ endings: String...) throws -> [[UInt8]] {
    let tests = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    return try ["Images", "Inputs"].flatMap { name in
      let folder = tests.appendingPathComponent("Fixtures/\(name)")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      return try files.filter { file in endings.contains { file.hasSuffix("." + $0) } }
        .map { Array(try Data(contentsOf: folder.appendingPathComponent($0))) }
    }
  }

  private static func little(_ number: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(number >> (8 * $0) & 255) }
  }

  /// 2 × 2 of gray in one strip.
  static var tiff: [UInt8] {
    let fields = [
      (256, 2), (257, 2), (258, 8), (259, 1), (262, 1), (273, 8 + 2 + 9 * 12 + 4), (277, 1), (278, 2), (279, 4),
    ]
    return Array("II*\0".utf8) + little(8, 4) + little(fields.count, 2)
      + fields.flatMap { little($0.0, 2) + little(3, 2) + little(1, 4) + little($0.1, 4) } + little(0, 4) + [
        9, 80, 160, 250,
      ]
  }

  /// 2 × 2 of 24 bits.
  static var bitmap: [UInt8] {
    Array("BM".utf8) + little(70, 4) + little(0, 4) + little(54, 4) + little(40, 4) + little(2, 4) + little(2, 4)
      + little(1, 2) + little(24, 2) + little(0, 4) + little(16, 4) + little(0, 16) + [
        1, 2, 3, 4, 5, 6, 0, 0, 9, 8, 7, 6, 5, 4, 0, 0,
      ]
  }

  /// One pixel.
  static var gif: [UInt8] {
    Array("GIF89a".utf8) + [
      1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
    ]
  }

  /// One pixel, without loss.
  static var webp: [UInt8] { Array(Data(base64Encoded: "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==") ?? Data()) }

  static let portable = [
    "P1\n2 2\n0 1\n1 0\n", "P2\n# gray\n2 2\n255\n0 80\n160 255\n", "P3\n1 1\n255\n1 2 3\n", "P4\n8 1\nA",
    "P5\n2 2\n255\nabcd",
    "P6\n1 1\n65535\nabcdef", "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\nabc",
  ]

  static let yaml = """
    name: small
    input: [1, 4, 4]
    preprocessing: [{kind: toGrayscale}, {kind: resize, width: 4, height: 4}, {kind: scale}]
    layers:
      - {name: c, kind: convolution, filters: 2, kernel: 3}
      - {kind: relu}
      - {kind: flatten}
      - {kind: dense, units: 2}
    loss: {kind: softmaxCrossEntropy}
    postprocessing: [{kind: softmax}]
    labels: [a, b]

    """

  static func model() throws -> [UInt8] {
    let description = try ModelDescription(yaml: yaml)
    let model = try Model(description, registry: .standard, seed: 1)
    let path = NSTemporaryDirectory() + "/fovea-seed-\(ProcessInfo.processInfo.processIdentifier).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ModelFile.save(SavedModel(description: description, model: model), registry: .standard, to: path)
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Two graphs in ONNX's format: `mixed.onnx` and `function.onnx` of the fixtures.
  static let graphs: [[UInt8]] = [
    """
    CAoSBWZvdmVhOrUCChoKAXgKAXcSAW0aB3Byb2R1Y3QiBk1hdE11bAoUCgFtCgFiEgFhGgRiaWFzIgNBZGQKEAoBYRIBZRoDZXJmIgNF\
    cmYKLQoBZQoEYXhpcxIEc3VtcxoEc3VtcyIGQ3VtU3VtKg4KB3JldmVyc2UYAaABAhIFbWl4ZWQqWwgFCAQQAUIBd0pQk5TYvu+GSb9Z\
    DRC9ZoZGvbYXuz7HjI08ZuwYvnPd0L616ti84VozvrRgqb7Q9xO9blqiPir54zzSIqG+lxPJPcepqL7PVPK+v9UXPlwRKb4qGQgEEAFC\
    AWJKEGQLqz6eF789eLt3vr29hj0qEhAHQgRheGlzSggBAAAAAAAAAFoUCgF4Eg8KDQgBEgkKAxIBbgoCCAViFwoEc3VtcxIPCg0IARIJ\
    CgMSAW4KAggEQgQKABAR
    """,
    """
    CAoSBWZvdmVhOmEKMwoBeBIBeRoFdHdpY2UiBkRvdWJsZSoPCgVzbG9wZRUAAAA/oAEBOgtjb20uZXhhbXBsZRIIZnVuY3Rpb25aDwoB\
    eBIKCggIARIECgIIA2IPCgF5EgoKCAgBEgQKAggDQgQKABARQg8KC2NvbS5leGFtcGxlEAHKAYkBCgZEb3VibGUiAWEqAWIyBXNsb3Bl\
    OiYSA3R3byIIQ29uc3RhbnQqFQoLdmFsdWVfZmxvYXQVAAAAQKABAToQCgFhCgN0d28SAWQiA011bDolCgFkEgFiIglMZWFreVJlbHUq\
    EgoFYWxwaGGgAQGqAQVzbG9wZUoECgAQEVILY29tLmV4YW1wbGU=
    """,
  ].compactMap { Data(base64Encoded: $0).map { Array($0) } }
}
