import FoveaCore
import FoveaTesting
import Synchronization
import Testing

struct ContractExamplesTests {
  /// y = factor·x
  struct Gain: ElementwiseLayer {
    struct Configuration: Configurable {
      var factor: Float = 2
    }

    static let kind = "gain"
    let configuration: Configuration
    let outputShape: Shape

    init(_ configuration: Configuration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
    }

    func value(_ x: Float) -> Float { configuration.factor * x }
    func derivative(_ x: Float, _ y: Float) -> Float { configuration.factor }
  }

  @Test func usualInputsAreTriedWhereNoneAreGiven() {
    let reports = LayerContract.check(Gain.self)
    #expect(reports.map(\.subject) == ["layer 'gain' ([3, 5, 7])", "layer 'gain' ([11])"])
    for report in reports { #expect(report.passed, "\(report)") }
  }

  /// A layer that takes four channels only, and must be told its factor.
  struct Choosy: ElementwiseLayer {
    struct Configuration: Configurable {
      static let requiredKeys: Set<String> = ["factor"]
      var factor: Float = 0
    }

    static let kind = "choosy"
    let configuration: Configuration
    let outputShape: Shape

    init(_ configuration: Configuration, input: Shape) throws(LayerError) {
      guard input.dimensions.first == 4 else {
        throw .invalidInput(kind: Self.kind, expected: "four channels", got: input)
      }
      self.configuration = configuration
      outputShape = input
    }

    func value(_ x: Float) -> Float { configuration.factor * x }
    func derivative(_ x: Float, _ y: Float) -> Float { configuration.factor }
  }

  @Test func aLayerThatCannotBeMadeSaysWhatIsMissing() throws {
    let report = try #require(LayerContract.check(Choosy.self).first)
    #expect(!report.passed)
    #expect(report.description.contains("'factor' must be given"))
    #expect(report.description.contains("ContractExamples"))
  }

  /// The same with examples, one of them bad.
  struct Exemplary: ElementwiseLayer, ContractExamples {
    typealias Configuration = Choosy.Configuration
    static let kind = "exemplary"
    let configuration: Configuration
    let outputShape: Shape

    static var contractExamples: [ContractExample<Configuration>] {
      [
        ContractExample(Configuration(factor: 3), inputs: [[4, 2, 3]]),
        ContractExample(Configuration(factor: .infinity), inputs: [[4]]),
      ]
    }

    init(_ configuration: Configuration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
    }

    func value(_ x: Float) -> Float { configuration.factor * x }
    func derivative(_ x: Float, _ y: Float) -> Float { configuration.factor }
  }

  @Test func everyExampleIsChecked() {
    let reports = LayerContract.check(Exemplary.self)
    #expect(reports.map(\.example) == ["example 1, [4, 2, 3]", "example 2, [4]"])
    #expect(reports.map(\.passed) == [true, false])
  }

  private final class Notes: Sendable {
    let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  @Test func whoAsksIsToldOfEachCheckBeforeAndAfter() throws {
    let notes = Notes()
    let observer = ContractObserver(
      began: { notes.add("\($0) > \($1)") }, ended: { notes.add("\($0) < \($1.name)") })
    let reports = ContractReport.$observer.withValue(observer) { LayerContract.check(Gain.self) }
    let expected = reports.flatMap { report in
      report.checks.flatMap { ["\(report.subject) > \($0.name)", "\(report.subject) < \($0.name)"] }
    }
    #expect(notes.lines.withLock { $0 } == expected)
  }

  /// y = −x, which falls.
  struct Falling: ElementwiseLayer {
    static let kind = "falling"
    let configuration: NoConfiguration
    let outputShape: Shape
    var neverFalls: Bool { true }

    init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
    }

    func value(_ x: Float) -> Float { -x }
    func derivative(_ x: Float, _ y: Float) -> Float { -1 }
  }

  @Test func aFunctionThatFallsMayNotSayOtherwise() {
    for report in LayerContract.check(Falling.self) {
      #expect(report.failures.map(\.name) == ["the function never falls, as the layer says"])
    }
  }
}
