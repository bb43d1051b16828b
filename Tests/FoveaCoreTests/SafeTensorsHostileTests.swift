import Foundation
import FoveaCore
import Testing

/// Files that are damaged, cut off, or lie about themselves.
@Suite struct SafeTensorsHostileTests {
  private static func entry(
    _ name: String, _ shape: String = "[2]", _ offsets: String = "[0,8]", type: String = "F32"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  private func error(_ bytes: [UInt8]) -> SafeTensorsError? {
    do throws(SafeTensorsError) {
      _ = try SafeTensors(bytes: bytes, name: "f")
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("", "'{'"), ("[]", "expected '{' to open an object"), ("{", "open a text"), ("{} x", "nothing more"),
    (#"{"a":1}"#, "open an object"), (#"{"a":{}}"#, "'data_offsets', 'dtype', 'shape'"),
    (#"{"__metadata__":{"a":1}}"#, "open a text"), (#"{"__metadata__":null}"#, "open an object"),
    (#"{"__metadata__":{"a":"1","a":"2"}}"#, "the key 'a' comes twice"),
    ("{\(entry("a")),\(entry("a", "[2]", "[8,16]"))}", "the key 'a' comes twice"),
    (#"{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}"#, "comes twice"),
    (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}}"#, "unknown key 'x'"),
    ("{\(entry("a", "[-1]"))}", "whole number of at least zero"),
    ("{\(entry("a", "[2.0]"))}", "whole number of at least zero"),
    ("{\(entry("a", "[02]"))}", "must not start with zeros"),
    ("{\(entry("a", "[99999999999999999999]"))}", "does not fit 64 bits"),
    ("{\(entry("a", "[" + Array(repeating: "1", count: 65).joined(separator: ",") + "]"))}", "at most 64 numbers"),
    ("{\(entry("a", "[2,]"))}", "expected a number"), ("{\(entry("a\u{1}"))}", "control characters"),
    (#"{"\ud800":1}"#, "half a surrogate pair"), (#"{"\x":1}"#, "unknown escape"),
  ])
  func aHeaderThatIsNoValidJSON(header: String, says: String) {
    guard case .invalidHeader("f", _, let problem) = error(safeTensorsFile(header, data: Array(repeating: 0, count: 8)))
    else {
      Issue.record("'\(header)' was not refused as a bad header")
      return
    }
    #expect(problem.contains(says))
  }

  @Test(arguments: [
    (entry("a", type: "F8"), "one of the types F64, F32, F16, BF16, I64, I32, U8, I8, BOOL"),
    (entry("a", "[4]", type: "U16"), "one of the types F64, F32, F16, BF16, I64, I32, U8, I8, BOOL"),
    (entry("a", "[8]", type: "F16"), "16 bytes of data for shape [8] of F16"),
    (entry("a", "[2]", type: "I64"), "16 bytes of data for shape [2] of I64"),
    (entry("a", "[3037000500,3037000500]"), "a shape that memory can hold"),
    (entry("a", "[4611686018427387904,2]"), "a shape that memory can hold"),
    (entry("a", "[2]", "[8,0]"), "data_offsets [begin, end]"), (entry("a", "[2]", "[8]"), "data_offsets [begin, end]"),
    (entry("a", "[3]"), "12 bytes of data for shape [3] of F32"),
    (entry("a", "[2]", "[4,12]"), "its data to start at byte 0"),
    (entry("a") + "," + entry("b", "[1]", "[4,8]"), "its data to start at byte 8"),
    (entry("a", "[1]", "[0,4]") + "," + entry("b", "[0]", "[8,8]"), "its data to start at byte 4"),
  ])
  func aTensorThatLies(entries: String, expected: String) {
    guard
      case .invalidTensor("f", _, expected, _) = error(
        safeTensorsFile("{\(entries)}", data: Array(repeating: 0, count: 8)))
    else {
      Issue.record("\(entries) gave another error than '\(expected)'")
      return
    }
  }

  @Test func aBoolThatIsNeither0Nor1() {
    let header = "{\(Self.entry("a", "[8]", type: "BOOL"))}"
    #expect(error(safeTensorsFile(header, data: [0, 1, 0, 1, 1, 0, 0, 1])) == nil)
    #expect(
      error(safeTensorsFile(header, data: [0, 1, 0, 2, 1, 0, 0, 255]))
        == .invalidTensor(file: "f", tensor: "a", expected: "0 or 1 for each BOOL", got: "2"))
  }

  @Test(arguments: [0, 7, 9, 100])
  func dataThatIsTooShortOrTooLong(count: Int) {
    #expect(
      error(safeTensorsFile("{\(Self.entry("a"))}", data: Array(repeating: 0, count: count)))
        == .invalidFile(file: "f", expected: "8 bytes of tensors, as its header says", got: "\(count) bytes"))
  }

  @Test(arguments: [UInt64.max, UInt64(Int64.max), 1 << 40, 100_000_001, 3])
  func aHeaderLengthBeyondTheFile(length: UInt64) {
    let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + [0x7B, 0x7D]
    #expect(
      error(bytes) == .invalidFile(file: "f", expected: "a header of at most 2 bytes", got: "a length of \(length)"))
  }

  @Test func textThatIsNoUTF8() {
    var bytes = safeTensorsFile("{\(Self.entry("aa"))}", data: Array(repeating: 0, count: 8))
    bytes[10] = 0xFF
    #expect(error(bytes) == .invalidHeader(file: "f", offset: 2, problem: "the text is no valid UTF-8"))
  }

  @Test func cutAtEveryLength() throws {
    let whole = try SafeTensors(
      metadata: ["a": "b"], tensors: ["x": Tensor([1, 2], [2]), "y": Tensor([3], [1])]
    ).encoded()
    for length in 0..<whole.count {
      #expect(error(Array(whole[..<length])) != nil, "cut to \(length) of \(whole.count) bytes")
    }
  }

  /// Every byte of the header becomes every other byte: an error, or a file that says what its new bytes mean.
  @Test func everyByteOfTheHeaderReplaced() throws {
    let whole = try SafeTensors(metadata: ["a": "\u{e9}"], tensors: ["x": Tensor([1, 2], [2, 1])]).encoded()
    var refused = 0
    for index in 0..<(whole.count - 8) {
      var bytes = whole
      for value in UInt8.min ... .max where value != whole[index] {
        bytes[index] = value
        guard let file = try? SafeTensors(bytes: bytes, name: "f") else {
          refused += 1
          continue
        }
        // The bytes of the tensors were not touched.
        #expect(file.tensors.values.flatMap(\.elements) == [1, 2] || file.tensors.values.first?.shape.count == 2)
      }
    }
    #expect(refused > 15_000)
  }
}
