public import FoveaCore

/// A plane on which each point has the neighbors that it has among the points.
///
/// The settings are those of scikit-learn and openTSNE; the learning rate is n / exaggeration, 200 at least.
///
/// Source: L. van der Maaten, "Accelerating t-SNE using Tree-Based Algorithms", JMLR 15, 2014; D. Kobak, P. Berens, "The art of
/// using t-SNE for single-cell transcriptomics", Nature Communications 10, 2019, for the beginning with two principal components.
public struct TSNEProjection: ProjectionMethod {
  public static let kind = "tsne"
  public static let summary = "neighbors stay neighbors; distances between groups mean little"
  public static let explanations = [
    "perplexity": "how many neighbors count, about; 1 to a third of the points",
    "iterations": "steps, with those that exaggerate",
    "exaggeration": "of affinities in the first quarter of the steps",
    "angle": "how coarsely far points are taken together, 0 for not at all to 1",
    "components": "to how many principal components points are brought first; 0 for none",
  ]

  public var perplexity = 30.0
  public var iterations = 1000
  public var exaggeration = 12.0
  public var angle = 0.5
  public var components = 50

  public init() {}

  public func validate() throws(ProjectionError) {
    try check(
      ("perplexity", perplexity, 1.0...10_000), ("iterations", Double(iterations), 0...1_000_000),
      ("exaggeration", exaggeration, 1...1000), ("angle", angle, 0...1),
      ("components", Double(components), 0...100_000))
  }

  public func project(
    _ source: some PointSource, seed: UInt64, on pool: WorkerPool,
    onProgress: (Int, Int) throws(ProjectionError) -> Void
  ) throws(ProjectionError) -> Projection {
    let points = try reduced(source, to: components, seed: seed, on: pool)
    let count = points.count
    // Fewer points have no room for as many neighbors.
    let perplexity = min(self.perplexity, Double(count - 1) / 3)
    let graph = try NeighborGraph(of: points, neighbors: Int(3 * perplexity) + 1, on: pool) {
      done, total throws(ProjectionError) in try onProgress(done * iterations / total / 4, iterations + iterations / 4)
    }
    let affinities = Affinities.joint(graph, perplexity: perplexity, on: pool)
    var descent = TSNEDescent(
      affinities, start: Self.start(try plane(points, seed: seed, on: pool), seed), angle: Float(angle), on: pool)
    let rate = Float(max(Double(count) / exaggeration, 200))
    for step in 0..<iterations {
      let isEarly = step < iterations / 4
      descent.step(
        exaggeration: isEarly ? Float(exaggeration) : 1, momentum: isEarly ? 0.5 : 0.8, rate: rate)
      if step % 10 == 9 { try onProgress(iterations / 4 + step + 1, iterations + iterations / 4) }
    }
    let divergence = descent.divergence()
    return Projection(
      Points(descent.plane, dimensions: 2),
      remark: "Kullback and Leibler's divergence is \(NumberText.short(Float(divergence)))")
  }

  /// So small that all still see each other. Points that are the same do not begin in the same place.
  private static func start(_ plane: Points, _ seed: UInt64) -> [Float] {
    var mean = 0.0
    for row in 0..<plane.count { mean += Double(plane.values[2 * row]) }
    mean /= Double(plane.count)
    var variance = 0.0
    for row in 0..<plane.count {
      let difference = Double(plane.values[2 * row]) - mean
      variance += difference * difference
    }
    let deviation = (variance / Double(plane.count)).squareRoot()
    let scale = deviation > 0 ? Float(1e-4 / deviation) : 0
    var random = SeededRandom(seed: seed)
    return plane.values.map { $0 * scale + 1e-6 * random.normal() }
  }
}
