import COneDNN
import Foundation
import Testing

@Suite struct NormalizationTests {
  static let dimensions: [Int64] = [3, 5, 4, 6]
  static let count = 3 * 5 * 4 * 6

  private func channel(_ offset: Int) -> Int { offset / 24 % 5 }

  @Test func batchNormalizationEqualsTheFormulas() throws {
    let epsilon: Float = 1e-3
    let x = numbers(Self.count, seed: 1).map { 2 * $0 + 0.5 }
    let scale = numbers(5, seed: 2)
    let shift = numbers(5, seed: 3)
    let dy = numbers(Self.count, seed: 4)
    let size: Float = 3 * 4 * 6
    func perChannel(_ value: (Int) -> Float) -> [Float] {
      var sums = [Float](repeating: 0, count: 5)
      for offset in 0..<Self.count { sums[channel(offset)] += value(offset) }
      return sums
    }
    let mean = perChannel { x[$0] }.map { $0 / size }
    let variance = perChannel { (x[$0] - mean[self.channel($0)]) * (x[$0] - mean[self.channel($0)]) }.map { $0 / size }
    let normal = (0..<Self.count).map {
      (x[$0] - mean[channel($0)]) / (variance[channel($0)] + epsilon).squareRoot()
    }
    let y = (0..<Self.count).map { scale[channel($0)] * normal[$0] + shift[channel($0)] }
    let dScale = perChannel { dy[$0] * normal[$0] }
    let dShift = perChannel { dy[$0] }
    let dx = (0..<Self.count).map { offset -> Float in
      let c = channel(offset)
      return scale[c] / (variance[c] + epsilon).squareRoot()
        * (dy[offset] - dShift[c] / size - normal[offset] * dScale[c] / size)
    }

    for layout in [try Layouts.plain(Self.dimensions), try Layouts.channelsLast(Self.dimensions)] {
      func primitive(_ pass: fovea_dnn_pass) throws -> Primitive {
        try Primitive { fovea_dnn_batch_normalization_create(layout, epsilon, pass, $0) }
      }
      let training = try primitive(FOVEA_DNN_TRAINING).run(
        [FOVEA_DNN_SRC: x, FOVEA_DNN_SCALE: scale, FOVEA_DNN_SHIFT: shift],
        to: [FOVEA_DNN_DST, FOVEA_DNN_MEAN, FOVEA_DNN_VARIANCE])
      #expect(difference(training[0], y) < 1e-4)
      #expect(difference(training[1], mean) < 1e-5)
      #expect(difference(training[2], variance) < 1e-4)
      let statistics = [
        FOVEA_DNN_SRC: x, FOVEA_DNN_MEAN: mean, FOVEA_DNN_VARIANCE: variance, FOVEA_DNN_SCALE: scale,
        FOVEA_DNN_SHIFT: shift, FOVEA_DNN_DIFF_DST: dy,
      ]
      let inference = try primitive(FOVEA_DNN_INFERENCE).run(statistics, to: [FOVEA_DNN_DST])
      #expect(difference(inference[0], y) < 1e-4)
      let gradients = try primitive(FOVEA_DNN_BACKWARD_DATA).run(
        statistics, to: [FOVEA_DNN_DIFF_SRC, FOVEA_DNN_DIFF_SCALE, FOVEA_DNN_DIFF_SHIFT])
      #expect(difference(gradients[0], dx) < 1e-4)
      #expect(difference(gradients[1], dScale) < 1e-4)
      #expect(difference(gradients[2], dShift) < 1e-4)
    }
  }

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
      try Primitive { fovea_dnn_batch_normalization_create(layout, 1e-5, FOVEA_DNN_TRAINING, $0) }
    }
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
