public import FoveaCore

/// A plane on which what belongs together lies together; distances between groups mean a little more than t-SNE's.
///
/// The settings are those of umap-learn. It begins with the two principal components.
///
/// Source: L. McInnes, J. Healy, J. Melville, "UMAP", arXiv:1802.03426.
public struct UMAPProjection: ProjectionMethod {
  public static let kind = "umap"
  public static let summary = "what belongs together lies together"
  public static let explanations = [
    "neighbors": "how many of each point are looked at, with itself",
    "leastDistance": "how near points come on the plane", "spread": "how far they lie apart, at the scale of which",
    "epochs": "steps; 500 up to 10,000 points and 200 for more where left out",
    "pushes": "by chance, for each pull", "metric": "cosine or euclidean",
    "components": "to how many principal components points are brought first; 0 for none",
  ]

  public var neighbors = 15
  public var leastDistance = 0.1
  public var spread = 1.0
  public var epochs: Int?
  public var pushes = 5
  public var metric = PointMetric.euclidean
  public var components = 50

  public init() {}

  public func validate() throws(ProjectionError) {
    try check(
      ("neighbors", Double(neighbors), 2.0...10_000), ("leastDistance", leastDistance, 0...100),
      ("spread", spread, 0.001...100), ("epochs", Double(epochs ?? 0), 0...1_000_000),
      ("pushes", Double(pushes), 0...1000), ("components", Double(components), 0...100_000))
  }

  public func project(
    _ source: some PointSource, seed: UInt64, on pool: WorkerPool,
    onProgress: (Int, Int) throws(ProjectionError) -> Void
  ) throws(ProjectionError) -> Projection {
    let points = try reduced(source, to: components, seed: seed, on: pool)
    let count = points.count
    let graph = try NeighborGraph(of: points, neighbors: neighbors - 1, metric: metric, on: pool)
    let epochs = self.epochs ?? (count <= 10_000 ? 500 : 200)
    var descent = UMAPDescent(
      FuzzySet.make(graph), start: Self.start(try plane(points, seed: seed, on: pool), seed),
      curve: UMAPCurve(leastDistance: leastDistance, spread: spread), pushesPerPull: pushes, epochs: epochs,
      seed: seed, on: pool)
    let plane = try descent.run(onProgress)
    return Projection(Points(plane, dimensions: 2), remark: "\(graph.neighbors + 1) neighbors, \(epochs) epochs")
  }

  /// Ten in each direction, with a little noise, so that points that are the same part.
  private static func start(_ plane: Points, _ seed: UInt64) -> [Float] {
    var random = SeededRandom(seed: seed)
    let largest = max(plane.values.reduce(0) { max($0, abs($1)) }, .leastNormalMagnitude)
    var (low, high) = (SIMD2<Float>(repeating: .infinity), SIMD2<Float>(repeating: -.infinity))
    var values = plane.values.map { $0 / largest * 10 + 1e-4 * random.normal() }
    for row in 0..<plane.count {
      let place = SIMD2(values[2 * row], values[2 * row + 1])
      low.replace(with: place, where: place .< low)
      high.replace(with: place, where: place .> high)
    }
    for row in 0..<plane.count {
      for axis in 0..<2 {
        values[2 * row + axis] = 10 * (values[2 * row + axis] - low[axis]) / max(high[axis] - low[axis], 1e-6)
      }
    }
    return values
  }
}
