import FoveaCore
import FoveaTesting
import Testing

/// Kinds that are no layers, each with the faults that their authors might make, and what the checker says of them.
struct KindContractTests {
  struct Ramp: ColorMap {
    static let kind = "ramp"
    var count = 256
    var table: [UInt8] { (0..<count).flatMap { [UInt8(truncatingIfNeeded: $0), 0, 0] } }
  }

  @Test func aColorMapHasAllItsColors() {
    #expect(KindContract.check(Ramp.self).passed)
    var short = Ramp()
    short.count = 100
    #expect(KindContract.check(Ramp.self, short).failures.map(\.name) == ["there are 256 colors"])
  }

  struct Decide: PostprocessingStep, Configurable {
    static let kind = "decide"
    enum Fault: String, Codable { case none, noClass, notANumber, refusal, settings }
    var fault = Fault.none

    func validate() throws(PredictionError) {
      guard fault != .settings else { throw .failed(kind: Self.kind, message: "never valid") }
    }

    func apply(_ prediction: Prediction) throws(PredictionError) -> Prediction {
      var result = prediction
      switch fault {
      case .none, .settings: break
      case .noClass: result.decision = prediction.scores.count
      case .notANumber: result.scores[0] = .nan
      case .refusal: throw .failed(kind: Self.kind, message: "never")
      }
      return result
    }
  }

  @Test(arguments: [
    (Decide.Fault.noClass, "1 outputs, usual"), (.notANumber, "2 outputs, all equal"),
    (.refusal, "some number of outputs is taken"), (.settings, "settings are valid"),
  ]) func postprocessingFaultsAreFound(fault: Decide.Fault, name: String) {
    #expect(KindContract.check(Decide.self).passed)
    var step = Decide()
    step.fault = fault
    #expect(KindContract.check(Decide.self, step).failures.map(\.name).contains(name))
  }

  /// Another result than one class, of outputs of any shape.
  struct Invert: PostprocessingStep, Configurable {
    static let kind = "invert"
    var isCareful = true

    func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Embedding {
      Embedding(outputs.output.values.map { isCareful && $0 == 0 ? 0 : 1 / $0 })
    }
  }

  /// Takes what another step gives.
  struct Drop: PostprocessingStep, Configurable {
    static let kind = "drop"

    func apply(_ embedding: Embedding) throws(PredictionError) -> Embedding { Embedding(embedding.values.dropLast()) }
  }

  @Test func faultsOfOtherResultsAreFound() {
    let report = KindContract.check(Invert.self)
    #expect(
      report.passed && report.checks.contains { $0.name == "[2, 4, 5] outputs, large" && $0.detail == "embedding" })
    var careless = Invert()
    careless.isCareful = false
    // Among ten usual outputs is a 0, among two none.
    let failures = KindContract.check(Invert.self, careless).failures
    #expect(failures.map(\.name).contains("10 outputs, usual") && !failures.map(\.name).contains("2 outputs, usual"))
    #expect(KindContract.check(Drop.self).checks.last?.detail == "not run; name the steps before it with 'after'")
    #expect(KindContract.check(Drop.self, after: [Invert()]).passed)
  }

  struct Shift: PreprocessingStep, Configurable {
    static let kind = "shift"
    enum Fault: String, Codable { case none, neighbors, place, size, notANumber }
    var fault = Fault.none

    func isPointwise(on shape: Shape) -> Bool { true }

    func apply(_ image: Image) throws(ImageError) -> Image {
      var values = image.floats.map { $0 + 1 }
      var height = image.height
      switch fault {
      case .none: break
      case .neighbors: values = [values[values.count - 1]] + values.dropLast()
      case .place: values[0] += 1
      case .size: (values, height) = (values + values, 2 * height)
      case .notANumber: values[values.count - 1] = .infinity
      }
      return try Image(width: image.width, height: height, channels: image.channels, pixels: .floats(values))
    }
  }

  @Test(arguments: [Shift.Fault.neighbors, .place, .size, .notANumber])
  func preprocessingFaultsAreFound(fault: Shift.Fault) {
    #expect(KindContract.check(Shift.self).passed)
    var step = Shift()
    step.fault = fault
    #expect(KindContract.check(Shift.self, step).failures.map(\.name).contains("gray, bytes"))
  }

  /// E = Σ (y − t)²
  struct Squares: ExampleLoss {
    static let kind = "squares"
    enum Fault: String, Codable { case none, gradient, outputs }
    var fault = Fault.none

    func validate(outputs: Shape, classes: Int) throws(LossError) {
      guard fault != .outputs, outputs == [classes] else {
        throw .outputs(kind: Self.kind, expected: "one for each class", got: outputs)
      }
    }

    func evaluate(
      _ outputs: UnsafeBufferPointer<Float>, target: Int, gradient: UnsafeMutableBufferPointer<Float>
    ) -> Float {
      var sum: Float = 0
      for i in outputs.indices {
        let difference = outputs[i] - (i == target ? 1 : 0)
        gradient[i] = (fault == .gradient ? 1 : 2) * difference
        sum += difference * difference
      }
      return sum
    }
  }

  /// Forgets to scale, and takes whatever class there is.
  struct Careless: Loss {
    static let kind = "careless"

    func validate(outputs: Shape, classes: Int) throws(LossError) {}

    func evaluate(_ outputs: Tensor, targets: Targets, scale: Float) throws(LossError) -> (
      loss: Float, gradient: Tensor
    ) {
      (outputs.elements.reduce(0, +), Tensor(repeating: 1, outputs.shape))
    }
  }

  @Test func lossFaultsAreFound() {
    #expect(KindContract.check(Squares.self).passed)
    var loss = Squares()
    loss.fault = .gradient
    #expect(KindContract.check(Squares.self, loss).failures.map(\.name) == ["the gradient"])
    loss.fault = .outputs
    #expect(KindContract.check(Squares.self, loss).failures.map(\.name) == ["a network's outputs are taken"])
    #expect(
      KindContract.check(Careless.self).failures.map(\.name) == [
        "examples are summed, and scaled", "a class that does not exist is refused",
      ])
  }
}
