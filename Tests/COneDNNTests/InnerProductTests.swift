import COneDNN
import Testing

@Suite struct InnerProductTests {
  @Test(arguments: [(3, 7, 5), (1, 256, 120), (65, 84, 10)], [true, false])
  func allPassesEqualTheSum(size: (batch: Int, inputs: Int, outputs: Int), plainWeights: Bool) throws {
    let (batch, inputs, outputs) = size
    var description = fovea_dnn_inner_product(
      batch: Int64(batch), inputs: Int64(inputs), outputs: Int64(outputs), has_bias: true,
      activation: fovea_dnn_activation(kind: FOVEA_DNN_IDENTITY, alpha: 0, beta: 0), precision: FOVEA_DNN_FLOAT32)
    let layout = plainWeights ? try Layouts.plain([description.outputs, description.inputs]) : nil
    let x = numbers(batch * inputs, seed: 1)
    let w = numbers(outputs * inputs, seed: 2)
    let b = numbers(outputs, seed: 3)
    let dy = numbers(batch * outputs, seed: 4)

    var y = (0..<batch).flatMap { _ in b }
    var dx = [Float](repeating: 0, count: x.count)
    var dw = [Float](repeating: 0, count: w.count)
    var db = [Float](repeating: 0, count: outputs)
    for n in 0..<batch {
      for o in 0..<outputs {
        db[o] += dy[n * outputs + o]
        for i in 0..<inputs {
          y[n * outputs + o] += w[o * inputs + i] * x[n * inputs + i]
          dx[n * inputs + i] += w[o * inputs + i] * dy[n * outputs + o]
          dw[o * inputs + i] += x[n * inputs + i] * dy[n * outputs + o]
        }
      }
    }
    let arguments = [FOVEA_DNN_SRC: x, FOVEA_DNN_WEIGHTS: w, FOVEA_DNN_BIAS: b, FOVEA_DNN_DIFF_DST: dy]
    func run(_ pass: fovea_dnn_pass, _ results: fovea_dnn_argument...) throws -> [[Float]] {
      try Primitive { fovea_dnn_inner_product_create(&description, pass, nil, layout, nil, $0) }
        .run(arguments, to: results)
    }
    #expect(difference(try run(FOVEA_DNN_INFERENCE, FOVEA_DNN_DST)[0], y) < 1e-4)
    #expect(difference(try run(FOVEA_DNN_TRAINING, FOVEA_DNN_DST)[0], y) < 1e-4)
    #expect(difference(try run(FOVEA_DNN_BACKWARD_DATA, FOVEA_DNN_DIFF_SRC)[0], dx) < 1e-4)
    let gradients = try run(FOVEA_DNN_BACKWARD_WEIGHTS, FOVEA_DNN_DIFF_WEIGHTS, FOVEA_DNN_DIFF_BIAS)
    #expect(difference(gradients[0], dw) < 1e-4)
    #expect(difference(gradients[1], db) < 1e-4)

    description.activation = fovea_dnn_activation(kind: FOVEA_DNN_TANH, alpha: 1.7159, beta: 2.0 / 3)
    let fused = try run(FOVEA_DNN_INFERENCE, FOVEA_DNN_DST)[0]
    #expect(difference(fused, y.map { description.activation.value($0) }) < 1e-4)
  }

  @Test func impossibleSizesAreErrors() throws {
    var none = fovea_dnn_inner_product(
      batch: 1, inputs: 0, outputs: 3, has_bias: false,
      activation: fovea_dnn_activation(kind: FOVEA_DNN_IDENTITY, alpha: 0, beta: 0), precision: FOVEA_DNN_FLOAT32)
    #expect(throws: Failure.self) {
      try Primitive { fovea_dnn_inner_product_create(&none, FOVEA_DNN_TRAINING, nil, nil, nil, $0) }
    }
  }
}
