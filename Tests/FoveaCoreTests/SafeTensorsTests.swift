import Foundation
import FoveaCore
import Testing

@Suite struct SafeTensorsTests {
  private let sample = SafeTensors(
    metadata: ["author": "Zoë \"Z\" \\ \n", "b": ""],
    tensors: [
      "c1.kernel": Tensor((0..<12).map { Float($0) / 7 }, [2, 3, 2]), "a": Tensor([.infinity, -0.0], [2]),
      "empty": Tensor(zeros: [3, 0]), "scalar": Tensor([4], []), "ключ": Tensor([1], [1]),
    ])

  @Test func readsBackWhatItWrites() throws {
    let scratch = try ScratchFolder()
    try sample.write(to: scratch.path("a.safetensors"))
    #expect(try SafeTensors(contentsOf: scratch.path("a.safetensors")) == sample)
    #expect(try SafeTensors(bytes: sample.encoded(), name: "bytes") == sample)
    #expect(try scratch.contents == ["a.safetensors"])
  }

  @Test func writesTheSameBytesForTheSameContent() throws {
    var other = SafeTensors()
    for (name, tensor) in sample.tensors.sorted(by: { $0.key > $1.key }) { other.tensors[name] = tensor }
    other.metadata = ["b": "", "author": sample.metadata["author"] ?? ""]
    let bytes = try sample.encoded()
    #expect(try other.encoded() == bytes)
    let scratch = try ScratchFolder()
    try sample.write(to: scratch.path("a"))
    #expect(try Array(Data(contentsOf: URL(filePath: scratch.path("a")))) == bytes)
    #expect(bytes[0].isMultiple(of: 8))
  }

  @Test func saysForWhatThereIsNoMemory() async {
    await #expect(processExitsWith: .success) {
      let scratch = try ScratchFolder()
      let path = scratch.path("large")
      var header = Array(#"{"w":{"dtype":"F32","shape":[268435456],"data_offsets":[0,1073741824]}}"#.utf8)
      header += Array(repeating: UInt8(ascii: " "), count: 80 - header.count)
      guard FileManager.default.createFile(atPath: path, contents: Data([80, 0, 0, 0, 0, 0, 0, 0] + header)),
        let file = FileHandle(forWritingAtPath: path)
      else { throw MemoryLimit.Unexpected(what: "no file") }
      // Zeros that take no room on the disk.
      try file.truncate(atOffset: 88 + 1 << 30)
      try MemoryLimit.leave(512 << 20)
      do throws(SafeTensorsError) { _ = try SafeTensors(contentsOf: path) } catch {
        guard case .file(.unreadable(_, let reason, .outOfMemory)) = error,
          reason.contains("no memory for its tensors, which take 1073 MB")
        else { throw error }
        return
      }
      throw MemoryLimit.Unexpected(what: "it was read")
    }
  }

  @Test func readsTheHeaderAlone() throws {
    let scratch = try ScratchFolder()
    try sample.write(to: scratch.path("a"))
    let header = try SafeTensors.header(of: scratch.path("a"))
    #expect(header.metadata == sample.metadata)
    #expect(header.entries.map(\.name) == ["a", "c1.kernel", "empty", "scalar", "ключ"])
    #expect(header.entries.map(\.shape) == [[2], [2, 3, 2], [3, 0], [], [1]])
    #expect(header.entries.last?.range == 60..<64)
  }

  @Test func readsWhatPythonWrote() throws {
    let path = packageRoot.appending(path: "Tests/Fixtures/Layers/radialBasisOutput-codes.safetensors").path()
    let file = try SafeTensors(contentsOf: path)
    #expect(file.metadata == ["kind": "radialBasisOutput", "configuration": "{\"units\": 10}", "mode": "training"])
    let codes = try #require(file.tensors["parameter.codes"])
    #expect(codes.shape == [10, 84])
    #expect(Set(codes.elements) == [-1, 1])
    let input = try #require(file.tensors["input"]).elements
    let output = try #require(file.tensors["output"]).elements
    let distance = zip(input[..<84], codes.elements[..<84]).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
    #expect(abs(distance - output[0]) < 1e-3)
    let losses = packageRoot.appending(path: "Tests/Fixtures/Losses/softmaxCrossEntropy-plain.safetensors").path()
    let targets = try #require(try SafeTensors(contentsOf: losses).tensors["targets"])
    #expect(targets.elements.allSatisfy { (0..<10).contains($0) && $0 == $0.rounded() })
  }

  @Test(
    arguments: [
      ("F64", 8, withUnsafeBytes(of: (1.5, -0.1), Array.init), [1.5, -0.1]),
      (
        "F16", 2, [0x00, 0x3C, 0x01, 0x00, 0xFF, 0xFB, 0x00, 0x7C, 0x55, 0x35],
        [1, 0x1p-24, -65504, .infinity, 0x1.554p-2]
      ),
      ("BF16", 2, [0x80, 0x3F, 0x49, 0xC0], [1, -3.140625]),
      ("I64", 8, withUnsafeBytes(of: (Int64(-3), Int64(1) << 40), Array.init), [-3, 0x1p40]),
      ("I32", 4, withUnsafeBytes(of: (Int32(16_777_216), Int32.min), Array.init), [16_777_216, -0x1p31]),
      ("U8", 1, [0, 255, 7], [0, 255, 7]),
    ] as [(String, Int, [UInt8], [Float])])
  func readsOtherNumberTypes(type: String, size: Int, data: [UInt8], expected: [Float]) throws {
    // The header's odd length also puts the data where no number is aligned.
    let header = #"{"t": {"dtype":"\#(type)","shape":[\#(expected.count)],"data_offsets":[0,\#(data.count)]} }"#
    for padding in ["", " "] {
      let file = try SafeTensors(bytes: safeTensorsFile(header + padding, data: data), name: "t")
      #expect(file.tensors["t"]?.converted(to: .float32) == Tensor(expected, [expected.count]))
    }
  }

  @Test func keepsAWholeNumberThatNoFloatHolds() throws {
    let data = withUnsafeBytes(of: Int32(16_777_217)) { Array($0) }
    let bytes = safeTensorsFile(#"{"t":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}"#, data: data)
    #expect(try SafeTensors(bytes: bytes, name: "f").tensors["t"] == Tensor(elements: [Int32(16_777_217)], [1]))
  }

  @Test(arguments: ElementType.allCases) func readsBackElementsOfEveryType(element: ElementType) throws {
    let values: [Float] = element == .bool ? [0, 1, 1, 0, 1, 0] : [0, 1, 2, 3, 100, 127]
    let file = SafeTensors(tensors: [
      "t": Tensor(values, [2, 3]).converted(to: element), "empty": Tensor(zeros: [0, 2], of: element),
      "z": Tensor([1], []),
    ])
    let scratch = try ScratchFolder()
    try file.write(to: scratch.path("a"))
    for read in [try SafeTensors(contentsOf: scratch.path("a")), try SafeTensors(bytes: file.encoded(), name: "b")] {
      #expect(read == file)
      #expect(read.tensors["t"]?.element == element && read.tensors["t"]?.elements == values)
    }
    let entry = try #require(SafeTensors.header(of: scratch.path("a")).entries.first { $0.name == "t" })
    #expect(entry.range.count == 6 * element.byteCount && entry.type.element == element)
  }

  @Test func refusesANameThatTheFormatKeeps() {
    let file = SafeTensors(tensors: ["__metadata__": Tensor([1], [1])])
    #expect(throws: SafeTensorsError.self) { try file.encoded() }
  }

  @Test(.enabled(if: ReferencePython.hasSafeTensors, "needs Python with safetensors and numpy; set FOVEA_PYTHON"))
  func opensInPython() throws {
    let scratch = try ScratchFolder()
    try sample.write(to: scratch.path("ours"))
    let script = """
      import sys, numpy
      from safetensors import safe_open
      from safetensors.numpy import save_file
      with safe_open(sys.argv[1], "np") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        metadata = file.metadata()
      assert {n: t.shape for n, t in tensors.items()} == {
        "c1.kernel": (2, 3, 2), "a": (2,), "empty": (3, 0), "scalar": (), "ключ": (1,)}, tensors
      assert numpy.array_equal(tensors["c1.kernel"].ravel(), numpy.arange(12, dtype="float32") / numpy.float32(7))
      assert all(t.dtype == numpy.float32 for t in tensors.values())
      save_file(tensors, sys.argv[2], metadata)
      """
    let (status, output) = try ReferencePython.run(script, scratch.path("ours"), scratch.path("theirs"))
    #expect(status == 0, "\(output)")
    #expect(try SafeTensors(contentsOf: scratch.path("theirs")) == sample)
  }
}
