import Foundation
import FoveaCore
import FoveaLayers
import Testing

/// A convolution, a stranger's function and a pooling as one layer compute what the three compute one after the other.
@Suite struct MappedConvolutionTests {
  /// As a plugin's author writes it.
  struct Bend: ElementwiseLayer {
    struct Configuration: Configurable {
      var slope: Float = 0.25
      var offset: Float = 0
      var neverFalls = true
    }

    static let kind = "bend"
    let configuration: Configuration
    let outputShape: Shape
    var neverFalls: Bool { configuration.neverFalls }

    init(_ configuration: Configuration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
    }

    func value(_ x: Float) -> Float { (x > 0 ? x : configuration.slope * x) + configuration.offset }
    func derivative(_ x: Float, _ y: Float) -> Float { x > 0 ? 1 : configuration.slope }
  }

  /// An offset makes f(0) something else than 0, which a blocked layout's padding must not see.
  @Test(arguments: [Bend.Configuration(), .init(slope: 0), .init(slope: 0.5, offset: 0.75)])
  func computesTheSame(_ configuration: Bend.Configuration) throws {
    let input: Shape = [3, 11, 9]
    let base = try Convolution(.init(filters: 5, kernel: Extent(height: 3, width: 2), padding: .same), input: input)
    let bend = try Bend(configuration, input: base.outputShape)
    let pooling = try MaximumPooling(.init(window: Extent(height: 2, width: 3)), input: base.outputShape)
    let mapped = try #require(base.fused(with: bend) as? any FusableLayer)
    #expect(mapped.outputShape == base.outputShape && mapped.parameters == base.parameters)
    let fused = try #require(mapped.fused(with: pooling))
    #expect(fused.outputShape == [5, 5, 3] && fused.parameters == base.parameters)

    var random = SeededRandom(seed: 5)
    func draw(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    }
    let x = draw(input.batched(3))
    let parameters = base.parameters.map { draw($0.shape) }
    let gradient = draw(pooling.outputShape.batched(3))
    let got = try passes([fused], x, parameters, gradient)
    let expected = try passes([base, bend, pooling], x, parameters, gradient)
    #expect(got.count == 5 && expected.count == 5)
    for (index, (a, b)) in zip(got, expected).enumerated() {
      let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 1
      #expect(a.count == b.count && worst < 1e-4 * (b.map(abs).max() ?? 1), "result \(index)")
    }
  }

  @Test func aFunctionThatMayFallStaysWhereItIs() throws {
    let base = try Convolution(.init(filters: 2, kernel: 3), input: [3, 6, 6])
    let bend = try Bend(.init(slope: -1, neverFalls: false), input: base.outputShape)
    #expect(base.fused(with: bend) == nil)
    let mapped = try #require(
      base.fused(with: Bend(.init(), input: base.outputShape)) as? any FusableLayer)
    #expect(mapped.fused(with: try MinimumPooling(.init(window: 2), input: base.outputShape)) == nil)
    #expect(mapped.fused(with: try Relu(.init(), input: base.outputShape)) == nil)
  }

  /// Output, inferred output, and the gradients of the input and the first layer's parameters.
  private func passes(
    _ layers: [any Layer], _ input: Tensor, _ parameters: [Tensor], _ gradient: Tensor
  ) throws -> [[Float]] {
    var results: [[Float]] = []
    var sums = Gradients(for: parameters)
    var inferred = input
    for (index, layer) in layers.enumerated() { inferred = try layer.infer([inferred], index == 0 ? parameters : []) }
    func step(_ index: Int, _ x: Tensor) throws -> Tensor {
      guard index < layers.count else {
        results = [x.elements, inferred.elements]
        return gradient
      }
      func pass<L: Layer>(_ layer: L) throws -> Tensor {
        let own = index == 0 ? parameters : []
        let (y, cache) = try layer.forward([x], own, TrainingContext(seed: 0))
        let back = try step(index + 1, y)
        var none = Gradients([Shape]())
        return index == 0
          ? try layer.backward(back, cache, own, BackwardContext(), into: &sums)[0]
          : try layer.backward(back, cache, own, BackwardContext(), into: &none)[0]
      }
      return try pass(layers[index])
    }
    let back = try step(0, input)
    return results + [back.elements] + parameters.indices.map { sums[$0].elements }
  }
}
