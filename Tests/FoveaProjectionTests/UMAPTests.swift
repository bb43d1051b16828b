import Foundation
import FoveaCore
import Testing

@testable import FoveaProjection

@Suite struct UMAPTests {
  @Test func curvesAgreeWithUMAPLearn() throws {
    let expected = try Clusters().values("curves")
    let curves = [UMAPCurve(leastDistance: 0.1, spread: 1), UMAPCurve(leastDistance: 0.5, spread: 1.5)]
    for (row, curve) in curves.enumerated() {
      #expect(abs(curve.a - expected[2 * row]) < 1e-4 && abs(curve.b - expected[2 * row + 1]) < 1e-4)
    }
  }

  @Test func fuzzySetAgreesWithUMAPLearn() throws {
    let clusters = try Clusters()
    let graph = try NeighborGraph(of: clusters.points, neighbors: 10, on: pool)
    let scales = FuzzySet.scales(of: graph)
    #expect(difference(scales.map { Float($0.nearest) }, try clusters.values("beyond")) < 1e-5)
    #expect(difference(scales.map { Float($0.unit) }, try clusters.values("units")) < 1e-4)
    let set = FuzzySet.make(graph)
    var dense = [Float](repeating: 0, count: 3600)
    for row in 0..<60 {
      for place in set.starts[row]..<set.starts[row + 1] {
        dense[row * 60 + Int(set.columns[place])] = set.values[place]
      }
    }
    #expect(difference(dense, try clusters.values("fuzzy")) < 1e-4)
  }

  @Test func powersAreThoseOfTheLibrary() {
    for exponent in [Float(0.79), 0.895, 1.3] {
      for step in stride(from: -20, to: 20, by: 0.37) {
        let x = exp2f(Float(step))
        let power = SIMD8(repeating: x).raised(to: exponent)
        #expect(abs(power[3] / powf(x, exponent) - 1) < 1e-5)
      }
    }
    #expect(SIMD8<Float>(repeating: 0).raised(to: 0.9)[0] < 1e-30)
  }

  @Test func keepsClustersApart() throws {
    let points = Clusters.made(240, dimensions: 10)
    var method = UMAPProjection()
    method.epochs = 150
    let first = try method.project(points, seed: 3, on: pool) { _, _ in }.points
    let isFinite = first.values.allSatisfy { $0.isFinite }
    #expect(isFinite)
    let graph = try NeighborGraph(of: first, neighbors: 5, on: pool)
    let same = (0..<240).flatMap { row in graph.nearest(of: row).map { Int($0) % 4 == row % 4 } }
    #expect(same.count { $0 } > same.count * 99 / 100)
    #expect(try method.project(points, seed: 3, on: WorkerPool(count: 3)) { _, _ in }.points == first)
    #expect(try method.project(points, seed: 4, on: pool) { _, _ in }.points != first)
  }

  @Test(arguments: [PCAProjection.self, TSNEProjection.self, UMAPProjection.self] as [any ProjectionMethod.Type])
  func kindsKeepTheirContract(type: any ProjectionMethod.Type) {
    func check<M: ProjectionMethod>(_ type: M.Type) {
      var report = ContractReport(M.noun, kind: M.kind)
      M().checkContract(&report)
      #expect(report.passed, "\(report)")
    }
    check(type)
  }
}
