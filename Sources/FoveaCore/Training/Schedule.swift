/// How the learning rate changes from pass to pass.
public protocol Schedule: ConfigurableKind {
  /// - Parameters:
  ///   - pass: counted from 1.
  ///   - count: how many passes there will be.
  ///   - rate: the optimizer's own.
  /// - Returns: the rate that holds in this pass; positive.
  func learningRate(pass: Int, of count: Int, from rate: Float) -> Float
}

extension Sort where Member == any Schedule.Type {
  public static var schedules: Sort { Sort("schedules", noun: "schedule", place: .recipe("schedule")) { $0 } }
}

extension Registry {
  public var schedules: KindRegistry<any Schedule.Type> { self[.schedules] }

  public mutating func register<S: Schedule>(_ type: S.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .schedules, from: origin)
  }

  public func makeSchedule(_ description: KindDescription) throws(KindError) -> any Schedule {
    try make(description, of: .schedules) { settings, type throws(KindError) in try settings.read(type) }
  }
}
