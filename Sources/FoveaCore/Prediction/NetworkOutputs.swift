/// What a network puts out for one example, before any step: a tensor, or several by name.
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

    /// Whether there are as many values as the shape holds, as there always are in a network's own outputs.
    package var isWhole: Bool { (try? Shape(checking: shape.dimensions))?.count == values.count }
  }

  /// The output that the steps belong to; the only one of most networks.
  public let output: Output
  /// All others, for a step that needs several.
  public let others: [Output]
  /// The names of what the output stands for, such as classes; nil where nobody has given any.
  public let labels: [String]?
  /// Whether the output's numbers are confidences, 0…1, as those of a softmax or a sigmoid layer.
  public let areConfidences: Bool

  public init(_ output: Output, others: [Output] = [], labels: [String]? = nil, areConfidences: Bool = false) {
    self.output = output
    self.others = others
    self.labels = labels
    self.areConfidences = areConfidences
  }

  /// Of a network with a single output.
  ///
  /// - Parameter shape: one axis where nil.
  public init(_ values: [Float], shape: Shape? = nil, labels: [String]? = nil, areConfidences: Bool = false) {
    self.init(
      Output(name: "output", shape: shape ?? [values.count], values: values), labels: labels,
      areConfidences: areConfidences)
  }

  /// The output of that name, whichever the steps belong to.
  ///
  /// - Parameter kind: the step that asks, for errors.
  /// - Throws: ``PredictionError/unknownOutput(kind:name:known:)``
  public func output(named name: String, for kind: String) throws(PredictionError) -> Output {
    let all = [output] + others
    guard let found = all.first(where: { $0.name == name }) else {
      throw .unknownOutput(kind: kind, name: name, known: all.map(\.name))
    }
    return found
  }

  /// As many names as there are things: the labels, or numbers from 0.
  ///
  /// - Throws: ``PredictionError/labelCount(kind:expected:got:)``
  public func labels(count: Int, for kind: String) throws(PredictionError) -> [String] {
    guard let labels else { return (0..<count).map(String.init) }
    guard labels.count == count else { throw .labelCount(kind: kind, expected: count, got: labels.count) }
    return labels
  }

  /// - Throws: ``PredictionError/notANumber(output:)``
  func checkNumbers() throws(PredictionError) {
    if let index = output.values.firstIndex(where: { !$0.isFinite }) { throw .notANumber(output: index) }
  }
}
