import FoveaCore
import Testing

@Suite struct NumPyArrayTests {
  private func file(_ header: String, version: UInt8 = 1, _ elements: [UInt8]) -> [UInt8] {
    let text = Array(header.utf8) + [0x0A]
    let length = version == 1 ? [UInt8(text.count), 0] : [UInt8(text.count), 0, 0, 0]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + elements
  }

  @Test(arguments: [[], [3], [2, 3], [2, 0, 3]]) func readsWhatItWrites(_ shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let array = try NumPyArray(code: "i2", shape: shape, bytes: (0..<2 * count).map { UInt8($0) })
    #expect(array.fileBytes.count % 64 == 2 * count % 64)
    #expect(try NumPyArray(fileBytes: array.fileBytes, name: "a.npy") == array)
  }

  @Test func readsFortranOrder() throws {
    // [[1, 2, 3], [4, 5, 6]], column by column.
    let bytes = file("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", [1, 4, 2, 5, 3, 6])
    let array = try NumPyArray(fileBytes: bytes, name: "f.npy")
    #expect(array.shape == [2, 3] && array.bytes == [1, 2, 3, 4, 5, 6])
  }

  @Test(arguments: [1, 2, 3] as [UInt8]) func readsAllVersionsAndBothOrdersOfBytes(_ version: UInt8) throws {
    let bytes = file(
      "{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }", version: version, [0, 0, 1, 2, 3, 4, 5, 6])
    let array = try NumPyArray(fileBytes: bytes, name: "b.npy")
    #expect(array.bytes == [2, 1, 0, 0, 6, 5, 4, 3])
    #expect(try array.tensor(path: "b.npy").elements(of: Int32.self) == [0x0102, 0x0304_0506])
  }

  @Test func aTensorComesBack() throws {
    let tensor = Tensor(elements: [1.5, -2, 0.25, 8].map { Half($0) }, [2, 2])
    #expect(try NumPyArray(tensor).tensor(path: "t.npy") == tensor)
    // A bool that is neither 0 nor 1 becomes one.
    let bytes = file("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", [0, 7, 1])
    #expect(
      try NumPyArray(fileBytes: bytes, name: "b.npy").tensor(path: "b.npy").elements(of: Bool.self)
        == [false, true, true])
  }

  static let wrong: [(String, [UInt8], String)] = [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", [0, 0, 0, 0], "needs more than the 4 bytes"),
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0, 0, 0, 0, 0], "type 'c8'"),
    ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0], "not numbers of one type"),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4611686018427387904), }", [0],
      "needs more than the 1 bytes"
    ),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", [0], "an extent of 999"),
    ("{'descr': '<f8', 'shape': (1,), }", [0], "no shape or no order"),
  ]

  @Test(arguments: wrong.indices) func saysWhatIsWrong(_ index: Int) {
    let (header, elements, words) = Self.wrong[index]
    let error = #expect(throws: FileError.self) { try NumPyArray(fileBytes: file(header, elements), name: "w.npy") }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func whatIsNoArrayIsAnError() {
    for bytes in [[], Array("hello".utf8), file("{}", []), Array(file("{'descr': '<f4'", []).prefix(14))] {
      #expect(throws: FileError.self) { try NumPyArray(fileBytes: bytes, name: "n.npy") }
    }
  }
}
