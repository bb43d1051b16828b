import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

@testable import FoveaPictures

@Suite struct KernelWalkTests {
  private static let registry: Registry = {
    var registry = Registry()
    try? BuiltinLayers.register(in: &registry)
    return registry
  }()

  private func walk(
    _ input: NumberPlanes, kernel: String? = nil, _ settings: [String: ConfigurationValue] = [:],
    behind: [KindDescription] = []
  ) throws -> KernelWalk {
    let trial = try KernelTrial(
      kernel: kernel.map { try NumberPlanes(text: $0) }, convolution: settings, behind: behind)
    return try KernelWalk(trial, trial.run(input, registry: Self.registry))
  }

  private func noise(_ channels: Int, _ height: Int, _ width: Int) throws -> NumberPlanes {
    var random = SeededRandom(seed: 3)
    return try NumberPlanes(
      (0..<channels).map { _ in
        try NumberMatrix((0..<height).map { _ in (0..<width).map { _ in Float.random(in: -1...1, using: &random) } })
      })
  }

  /// What the picture shows in the window is what the layer has seen: their products add up to what it has put out.
  @Test(
    arguments: [
      [:], ["stride": 2], ["padding": "same"], ["padding": "same", "stride": 2], ["padding": 1], ["dilation": 2],
      ["padding": "same", "dilation": 2, "stride": 3], ["padding": 2, "stride": 2],
    ] as [[String: ConfigurationValue]]) func windowsLieWhereTheLayerHasThem(
      _ settings: [String: ConfigurationValue]
    ) throws
  {
    let kernel = "[[[1,-2],[3,4],[0,5]],[[2,2],[-1,0],[7,1]]]"
    let walk = try walk(noise(2, 8, 7), kernel: kernel, settings)
    let matrices = try NumberPlanes(text: kernel).matrices
    for place in 0..<walk.places.count {
      var sum: Float = 0
      for (plane, kernel) in zip(walk.input.matrices, matrices) {
        for (window, weights) in zip(walk.places.cells(of: plane, at: place), kernel.rows) {
          for (number, weight) in zip(window, weights) { sum += number * weight }
        }
      }
      #expect(abs(sum - walk.output.matrices[0].values[place]) < 1e-4, "place \(place)")
    }
  }

  @Test func poolingsWalkToo() throws {
    let pooling = KindDescription(kind: "maximumPooling", configuration: ["window": 3, "stride": 2])
    let walk = try walk(noise(1, 8, 7), behind: [KindDescription(kind: "relu"), pooling])
    for place in 0..<walk.places.count {
      let window = walk.places.cells(of: walk.input.matrices[0], at: place).joined()
      #expect(window.max() == walk.output.matrices[0].values[place])
    }
    #expect(walk.places.count == 9)
  }

  @Test func eachNumberIsAFrame() throws {
    let animation = try walk(noise(1, 5, 5), kernel: "[[1,0],[0,1]]").animation()
    // 16 places; the last lasts longer.
    #expect(animation.frameCount == 16 && animation.milliseconds == 16 * 625 + 2_500)
    let first = try ImageDecoder().decode(animation.encoded())
    #expect(first.width > 300 && first.height > 150)
  }

  @Test func ofManyNumbersSomeAreShown() throws {
    let walk = try walk(noise(1, 120, 300), kernel: "[[1,0],[0,1]]")
    #expect(!walk.showsNumbers)
    let places = walk.places.places(most: 40)
    #expect(places.count <= 40 && places.count > 20)
    #expect(places.first == 0 && places.last == walk.places.count - 1 && places == places.sorted())
    // A window that is larger than what is shown of the picture is drawn, too.
    #expect(try walk.animation().frameCount <= 40)
  }

  @Test func whatCannotWalkIsTold() throws {
    let error = #expect(throws: NumberMatrixError.self) {
      try walk(noise(1, 3, 3), behind: [KindDescription(kind: "relu")])
    }
    #expect(error?.description.contains("give a kernel or a pooling") == true)
  }

  @Test func aKernelIsFoundFromNoise() throws {
    let target = "[[1,0,-1],[2,0,-2],[1,0,-1]]"
    let trial = try KernelTrial(kernel: NumberPlanes(text: target), bias: 0.5)
    let learned = try KernelLearning(
      trial, noise(1, 12, 12), steps: 300, seed: 1, optimizer: Adam(learningRate: 0.05), registry: Self.registry)
    let last = try #require(learned.moments.last)
    #expect(learned.losses.count == 301 && learned.moments.count <= 24 && last.step == 300)
    #expect(last.loss < 1e-4 && last.loss == learned.losses[300] && learned.losses[0] > 1)
    let wanted = try NumberPlanes(text: target)
    for (found, number) in zip(last.kernel.values, wanted.values) { #expect(abs(found - number) < 0.01) }
    #expect(abs(last.bias - 0.5) < 0.01)
    // Another seed is other noise, the same one the same.
    func first(_ seed: UInt64) throws -> [Float] {
      try KernelLearning(
        trial, noise(1, 12, 12), steps: 1, seed: seed, optimizer: Adam(learningRate: 0.05), registry: Self.registry
      ).moments[0].kernel.values
    }
    #expect(try first(1) == first(1) && first(1) != first(2) && learned.moments[0].kernel.values == first(1))
    #expect(try learned.animation().frameCount == learned.moments.count)
    #expect(try learned.sheet().width > 400)
  }

  @Test func onlyKernelsAreLearned() throws {
    let trial = try KernelTrial(kernel: nil, behind: [KindDescription(kind: "relu")])
    #expect(throws: NumberMatrixError.self) {
      try KernelLearning(trial, noise(1, 3, 3), steps: 1, seed: 1, optimizer: Adam(), registry: Self.registry)
    }
  }
}
