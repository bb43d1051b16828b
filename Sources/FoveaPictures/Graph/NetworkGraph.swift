import FoveaCore
import FoveaModel

/// A network drawn as what it is: its layers, and what goes from one to the other, branches and residuals included.
struct NetworkGraph {
  /// A layer, or an input.
  struct Node {
    let name: String
    let kind: String
    let shape: [Int]
    /// Where a click leads.
    let anchor: String
  }

  private let nodes: [Node]
  private let edges: [(from: Int, to: Int)]
  private let layout: GraphLayout
  private static let box = (width: 190.0, height: 40.0)
  private static let step = (x: 210.0, y: 64.0)
  private static let margin = 12.0

  /// - Parameters:
  ///   - inputs: their names and shapes.
  ///   - layers: in order of computation, each with the names of what comes in: `split`, `split:1`, `input`.
  init(inputs: [Node], layers: [(node: Node, inputs: [String])]) {
    nodes = inputs + layers.map(\.node)
    var places: [String: Int] = [:]
    for (index, node) in nodes.enumerated() { places[node.name] = index }
    var edges: [(from: Int, to: Int)] = []
    for (index, layer) in layers.enumerated() {
      for source in layer.inputs {
        // One of several outputs goes by the layer's name and a number.
        let name = places[source] == nil ? String(source.prefix { $0 != ":" }) : source
        if let from = places[name], from < index + inputs.count { edges.append((from, index + inputs.count)) }
      }
    }
    self.edges = edges
    layout = GraphLayout(nodes: nodes.count, edges: edges)
  }

  var svg: String {
    let width = Int(layout.width * Self.step.x + 2 * Self.margin)
    let height = Int(Double(layout.rows) * Self.step.y + 2 * Self.margin)
    let lines = layout.routes.map { route in "<path class=\"edge\" d=\"\(Self.path(route))\"/>" }
    let boxes = zip(nodes, layout.places).enumerated().map { Self.element($0, $1.0, $1.1) }
    return """
      <svg class="graph" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" role="group">
      <title>the network: \(nodes.count.counted("layer")) and \(edges.count.counted("connection"))</title>
      \(lines.joined(separator: "\n"))
      \(boxes.joined(separator: "\n"))
      </svg>
      """
  }

  private static func center(_ place: GraphLayout.Place) -> (x: Double, y: Double) {
    (margin + (place.x + 0.5) * step.x, margin + (Double(place.row) + 0.5) * step.y)
  }

  /// From below the first box to above the last one, straight within rows and curved between them.
  private static func path(_ route: [GraphLayout.Place]) -> String {
    let half = box.height / 2
    var text = ""
    for (index, place) in route.enumerated() {
      let (x, y) = center(place)
      let (above, below) = (y - half, y + half)
      if index == 0 {
        text = "M\(SVGText.number(x)),\(SVGText.number(below))"
        continue
      }
      let before = center(route[index - 1])
      let middle = (before.y + half + above) / 2
      text +=
        abs(before.x - x) < 0.6
        ? "L\(SVGText.number(x)),\(SVGText.number(above))"
        : "C\(SVGText.number(before.x)),\(SVGText.number(middle)) \(SVGText.number(x)),\(SVGText.number(middle)) "
          + "\(SVGText.number(x)),\(SVGText.number(above))"
      if index < route.count - 1 { text += "L\(SVGText.number(x)),\(SVGText.number(below))" }
    }
    return text
  }

  private static func element(_ number: Int, _ node: Node, _ place: GraphLayout.Place) -> String {
    let (x, y) = center(place)
    let shape = node.shape.map(String.init).joined(separator: "×")
    let second = node.kind == node.name ? shape : "\(node.kind) \(shape)"
    return """
      <a href="#\(SVGText.escape(node.anchor))" data-node="\(number)" aria-label="\(SVGText.escape("\(node.name), \(second)"))">\
      <rect x="\(SVGText.number(x - box.width / 2))" y="\(SVGText.number(y - box.height / 2))" width="\(SVGText.number(box.width))" \
      height="\(SVGText.number(box.height))" rx="7"/>\
      <text class="name" x="\(SVGText.number(x))" y="\(SVGText.number(y - 3))">\(SVGText.escape(short(node.name, 20)))</text>\
      <text class="kind" x="\(SVGText.number(x))" y="\(SVGText.number(y + 12))">\(SVGText.escape(short(second, 28)))</text></a>
      """
  }

  private static func short(_ text: String, _ most: Int) -> String {
    text.count <= most ? text : text.prefix(most - 1) + "…"
  }
}
