import COneDNN
import Foundation
import Testing

@Suite struct PrimitiveTests {
  @Test func aMissingArgumentIsNamed() throws {
    let primitive = try convolution()
    #expect(
      throws: Failure(status: FOVEA_DNN_INVALID, message: "execution: the argument BIAS is missing")
    ) {
      try primitive.run(
        [FOVEA_DNN_SRC: numbers(108, seed: 1), FOVEA_DNN_WEIGHTS: numbers(108, seed: 2)],
        to: [
          FOVEA_DNN_DST
        ])
    }
  }

  @Test func aMissingScratchpadIsAnError() throws {
    let layout = try Layouts.plain([2, 3, 4, 4])
    var pooling = fovea_dnn_pooling(channels: 3, input: (4, 4), kernel: (2, 2), stride: (2, 2))
    pooling.kind = FOVEA_DNN_POOL_MIN
    let primitive = try Primitive { fovea_dnn_pooling_create(&pooling, FOVEA_DNN_INFERENCE, layout, $0) }
    #expect(fovea_dnn_primitive_scratchpad_byte_count(primitive.handle) >= 2 * 3 * 16 * 4)
    #expect(fovea_dnn_primitive_execute(primitive.handle, [], [], 0, nil) == FOVEA_DNN_INVALID)
    #expect(String(cString: fovea_dnn_last_error()).contains("scratchpad"))
  }

  @Test func manyThreadsRunOnePrimitive() async throws {
    let shared = UncheckedSendable(try convolution())
    let results = try await withThrowingTaskGroup(of: Float.self) { group in
      for seed in 0..<8 as Range<UInt64> {
        group.addTask {
          let inputs = [
            FOVEA_DNN_SRC: numbers(108, seed: seed), FOVEA_DNN_WEIGHTS: numbers(108, seed: 99),
            FOVEA_DNN_BIAS: numbers(4, seed: 98),
          ]
          let expected = try PrimitiveTests().convolution().run(inputs, to: [FOVEA_DNN_DST])[0]
          var worst: Float = 0
          for _ in 0..<50 {
            worst = max(worst, difference(try shared.value.run(inputs, to: [FOVEA_DNN_DST])[0], expected))
          }
          return worst
        }
      }
      return try await group.reduce(into: [Float]()) { $0.append($1) }
    }
    #expect(results == Array(repeating: 0, count: 8))
  }

  /// Threads are a property of the calling thread, so this runs on one of its own.
  @Test func aPrimitiveKeepsTheThreadCountOfItsCreation() async throws {
    let counts = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        guard fovea_dnn_set_threads(1), let primitive = try? self.convolution() else {
          return continuation.resume(returning: [Int32]())
        }
        let one = fovea_dnn_threads()
        fovea_dnn_set_threads(2)
        let output = try? primitive.run(
          [
            FOVEA_DNN_SRC: numbers(108, seed: 1), FOVEA_DNN_WEIGHTS: numbers(108, seed: 2),
            FOVEA_DNN_BIAS: numbers(4, seed: 3),
          ], to: [FOVEA_DNN_DST])
        continuation.resume(returning: [one, fovea_dnn_threads(), Int32(output?.count ?? 0)])
      }
    }
    #expect(counts == [1, 2, 1])
    #expect(!fovea_dnn_set_threads(0))
  }

  @Test func theVersionIsThatOfTheLibrary() {
    let parts = String(cString: fovea_dnn_version()).split(separator: ".").compactMap { Int($0) }
    #expect(parts.count == 3)
    #expect(parts.first.map { $0 >= 2 } == true)
  }

  @Test func destroyingNothingIsAllowed() {
    fovea_dnn_primitive_destroy(nil)
  }

  private func convolution() throws -> Primitive {
    var description = fovea_dnn_convolution(batch: 1, channels: 3, 4, input: (6, 6), kernel: (3, 3))
    return try Primitive {
      fovea_dnn_convolution_create(&description, FOVEA_DNN_INFERENCE, nil, nil, nil, $0)
    }
  }
}

/// A primitive may be run by several threads at once: that is what is tested.
private struct UncheckedSendable<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
