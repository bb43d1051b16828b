import FoveaCore
import Testing

@Suite struct ElementTypeTests {
  /// NumPy 2.4: `numpy.array(bits, dtype="uint32").view("float32").astype("float16").view("uint16")`. Ties, the largest, what
  /// becomes infinite, fixed point, and what rounds up into the next exponent.
  static let halves: [(UInt32, UInt16)] = [
    (0x0000_0000, 0x0000), (0x8000_0000, 0x8000), (0x3F80_0000, 0x3C00), (0x3F80_1000, 0x3C00), (0x3F80_1001, 0x3C01),
    (0x3F80_3000, 0x3C02), (0x3F80_2FFF, 0x3C01), (0xBF80_1000, 0xBC00), (0x3880_0000, 0x0400), (0x387F_FFFF, 0x0400),
    (0x387F_E000, 0x0400), (0x387F_DFFF, 0x03FF), (0x3380_0000, 0x0001), (0x3300_0000, 0x0000), (0x3300_0001, 0x0001),
    (0x33C0_0000, 0x0002), (0x33BF_FFFF, 0x0001), (0x477F_E000, 0x7BFF), (0x477F_EFFF, 0x7BFF), (0x477F_F000, 0x7C00),
    (0x4780_0000, 0x7C00), (0x7F80_0000, 0x7C00), (0xFF80_0000, 0xFC00), (0x7F7F_FFFF, 0x7C00), (0x0000_0001, 0x0000),
    (0x3EAA_AAAB, 0x3555), (0x3DCC_CCCD, 0x2E66), (0x4049_0FDB, 0x4248), (0xC2F6_E979, 0xD7B7), (0x38FF_EFFF, 0x07FF),
    (0x38FF_F000, 0x0800),
  ]

  /// Python, by exact fractions: the nearer of the two neighbors, the even one of a tie. PyTorch 2.15 says the same.
  static let brains: [(UInt32, UInt16)] = [
    (0x0000_0000, 0x0000), (0x8000_0000, 0x8000), (0x3F80_0000, 0x3F80), (0x3F80_8000, 0x3F80), (0x3F80_8001, 0x3F81),
    (0x3F81_8000, 0x3F82), (0x3F81_7FFF, 0x3F81), (0xBF80_8000, 0xBF80), (0x7F7F_7FFF, 0x7F7F), (0x7F7F_8000, 0x7F80),
    (0x7F7F_FFFF, 0x7F80), (0x7F80_0000, 0x7F80), (0xFF80_0000, 0xFF80), (0x0000_0001, 0x0000), (0x0000_8000, 0x0000),
    (0x0000_8001, 0x0001), (0x0001_8000, 0x0002), (0x0001_0000, 0x0001), (0x3DCC_CCCD, 0x3DCD), (0x4049_0FDB, 0x4049),
    (0xC2F6_E979, 0xC2F7), (0x3EAA_AAAB, 0x3EAB), (0x4B80_0001, 0x4B80),
  ]

  @Test(arguments: halves) func roundsToHalvesAsNumPyDoes(float: UInt32, half: UInt16) {
    #expect(Half(Float(bitPattern: float)).bitPattern == half)
    let tensor = Tensor([Float(bitPattern: float)], [1]).converted(to: .float16)
    #expect(tensor.elements(of: Half.self)[0].bitPattern == half && tensor.element == .float16)
  }

  @Test(arguments: brains) func roundsToBFloat16(float: UInt32, brain: UInt16) {
    #expect(BFloat16(Float(bitPattern: float)).bitPattern == brain)
    let tensor = Tensor([Float(bitPattern: float)], [1]).converted(to: .bfloat16)
    #expect(tensor.elements(of: BFloat16.self)[0].bitPattern == brain)
  }

  /// Every pattern of 16 bits comes back from a float, and the middle between two neighbors goes to the even one.
  @Test func sixteenBitsAreFloatsExactly() {
    let wrong = (UInt16.min...UInt16.max).filter { bits in
      let (half, brain) = (Half(bitPattern: bits).floatValue, BFloat16(bitPattern: bits).floatValue)
      guard half.isNaN ? Half(half).floatValue.isNaN : Half(half).bitPattern == bits else { return true }
      guard brain.isNaN ? BFloat16(brain).floatValue.isNaN : BFloat16(brain).bitPattern == bits else { return true }
      return bits & 0x7FFF < 0x7BFF
        && Half((half + Half(bitPattern: bits + 1).floatValue) / 2).bitPattern != bits + bits & 1
    }
    #expect(wrong.isEmpty)
    // 1 + 2⁻¹⁰ and the largest, as IEEE 754 has them.
    #expect(Half(bitPattern: 0x3C01).floatValue == 1.0009765625 && Half(bitPattern: 0x7BFF).floatValue == 65504)
  }

  @Test func floatsBecomeWholeNumbersByTheStatedRule() {
    let floats = Tensor([0.5, 1.5, 2.5, -0.5, -2.5, 127.5, -300, .infinity, -.infinity, .nan, 3e9], [11])
    #expect(floats.converted(to: .int8).elements(of: Int8.self) == [0, 2, 2, 0, -2, 127, -128, 127, -128, 0, 127])
    #expect(floats.converted(to: .uint8).elements(of: UInt8.self) == [0, 2, 2, 0, 0, 128, 0, 255, 0, 0, 255])
    #expect(
      floats.converted(to: .int32).elements(of: Int32.self)
        == [0, 2, 2, 0, -2, 128, -300, .max, .min, 0, .max])
    #expect(
      floats.converted(to: .int64).elements(of: Int64.self)
        == [0, 2, 2, 0, -2, 128, -300, .max, .min, 0, 3_000_000_000])
    #expect(
      floats.converted(to: .bool).elements(of: Bool.self)
        == [true, true, true, true, true, true, true, true, true, true, true])
    #expect(
      Tensor([0, -0.0, .leastNonzeroMagnitude], [3]).converted(to: .bool).elements(of: Bool.self) == [
        false, false, true,
      ])
    let cut = floats.converted(to: .int32, rounding: .towardZero).elements(of: Int32.self)
    #expect(Array(cut[..<6]) == [0, 1, 2, 0, -2, 127])
  }

  @Test func wholeNumbersBecomeOthersByTheStatedRule() {
    let large = Tensor(elements: [Int64.max, Int64.min, 16_777_217, -1, 0, 200], [6])
    #expect(large.converted(to: .int32).elements(of: Int32.self) == [.max, .min, 16_777_217, -1, 0, 200])
    #expect(large.converted(to: .uint8).elements(of: UInt8.self) == [255, 0, 255, 0, 0, 200])
    #expect(large.converted(to: .bool).elements(of: Bool.self) == [true, true, true, true, false, true])
    #expect(large.elements == [0x1p63, -0x1p63, 16_777_216, -1, 0, 200])
    #expect(large.converted(to: .float16).elements == [.infinity, -.infinity, .infinity, -1, 0, 200])
    #expect(Tensor(elements: [true, false], [2]).elements == [1, 0])
  }

  @Test(arguments: ElementType.allCases) func tensorsOfEveryTypeAreValues(element: ElementType) throws {
    let values: [Float] = element == .bool ? [1, 0, 0, 1, 1, 0] : [1, 2, 3, 4, 5, 6]
    let tensor = Tensor(values, [3, 2]).converted(to: element)
    #expect(tensor.element == element && tensor.byteCount == 6 * element.byteCount && tensor.elements == values)
    #expect(tensor == Tensor(values, [3, 2]).converted(to: element))
    #expect(tensor != Tensor(values.reversed(), [3, 2]).converted(to: element))
    #expect((tensor == Tensor(values, [3, 2])) == (element == .float32))
    #expect(tensor.rows(1..<3).elements == Array(values[2...]) && tensor.rows(1..<3).element == element)
    #expect(tensor.reshaped([6]).elements == values && tensor.reshaped([2, 3]).element == element)
    #expect(tensor.isFinite && tensor.largestMagnitude == values.max())
    var copy = tensor
    copy.withUnsafeMutableBytes { $0[0] = 0 }
    #expect(tensor.elements == values && copy.element == element)
    // Written as floats, it becomes one of floats.
    copy.withUnsafeMutableFloats { $0[0] = 7 }
    #expect(copy.element == .float32 && copy.elements == [7] + values[1...])
    #expect(Tensor(zeros: [2], of: element).elements == [0, 0])
    #expect(throws: TensorError.elementCount([4], got: 3)) { try Tensor(elements: [true, false, true], checking: [4]) }
  }

  @Test func aTensorTakesNoMoreRoomForIt() {
    // Shape, layout and memory, in words: the element type lies in what the shape leaves of its last one.
    #expect(MemoryLayout<Tensor>.size == (MemoryLayout<Shape>.size + 7) / 8 * 8 + 16)
  }
}
