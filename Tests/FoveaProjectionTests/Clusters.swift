import Foundation
import FoveaCore
import FoveaProjection
import Testing

/// A few points, and what NumPy, scikit-learn and umap-learn say of them: Tests/Fixtures/Generators/projection_fixtures.py.
struct Clusters {
  let tensors: [String: Tensor]
  let points: Points

  init() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/Projection/clusters.safetensors").path
    tensors = try SafeTensors(contentsOf: path).tensors
    points = Points(try #require(tensors["points"]).elements, dimensions: try #require(tensors["points"]).shape[1])
  }

  func values(_ name: String) throws -> [Float] { try #require(tensors[name]).elements }
  func integers(_ name: String) throws -> [Int32] { try #require(tensors[name]).elements(of: Int32.self) }

  /// Any number of points in some clusters.
  static func made(_ count: Int, dimensions: Int, clusters: Int = 4, seed: UInt64 = 1) -> Points {
    var random = SeededRandom(seed: seed)
    let centers = (0..<clusters * dimensions).map { _ in random.normal() * 4 }
    return Points(
      (0..<count * dimensions).map { place in
        centers[place / dimensions % clusters * dimensions + place % dimensions] + random.normal()
      }, dimensions: dimensions)
  }
}

/// The largest difference.
func difference(_ one: some Sequence<Float>, _ other: some Sequence<Float>) -> Float {
  zip(one, other).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

let pool = WorkerPool(count: 2)
