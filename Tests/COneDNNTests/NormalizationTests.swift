import COneDNN
import Foundation
import Testing

@Suite struct NormalizationTests {
  static let dimensions: [Int64] = [3, 5, 4, 6]
  static let count = 3 * 5 * 4 * 6

  private func channel(_ offset: Int) -> Int { offset / 24 % 5 }

  @Test func localResponseNormalizationEqualsTheFormula() throws {
    let (size, alpha, beta, k): (Int, Float, Float, Float) = (3, 0.5, 0.75, 2)
    let x = numbers(Self.count, seed: 5)
    let dy = numbers(Self.count, seed: 6)
    /// The offsets of the neighbors of an element across channels, itself among them.
    func neighbors(_ offset: Int) -> [Int] {
      (-(size / 2)...(size / 2)).filter { (0..<5).contains(channel(offset) + $0) }.map { offset + 24 * $0 }
    }
    let base = (0..<Self.count).map { offset in
      k + alpha / Float(size) * neighbors(offset).reduce(0) { $0 + x[$1] * x[$1] }
    }
    let y = (0..<Self.count).map { x[$0] * pow(base[$0], -beta) }
    let dx = (0..<Self.count).map { offset -> Float in
      let around = neighbors(offset).reduce(Float(0)) { $0 + dy[$1] * x[$1] * pow(base[$1], -beta - 1) }
      return dy[offset] * pow(base[offset], -beta) - 2 * alpha * beta / Float(size) * x[offset] * around
    }
    for layout in [try Layouts.plain(Self.dimensions), try Layouts.channelsLast(Self.dimensions)] {
      func primitive(_ pass: fovea_dnn_pass) throws -> Primitive {
        try Primitive {
          fovea_dnn_local_response_normalization_create(layout, Int64(size), alpha, beta, k, pass, $0)
        }
      }
      let forward = try primitive(FOVEA_DNN_TRAINING)
      let workspace = Memory(byteCount: fovea_dnn_primitive_workspace_byte_count(forward.handle))
      let output = try forward.run([FOVEA_DNN_SRC: x], to: [FOVEA_DNN_DST], workspace: workspace)
      #expect(difference(output[0], y) < 1e-5)
      let data = try primitive(FOVEA_DNN_BACKWARD_DATA).run(
        [FOVEA_DNN_SRC: x, FOVEA_DNN_DIFF_DST: dy], to: [FOVEA_DNN_DIFF_SRC], workspace: workspace)
      #expect(difference(data[0], dx) < 1e-4)
    }
  }

  @Test(arguments: [false, true])
  func softmaxEqualsTheFormulas(logarithm: Bool) throws {
    let (batch, classes) = (7, 10)
    let x = numbers(batch * classes, seed: 7).map { 30 * $0 }
    let dy = numbers(x.count, seed: 8)
    var y: [Float] = []
    var dx: [Float] = []
    for row in 0..<batch {
      let range = row * classes..<(row + 1) * classes
      let largest = x[range].max() ?? 0
      let sum = x[range].reduce(0) { $0 + exp($1 - largest) }
      let probabilities = range.map { exp(x[$0] - largest) / sum }
      y += logarithm ? range.map { x[$0] - largest - log(sum) } : probabilities
      let total = zip(range, probabilities).reduce(Float(0)) { $0 + dy[$1.0] * (logarithm ? 1 : $1.1) }
      dx += zip(range, probabilities).map { logarithm ? dy[$0] - $1 * total : $1 * (dy[$0] - total) }
    }
    let layout = try Layouts.plain([Int64(batch), Int64(classes)])
    let forward = try Primitive { fovea_dnn_softmax_create(layout, 1, logarithm, FOVEA_DNN_TRAINING, $0) }
    #expect(difference(try forward.run([FOVEA_DNN_SRC: x], to: [FOVEA_DNN_DST])[0], y) < 2e-5)
    let backward = try Primitive { fovea_dnn_softmax_create(layout, 1, logarithm, FOVEA_DNN_BACKWARD_DATA, $0) }
    let result = try backward.run([FOVEA_DNN_DST: y, FOVEA_DNN_DIFF_DST: dy], to: [FOVEA_DNN_DIFF_SRC])
    #expect(difference(result[0], dx) < 1e-5)
  }

  @Test func impossibleNormalizationsAreErrors() throws {
    let layout = try Layouts.plain([7])
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_softmax_create(layout, 1, false, FOVEA_DNN_INFERENCE, $0) }
    }
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_softmax_create(layout, 0, false, FOVEA_DNN_BACKWARD_WEIGHTS, $0) }
    }
    #expect(throws: Failure.self) {
      try Primitive {
        fovea_dnn_local_response_normalization_create(layout, 3, 1, 1, 1, FOVEA_DNN_TRAINING, $0)
      }
    }
  }
}
