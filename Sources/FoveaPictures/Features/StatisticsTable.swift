import FoveaCore
import FoveaModel

/// What a layer makes of one picture beside what it makes of many, and which of its units never answer, for a page.
struct StatisticsTable {
  private let own: LayerStatistics
  private let all: LayerStatistics
  private static let mostUnits = 16

  init(_ own: LayerStatistics, over all: LayerStatistics) { (self.own, self.all) = (own, all) }

  var html: String {
    var rows = [
      row("lowest") { NumberText.short($0.minimum) }, row("highest") { NumberText.short($0.maximum) },
      row("mean") { NumberText.short($0.mean) }, row("deviation") { NumberText.short($0.standardDeviation) },
      row("zeros") { NumberText.percent($0.zeros) },
    ]
    if all.saturated != nil { rows.append(row("at the ends") { $0.saturated.map(NumberText.percent) ?? "" }) }
    if all.units != nil {
      rows.append(row("units always 0") { Self.count(\.dead.count, of: $0.units) })
      rows.append(row("units never 0") { Self.count(\.alwaysActive, of: $0.units) })
    }
    return """
      <div class="statistics">
      <table>
      <thead><tr><td></td><th scope="col">this picture</th><th scope="col">over \(all.examples.counted("picture"))</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      \(dead)
      </div>
      """
  }

  private func row(_ name: String, _ text: (LayerStatistics) -> String) -> String {
    "<tr><th scope=\"row\">\(name)</th><td>\(text(own))</td><td>\(text(all))</td></tr>"
  }

  private static func count(_ count: (LayerStatistics.Units) -> Int, of units: LayerStatistics.Units?) -> String {
    units.map { "\(count($0).grouped) of \($0.activity.count.grouped)" } ?? ""
  }

  /// The first units that are 0 for all pictures.
  private var dead: String {
    guard let dead = all.units?.dead, !dead.isEmpty else { return "" }
    let more = dead.count - Self.mostUnits
    let named = dead.prefix(Self.mostUnits).map(String.init).joined(separator: ", ")
    return "<p class=\"facts\">0 for every picture: \(dead.count == 1 ? "unit" : "units") \(named)"
      + (more > 0 ? " and \(more.grouped) more" : "") + "</p>"
  }

  static let style = """

    .statistics table { border-spacing: 0; }
    .statistics th, .statistics td { padding: 0 0.8rem 0 0; text-align: right; font-size: 0.9rem; }
    .statistics thead th { color: var(--quiet); }
    .statistics tbody th { text-align: left; }
    .statistics td:last-child { color: inherit; }
    """
}
