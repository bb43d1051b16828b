public import FoveaCore

/// Checks that a layer does what the layer protocol promises. It belongs to no test framework: ask the report whether it
/// passed.
///
/// ```swift
/// let report = LayerContract.check(Swish.self, Swish.Configuration(slope: 2), inputs: [[3, 5, 7]])
/// #expect(report.passed, "\(report)")
/// ```
///
/// Choose small shapes that hide nothing: not square, odd, several channels. Each element of the input and of the
/// parameters costs two forward passes.
public enum LayerContract {
  /// What to make of the layer.
  public struct Options: Sendable {
    /// The number of examples.
    public var batch = 3
    public var seed: UInt64 = 1
    /// By how much a gradient may differ from the differences of outputs, relative to the largest of its tensor.
    public var tolerance = 2e-3
    /// Inputs are spread over it evenly, in random order, so that no two are equal and none is 0: maxima and rectifiers
    /// then have a gradient everywhere. Kinks elsewhere are found, and other inputs taken.
    public var inputRange: ClosedRange<Float> = -1...1
    /// Of the differences in parameters; those in inputs are small enough not to change their order.
    public var parameterStep: Float = 4e-3
    /// By how much larger inputs must still give finite numbers; 1 for a function that grows beyond all of them.
    public var largeFactor: Float = 1000
    /// For a layer that does something else in training than in use, such as dropout or stochastic pooling.
    public var differsInTraining = false
    /// For a layer whose gradient is on purpose that of another function, such as one that rounds and lets the gradient
    /// straight through. It is then compared with nothing; all else is checked.
    public var hasSurrogateGradient = false
    /// For a layer whose weights need not all count, such as a kernel that reaches far into the padding.
    public var leavesElementsUntouched = false

    public init() {}
  }

  /// A configuration, or a shape of the inputs, that the layer must refuse.
  public struct Refusal<Configuration: Settings>: Sendable {
    public let configuration: Configuration
    /// Those of the check where nil.
    public let inputs: [Shape]?
    /// The exact error; any ``LayerError`` where nil.
    public let error: LayerError?

    public init(_ configuration: Configuration, inputs: [Shape]? = nil, error: LayerError? = nil) {
      self.configuration = configuration
      self.inputs = inputs
      self.error = error
    }
  }

  /// - Parameters:
  ///   - inputs: the shapes that come in, without the batch.
  ///   - refusals: what the layer must not accept.
  ///   - example: what to call this check among several of the same layer.
  public static func check<L: Layer>(
    _ type: L.Type, _ configuration: L.Configuration, inputs: [Shape],
    refusals: [Refusal<L.Configuration>] = [], options: Options = Options(), example: String = ""
  ) -> ContractReport {
    var options = options
    // There is no gradient to compare.
    if (type as? any JoinedOutputs.Type)?.isTrainable == false { options.hasSurrogateGradient = true }
    var report = ContractReport(kind: L.kind, example: example)
    checkConfiguration(type, configuration, &report)
    checkRefusals(type, refusals, inputs, &report)
    var subject: Subject<L>?
    report.check("is made") {
      let made = try Subject<L>(configuration, inputs: inputs, options: options)
      subject = made
      return "output \(made.layer.outputShape), \(made.parameterCount) weights, \(made.layer.connections) connections"
    }
    // Without these two, the other checks would read memory that is not theirs.
    guard let subject else { return report }
    report.check("output has the promised shape") { try subject.checkShapes() }
    guard report.checks.last?.passed == true else { return report }
    subject.checkBehavior(&report)
    subject.checkGradients(&report)
    if let joined = subject.layer as? any SeveralGradients {
      report.check("an output need not be learned from") {
        try joined.checkMissing(subject.inputs, subject.parameters, subject.outputGradient)
      }
    }
    return report
  }

  /// The same for a layer with several outputs.
  public static func check<L: MultiOutputLayer>(
    _ type: L.Type, _ configuration: L.Configuration, inputs: [Shape],
    refusals: [Refusal<L.Configuration>] = [], options: Options = Options(), example: String = ""
  ) -> ContractReport {
    check(JoinedLayer<L>.self, configuration, inputs: inputs, refusals: refusals, options: options, example: example)
  }

  /// The same for an operator that computes forward only: all but gradients. One that takes no inputs is given none.
  public static func check<O: Operator>(
    _ type: O.Type, _ configuration: O.Configuration, inputs: [Shape],
    refusals: [Refusal<O.Configuration>] = [], options: Options = Options(), example: String = ""
  ) -> ContractReport {
    check(
      JoinedComputation<O>.self, configuration, inputs: O.takesInputs ? inputs : [[1]], refusals: refusals,
      options: options, example: example)
  }

  /// The same for a configuration as a description spells it out, for example of a kind from a registry.
  public static func check<O: Operator>(
    _ type: O.Type, values: [String: ConfigurationValue], inputs: [Shape], options: Options = Options()
  ) -> ContractReport {
    do {
      let configuration = try ConfigurationDecoder.decode(O.Configuration.self, from: values, owner: O.kind)
      switch type {
      case let type as any Layer.Type: return try check(layer: type, configuration, inputs, options)
      case let type as any MultiOutputLayer.Type: return try check(several: type, configuration, inputs, options)
      default: return check(type, configuration, inputs: inputs, options: options)
      }
    } catch {
      var report = ContractReport(kind: O.kind)
      report.check("configuration is read") { throw error }
      return report
    }
  }

  // The two below open a type of which no more is known than what it can do.

  private static func check<L: Layer>(
    layer type: L.Type, _ configuration: any Settings, _ inputs: [Shape], _ options: Options
  ) throws -> ContractReport {
    guard let configuration = configuration as? L.Configuration else { throw Breach("\(configuration)") }
    return check(type, configuration, inputs: inputs, options: options)
  }

  private static func check<L: MultiOutputLayer>(
    several type: L.Type, _ configuration: any Settings, _ inputs: [Shape], _ options: Options
  ) throws -> ContractReport {
    guard let configuration = configuration as? L.Configuration else { throw Breach("\(configuration)") }
    return check(type, configuration, inputs: inputs, options: options)
  }
}
