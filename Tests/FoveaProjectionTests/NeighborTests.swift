import FoveaCore
import Testing

@testable import FoveaProjection

@Suite struct NeighborTests {
  @Test(arguments: PointMetric.allCases) func agreesWithScikitLearn(metric: PointMetric) throws {
    let clusters = try Clusters()
    let graph = try NeighborGraph(of: clusters.points, neighbors: 10, metric: metric, on: pool)
    let isCosine = metric == .cosine
    #expect(graph.indices == (try clusters.integers(isCosine ? "cosineNeighbors" : "neighbors")))
    #expect(difference(graph.distances, try clusters.values(isCosine ? "cosineDistances" : "distances")) < 1e-5)
  }

  /// Several blocks, the last of which is not whole, and points far from the origin, where products lose digits.
  @Test(arguments: PointMetric.allCases) func isExact(metric: PointMetric) throws {
    var points = Clusters.made(1100, dimensions: 19)
    for place in points.values.indices { points.values[place] += 100 }
    let graph = try NeighborGraph(of: points, neighbors: 7, metric: metric, on: pool)
    for row in stride(from: 0, to: 1100, by: 91) {
      let expected = naive(points, Array(points[row]), metric).filter { $0.point != row }.prefix(7)
      let own = graph.distances[row * 7..<row * 7 + 7]
      for (found, wanted) in zip(own, expected) {
        #expect(abs(Double(found) - wanted.distance) < 2e-5 * (1 + wanted.distance))
      }
    }
    #expect(try NeighborGraph(of: points, neighbors: 7, metric: metric, on: WorkerPool(count: 3)) == graph)
  }

  /// As for more points than are all compared: cells around some of them, of which the near ones are looked at.
  @Test func findsNearlyAllInCells() throws {
    let points = Clusters.made(9000, dimensions: 6, clusters: 7)
    let exact = try NeighborGraph(of: points, neighbors: 10, on: pool)
    let near = try NeighborGraph(of: points, neighbors: 10, isExact: false, seed: 4, on: pool)
    var found = 0
    for row in 0..<9000 { found += Set(exact.nearest(of: row)).intersection(near.nearest(of: row)).count }
    #expect(found > 90_000 * 97 / 100)
    #expect(zip(exact.distances, near.distances).allSatisfy { $0 <= $1 + 1e-5 })
    #expect(
      try NeighborGraph(of: points, neighbors: 10, isExact: false, seed: 4, on: WorkerPool(count: 3)) == near)
  }

  @Test(arguments: PointMetric.allCases) func searchesAllBlocks(metric: PointMetric) throws {
    let points = Clusters.made(2500, dimensions: 12, seed: 3)
    let queries = Points(
      Array(points.values[12..<48]) + Clusters.made(4, dimensions: 12, seed: 9).values, dimensions: 12)
    let found = try NearestSearch.nearest(to: queries, in: points, count: 5, metric: metric, on: pool)
    #expect(found.count == 7)
    for (query, own) in found.enumerated() {
      let expected = naive(points, Array(queries[query]), metric).prefix(5)
      #expect(own.map(\.point) == expected.map(\.point))
      for (one, other) in zip(own, expected) { #expect(abs(Double(one.distance) - other.distance) < 1e-5) }
    }
    // Each is the nearest to itself.
    #expect(found.prefix(3).map { $0[0].point } == [1, 2, 3])
    #expect(
      try NearestSearch.nearest(to: queries, in: points, count: 5, metric: metric, on: WorkerPool(count: 3)) == found)
  }

  private func naive(
    _ points: Points, _ query: [Float], _ metric: PointMetric
  ) -> [(point: Int, distance: Double)] {
    func length(_ point: some Sequence<Float>) -> Double {
      point.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    return (0..<points.count).map { row in
      let other = points[row]
      let distance =
        metric == .euclidean
        ? zip(query, other).reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
          .squareRoot()
        : 1 - zip(query, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / length(query) / length(other)
      return (row, distance)
    }.sorted { ($0.distance, $0.point) < ($1.distance, $1.point) }
  }

  @Test func fewPointsHaveFewNeighbors() throws {
    let graph = try NeighborGraph(of: Points([0, 1, 5], dimensions: 1), neighbors: 10, on: pool)
    #expect(graph.neighbors == 2 && graph.indices == [1, 2, 0, 2, 1, 0])
    let found = try NearestSearch.nearest(
      to: Points([4], dimensions: 1), in: Points([0, 1, 5], dimensions: 1), count: 9, metric: .euclidean, on: pool)
    #expect(found[0].map(\.point) == [2, 1, 0])
    #expect(throws: ProjectionError.tooFewPoints(expected: 2, got: 1)) {
      try NeighborGraph(of: Points([0], dimensions: 1), neighbors: 1, on: pool)
    }
    #expect(throws: ProjectionError.dimensions(expected: 1, got: 2)) {
      try NearestSearch.nearest(
        to: Points([4, 4], dimensions: 2), in: Points([0, 1], dimensions: 1), count: 1, metric: .euclidean, on: pool)
    }
  }

  @Test func keepsTheNearestByNumberWhereDistancesAreTheSame() {
    var nearest = NearestRows(capacity: 3)
    for (row, distance) in [(5, 2), (4, 1), (3, 2), (9, 1), (2, 7), (1, 2)] as [(Int32, Float)] {
      nearest.offer(row, distance)
    }
    #expect(nearest.rows == [4, 9, 1] && nearest.distances == [1, 1, 2])
  }

  @Test func trustworthinessAgreesWithScikitLearn() throws {
    let clusters = try Clusters()
    let plane = Points(try clusters.values("plane"), dimensions: 2)
    for (k, expected) in zip([1, 5, 12], try clusters.values("trustworthiness")) {
      let own = try Trustworthiness.measure(plane, of: clusters.points, neighbors: k, on: pool)
      #expect(abs(Float(own) - expected) < 1e-6)
    }
    let points = Clusters.made(700, dimensions: 5)
    #expect(try Trustworthiness.measure(points, of: points, neighbors: 5, on: pool) == 1)
    #expect(throws: ProjectionError.tooFewPoints(expected: 81, got: 60)) {
      try Trustworthiness.measure(plane, of: clusters.points, neighbors: 40, on: pool)
    }
  }
}
