import FoveaCore
import Testing

@testable import FoveaProjection

@Suite struct PrincipalComponentsTests {
  @Test func agreesWithNumPysSingularValues() throws {
    let clusters = try Clusters()
    let variances = try clusters.values("variances")
    let all = try PrincipalComponents(of: clusters.points, components: 8, on: pool)
    #expect(difference(all.mean, try clusters.values("mean")) < 1e-6)
    #expect(difference(all.axes, try clusters.values("axes")) < 1e-4)
    #expect(difference(all.variances.map { Float($0) }, variances) < 1e-5)
    #expect(abs(Float(all.totalVariance) - variances.reduce(0, +)) < 1e-4)
    #expect(abs(all.explained.reduce(0, +) - 1) < 1e-6)
  }

  /// More dimensions than the subspace has, so that it must be searched for.
  @Test func searchesInManyDimensions() throws {
    let points = Clusters.made(300, dimensions: 60)
    let all = try PrincipalComponents(of: points, components: 60, on: pool)
    let few = try PrincipalComponents(of: points, components: 3, seed: 5, on: pool)
    #expect(few.components == 3)
    #expect(difference(few.axes, all.axes.prefix(3 * 60)) < 1e-3)
    for (one, other) in zip(few.variances, all.variances) { #expect(abs(one / other - 1) < 1e-5) }
    let projected = try few.project(points, on: pool)
    #expect(projected.count == 300 && projected.dimensions == 3)
    // Along an axis, the points vary as they are said to.
    let first = (0..<300).map { Double(projected.values[3 * $0]) }
    #expect(abs(first.reduce(0) { $0 + $1 * $1 } / 299 / few.variances[0] - 1) < 1e-4)
  }

  @Test func doesNotDependOnWorkers() throws {
    let points = Clusters.made(2500, dimensions: 24)
    let one = try PrincipalComponents(of: points, components: 4, seed: 2, on: WorkerPool(count: 1))
    #expect(try PrincipalComponents(of: points, components: 4, seed: 2, on: WorkerPool(count: 3)) == one)
  }

  @Test func refusesWhatCannotBe() throws {
    #expect(throws: ProjectionError.tooFewPoints(expected: 2, got: 1)) {
      try PrincipalComponents(of: Points([1, 2], dimensions: 2), components: 1, on: pool)
    }
    #expect(throws: ProjectionError.notFinite(point: 1)) {
      try PrincipalComponents(of: Points([1, 2, .nan, 4, 5, 6], dimensions: 2), components: 1, on: pool)
    }
    // All in one place: no variance, and no trap.
    let same = try PrincipalComponents(of: Points([3, 3, 3, 3, 3, 3], dimensions: 2), components: 2, on: pool)
    #expect(same.totalVariance == 0 && same.explained == [0, 0])
  }

  @Test func eigenvaluesAreThoseOfTheMatrix() {
    let matrix: [Double] = [2, -1, 0, -1, 2, -1, 0, -1, 2]
    let eigen = SymmetricEigen(matrix, order: 3)
    for (value, expected) in zip(eigen.values, [2 + 2.squareRoot(), 2, 2 - 2.squareRoot()]) {
      #expect(abs(value - expected) < 1e-12)
    }
    for (index, value) in eigen.values.enumerated() {
      let vector = eigen.vectors[index * 3..<index * 3 + 3].map { $0 }
      for row in 0..<3 {
        let image = (0..<3).reduce(0) { $0 + matrix[row * 3 + $1] * vector[$1] }
        #expect(abs(image - value * vector[row]) < 1e-12)
      }
    }
  }
}
