import Foundation
import FoveaCore

/// A layer in a few lines: what it does with one example, right or with a fault that an author might make.
struct Specimen: Sendable {
  var output: @Sendable (Shape) -> Shape = { $0 }
  var parameters: @Sendable (Shape) -> [Parameter] = { _ in [] }
  /// Of inputs and weights.
  let forward: @Sendable (_ x: [Float], _ w: [[Float]], _ shape: Shape) -> [Float]
  /// Of the output's gradient, inputs, outputs and weights: the gradients of inputs and weights.
  let backward:
    @Sendable (_ g: [Float], _ x: [Float], _ y: [Float], _ w: [[Float]], _ shape: Shape) -> ([Float], [[Float]])

  /// A function of each number.
  static func elementwise(
    _ f: @escaping @Sendable (Float) -> Float, _ derivative: @escaping @Sendable (Float) -> Float
  ) -> Specimen {
    Specimen(
      forward: { x, _, _ in x.map(f) },
      backward: { g, x, _, _, _ in (zip(g, x).map { $0 * derivative($1) }, []) })
  }
}

/// A layer that is what the specimen of its configuration's name is.
struct SpecimenLayer: PlainLayer {
  struct Configuration: Configurable {
    var name = "abs"
  }

  static let kind = "specimen"
  let configuration: Configuration
  let outputShape: Shape
  let parameters: [Parameter]
  private let inputShape: Shape
  private let specimen: Specimen

  init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    guard let specimen = Specimen.good[configuration.name] ?? Specimen.bad[configuration.name] else {
      throw .invalidConfiguration(kind: Self.kind, key: "name", expected: "known", got: configuration.name)
    }
    self.configuration = configuration
    self.specimen = specimen
    inputShape = input
    outputShape = specimen.output(input)
    parameters = specimen.parameters(input)
  }

  func forward(
    _ input: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    let (n, m) = (inputShape.count, outputShape.count)
    for b in 0..<batch {
      let y = specimen.forward(Array(input[b * n..<(b + 1) * n]), parameters.map { Array($0) }, inputShape)
      for i in y.indices { output[b * m + i] = y[i] }
    }
  }

  func backward(
    _ outputGradient: UnsafeBufferPointer<Float>, input: UnsafeBufferPointer<Float>,
    output: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>], batch: Int,
    into inputGradient: UnsafeMutableBufferPointer<Float>, _ parameterGradients: [UnsafeMutableBufferPointer<Float>]
  ) {
    let (n, m) = (inputShape.count, outputShape.count)
    for b in 0..<batch {
      let (byInput, byWeights) = specimen.backward(
        Array(outputGradient[b * m..<(b + 1) * m]), Array(input[b * n..<(b + 1) * n]),
        Array(output[b * m..<(b + 1) * m]), parameters.map { Array($0) }, inputShape)
      for i in byInput.indices { inputGradient[b * n + i] = byInput[i] }
      for (index, gradient) in byWeights.enumerated() {
        for i in gradient.indices { parameterGradients[index][i] += gradient[i] }
      }
    }
  }
}
