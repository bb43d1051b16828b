import COneDNN
import Testing

@Suite struct CombinationTests {
  static let dimensions: [Int64] = [2, 3, 4, 5]

  @Test func aReorderAndItsReturnChangeNothing() throws {
    let values = numbers(120, seed: 1)
    let layout = try Layouts.channelsLast(Self.dimensions)
    let memory = try Memory(values, layout)
    #expect(try memory.values(layout) == values)
    let lying = memory.raw(count: 120)
    for offset in 0..<120 {
      let (n, h, w, c) = (offset / 60, offset / 15 % 4, offset / 3 % 5, offset % 3)
      #expect(lying[offset] == values[((n * 3 + c) * 4 + h) * 5 + w])
    }
  }

  @Test func aReorderCanAdd() throws {
    let (first, second) = (numbers(120, seed: 2), numbers(120, seed: 3))
    let plain = try Layouts.plain(Self.dimensions)
    let last = try Layouts.channelsLast(Self.dimensions)
    let sum = try Memory(second, last)
    try Primitive { fovea_dnn_reorder_create(plain, last, true, $0) }
      .execute([FOVEA_DNN_SRC: try Memory(first, plain), FOVEA_DNN_DST: sum])
    #expect(try sum.values(last) == zip(first, second).map { $0 + $1 })
  }

  @Test(arguments: [
    FOVEA_DNN_ADD, FOVEA_DNN_SUBTRACT, FOVEA_DNN_MULTIPLY, FOVEA_DNN_DIVIDE, FOVEA_DNN_MAXIMUM, FOVEA_DNN_MINIMUM,
  ])
  func elementWiseOperationsRepeatTheSecond(kind: fovea_dnn_binary_kind) throws {
    func value(_ x: Float, _ y: Float) -> Float {
      switch kind {
      case FOVEA_DNN_ADD: x + y
      case FOVEA_DNN_SUBTRACT: x - y
      case FOVEA_DNN_MULTIPLY: x * y
      case FOVEA_DNN_DIVIDE: x / y
      case FOVEA_DNN_MAXIMUM: max(x, y)
      case FOVEA_DNN_MINIMUM: min(x, y)
      default: .nan
      }
    }
    let first = numbers(120, seed: 4)
    let second = numbers(3, seed: 5)
    let (large, small) = (try Layouts.channelsLast(Self.dimensions), try Layouts.plain([1, 3, 1, 1]))
    let result = try Primitive { fovea_dnn_binary_create(kind, large, small, $0) }
      .run([FOVEA_DNN_SRC: first, FOVEA_DNN_SRC_1: second], to: [FOVEA_DNN_DST])
    #expect(difference(result[0], (0..<120).map { value(first[$0], second[$0 / 20 % 3]) }) < 1e-5)
  }

  @Test func aSumMixesLayoutsAndRunsInPlace() throws {
    let (first, second) = (numbers(120, seed: 6), numbers(120, seed: 7))
    let layouts = [try Layouts.channelsLast(Self.dimensions), try Layouts.plain(Self.dimensions)]
    let primitive = try Primitive { fovea_dnn_sum_create(2, [1, -0.5], layouts, layouts[0], $0) }
    let memory = try Memory(first, layouts[0])
    try primitive.execute([
      FOVEA_DNN_SRC_MANY: memory, many(1): try Memory(second, layouts[1]), FOVEA_DNN_DST: memory,
    ])
    #expect(difference(try memory.values(layouts[0]), zip(first, second).map { $0 - 0.5 * $1 }) < 1e-6)
  }

  @Test func aConcatenationJoinsChannels() throws {
    let (first, second) = (numbers(120, seed: 8), numbers(80, seed: 9))
    let layouts = [try Layouts.channelsLast(Self.dimensions), try Layouts.plain([2, 2, 4, 5])]
    let result = try Primitive { fovea_dnn_concatenation_create(2, layouts, 1, nil, $0) }
      .run([FOVEA_DNN_SRC_MANY: first, many(1): second], to: [FOVEA_DNN_DST])
    #expect(result[0] == Array(first[..<60] + second[..<40] + first[60...] + second[40...]))
  }

  @Test func whatDoesNotFitIsAnError() throws {
    let (first, second) = (try Layouts.plain([2, 3]), try Layouts.plain([2, 4]))
    #expect(
      throws: Failure(
        status: FOVEA_DNN_INVALID,
        message: "reorder: 2×3 plain cannot be copied to 2×4 plain: the dimensions differ")
    ) {
      try Primitive { fovea_dnn_reorder_create(first, second, false, $0) }
    }
    #expect(throws: Failure.self) { try Primitive { fovea_dnn_binary_create(FOVEA_DNN_ADD, first, second, $0) } }
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_sum_create(2, [1, 1], [first, second], nil, $0) }
    }
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_concatenation_create(2, [first, second], 0, nil, $0) }
    }
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_concatenation_create(2, [first, second], 2, nil, $0) }
    }
  }

  private func many(_ index: UInt32) -> fovea_dnn_argument {
    fovea_dnn_argument(rawValue: FOVEA_DNN_SRC_MANY.rawValue + index)
  }
}
