import Foundation
import FoveaCore
import Testing

@testable import FoveaProjection

@Suite struct TSNETests {
  @Test func affinitiesAgreeWithScikitLearn() throws {
    let clusters = try Clusters()
    let graph = try NeighborGraph(of: clusters.points, neighbors: 10, on: pool)
    let joint = Affinities.joint(graph, perplexity: 3, on: pool)
    let expected = try clusters.values("joint")
    // The largest is 0.012; scikit-learn looks for each width in single precision.
    #expect(difference(dense(joint), expected) < 5e-5)
    #expect(abs(joint.values.reduce(0, +) - 1) < 1e-5)
  }

  private func dense(_ rows: SparseRows) -> [Float] {
    var dense = [Float](repeating: 0, count: rows.count * rows.count)
    for row in 0..<rows.count {
      for place in rows.starts[row]..<rows.starts[row + 1] {
        dense[row * rows.count + Int(rows.columns[place])] = rows.values[place]
      }
    }
    return dense
  }

  /// Σᵢⱼ pᵢⱼ log(pᵢⱼ / qᵢⱼ), from its definition.
  private func divergence(_ joint: [Float], _ plane: [Double]) -> Double {
    let count = plane.count / 2
    var near = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count where i != j {
        let (dx, dy) = (plane[2 * i] - plane[2 * j], plane[2 * i + 1] - plane[2 * j + 1])
        near[i * count + j] = 1 / (1 + dx * dx + dy * dy)
      }
    }
    let sum = near.reduce(0, +)
    return zip(joint, near).reduce(0) { $1.0 > 0 ? $0 + Double($1.0) * log(Double($1.0) * sum / $1.1) : $0 }
  }

  @Test func theGradientIsThatOfTheDivergence() throws {
    let clusters = try Clusters()
    let graph = try NeighborGraph(of: clusters.points, neighbors: 10, on: pool)
    let joint = Affinities.joint(graph, perplexity: 3, on: pool)
    var random = SeededRandom(seed: 4)
    let plane = (0..<120).map { _ in 3 * random.normal() }
    // Without any squares taken together.
    var descent = TSNEDescent(joint, start: plane, angle: 0, on: pool)
    let gradient = descent.computeGradient(exaggeration: 1)
    let exact = plane.map(Double.init)
    for place in stride(from: 0, to: 120, by: 7) {
      var (above, below) = (exact, exact)
      above[place] += 1e-4
      below[place] -= 1e-4
      let slope = (divergence(dense(joint), above) - divergence(dense(joint), below)) / 2e-4
      #expect(abs(4 * Double(gradient[place]) - slope) < 1e-5)
    }
    #expect(abs(descent.divergence() - divergence(dense(joint), exact)) < 1e-4)
  }

  /// All pairs beside the tree.
  @Test(arguments: [Float(0), 0.5]) func forcesAreThoseOfAllPairs(angle: Float) {
    let count = 501
    var random = SeededRandom(seed: 8)
    var plane = (0..<2 * count).map { _ in 6 * random.normal() }
    // Some in one place.
    for point in 0..<40 { (plane[2 * point], plane[2 * point + 1]) = (plane[0], plane[1]) }
    var forces = [Float](repeating: 0, count: 2 * count)
    var work = PlaneForces(angle: angle)
    let sum = plane.withUnsafeMutableBufferPointer { plane in
      forces.withUnsafeMutableBufferPointer { work.compute(plane, into: $0, on: pool) }
    }
    var (expected, total, length) = ([Double](repeating: 0, count: 2 * count), 0.0, 0.0)
    for i in 0..<count {
      for j in 0..<count where j != i {
        let (dx, dy) = (Double(plane[2 * i] - plane[2 * j]), Double(plane[2 * i + 1] - plane[2 * j + 1]))
        let q = 1 / (1 + dx * dx + dy * dy)
        total += q
        expected[2 * i] += q * q * dx
        expected[2 * i + 1] += q * q * dy
      }
    }
    for value in expected { length = max(length, abs(value)) }
    let tolerance = angle == 0 ? 1e-5 : 0.02
    #expect(abs(sum / total - 1) < tolerance / 2)
    for (own, other) in zip(forces, expected) { #expect(abs(Double(own) - other) < tolerance * length) }
  }

  @Test func keepsClustersApart() throws {
    let points = Clusters.made(240, dimensions: 10)
    let method = TSNEProjection()
    let first = try method.project(points, seed: 3, on: pool) { _, _ in }.points
    #expect(try Trustworthiness.measure(first, of: points, neighbors: 5, on: pool) > 0.93)
    let graph = try NeighborGraph(of: first, neighbors: 5, on: pool)
    let same = (0..<240).flatMap { row in graph.nearest(of: row).map { Int($0) % 4 == row % 4 } }
    #expect(same.count { $0 } > same.count * 99 / 100)
    // The same seed gives the same plane, and so does another number of workers.
    #expect(try method.project(points, seed: 3, on: WorkerPool(count: 3)) { _, _ in }.points == first)
    #expect(try method.project(points, seed: 4, on: pool) { _, _ in }.points != first)
  }

  @Test func pointsThatAreTheSameArePlaced() throws {
    let same = Points(Array(repeating: 2, count: 300), dimensions: 3)
    var method = TSNEProjection()
    method.iterations = 40
    let plane = try method.project(same, seed: 1, on: pool) { _, _ in }.points
    #expect(plane.count == 100 && plane.values.allSatisfy { $0.isFinite })
  }

  @Test func refusesWhatItCannotDo() throws {
    var method = TSNEProjection()
    method.perplexity = 0.5
    #expect(throws: ProjectionError.self) {
      try method.project(Clusters.made(20, dimensions: 3), seed: 1, on: pool) { _, _ in }
    }
    #expect(throws: ProjectionError.tooFewPoints(expected: 4, got: 3)) {
      try TSNEProjection().project(Points([1, 2, 3], dimensions: 1), seed: 1, on: pool) { _, _ in }
    }
    #expect(throws: ProjectionError.cancelled) {
      try TSNEProjection().project(Clusters.made(40, dimensions: 3), seed: 1, on: pool) {
        _, _ throws(ProjectionError) in
        throw .cancelled
      }
    }
  }

  @Test func curveVisitsSquaresOneAfterTheOther() {
    // A grid of 16 × 16: each place is one step from the one before.
    let plane = (0..<256).flatMap { [Float($0 % 16), Float($0 / 16)] }
    var order = HilbertOrder()
    order.sort(plane, count: 256)
    #expect(Set(order.order).count == 256)
    for (one, other) in zip(order.order, order.order.dropFirst()) {
      let steps = abs(one % 16 - other % 16) + abs(one / 16 - other / 16)
      #expect(steps == 1)
    }
  }
}
