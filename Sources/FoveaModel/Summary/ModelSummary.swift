public import FoveaCore

/// What a model consists of, layer by layer: what `fovea summary` shows.
public struct ModelSummary: Sendable, Codable, Equatable {
  public struct Layer: Sendable, Codable, Equatable {
    public let name: String
    public let kind: String
    /// Of one example.
    public let outputShape: Shape
    /// Numbers in all parameters, those that are not trained included.
    public let parameters: Int
    /// Numbers that training changes.
    public let trainable: Int
    /// In the sense of LeCun et al. 1998, section II-B.
    public let connections: Int
  }

  public let layers: [Layer]
  public let parameters: Int
  public let trainable: Int
  public let connections: Int

  public init(_ model: Model) {
    layers = model.nodes.map { node in
      Layer(
        name: node.name, kind: type(of: node.layer).kind, outputShape: node.layer.outputShape,
        parameters: Self.sum(node.parameters.map(\.shape.count)),
        trainable: Self.sum(node.parameters.filter(\.isTrainable).map(\.shape.count)),
        connections: node.layer.connections)
    }
    parameters = Self.sum(layers.map(\.parameters))
    trainable = Self.sum(layers.map(\.trainable))
    connections = Self.sum(layers.map(\.connections))
  }

  /// Descriptions may name layers so large that their sum is none that an `Int` holds.
  private static func sum(_ counts: [Int]) -> Int {
    counts.reduce(0) { sum, count in
      let (result, overflow) = sum.addingReportingOverflow(count)
      return overflow ? .max : result
    }
  }
}

extension ModelSummary {
  /// A table for people: one row for each layer, and the sums.
  public var table: String {
    let head = ["layer", "kind", "output", "parameters", "trainable", "connections"]
    let rows = layers.map { layer in
      [layer.name, layer.kind, layer.outputShape.dimensions.map(String.init).joined(separator: "×")]
        + [layer.parameters, layer.trainable, layer.connections].map(Self.grouped)
    }
    let sums = ["sum", "", ""] + [parameters, trainable, connections].map(Self.grouped)
    let widths = head.indices.map { column in ([head, sums] + rows).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - cells[column].count)
        return column < 3 ? cells[column] + space : space + cells[column]
      }
      let text = padded.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "──")
    return ([line(head), rule] + rows.map(line) + [rule, line(sums)]).joined(separator: "\n")
  }

  /// 61706 as 61,706.
  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return String(
      digits.enumerated().flatMap { index, digit in
        index > 0 && (digits.count - index).isMultiple(of: 3) ? [",", digit] : [digit]
      })
  }
}
