public import FoveaCore

/// The two directions in which points differ most.
///
/// Source: K. Pearson, "On Lines and Planes of Closest Fit", Philosophical Magazine 2(11), 1901.
public struct PCAProjection: ProjectionMethod {
  public static let kind = "pca"
  public static let summary = "the two directions in which points differ most"

  public init() {}

  public func project(
    _ source: some PointSource, seed: UInt64, on pool: WorkerPool,
    onProgress: (Int, Int) throws(ProjectionError) -> Void
  ) throws(ProjectionError) -> Projection {
    let components = try PrincipalComponents(of: source, components: 2, seed: seed, on: pool)
    let points = try components.project(source, on: pool)
    try onProgress(1, 1)
    let shares = components.explained.map { NumberText.short(Float($0 * 100)) }
    return Projection(
      points.dimensions == 2 ? points : Points(points.values.flatMap { [$0, 0] }, dimensions: 2),
      remark: "\(shares.joined(separator: " % and ")) % of all variance lie along the axes")
  }
}
