/// A result together with what the network put out for it, before any step: in rows, under `logits`.
public struct ResultWithOutputs: TaskResult {
  public static let kind = "resultWithOutputs"

  public let result: any TaskResult
  /// One, or each of several under its name.
  public let outputs: [NetworkOutputs.Output]

  public init(_ result: any TaskResult, outputs: [NetworkOutputs.Output]) {
    (self.result, self.outputs) = (result, outputs)
  }

  public static func == (one: Self, other: Self) -> Bool {
    one.outputs == other.outputs && one.result.equals(other.result)
  }

  public var isRanked: Bool { result.isRanked }

  public func fields(top: Int) -> [ResultField] {
    let logits = outputs.map { ResultField($0.name, .list($0.values.map { .number($0) })) }
    let value = logits.count == 1 ? logits[0].value : .record(logits)
    return result.fields(top: top) + [ResultField("logits", value, isDetail: true)]
  }

  public func cells(top: Int) -> [ResultCell] {
    let texts = outputs.map { output in
      let first = output.values.prefix(Self.mostShown).map { NumberText.short($0) }.joined(separator: ", ")
      let text = first + (output.values.count > Self.mostShown ? ", …" : "")
      return outputs.count == 1 ? text : "\(output.name): \(text)"
    }
    return result.cells(top: top) + [ResultCell("logits", texts.joined(separator: "; "))]
  }

  /// Of each output, in a table.
  private static let mostShown = 10
}

extension TaskResult {
  /// The result itself, without what may be told along with it.
  public var plain: any TaskResult { (self as? ResultWithOutputs)?.result ?? self }
}
