import Testing

@testable import FoveaPictures

/// The graph of a network on a page.
@Suite struct GraphLayoutTests {
  /// A residual, and three branches side by side.
  private let edges = [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4), (3, 5), (3, 6), (4, 7), (5, 7), (6, 7)].map {
    (from: $0.0, to: $0.1)
  }

  @Test func connectionsGoDownAndNodesLieApart() {
    let layout = GraphLayout(nodes: 8, edges: edges)
    #expect(layout.places.map(\.row) == [0, 1, 2, 3, 4, 4, 4, 5])
    for (edge, route) in zip(edges, layout.routes) {
      #expect(route.first?.row == layout.places[edge.from].row && route.last?.row == layout.places[edge.to].row)
      #expect(zip(route, route.dropFirst()).allSatisfy { $1.row == $0.row + 1 })
    }
    for one in 0..<8 {
      for other in 0..<one where layout.places[one].row == layout.places[other].row {
        #expect(abs(layout.places[one].x - layout.places[other].x) > 0.99)
      }
    }
    // The residual goes past the two layers that it leaves out, and not through them.
    for place in layout.routes[3].dropFirst().dropLast() {
      #expect(abs(place.x - layout.places[place.row].x) > 0.5)
    }
  }

  @Test func aChainIsStraight() {
    let layout = GraphLayout(nodes: 5, edges: (0..<4).map { (from: $0, to: $0 + 1) })
    #expect(Set(layout.places.map(\.x)) == [0] && layout.rows == 5 && layout.width == 1)
  }

  @Test func namesOfOutputsLeadToTheirLayer() {
    func node(_ name: String) -> NetworkGraph.Node {
      NetworkGraph.Node(name: name, kind: "<b>", shape: [1, 2, 3], anchor: "layer-\(name)")
    }
    let graph = NetworkGraph(
      inputs: [node("input")],
      layers: [(node("part"), ["input"]), (node("a"), ["part"]), (node("b"), ["part:1"]), (node("sum"), ["a", "b"])])
    #expect(graph.svg.contains("5 layers and 5 connections"))
    #expect(graph.svg.contains("href=\"#layer-sum\"") && !graph.svg.contains("<b>"))
  }
}
