public import FoveaCore

/// A way to bring points of many dimensions onto a plane, so that what is near stays near.
public protocol ProjectionMethod: ConfigurableKind, Configurable {
  /// - Throws: ``ProjectionError/invalidSetting(kind:key:expected:got:)``; by default, every setting is all right.
  func validate() throws(ProjectionError)

  /// - Parameters:
  ///   - seed: the same seed gives the same plane, bit for bit, whatever the number of workers.
  ///   - onProgress: is told how much of how much is done; what it throws ends the work.
  /// - Returns: `[count, 2]`
  /// - Throws: ``ProjectionError``
  func project(
    _ source: some PointSource, seed: UInt64, on pool: WorkerPool,
    onProgress: (Int, Int) throws(ProjectionError) -> Void
  ) throws(ProjectionError) -> Projection
}

/// Points on a plane, and what is to be said of them.
public struct Projection: Sendable, Equatable {
  /// `[count, 2]`
  public let points: Points
  /// How it went, in words: how much variance lies in the plane, or how far that is from the points.
  public let remark: String

  public init(_ points: Points, remark: String) { (self.points, self.remark) = (points, remark) }
}

extension Sort where Member == any ProjectionMethod.Type {
  public static var projections: Sort { Sort("projections", noun: "projection", place: .option("--project")) { $0 } }
}

extension Registry {
  public var projections: KindRegistry<any ProjectionMethod.Type> { self[.projections] }

  public mutating func register<M: ProjectionMethod>(
    _ type: M.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try register(type, in: .projections, from: origin)
  }

  public func makeProjection(_ description: KindDescription) throws(KindError) -> any ProjectionMethod {
    try make(description, of: .projections) { settings, type throws(KindError) in try settings.read(type) }
  }
}

extension ProjectionMethod {
  public func validate() throws(ProjectionError) {}

  public static var noun: String { Sort.projections.noun }

  /// A projection gives each point a place, and the same one for the same seed.
  public func checkContract(_ report: inout ContractReport) {
    report.check("each point has a place, by its seed") {
      var random = SeededRandom(seed: 1)
      let points = Points((0..<120 * 6).map { Float($0 / 240) * 4 + random.normal() }, dimensions: 6)
      let pool = WorkerPool(count: 2)
      let first = try project(points, seed: 3, on: pool) { _, _ in }.points
      guard first.count == points.count, first.dimensions == 2, first.values.allSatisfy(\.isFinite) else {
        throw Breach("\(points.count) points became \(first.count) of \(first.dimensions) dimensions")
      }
      let again = try project(points, seed: 3, on: pool) { _, _ in }.points
      guard first == again else { throw Breach("the same points and seed give two planes") }
      return "\(first.count) points"
    }
  }
}

extension ProjectionMethod {
  /// - Throws: ``ProjectionError/invalidSetting(kind:key:expected:got:)`` for the first number that lies outside its range.
  func check(_ settings: (key: String, value: Double, range: ClosedRange<Double>)...) throws(ProjectionError) {
    for (key, value, range) in settings where !range.contains(value) {
      throw .invalidSetting(
        kind: Self.kind, key: key, expected: "\(range.lowerBound) to \(range.upperBound)", got: "\(value)")
    }
  }

  /// The points, four or more, along their principal components where they have more dimensions than that: noise is left out,
  /// and all distances cost less. The settings have been looked at by then.
  func reduced(
    _ source: some PointSource, to components: Int, seed: UInt64, on pool: WorkerPool
  ) throws(ProjectionError) -> Points {
    try validate()
    guard source.count >= 4 else { throw .tooFewPoints(expected: 4, got: source.count) }
    guard components > 0, components < min(source.dimensions, source.count) else { return try source.points() }
    return try PrincipalComponents(of: source, components: components, seed: seed, on: pool).project(source, on: pool)
  }

  /// The first two principal components.
  func plane(
    _ points: Points, seed: UInt64, on pool: WorkerPool
  ) throws(ProjectionError) -> Points {
    let components = try PrincipalComponents(of: points, components: 2, seed: seed, on: pool)
    let plane = try components.project(points, on: pool)
    guard plane.dimensions < 2 else { return plane }
    return Points(plane.values.flatMap { [$0, 0] }, dimensions: 2)
  }
}
