import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel

@testable import FoveaONNX

enum Fixture {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let all =
    ["mixed", "mobile", "function", "stranger", "unsorted"].map { path("Tests/Fixtures/ONNX/\($0).onnx") }
    + [path("Samples/ONNX/small.onnx")]

  static func path(_ name: String) -> String { root.appending(path: name).path() }

  static func model(_ name: String) throws -> ONNXModel {
    try ONNXModel(path: path("Tests/Fixtures/ONNX/\(name).onnx"))
  }

  static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  static let registry: Registry = {
    var registry = Registry()
    try? BuiltinLayers.register(in: &registry)
    try? BuiltinONNXLayers.register(in: &registry)
    return registry
  }()
}

/// Writes messages of Protocol Buffers, for models that no tool would write.
struct Message {
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  func number(_ field: UInt64, _ value: Int64) -> Message {
    var copy = self
    copy.varint(field << 3)
    copy.varint(UInt64(bitPattern: value))
    return copy
  }

  func bytes(_ field: UInt64, _ value: [UInt8]) -> Message {
    var copy = self
    copy.varint(field << 3 | 2)
    copy.varint(UInt64(value.count))
    copy.bytes += value
    return copy
  }

  func text(_ field: UInt64, _ value: String) -> Message { bytes(field, Array(value.utf8)) }

  func message(_ field: UInt64, _ value: Message) -> Message { bytes(field, value.bytes) }

  static func node(
    _ type: String, domain: String = "", _ inputs: [String], _ outputs: [String], _ attributes: [Message] = []
  )
    -> Message
  {
    var node = Message()
    for input in inputs { node = node.text(1, input) }
    for output in outputs { node = node.text(2, output) }
    node = node.text(4, type)
    for attribute in attributes { node = node.message(5, attribute) }
    return domain.isEmpty ? node : node.text(7, domain)
  }

  static func integer(_ name: String, _ value: Int64) -> Message {
    Message().text(1, name).number(3, value).number(20, 2)
  }

  static func integers(_ name: String, _ values: [Int64]) -> Message {
    values.reduce(Message().text(1, name)) { $0.number(8, $1) }.number(20, 7)
  }

  static func graph(_ name: String, _ value: Message) -> Message {
    Message().text(1, name).message(6, value).number(20, 5)
  }

  static func info(_ name: String, type: Int64 = 1, _ extents: [Int64]) -> Message {
    let shape = extents.reduce(Message()) { $0.message(1, Message().number(1, $1)) }
    return Message().text(1, name).message(2, Message().message(1, Message().number(1, type).message(2, shape)))
  }

  static func graph(_ nodes: [Message], inputs: [Message], outputs: [Message], initializers: [Message] = []) -> Message
  {
    var graph = nodes.reduce(Message()) { $0.message(1, $1) }.text(2, "g")
    for tensor in initializers { graph = graph.message(5, tensor) }
    for input in inputs { graph = graph.message(11, input) }
    return outputs.reduce(graph) { $0.message(12, $1) }
  }

  static func wholes(_ name: String, _ values: [Int64], _ extents: [Int64]) -> Message {
    let message = extents.reduce(Message()) { $0.number(1, $1) }.number(2, 7).text(8, name)
    return values.reduce(message) { $0.number(7, $1) }
  }

  static func text(_ name: String, _ value: String) -> Message {
    Message().text(1, name).text(4, value).number(20, 3)
  }

  static func tensor(_ name: String, _ tensor: ONNXTensor) -> Message {
    let size = (tensor.type.bitCount ?? 8) / 8
    let raw = tensor.bits.flatMap { bits in
      (0..<size).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
    }
    return tensor.dimensions.reduce(Message()) { $0.number(1, Int64($1)) }
      .number(2, Int64(tensor.type.rawValue)).text(8, name).bytes(9, raw)
  }

  static func info(_ name: String, _ tensor: ONNXTensor) -> Message {
    info(name, type: Int64(tensor.type.rawValue), tensor.dimensions.map(Int64.init))
  }

  static func model(_ graph: Message, version: Int64 = 17) -> [UInt8] {
    Message().number(1, 9).message(7, graph).message(8, Message().text(1, "").number(2, version)).bytes
  }
}
