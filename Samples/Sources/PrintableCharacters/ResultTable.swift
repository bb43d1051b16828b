import Foundation

/// The figures of all networks, to read in a terminal.
struct ResultTable {
  private let results: [Experiment.Result]

  init(_ results: [Experiment.Result]) {
    self.results = results
  }

  var text: String {
    let header =
      ["percent", "right", "in best 3", "wrong: near code", "near picture"]
      + Nonsense.allCases.map { "rejected \($0.rawValue)" } + ["training"]
    let rows = results.map { result in
      let score = result.score
      let shares =
        [score.right, score.amongThree, score.nearByCode, score.nearByPicture]
        + Nonsense.allCases.map { score.rejected[$0] ?? 0 }
      return [result.reader.code.explanation] + shares.map { String(format: "%.1f", 100 * $0) }
        + [String(format: "%.0f s", result.reader.seconds)]
    }
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    return ([header] + rows).map { row in
      row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
