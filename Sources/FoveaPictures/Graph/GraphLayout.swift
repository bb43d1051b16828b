/// Where the nodes of a graph lie on a sheet, from top to bottom: in rows by how far they are from the beginning, branches beside each
/// other, and connections that reach over rows in lanes of their own.
///
/// Source: Sugiyama, Tagawa, Toda 1981, "Methods for Visual Understanding of Hierarchical System Structures"; rows by the
/// longest way, order in rows by means of neighbors.
struct GraphLayout {
  /// In units of a node's width and its gap, from 0.
  struct Place {
    let x: Double
    let row: Int
  }

  let places: [Place]
  /// For each connection, the places that it goes through, from its beginning to its end.
  let routes: [[Place]]
  let rows: Int
  let width: Double

  /// A node, or a connection on its way through a row.
  private struct Vertex {
    let row: Int
    let isNode: Bool
    var above: [Int] = []
    var below: [Int] = []
    var x = 0.0
  }

  /// - Parameters:
  ///   - count: of nodes, which are in order of computation.
  ///   - edges: each from an earlier node to a later one.
  init(nodes count: Int, edges: [(from: Int, to: Int)]) {
    var rank = [Int](repeating: 0, count: count)
    for edge in edges.sorted(by: { $0.to < $1.to }) { rank[edge.to] = max(rank[edge.to], rank[edge.from] + 1) }
    var vertices = rank.map { Vertex(row: $0, isNode: true) }
    var chains: [[Int]] = []
    for edge in edges {
      var chain = [edge.from]
      for row in rank[edge.from] + 1..<max(rank[edge.to], rank[edge.from] + 1) {
        vertices.append(Vertex(row: row, isNode: false))
        chain.append(vertices.count - 1)
      }
      chain.append(edge.to)
      for (one, other) in zip(chain, chain.dropFirst()) {
        vertices[one].below.append(other)
        vertices[other].above.append(one)
      }
      chains.append(chain)
    }
    rows = (rank.max() ?? -1) + 1
    var order = [[Int]](repeating: [], count: rows)
    for (index, vertex) in vertices.enumerated() { order[vertex.row].append(index) }
    Self.sort(&order, vertices)
    Self.spread(order, &vertices)
    let left = vertices.map(\.x).min() ?? 0
    let all = vertices.map { Place(x: $0.x - left, row: $0.row) }
    places = Array(all.prefix(count))
    routes = chains.map { $0.map { all[$0] } }
    width = (all.map(\.x).max() ?? 0) + 1
  }

  /// The order in each row: by the mean place of what lies above, then of what lies below, in turns.
  private static func sort(_ order: inout [[Int]], _ vertices: [Vertex]) {
    var place = [Double](repeating: 0, count: vertices.count)
    func number(_ row: [Int]) { for (index, vertex) in row.enumerated() { place[vertex] = Double(index) } }
    for row in order { number(row) }
    for turn in 0..<8 {
      let goesDown = turn.isMultiple(of: 2)
      for row in goesDown ? Array(order.indices) : order.indices.reversed() {
        let keys = order[row].map { vertex -> Double in
          let neighbors = goesDown ? vertices[vertex].above : vertices[vertex].below
          return neighbors.isEmpty ? place[vertex] : neighbors.reduce(0) { $0 + place[$1] } / Double(neighbors.count)
        }
        order[row] = zip(order[row], keys).enumerated().sorted {
          ($0.element.1, $0.offset) < ($1.element.1, $1.offset)
        }.map(\.element.0)
        number(order[row])
      }
    }
  }

  /// Each towards its neighbors, as far as those in its row let it.
  private static func spread(_ order: [[Int]], _ vertices: inout [Vertex]) {
    func gap(_ one: Int, _ other: Int) -> Double {
      switch (vertices[one].isNode, vertices[other].isNode) {
      case (true, true): 1
      case (false, false): 0.2
      default: 0.62
      }
    }
    for row in order {
      var x = 0.0
      for (index, vertex) in row.enumerated() {
        if index > 0 { x += gap(row[index - 1], vertex) }
        vertices[vertex].x = x
      }
    }
    for turn in 0..<24 {
      // Down, towards what lies above, and up again: the last turn goes up, so that chains are straight.
      let goesDown = turn.isMultiple(of: 2)
      for row in goesDown ? order : order.reversed() {
        let wanted = row.map { vertex -> Double in
          let own = vertices[vertex]
          var (sum, weights) = (0.0, 0.0)
          for neighbor in goesDown ? own.above : own.below {
            // A long connection stays straight, and moves no layer aside.
            let other = vertices[neighbor].isNode
            let weight = own.isNode == other ? 1 : own.isNode ? 0.001 : 0.3
            sum += weight * vertices[neighbor].x
            weights += weight
          }
          return weights > 0 ? sum / weights : own.x
        }
        for (vertex, x) in zip(row, apart(row, wanted)) { vertices[vertex].x = x }
      }
    }

    /// Where the vertices of a row come to lie: layers as near to where they want to be as the others let them, and connections
    /// around them.
    func apart(_ row: [Int], _ wanted: [Double]) -> [Double] {
      // How far each is from the first at least.
      var least = [0.0]
      for (one, other) in zip(row, row.dropFirst()) { least.append((least.last ?? 0) + gap(one, other)) }
      let nodes = row.indices.filter { vertices[row[$0]].isNode }
      var (fromLeft, fromRight) = (wanted, wanted)
      for (before, index) in zip(nodes, nodes.dropFirst()) {
        fromLeft[index] = max(wanted[index], fromLeft[before] + least[index] - least[before])
      }
      for (behind, index) in zip(nodes.reversed(), nodes.reversed().dropFirst()) {
        fromRight[index] = min(wanted[index], fromRight[behind] - (least[behind] - least[index]))
      }
      var x = wanted
      for index in nodes { x[index] = (fromLeft[index] + fromRight[index]) / 2 }
      for index in row.indices.dropFirst() where !vertices[row[index]].isNode {
        x[index] = max(x[index], x[index - 1] + least[index] - least[index - 1])
      }
      for index in row.indices.dropLast().reversed() where !vertices[row[index]].isNode {
        x[index] = min(x[index], x[index + 1] - (least[index + 1] - least[index]))
      }
      return x
    }
  }
}
