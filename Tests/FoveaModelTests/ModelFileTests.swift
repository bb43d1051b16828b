import Foundation
import FoveaCore
import FoveaModel
import Testing

@Suite struct ModelFileTests {
  private func saved(_ registry: Registry) throws -> SavedModel {
    var training = TrainingRecord()
    training.data = "noise"
    training.epochs = 3
    training.seed = .max
    training.accuracy = 0.1
    training.settings = ["learningRate": 0.001, "schedule": [1, 2]]
    return SavedModel(
      description: .test, model: try Model(.test, registry: registry, seed: 4), training: training)
  }

  private func load(
    _ registry: Registry, metadata: [String: String]? = nil, _ change: (inout SafeTensors) -> Void = { _ in }
  ) throws -> SavedModel {
    let scratch = try ScratchFolder()
    let path = scratch.path("m.safetensors")
    try ModelFile.save(saved(.test()), registry: .test(), to: path)
    var file = try SafeTensors(contentsOf: path)
    if let metadata { file.metadata = metadata }
    change(&file)
    try file.write(to: path)
    return try ModelFile.load(path, registry: registry)
  }

  @Test func loadsWhatItSaved() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path("m.safetensors")
    let registry = try Registry.test()
    let original = try saved(registry)
    try ModelFile.save(original, registry: registry, to: path)
    let loaded = try ModelFile.load(path, registry: registry)
    #expect(loaded.model.parameters == original.model.parameters)
    #expect(loaded.training == original.training)
    #expect(loaded.training?.seed == .max)
    #expect(loaded.description.labels == ["a", "b", "c"])
    #expect(loaded.origins.isEmpty && loaded.warnings.isEmpty)
    let input = Tensor((0..<24).map(Float.init), [2, 3, 2, 2])
    #expect(try loaded.model.infer(input) == original.model.infer(input))
    // What was loaded is saved as the same bytes.
    try ModelFile.save(loaded, registry: registry, to: scratch.path("n.safetensors"))
    let bytes = try Data(contentsOf: URL(filePath: path))
    #expect(try Data(contentsOf: URL(filePath: scratch.path("n.safetensors"))) == bytes)
  }

  @Test func writesEverySettingOut() throws {
    let loaded = try load(.test())
    #expect(
      loaded.description.layers == [
        LayerDescription(
          name: "first", kind: "shift", configuration: ["rounds": 1, "scale": 1, "note": "default"]),
        LayerDescription(
          name: "shift1", kind: "shift", configuration: ["rounds": 2, "scale": 0.5, "note": "default"]),
      ])
    #expect(loaded.description.preprocessing == [KindDescription(kind: "darken", configuration: ["amount": 3])])
  }

  @Test func namesTensorsByLayerAndParameter() throws {
    let scratch = try ScratchFolder()
    try ModelFile.save(saved(.test()), registry: .test(), to: scratch.path("m"))
    let header = try SafeTensors.header(of: scratch.path("m"))
    #expect(header.entries.map(\.name) == ["first.shift", "first.table", "shift1.shift", "shift1.table"])
    #expect(header.metadata.keys.elementsEqual(["fovea"]))
  }

  @Test func reportsEveryTensorThatDoesNotFitAtOnce() throws {
    let error = #expect(throws: ModelFileError.self) {
      try load(.test()) { file in
        file.tensors["first.shift"] = nil
        file.tensors["first.table"] = Tensor(zeros: [3, 2])
        file.tensors["third.shift"] = Tensor(zeros: [1])
      }
    }
    guard case .model(_, .parameters("test", let problems)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(
      problems == [
        "'first.shift' of shape [3] is missing", "'first.table' must have shape [2, 3], but has [3, 2]",
        "'third.shift' belongs to no layer",
      ])
  }

  @Test(arguments: [Float.nan, .infinity])
  func aWeightThatIsNotFiniteIsNamed(value: Float) throws {
    let error = #expect(throws: ModelFileError.self) {
      try load(.test()) { $0.tensors["shift1.shift"] = Tensor([1, value, 2], [3]) }
    }
    guard case .notFinite(_, "shift1.shift", 1) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aModelThatDivergedTakesNoFilesPlace() throws {
    let scratch = try ScratchFolder()
    let registry = try Registry.test()
    try ModelFile.save(saved(registry), registry: registry, to: scratch.path("m"))
    let before = try Data(contentsOf: URL(filePath: scratch.path("m")))
    let weights = [
      "first.shift": Tensor([.nan, 0, 0], [3]), "first.table": Tensor(zeros: [2, 3]),
      "shift1.shift": Tensor(zeros: [3]), "shift1.table": Tensor(zeros: [2, 3]),
    ]
    let broken = SavedModel(
      description: .test, model: try Model(.test, registry: registry, tensors: weights))
    #expect(
      throws: ModelFileError.notFinite(file: scratch.path("m"), tensor: "first.shift", index: 0)
    ) { try ModelFile.save(broken, registry: registry, to: scratch.path("m")) }
    #expect(try Data(contentsOf: URL(filePath: scratch.path("m"))) == before)
  }

  @Test func aModelIsSavedWithItsOwnDescriptionOnly() throws {
    let registry = try Registry.test()
    var other = try saved(registry)
    other.description.layers.removeLast()
    let scratch = try ScratchFolder()
    #expect(throws: ModelFileError.self) { try ModelFile.save(other, registry: registry, to: scratch.path("m")) }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("m")))
  }

  @Test func aFileOfAnotherProgramIsNoModel() throws {
    let fixture = packageRoot.appending(path: "Tests/Fixtures/Training/lenet-start.safetensors").path()
    #expect(throws: ModelFileError.notAModel(file: fixture)) { try ModelFile.load(fixture, registry: .test()) }
  }

  @Test func aNewerFormatIsNamed() throws {
    let error = #expect(throws: ModelFileError.self) {
      try load(.test(), metadata: ["fovea": #"{"format": 7, "toolkit": "9.1.0", "shape": "unknown"}"#])
    }
    guard case .newerFormat(_, 7, 3, "9.1.0") = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    ("", "expected a number"), ("{}", "'format' and 'toolkit'"), (#"{"format":0,"toolkit":"1"}"#, "no format 0"),
    (#"{"format":1.5,"toolkit":"1"}"#, "'format' and 'toolkit'"),
    (#"{"format":1,"toolkit":"1"}"#, "needs the key 'model'"),
    (#"{"format":1,"toolkit":"1","model":[]}"#, "must be a group of keys"),
    (#"{"format":1,"format":1}"#, "comes twice"), (#"{"format":1,"toolkit":"1","model":{"name":"a"}}"#, "'input'"),
    (#"{"format":1,"toolkit":"1","model":{"name":"a","input":[1e400],"layers":[]}}"#, "too large"),
    (#"{"format":1,"toolkit":"1","model":{"name":"a","input":[1],"layers":[]},"x":1}"#, "unknown key 'x'"),
    (#"{"format":1,"toolkit":"1","model":{"name":"a","input":[1],"layers":[]},"origins":3}"#, "'origins'"),
    (#"{"format":1,"toolkit":"1","model":{"name":"a","input":[1],"layers":[]},"training":[]}"#, "'training'"),
  ])
  func aDamagedDocumentIsExplained(json: String, problem: String) throws {
    let error = #expect(throws: ModelFileError.self) { try load(.test(), metadata: ["fovea": json]) }
    guard case .invalidDocument(_, let said) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(said.contains(problem), "\(said)")
  }

  @Test func aDocumentWithoutBottomIsRefused() throws {
    let json = String(repeating: "[", count: 100_000)
    let error = #expect(throws: ModelFileError.self) { try load(.test(), metadata: ["fovea": json]) }
    #expect(error?.description.contains("nested too deeply") == true)
  }

  @Test func layersWithoutEndAreRefused() throws {
    let layers = Array(repeating: #"{"kind":"shift","rounds":1}"#, count: 10_001).joined(separator: ",")
    let json = #"{"format":1,"toolkit":"1","model":{"name":"a","input":[1],"layers":[\#(layers)]}}"#
    let error = #expect(throws: ModelFileError.self) { try load(.test(), metadata: ["fovea": json]) }
    #expect(error?.description.contains("10001 layers; the limit is 10000") == true)
  }

  @Test func aStepThatCannotWorkIsFoundWhenTheModelIsLoaded() throws {
    let json =
      #"{"format":1,"toolkit":"1","model":{"name":"a","input":[1],"layers":[{"kind":"shift","rounds":1}],"#
      + #""preprocessing":[{"kind":"darken","amount":-4}]}}"#
    let error = #expect(throws: ModelFileError.self) { try load(.test(), metadata: ["fovea": json]) }
    #expect(error?.description.contains("'amount' must be 0 or more, but is -4") == true)
  }

  /// Each bit of the whole file flipped, one after the other: always an error, never a crash or another model.
  @Test func everyBitFlipped() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path("m")
    let registry = try Registry.test()
    let description = ModelDescription("a", input: [1, 1, 1], labels: ["b"]) { ShiftLayer.layer("c") { $0.note = nil } }
    let model = try Model(description, registry: registry, seed: 1)
    try ModelFile.save(SavedModel(description: description, model: model), registry: registry, to: path)
    let whole = try Data(contentsOf: URL(filePath: path))
    for index in whole.indices {
      for bit in 0..<8 {
        var damaged = whole
        damaged[index] ^= 1 << bit
        try damaged.write(to: URL(filePath: path))
        #expect(throws: ModelFileError.self, "bit \(bit) of byte \(index) flipped") {
          try ModelFile.load(path, registry: registry)
        }
      }
    }
  }

  @Test func aWeightThatChangedIsDamage() throws {
    let error = #expect(throws: ModelFileError.self) {
      try load(.test()) { $0.tensors["shift1.shift"] = Tensor([1, 2, 3], [3]) }
    }
    guard case .damaged = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func whoEditsAFileMayLeaveTheChecksumOut() throws {
    let loaded = try load(.test()) { file in
      let document = file.metadata["fovea"] ?? ""
      file.metadata["fovea"] = document.replacing(/"checksum":"[0-9a-f]{16}",/, with: "")
      #expect(file.metadata["fovea"] != document)
      file.tensors["shift1.shift"] = Tensor([1, 2, 3], [3])
    }
    #expect(loaded.model.namedParameters.first { $0.name == "shift1.shift" }?.tensor.elements == [1, 2, 3])
  }

  /// Other programs can compute the checksum: two CRC-32, whose value of "123456789" is known to be cbf43926.
  @Test func theChecksumIsWhatOthersCompute() throws {
    func crc(_ bytes: some Sequence<UInt8>) -> String {
      let value = bytes.reduce(~UInt32(0)) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
      }
      let digits = String(~value, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }
    #expect(crc("123456789".utf8) == "cbf43926")
    let scratch = try ScratchFolder()
    let path = scratch.path("m")
    let registry = try Registry.test()
    try ModelFile.save(saved(registry), registry: registry, to: path)
    let header = try SafeTensors.header(of: path)
    let document = try #require(header.metadata["fovea"])
    let names = header.entries.map(\.name).joined()
    let checksum = try #require(document.firstMatch(of: /"checksum":"([0-9a-f]{16})",/))
    let file = try Data(contentsOf: URL(filePath: path))
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let words = crc((document.replacing(checksum.0, with: "") + names).utf8)
    #expect(checksum.1 == words + crc(file.dropFirst(8 + length)))
  }

  @Test func cutAtEveryLength() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path("m")
    let registry = try Registry.test()
    try ModelFile.save(saved(registry), registry: registry, to: path)
    let whole = try Data(contentsOf: URL(filePath: path))
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: URL(filePath: path))
      #expect(throws: ModelFileError.self, "cut to \(length) of \(whole.count) bytes") {
        try ModelFile.load(path, registry: registry)
      }
    }
  }
}
