import Foundation
import FoveaCore
import FoveaModel
import Testing

@testable import FoveaONNX

@Suite struct HostileONNXTests {
  private static var limits: ONNXLimits {
    var limits = ONNXLimits()
    (limits.mostElements, limits.mostNodes, limits.mostSteps) = (1 << 16, 1000, 1 << 20)
    return limits
  }

  /// Whatever comes, as long as it is a result or an error of ours.
  private static func look(at bytes: [UInt8]) throws -> Bool {
    do {
      let model = try ONNXModel(bytes: bytes, name: "damaged.onnx")
      var inputs: [String: ONNXValue] = [:]
      for info in model.graph.inputs {
        guard case .tensor(let number, let shape) = info.type else { continue }
        let extents = (shape ?? []).map { if case .known(let extent) = $0 { min(max(Int(extent), 0), 20) } else { 1 } }
        let type = ONNXElementType(rawValue: Int(truncatingIfNeeded: number)) ?? .float32
        guard extents.reduce(1, *) < 1 << 16 else { return false }
        inputs[info.name] = .tensor(.make(type, repeating: 1, extents))
      }
      _ = try model.run(inputs: inputs, limits: limits)
      return true
    } catch let error as ONNXError {
      #expect(!error.description.isEmpty)
      return false
    }
  }

  /// How many files are damaged; FOVEA_MUTATIONS=5000 takes more.
  private static let count = ProcessInfo.processInfo.environment["FOVEA_MUTATIONS"].flatMap { Int($0) } ?? 300

  /// A file with some damage.
  private static func damaged(_ whole: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = whole
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      default: if bytes.count > 1 { bytes.removeSubrange(place..<min(place + 3, bytes.count)) }
      }
      if bytes.isEmpty { bytes = [0] }
    }
    return bytes
  }

  @Test func mutatedFilesAreImportedOrRefused() throws {
    var random = SeededRandom(seed: 11)
    var whole = try Fixture.all.map { try Fixture.bytes($0) }
    // One of our own, whose metadata are damaged, too.
    let description = ModelDescription(
      name: "own", input: [2, 6, 5],
      layers: [
        .init(kind: "convolution", configuration: ["filters": 3, "kernel": 3]), .init(kind: "relu"),
        .init(kind: "flatten"), .init(kind: "dense", configuration: ["units": 4]),
      ])
    let model = try Model(description, registry: Fixture.registry, seed: 1)
    whole.append(
      try ONNXExport(SavedModel(description: description, model: model), registry: Fixture.registry).bytes)
    var imported = 0
    for number in 0..<Self.count {
      let bytes = Self.damaged(whole[number % whole.count], &random)
      do {
        let source = try ONNXModel(bytes: bytes, name: "damaged.onnx")
        let file = ONNXFile(source: source, registry: Fixture.registry, limits: Self.limits)
        _ = try file.imported(ImportSettings(name: "damaged"))
        imported += 1
      } catch let error as any FoveaError {
        #expect(!error.description.isEmpty)
      }
    }
    // Some damage cannot be noticed.
    #expect(imported < Self.count * 4 / 5)
  }

  @Test func mutatedFilesGiveAnErrorOrAResult() throws {
    var random = SeededRandom(seed: 7)
    var results = 0
    for number in 0..<Self.count {
      let bytes = Self.damaged(try Fixture.bytes(Fixture.all[number % Fixture.all.count]), &random)
      if try Self.look(at: bytes) { results += 1 }
    }
    // Some damage, such as another letter in a name, cannot be noticed.
    #expect(results < Self.count * 4 / 5)
  }

  @Test func cutFilesAreErrors() throws {
    let bytes = try Fixture.bytes(Fixture.path("Samples/ONNX/small.onnx"))
    for count in stride(from: 0, to: bytes.count - 8, by: 17) {
      #expect(throws: ONNXError.self) { try ONNXModel(bytes: Array(bytes[..<count]), name: "cut.onnx") }
    }
  }

  @Test func errorsNameFileMessageAndPlace() {
    let bytes: [UInt8] = [0x08, 0x09, 0x3A, 0x7F, 0x0A]
    let error = #expect(throws: ONNXError.self) { try ONNXModel(bytes: bytes, name: "short.onnx") }
    #expect(
      error
        == .malformed(
          file: "short.onnx", message: "ModelProto", place: 4,
          problem: "field 7 of 127 bytes is longer than the 1 that are left of it"))
  }

  @Test func graphsWithinGraphsEnd() {
    var graph = Message.graph([], inputs: [], outputs: [])
    for _ in 0..<200 {
      graph = Message.graph(
        [Message.node("If", ["c"], ["y"], [Message.graph("then_branch", graph)])], inputs: [], outputs: [])
    }
    let error = #expect(throws: ONNXError.self) { try ONNXModel(bytes: Message.model(graph), name: "deep.onnx") }
    #expect(error?.description.contains("nested too deeply") == true)
  }

  @Test func nodesThatNeedEachOtherAreAnError() {
    let graph = Message.graph(
      [Message.node("Relu", ["b"], ["a"]), Message.node("Relu", ["a"], ["b"])], inputs: [],
      outputs: [Message.info("b", [1])])
    let error = #expect(throws: ONNXError.self) { try ONNXModel(bytes: Message.model(graph), name: "ring.onnx") }
    #expect(error?.description.contains("nodes need each other's values: 'a', 'b'") == true)
  }

  /// Each asks for more than there is, in its own way.
  static let greedy: [(String, [Message], [Message])] = [
    (
      "ConstantOfShape", [Message.node("ConstantOfShape", ["s"], ["y"])],
      [Message.wholes("s", [1 << 30, 1 << 30], [2])]
    ),
    ("Expand", [Message.node("Expand", ["x", "s"], ["y"])], [Message.wholes("s", [1 << 31, 1 << 31, 1 << 31], [3])]),
    ("Tile", [Message.node("Tile", ["x", "s"], ["y"])], [Message.wholes("s", [1 << 31], [1])]),
    ("Pad", [Message.node("Pad", ["x", "s"], ["y"])], [Message.wholes("s", [1 << 31, 1 << 31], [2])]),
    (
      "Range", [Message.node("Range", ["s", "l", "d"], ["y"])],
      [
        Message.wholes("s", [0], []), Message.wholes("l", [.max], []), Message.wholes("d", [1], []),
      ]
    ),
    ("Reshape", [Message.node("Reshape", ["x", "s"], ["y"])], [Message.wholes("s", [1 << 31, 1 << 31, -1], [3])]),
    (
      "Slice", [Message.node("Slice", ["x", "s", "s", "a", "d"], ["y"])],
      [
        Message.wholes("s", [.min], [1]), Message.wholes("a", [.min], [1]), Message.wholes("d", [.min], [1]),
      ]
    ),
    ("Gather", [Message.node("Gather", ["x", "s"], ["y"])], [Message.wholes("s", [.min], [1])]),
    (
      "Div", [Message.node("Div", ["s", "z"], ["y"])],
      [Message.wholes("s", [.min], [1]), Message.wholes("z", [0], [1])]
    ),
    (
      "OneHot", [Message.node("OneHot", ["s", "d", "v"], ["y"])],
      [
        Message.wholes("s", [3], [1]), Message.wholes("d", [1 << 31], []), Message.wholes("v", [0, 1], [2]),
      ]
    ),
    ("Flatten", [Message.node("Flatten", ["x"], ["y"], [Message.integer("axis", .min)])], []),
    ("Split", [Message.node("Split", ["x"], ["y"], [Message.integer("num_outputs", 1 << 31)])], []),
    ("DepthToSpace", [Message.node("DepthToSpace", ["x"], ["y"], [Message.integer("blocksize", 1 << 31)])], []),
  ]

  @Test(arguments: greedy.map(\.0)) func hostileSizesAreErrors(_ name: String) throws {
    let (_, nodes, initializers) = try #require(Self.greedy.first { $0.0 == name })
    let graph = Message.graph(
      nodes, inputs: [Message.info("x", [3])], outputs: [Message.info("y", [3])], initializers: initializers)
    let model = try ONNXModel(bytes: Message.model(graph), name: "greedy.onnx")
    #expect(throws: ONNXError.self) {
      try model.run(inputs: ["x": .tensor(ONNXTensor([1, 2, 3] as [Float], [3]))], limits: Self.limits)
    }
  }

  @Test func loopsEnd() throws {
    let body = Message.graph(
      [Message.node("Identity", ["c"], ["d"]), Message.node("Add", ["v", "v"], ["w"])],
      inputs: [Message.info("i", type: 7, []), Message.info("c", type: 9, []), Message.info("v", [3])],
      outputs: [Message.info("d", type: 9, []), Message.info("w", [3])])
    let graph = Message.graph(
      [Message.node("Loop", ["", "", "x"], ["y"], [Message.graph("body", body)])], inputs: [Message.info("x", [3])],
      outputs: [Message.info("y", [3])])
    let model = try ONNXModel(bytes: Message.model(graph), name: "loop.onnx")
    let error = #expect(throws: ONNXError.self) {
      try model.run(inputs: ["x": .tensor(ONNXTensor([1, 2, 3] as [Float], [3]))], limits: Self.limits)
    }
    #expect(error?.description.contains("1000 nodes have been computed") == true)
  }

  @Test func weightsOfOtherFoldersAreRefused() throws {
    let elsewhere = Message().text(1, "location").text(2, "../secret")
    let tensor = Message().number(1, 1).number(2, 1).text(8, "w").message(13, elsewhere).number(14, 1)
    let graph = Message.graph(
      [Message.node("Add", ["x", "w"], ["y"])], inputs: [Message.info("x", [1])], outputs: [Message.info("y", [1])],
      initializers: [tensor])
    let folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "outside.onnx").path()
    try Data(Message.model(graph)).write(to: URL(filePath: path))
    let error = #expect(throws: ONNXError.self) {
      try ONNXModel(path: path).run(inputs: ["x": .tensor(ONNXTensor([1] as [Float], [1]))])
    }
    #expect(error?.description.contains("'../secret', which is not in the model's folder") == true)
  }
}
