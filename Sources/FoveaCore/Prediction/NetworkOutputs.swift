/// What a network puts out for one example, before any step: tensors by name.
public struct NetworkOutputs: Sendable, Equatable {
  public struct Output: Sendable, Equatable {
    public let name: String
    /// Without the batch.
    public let shape: Shape
    /// In plain order.
    public let values: [Float]

    public init(name: String, shape: Shape, values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  public let outputs: [Output]
  /// The names of what the outputs stand for, such as classes; nil where nobody has given any.
  public let labels: [String]?
  /// Whether the outputs are confidences, 0…1, as those of a softmax or a sigmoid layer.
  public let areConfidences: Bool

  public init(_ outputs: [Output], labels: [String]? = nil, areConfidences: Bool = false) {
    self.outputs = outputs
    self.labels = labels
    self.areConfidences = areConfidences
  }

  /// Of a network with a single output.
  public init(_ values: [Float], shape: Shape? = nil, labels: [String]? = nil, areConfidences: Bool = false) {
    self.init(
      [Output(name: "output", shape: shape ?? [values.count], values: values)], labels: labels,
      areConfidences: areConfidences)
  }

  /// The output of that name, or the only one.
  ///
  /// - Parameter kind: who asks, for errors.
  /// - Throws: ``PredictionError/unknownOutput(kind:name:known:)``
  public func output(named name: String? = nil, for kind: String) throws(PredictionError) -> Output {
    if let output = name == nil ? (outputs.count == 1 ? outputs[0] : nil) : outputs.first(where: { $0.name == name }) {
      return output
    }
    throw .unknownOutput(kind: kind, name: name, known: outputs.map(\.name))
  }

  /// As many names as there are numbers: the labels, or numbers from 0.
  ///
  /// - Throws: ``PredictionError/labelCount(kind:expected:got:)``
  public func labels(count: Int, for kind: String) throws(PredictionError) -> [String] {
    guard let labels else { return (0..<count).map(String.init) }
    guard labels.count == count else { throw .labelCount(kind: kind, expected: count, got: labels.count) }
    return labels
  }

  /// - Throws: ``PredictionError/notANumber(output:)``
  func checkNumbers() throws(PredictionError) {
    for output in outputs {
      if let index = output.values.firstIndex(where: { !$0.isFinite }) { throw .notANumber(output: index) }
    }
  }
}
