/// A network and a picture as a method of explanation sees them: the numbers that went in, what a layer made of them, the score
/// that is to be explained, and how it changes.
///
/// The score is one number: that of a class before softmax or sigmoid, or whatever else the network puts out at that place.
public protocol ExplainedNetwork {
  /// `[1, channels, height, width]`
  var input: Tensor { get }

  /// What the layer puts out for the input, `[1, maps, height', width']`.
  func activations() throws(ExplanationError) -> Tensor

  /// The score's gradient by what the layer puts out, of the same shape.
  func activationGradients() throws(ExplanationError) -> Tensor

  /// The score's gradient by each number of several inputs.
  ///
  /// - Parameters:
  ///   - inputs: `[count, channels, height, width]`, not more than ``batchSize``.
  ///   - rule: what goes back through layers instead of gradients; nil for these.
  func inputGradients(_ inputs: Tensor, _ rule: (any BackwardRule)?) throws(ExplanationError) -> Tensor

  /// The same where what starts at the score is the score itself: relevance.
  func inputRelevance(_ rule: any BackwardRule) throws(ExplanationError) -> Tensor

  /// The score of each of several inputs, `[count, channels, height, width]`.
  func scores(ofInputs inputs: Tensor) throws(ExplanationError) -> [Float]

  /// The score of the input where a window of it is covered, for each of several windows, as many as there are: a network may
  /// compute what each of them reaches and no more.
  func scores(ofCovered windows: [CoveredWindow]) throws(ExplanationError) -> [Float]

  /// The score where the layer puts out something else, `[count, maps, height', width']`, and all before it stays.
  func scores(ofActivations activations: Tensor) throws(ExplanationError) -> [Float]

  /// How many inputs go through the network at once within the memory that there is, at least 1.
  var batchSize: Int { get }

  /// How many of a layer's outputs do.
  var activationBatchSize: Int { get }

  /// What chance is drawn from.
  var seed: UInt64 { get }
}

/// What can go wrong when a decision is explained.
public enum ExplanationError: FoveaError, Equatable {
  /// Gradients stop at a layer that only computes forward.
  case forwardOnly(layer: String, kind: String)
  /// A rule does not know a layer, or something else stands in a method's way.
  case unsuitable(method: String, problem: String)
  /// The network itself has failed.
  case network(String)
  /// There is no layer, or no class, of that name.
  case unknown(String)
  /// There is less memory than a picture's numbers take, or several changed ones that go through the network together.
  case memory(examples: Int, bytes: Int)

  public var description: String {
    switch self {
    case .forwardOnly(let layer, let kind):
      "no gradient goes through layer '\(layer)', since \(kind) computes forward only; methods without gradients go on"
    case .unsuitable(let method, let problem): "\(method): \(problem)"
    case .network(let problem), .unknown(let problem): problem
    case .memory(let examples, let bytes):
      "there is no memory for the numbers of \(examples.counted("example")) at once, \(bytes / 1_000_000) MB or more; explain fewer "
        + "images at the same time, as with --threads 1, or a network of smaller inputs"
    }
  }
}
